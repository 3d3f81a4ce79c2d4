/* SPDX-License-Identifier: Apache-2.0
 * End-to-end tests as tables: files to put, commands for the shell, how these end and the texts that must or must
 * not stand in what they say. A table ends with CASES_END:
 *
 *	CASE("test_quiet"), PUT("c/quiet", "q"),
 *	{ 0, "$triage crashes c -- ../hostile 2>&1", { "did not die", "!buckets", "=c/quiet: 0/3" } }, */
#ifndef FENCEPOST_TESTING_CASES_H
#define FENCEPOST_TESTING_CASES_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#pragma GCC diagnostic ignored "-Wmissing-field-initializers" /* a row is as short as it can be */

#define CASES_TEXTS 24

enum row_kind { /* rows that are no command */
	ROW_CASE = -1,
	ROW_FULL_CASE = -2,
	ROW_PUT = -3,
	ROW_END = -4
};

/* Beside an exit code: of the full tier alone. */
#define FULL 0x1000

struct row {
	int code;            /* of the command when it ends; or a row_kind */
	const char *command; /* or the name of a test; or a path */
	/* What must stand in what it says, in any order; but "!..." must not stand there, "=..." must begin a line
	 * of the facts, whole words, and "#N" is how many lines it says. For PUT, the text. */
	const char *says[CASES_TEXTS];
};

/* The first row of a test; one of the full tier alone is also run when FENCEPOST_ONLY is set. */
/* clang-format off */
#define CASE(name)      { ROW_CASE, name, { NULL } }
#define FULL_CASE(name) { ROW_FULL_CASE, name, { NULL } }
#define PUT(path, text) { ROW_PUT, path, { text } }
#define CASES_END       { ROW_END, NULL, { NULL } }
/* clang-format on */

/* Where "=..." is looked for: lines on what the newest run left, for free. NULL: there are none. */
typedef char *cases_facts(void);

/* Appends to @tests, which has room for them, the tests of @rows; each with these fixtures. How many. */
size_t cases_add(struct CMUnitTest *tests, const struct row *rows, CMFixtureFunction set_up,
	CMFixtureFunction tear_down, cases_facts *facts);

/* One row, in a test that is a function called @name, or in a fixture. */
void cases_run(const char *name, const struct row *row);

#endif
