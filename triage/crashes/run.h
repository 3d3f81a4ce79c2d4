/* SPDX-License-Identifier: Apache-2.0
 * The work of triage crashes after its command line is read: replays, groups, writes and prints. */
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
	const char *name, *cwd;        /* see struct program_choices; or NULL */
	const char *forms[FORM_COUNT]; /* file names, "-": @out, NULL: not asked for */
	bool again;
	bool reports;      /* the directories hold saved reports */
	const char *score; /* a file of labels, or NULL */
	FILE *out;         /* for the buckets, and for forms named "-" */
	bool quiet;        /* do not print the buckets */
	char **directories;
	int directory_count;
	char **command; /* NULL-terminated; NULL: the command of the campaign */
};

/* Replays @inputs on the request's command, and writes the results into @directory, that of a run, or into a new run if
 * @directory is NULL. Without inputs, the requested forms are written empty. Prints everything, and returns the exit
 * code. From then on it handles SIGINT, SIGTERM and SIGHUP. */
int crashes_run(
	const struct crashes_request *request, const struct inputs *inputs, const char *directory);

/* Removes the files of the requested forms, before anything can fail: a file that exists afterwards is then of this
 * command, not of an earlier one. */
void crashes_forget(const struct crashes_request *request);

#endif
