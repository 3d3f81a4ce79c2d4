/* SPDX-License-Identifier: Apache-2.0
 * Does the work of `triage crashes` after its command line is read: replays the crashes, groups
 * them, and writes and prints the result. */
#ifndef FENCEPOST_CRASHES_RUN_H
#define FENCEPOST_CRASHES_RUN_H

#include "base/complain.h"
#include "inputs/inputs.h"

#include <stdbool.h>
#include <stdio.h>

enum form {
	FORM_JSON,
	FORM_SARIF,
	FORM_JUNIT,
	FORM_HTML,
	FORM_COUNT
};

struct crashes_request {
	int timeout_s;
	unsigned memory_mib, jobs;
	const char *ignore;
	const char *name, *cwd; /* as in struct program_choices; may be NULL */
	/* file name of each format; "-": written to @out; NULL: not requested */
	const char *forms[FORM_COUNT];
	bool again;
	bool reports;      /* @directories hold saved reports, not crash files */
	const char *score; /* path of a file of labels (buckets_score.h), or NULL */
	FILE *out;         /* where the buckets are printed, and formats named "-" */
	bool quiet;        /* the buckets are not printed */
	char **directories;
	int directory_count;
	/* command line of the target, NULL-terminated; NULL: the command of the campaign */
	char **command;
};

/* Replays @inputs on the target of the request, and prints the result. The files are written into
 * @directory, the directory of a run. If @directory is NULL, a new run is made. If there are no
 * inputs, the requested formats are written empty.
 *
 * Returns the exit code. From this call on, the process handles SIGINT, SIGTERM and SIGHUP
 * (base/interrupts.h). */
int crashes_run(
	const struct crashes_request *request, const struct inputs *inputs, const char *directory);

/* Removes the files of the requested formats. Call it before anything can fail: a file that exists
 * at the end is then of this command, not of an earlier one. */
void crashes_forget(const struct crashes_request *request);

#endif
