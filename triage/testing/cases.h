/* SPDX-License-Identifier: Apache-2.0
 * Runs end-to-end tests that are written as tables. A table has files to write, shell commands, the
 * exit codes of the commands, and texts that their output must or must not have. A table ends with
 * CASES_END:
 *
 * CASE("test_quiet"), PUT("c/quiet", "q"),        { 0, "$triage crashes c -- ../hostile 2>&1", {
 * "did not die", "!buckets", "=c/quiet: 0/3" } }, */
#ifndef FENCEPOST_TESTING_CASES_H
#define FENCEPOST_TESTING_CASES_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#pragma GCC diagnostic ignored "-Wmissing-field-initializers" /* a row may leave out members */

#define CASES_TEXTS 24

enum row_kind { /* rows that are not a command */
	ROW_CASE = -1,
	ROW_FULL_CASE = -2,
	ROW_PUT = -3,
	ROW_END = -4
};

/* Added to an exit code: the row runs in the full tier alone. */
#define FULL 0x1000

struct row {
	int code;            /* exit code of the command, or a row_kind */
	const char *command; /* shell command; or the name of a test; or a path */
	/* Texts that the command's output must have, in any order. For PUT, the contents of the
	 * file. Three forms differ:
	 *
	 * "!..."  the output must not have this text
	 * "=..."  a line of the facts (cases_facts) must begin with these whole words
	 * "#N"    the output has N lines */
	const char *says[CASES_TEXTS];
};

/* Begin a test. A test of the full tier alone also runs if FENCEPOST_ONLY is set. */
/* clang-format off */
#define CASE(name)      { ROW_CASE, name, { NULL } }
#define FULL_CASE(name) { ROW_FULL_CASE, name, { NULL } }
#define PUT(path, text) { ROW_PUT, path, { text } }
#define CASES_END       { ROW_END, NULL, { NULL } }
/* clang-format on */

/* Returns the lines in which "=..." is searched: facts about the newest run. The caller frees the
 * text. Without such a function there are no facts. */
typedef char *cases_facts(void);

/* Appends the tests of @rows to @tests, which must have room for them. Each test gets these
 * fixtures. Returns the number of tests. */
size_t cases_add(struct CMUnitTest *tests, const struct row *rows, CMFixtureFunction set_up,
	CMFixtureFunction tear_down, cases_facts *facts);

/* Runs one row, in a test function called @name or in a fixture. */
void cases_run(const char *name, const struct row *row);

#endif
