/* SPDX-License-Identifier: Apache-2.0
 * Runs audits. An audit runs one plan in a process of its own, with the detector in its normal
 * mode, which halts at a report. The audit parses the report. Audits are slow, and they define the
 * verdict. */
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
	/* What the report shows. The record gives @reached, @triggered and @refused. */
	struct observation seen;
	struct observation recorded; /* observation from the record that the dying process wrote */
	enum verdict verdict;
	enum cause cause;         /* cause of a silent verdict, from @evidence */
	struct evidence evidence; /* memory around the access, as the process saw it */
	/* the report's first frame in a harness is a FAULT line of the class (fault_lines.h) */
	bool at_fault;
	char *fault; /* place of that frame, "harnesses/...:LINE", or NULL */
	char *text;  /* the report as it was printed */
	size_t text_size;
	int wait_status;
	struct reports *reports;
};

/* The way in which the audits of one detector run. It must outlive a server that
 * audit_server_open() returns. */
struct audit_runner {
	const struct detector *detector;
	const char *program; /* path of the program replay-<detector> */
	/* the sanitizer's runtime finds function names, slowly; false: audit_symbolize() finds them
	 * later */
	bool symbolize;
};

/* Audits @plan in a new process. Returns 0, or -errno if the plan could not run at all.
 * audit_free() frees the result, also after an error. */
int audit_run_plan(const struct audit_runner *runner, const struct plan *plan, struct audit *ret);

/* Audits the input at @path in the same way; "-" is standard input. @fixed overrides the class and
 * idiom of the input. */
int audit_run(const struct audit_runner *runner, const char *path, struct plan_fixed fixed,
	struct audit *ret);

/* Finds the function names for @count audits of one program, with one run of llvm-symbolizer, and
 * judges the audits again. Returns 0 or -errno. -ENOENT: there is no llvm-symbolizer. */
int audit_symbolize(const struct audit_runner *runner, struct audit *audits, size_t count);

/* Judges @audit: fills in the verdict from the plan, text, wait_status, recorded and evidence.
 * Returns 0 or -errno. */
int audit_conclude(const struct audit_runner *runner, struct audit *audit);

/* Frees the parts of @audit, not @audit itself. */
void audit_free(struct audit *audit);

/* Fills in @seen from the first of @reports, because the first report stops the process. Without a
 * report, nothing changes. */
void audit_observe(const struct reports *reports, struct observation *seen);

/* Returns the environment for a program of @detector. It is the environment of this process, but
 * only the sanitizer options of the detector's row stay. The strings NAME=value of @extra are added
 * (NULL-terminated, or NULL). audit_environment_free() frees the result. */
char **audit_environment(const struct detector *detector, bool symbolize, char *const extra[]);
void audit_environment_free(char **environment);

#endif
