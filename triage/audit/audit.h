/* SPDX-License-Identifier: Apache-2.0
 * Audits: an audit runs one plan in a process of its own, with the detector in its normal, halting mode, and parses
 * the report. Audits are slow, and they define the verdict. */
#ifndef FENCEPOST_AUDIT_AUDIT_H
#define FENCEPOST_AUDIT_AUDIT_H

#include "harnesses/record/serve.h"
#include "harnesses/verdict/detectors.h"
#include "parse/parse.h"

#include <sys/types.h>

#define AUDIT_TIMEOUT_MS SERVE_TIMEOUT_MS
#define AUDIT_REPORT_MAX SERVE_REPORT_MAX

struct audit {
	struct plan plan;
	struct truth truth;
	struct observation
		seen; /* from the report; reached, triggered and refused from the record */
	struct observation recorded; /* from the record that the dying process wrote */
	enum verdict verdict;
	enum cause cause;         /* of a silent verdict, from @evidence */
	struct evidence evidence; /* memory around the access, as the process saw it */
	bool at_fault; /* the report's first frame in a harness is a FAULT line of the class */
	char *fault;   /* "harnesses/...:LINE" of that frame, or NULL */
	char *text;    /* the report as it was printed */
	size_t text_size;
	int wait_status;
	struct reports *reports;
};

/* The way to run audits of one detector. It must outlive a server that audit_server_open() returns. */
struct audit_runner {
	const struct detector *detector;
	const char *program; /* replay-<detector> */
	bool symbolize; /* the runtime symbolizes, slowly; false: audit_symbolize() does so later */
};

/* Audits @plan in a new process. 0, or -errno when the plan could not run at all. audit_free() frees the result, also
 * after an error. */
int audit_run_plan(const struct audit_runner *runner, const struct plan *plan, struct audit *ret);

/* Audits the input at @path, or standard input for "-", in the same way. @fixed overrides its class and idiom. */
int audit_run(const struct audit_runner *runner, const char *path, struct plan_fixed fixed,
	struct audit *ret);

/* Symbolizes all frames of @count audits of one program with one llvm-symbolizer, and judges the audits again. 0 or
 * -errno (-ENOENT: no llvm-symbolizer). */
int audit_symbolize(const struct audit_runner *runner, struct audit *audits, size_t count);

/* Judges @audit: fills in the verdict from the plan, text, wait_status, recorded and evidence. 0 or -errno. */
int audit_conclude(const struct audit_runner *runner, struct audit *audit);

/* Frees the parts of @audit, not @audit itself. */
void audit_free(struct audit *audit);

/* Fills in @seen from the first of @reports, because the first report stops the process. Without one, nothing changes. */
void audit_observe(const struct reports *reports, struct observation *seen);

/* Returns the environment for a program of @detector: ours, with the sanitizer options of its row only, and the
 * NAME=value strings of @extra (NULL-terminated, or NULL). audit_environment_free() frees it. */
char **audit_environment(const struct detector *detector, bool symbolize, char *const extra[]);
void audit_environment_free(char **environment);

#endif
