/* SPDX-License-Identifier: Apache-2.0
 * Helpers for the end-to-end tests. A test runs in a sandbox: a directory of its own that has a
 * link to build/. The helpers start programs in the sandbox, and check the output and the files of
 * the programs. */
#ifndef FENCEPOST_TESTING_SANDBOX_H
#define FENCEPOST_TESTING_SANDBOX_H

#include "base/util.h"
#include "harnesses/base/begin.h"
#include "harnesses/base/clock.h"
#include "harnesses/base/process.h"
#include "json_checks.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <poll.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <cmocka.h>

#define LENGTH(array) (sizeof(array) / sizeof(*(array)))
#define ARGUMENTS_MAX 24
#define STEP_MS       2
#define PATIENCE_MS   240000
#define LEAVE_MS      30000 /* milliseconds in which processes must end after their run */

extern char scratch[];
extern char *home;    /* directory of the tree */
extern char *sandbox; /* directory in which the test runs */
extern bool full_tier;

/* ---- sandboxes and processes
 * --------------------------------------------------------------------- */

/* Links the file or directory @name of the tree into the sandbox. */
void borrow(const char *name);

/* Enters the sandbox @name. The first test that names it makes the directory; others may share it.
 */
void enter_sandbox(const char *name);

void sleep_ms(int64_t ms);

struct child {
	pid_t pid;
	char *log; /* path of the file with its output; child_end() frees the path */
	int64_t started_ms;
	/* set by child_end(): most resident memory of the process or of a descendant */
	long rss_kib;
};

/* Starts a program. @line is a command line without quotes. The output goes to the file @log. */
struct child child_start(const char *line, const char *log);

/* Waits for the end of the program, and returns its wait status. *ret_said is the output, which the
 * caller frees. */
int child_end(struct child *child, char **ret_said);

void assert_exit(int status, int code, const char *said);

/* Asserts that the text has no terminal control, as the output to a file must not have any. */
void assert_plain(const char *said);

void assert_says(const char *said, const char *words);

void assert_silent_of(const char *said, const char *words);

/* Waits for the program, which must end with @code. Returns its output, which the caller frees. */
char *child_said(struct child *child, int code);

/* Runs a program, which must end with @code. Returns its output, which the caller frees. */
char *run(int code, const char *line);

size_t lines_of(const char *text);

/* Finds processes whose program is named @program* and whose working directory is the sandbox.
 * Returns their number. */
size_t find_processes(const char *program, pid_t *ret, size_t most);

void assert_nobody_left(void);

/* ---- runs
 * ------------------------------------------------------------------------------------------ */

/* Finds the directories of runs. Returns their number. The caller calls globfree(). */
size_t find_runs(glob_t *ret);

/* Returns the run that is not among @before, or NULL. The caller frees the path. */
char *new_run(const glob_t *before);

const char *id_of(const char *directory);

bool has_file(const char *directory, const char *name);

/* Returns the field `complete` of the run in the output of triage runs --json. Returns NULL if the
 * run is not listed. The caller frees the text. */
char *listed_as(const char *directory);

void assert_listed_as(const char *directory, const char *complete);

/* ---- a small disk
 * -------------------------------------------------------------------------------- */

/* Mounts a file system with @options on runs/, or skips the test. The mount is in a namespace of
 * this process, so that no other process sees it. Use it in the last test of a program only. */
void mount_small_disk(const char *options);

/* Writes to runs/ until no byte more fits. */
void fill_disk(void);

/* ---- beginning and end
 * ----------------------------------------------------------------------------- */

int set_up(void **state);

int tear_down(void **state);

/* Ends the runs that a failed test left running. */
int end_runs(void **state);

/* Cleans up after mount_small_disk(). */
int empty_disk(void **state);

#define TEST(function) cmocka_unit_test_teardown(function, end_runs)

/* Returns the number of rows before the first row without a test. */
size_t count_tests(const struct CMUnitTest *tests);

/* Reads FENCEPOST_TIER. Returns FENCEPOST_ONLY, a pattern of test names, or NULL. */
const char *read_tier(void);

#endif
