/* SPDX-License-Identifier: Apache-2.0
 * What triage crashes does once it knows what with: replaying, grouping, writing, printing. */
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
	const char *name, *cwd;        /* of struct program_choices; or NULL */
	const char *forms[FORM_COUNT]; /* file names, "-": @out, NULL: not asked for */
	bool again;
	bool reports;      /* what lies in the directories are saved reports */
	const char *score; /* a file of labels; NULL: not asked for */
	FILE *out;         /* for the buckets, and for forms named "-" */
	bool quiet;        /* the buckets are not printed: the caller does */
	char **directories;
	int directory_count;
	char **command; /* NULL-terminated; NULL: the campaign's */
};

/* Replays @inputs on the request's command and writes what comes of it into @directory, which is a run's, or NULL
 * for a new run of its own; of no inputs the forms that were asked for say that there is nothing. The exit code,
 * with everything said. SIGINT, SIGTERM and SIGHUP are its own from then on. */
int crashes_run(
	const struct crashes_request *request, const struct inputs *inputs, const char *directory);

/* Removes the files of the forms that are asked for, before anything can fail: what a reader then finds is this
 * command's, not last week's. */
void crashes_forget(const struct crashes_request *request);

#endif
