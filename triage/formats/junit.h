/* SPDX-License-Identifier: Apache-2.0
 * JUnit XML, as CI systems read it: suites of cases, each passed, failed, in error or skipped. All text
 * may be hostile; it is escaped here. */
#ifndef FENCEPOST_FORMATS_JUNIT_H
#define FENCEPOST_FORMATS_JUNIT_H

enum junit_result {
	JUNIT_PASSED,
	JUNIT_FAILED,  /* what was tested is not as it should be */
	JUNIT_ERROR,   /* the test itself could not be done */
	JUNIT_SKIPPED, /* it was not tried */
	JUNIT_RESULT_COUNT
};

/* Strings may be NULL but for @classname and @name. */
struct junit_case {
	const char *classname, *name;
	double time_s;
	enum junit_result result;
	const char *type, *message; /* of what is not passed */
	const char *text;           /* more of it, of many lines */
	const char *output;         /* what the test said, of many lines */
	const char *file;           /* where it is in the sources */
	unsigned line;              /* 0: unknown */
};

struct junit;

struct junit *junit_open(const char *name);
/* Begins a suite; the cases that follow are in it. There must be one before the first case. */
void junit_suite(struct junit *junit, const char *name);
void junit_case(struct junit *junit, const struct junit_case *test);
/* The document, NUL-terminated, for the caller to free; frees @junit. */
char *junit_close(struct junit *junit);

#endif
