/* SPDX-License-Identifier: Apache-2.0
 * Writes JUnit XML for CI systems. A document has suites of cases. Each case passed, failed, is in
 * error, or was skipped. Text may be hostile: these functions escape it. */
#ifndef FENCEPOST_FORMATS_JUNIT_H
#define FENCEPOST_FORMATS_JUNIT_H

enum junit_result {
	JUNIT_PASSED,
	JUNIT_FAILED,  /* the tested thing is wrong */
	JUNIT_ERROR,   /* the test could not run */
	JUNIT_SKIPPED, /* the test was not tried */
	JUNIT_RESULT_COUNT
};

/* One case. Strings may be NULL, except @classname and @name. */
struct junit_case {
	const char *classname, *name;
	double time_s;
	enum junit_result result;
	const char *type, *message; /* set for a case that did not pass */
	const char *text;           /* details of @message, in many lines */
	const char *output;         /* output of the test, in many lines */
	const char *file;           /* path of the source file */
	unsigned line;              /* 0: unknown */
};

struct junit;

/* Begins a document. junit_close() ends it. */
struct junit *junit_open(const char *name);
/* Begins a suite for the cases after this call. The first case needs a suite. */
void junit_suite(struct junit *junit, const char *name);
/* Adds a case. */
void junit_case(struct junit *junit, const struct junit_case *test);
/* Ends the document: frees @junit and returns the text, which the caller frees. */
char *junit_close(struct junit *junit);

#endif
