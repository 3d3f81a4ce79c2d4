/* SPDX-License-Identifier: Apache-2.0
 * The command line of triage crashes. */
#ifndef FENCEPOST_CMD_CRASHES_REQUEST_H
#define FENCEPOST_CMD_CRASHES_REQUEST_H

#include <stdbool.h>

/* Exit codes, beside EXIT_USAGE of base/complain.h. */
enum {
	EXIT_FINE = 0,
	EXIT_INTERNAL = 1,
	EXIT_FINDING = 2,
	EXIT_NOTHING = 3,
	EXIT_INTERRUPTED = 130
};

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
	const char *forms[FORM_COUNT]; /* file names, "-": standard output, NULL: not asked for */
	bool again;
	bool reports;      /* what lies in the directories are saved reports */
	const char *score; /* a file of labels; NULL: not asked for */
	bool quiet;        /* the buckets are not printed: the caller does */
	char **directories;
	int directory_count;
	char **command; /* NULL-terminated; NULL: the campaign's */
};

/* 0; an exit code, with a message printed; or -1 when help was asked for and printed. Only
 * ret->directories is for free. */
int crashes_request_parse(int argc, char **argv, struct crashes_request *ret);

#endif
