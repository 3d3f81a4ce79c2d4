/* SPDX-License-Identifier: Apache-2.0
 * Helpers for the end-to-end tests of `triage crashes` and of targets. A test runs shell commands
 * in a directory of its own. The targets are compiled when the tests run, and lie beside that
 * directory. */
#ifndef FENCEPOST_CRASHES_SANDBOX_H
#define FENCEPOST_CRASHES_SANDBOX_H

#include "testing/sandbox.h"

#define SAID_MAX (16u << 20)

/* Runs a shell command, which must end with exit code @code. Returns its output, which the caller
 * frees. */
__attribute__((format(printf, 2, 3))) char *expect(int code, const char *template, ...);

/* Runs a shell command, which must end with @code and print @words. The rest of its output may be
 * anything. */
__attribute__((format(printf, 3, 4))) void expect_says(
	int code, const char *words, const char *template, ...);

void put(const char *path, const char *text);

/* Makes a program named "refuse" that runs another program with ptrace() forbidden, as in some
 * containers. With -k, a call of ptrace() kills the program. */
void make_refuse(void);

/* Returns crashes.json of the newest run. */
json_t *newest(void);

/* Returns the crash whose path ends with @name. */
const json_t *crash_named(const json_t *run, const char *name);

void assert_died(const json_t *run, const char *name, int crashed, int runs);

/* Returns the kind of the report of the crash @name. */
const char *kind_of(const json_t *run, const char *name);

size_t buckets(const json_t *run);

/* Makes a new directory for a test. The targets of all tests lie beside it. */
int enter(void **state);

/* Enters the scratch directory before the tests of a group run. The variable $home names the tree
 * for shell commands, and $triage names the program. */
int enter_scratch(void);

#define TEST_OF_CRASHES(function) cmocka_unit_test_setup(function, enter)

#endif
