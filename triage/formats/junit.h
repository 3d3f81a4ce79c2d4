/* SPDX-License-Identifier: Apache-2.0
 * Writes JUnit XML for CI systems: suites of cases, each passed, failed, in error or skipped. All text may be
 * hostile; it is escaped here. */
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
	const char *type, *message; /* of a case that did not pass */
	const char *text;           /* details of that, of many lines */
	const char *output;         /* output of the test, of many lines */
	const char *file;           /* its place in the sources */
	unsigned line;              /* 0: unknown */
};

struct junit;

/* Begins a document, for junit_close(). */
struct junit *junit_open(const char *name);
/* Begins a suite for the cases that follow. The first case needs one. */
void junit_suite(struct junit *junit, const char *name);
/* Adds a case. */
void junit_case(struct junit *junit, const struct junit_case *test);
/* Returns the document, for the caller to free, and frees @junit. */
char *junit_close(struct junit *junit);

#endif
