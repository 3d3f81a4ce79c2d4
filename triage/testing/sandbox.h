/* SPDX-License-Identifier: Apache-2.0
 * For the end-to-end tests: directories of their own that borrow build/, the programs that run there, what
 * they say and leave. */
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
#define LEAVE_MS      30000 /* for processes to end with the run they belong to */

extern char scratch[];
extern char *home;    /* the tree */
extern char *sandbox; /* the directory that the test runs in */
extern bool full_tier;

/* ---- sandboxes and processes --------------------------------------------------------------------- */

/* A symlink to what the tree has. */
void borrow(const char *name);

/* Goes to the directory, which tests may share; it is made by the first. */
void enter_sandbox(const char *name);

void sleep_ms(int64_t ms);

struct child {
	pid_t pid;
	char *log; /* what it says; child_end frees it */
	int64_t started_ms;
	long rss_kib; /* child_end: most that it or a process of its had resident */
};

/* @line: a command line without quotes. */
struct child child_start(const char *line, const char *log);

/* Its wait status; what it said is for free. */
int child_end(struct child *child, char **ret_said);

void assert_exit(int status, int code, const char *said);

/* As a program that writes to a file may speak. */
void assert_plain(const char *said);

void assert_says(const char *said, const char *words);

void assert_silent_of(const char *said, const char *words);

/* It must end with @code. What it said, for free. */
char *child_said(struct child *child, int code);

/* What it said, for free. */
char *run(int code, const char *line);

size_t lines_of(const char *text);

/* Processes whose program is called @program* and whose directory is the sandbox. */
size_t find_processes(const char *program, pid_t *ret, size_t most);

void assert_nobody_left(void);

/* ---- runs ------------------------------------------------------------------------------------------ */

/* The run directories. The caller calls globfree. */
size_t find_runs(glob_t *ret);

/* The run that is not among @before, or NULL. The caller frees. */
char *new_run(const glob_t *before);

const char *id_of(const char *directory);

bool has_file(const char *directory, const char *name);

/* `complete` of the run's line in triage runs --json; NULL when it is not listed. The caller frees. */
char *listed_as(const char *directory);

void assert_listed_as(const char *directory, const char *complete);

/* ---- a small disk -------------------------------------------------------------------------------- */

/* Mounts runs/ with @options, or skips the test. In a mount namespace of our own, so that nobody else sees it:
 * only for the last test of a program. */
void mount_small_disk(const char *options);

/* Until no byte more goes onto runs/. */
void fill_disk(void);

/* ---- beginning and end ----------------------------------------------------------------------------- */

int set_up(void **state);

int tear_down(void **state);

/* A test that failed may have left its run going. */
int end_runs(void **state);

/* After mount_small_disk. */
int empty_disk(void **state);

#define TEST(function) cmocka_unit_test_teardown(function, end_runs)

/* How many rows there are before the first without a test. */
size_t count_tests(const struct CMUnitTest *tests);

/* FENCEPOST_TIER; FENCEPOST_ONLY is a pattern of test names, or NULL. */
const char *read_tier(void);

#endif
