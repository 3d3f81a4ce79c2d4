/* SPDX-License-Identifier: Apache-2.0
 * Audits: one plan in a process of its own, the detector in its normal halting mode, its report
 * parsed. Slow, and the definition of a verdict. */
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
		seen; /* what the report says; reached, triggered and refused from the record */
	struct observation recorded; /* what the dying process told the record */
	enum verdict verdict;
	enum cause cause;         /* of a silent verdict, by @evidence */
	struct evidence evidence; /* what the process saw around the access */
	bool at_fault; /* the report's first frame in a harness is a FAULT line of the class */
	char *fault;   /* "harnesses/...:LINE" of that frame, or NULL */
	char *text;    /* the report as it was printed */
	size_t text_size;
	int wait_status;
	struct reports *reports;
};

/* How to run audits of one detector. For audit_server_open it must outlive the server. */
struct audit_runner {
	const struct detector *detector;
	const char *program; /* replay-<detector> */
	bool symbolize;      /* by the runtime, slowly; else audit_symbolize fills the frames in */
};

/* Runs @plan in a program started for it. 0, or -errno when it could not run at all. The result is for audit_free, also after an
 * error. */
int audit_run_plan(const struct audit_runner *runner, const struct plan *plan, struct audit *ret);

/* audit_run_plan for the input at @path, "-" being standard input; @fixed overrides its class and idiom. */
int audit_run(const struct audit_runner *runner, const char *path, struct plan_fixed fixed,
	struct audit *ret);

/* Fills in functions, files and lines of all frames of @count audits of one program, with one
 * llvm-symbolizer, then judges the audits again. 0 or -errno (-ENOENT: no llvm-symbolizer). */
int audit_symbolize(const struct audit_runner *runner, struct audit *audits, size_t count);

/* From @audit's plan and what its process left, in text, wait_status, recorded and evidence, to a verdict. 0 or
 * -errno. */
int audit_conclude(const struct audit_runner *runner, struct audit *audit);

void audit_free(struct audit *audit);

/* What @reports say of the plan: the first, for the first one stops the process. Nothing when there is none. */
void audit_observe(const struct reports *reports, struct observation *seen);

/* The environment for a program of @detector: ours, with the options of the row and nobody else's,
 * and the NAME=value strings of @extra (NULL-terminated, or NULL). audit_environment_free frees it. */
char **audit_environment(const struct detector *detector, bool symbolize, char *const extra[]);
void audit_environment_free(char **environment);

#endif
