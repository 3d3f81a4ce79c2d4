/* SPDX-License-Identifier: Apache-2.0
 * For the end-to-end tests of triage crashes and of targets: shell commands, a directory a test beside
 * targets that are compiled when they run, and what crashes.json says. */
#ifndef FENCEPOST_CRASHES_SANDBOX_H
#define FENCEPOST_CRASHES_SANDBOX_H

#include "testing/sandbox.h"

#define SAID_MAX (16u << 20)

/* Runs a shell command that must end with @code; what it said, for free. */
__attribute__((format(printf, 2, 3))) char *expect(int code, const char *template, ...);

/* One that must say @words; no more is asked of what it says. */
__attribute__((format(printf, 3, 4))) void expect_says(
	int code, const char *words, const char *template, ...);

void put(const char *path, const char *text);

/* Makes a program "refuse" that runs another where ptrace() is forbidden, as in some containers; with -k it is killed
 * if it asks. */
void make_refuse(void);

/* crashes.json of the newest run. */
json_t *newest(void);

/* Of the crash whose path ends with @name. */
const json_t *crash_named(const json_t *run, const char *name);

void assert_died(const json_t *run, const char *name, int crashed, int runs);

/* The kind of the report that the crash named @name has. */
const char *kind_of(const json_t *run, const char *name);

size_t buckets(const json_t *run);

/* A directory of its own for each test, with the targets of all beside it. */
int enter(void **state);

/* Before the tests of a group: goes to its scratch directory; commands find the tree as $home, and $triage in it. */
int enter_scratch(void);

#define TEST_OF_CRASHES(function) cmocka_unit_test_setup(function, enter)

#endif
