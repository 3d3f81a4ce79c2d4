/* SPDX-License-Identifier: Apache-2.0
 * For the end-to-end tests of measuring: directories of their own that borrow build/, the programs that
 * run there, and when two runs are the same. */
#ifndef FENCEPOST_MEASURE_SANDBOX_H
#define FENCEPOST_MEASURE_SANDBOX_H

#include "../harnesses/detectors.h"
#include "../harnesses/outcome.h"
#include "file.h"
#include "spawn.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
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
#define MEASURE       "build/bin/triage measure"

static char scratch[] = "/tmp/fencepost-measure-XXXXXX";
static char *home;    /* the tree */
static char *sandbox; /* the directory that the test runs in */
static bool full_tier;

/* ---- sandboxes and processes --------------------------------------------------------------------- */

/* Goes to the directory, which tests may share; it is made by the first. */
static inline void enter_sandbox(const char *name)
{
	AUTO_FREE char *build = format("%s/build", home);

	free(sandbox);
	sandbox = format("%s/%s", scratch, name);
	if (mkdir(sandbox, 0755) != 0) {
		assert_int_equal(errno, EEXIST);
		assert_int_equal(chdir(sandbox), 0);
		return;
	}
	assert_int_equal(chdir(sandbox), 0);
	assert_int_equal(symlink(build, "build"), 0);
	assert_int_equal(mkdir("runs", 0755), 0);
}

static inline int64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static inline void sleep_ms(int64_t ms)
{
	int64_t until = now_ms() + ms;

	while (now_ms() < until)
		poll(NULL, 0, (int)(until - now_ms()));
}

struct child {
	pid_t pid;
	char *log; /* what it says; child_end frees it */
	int64_t started_ms;
	long rss_kib; /* child_end: most that it or a process of its had resident */
};

/* @line: a command line without quotes. */
static inline struct child child_start(const char *line, const char *log)
{
	AUTO_FREE char *copy = format("%s", line);
	struct child child = { .log = format("%s", log), .started_ms = now_ms() };
	char *argv[ARGUMENTS_MAX] = { NULL }, *save = NULL;
	int count = 0;

	for (char *word = strtok_r(copy, " ", &save); word != NULL;
		word = strtok_r(NULL, " ", &save))
		argv[count++] = word;
	child.pid = fork();
	if (child.pid == 0) {
		int output = open(log, O_WRONLY | O_CREAT | O_TRUNC, 0644),
		    null = open("/dev/null", O_RDONLY);

		prctl(PR_SET_PDEATHSIG, SIGTERM); /* when this test is killed */
		dup2(null, STDIN_FILENO);
		dup2(output, STDOUT_FILENO);
		dup2(output, STDERR_FILENO);
		execvp(argv[0], argv);
		_exit(127);
	}
	assert_true(child.pid > 0);
	return child;
}

/* Its wait status; what it said is for free. */
static inline int child_end(struct child *child, char **ret_said)
{
	uint8_t *text = NULL;
	struct rusage usage;
	int status = 0;
	size_t size;

	while (wait4(child->pid, &status, WNOHANG, &usage) == 0) {
		if (now_ms() - child->started_ms > PATIENCE_MS) {
			kill(child->pid, SIGKILL);
			waitpid(child->pid, &status, 0);
			fail_msg("%s: does not end", child->log);
		}
		poll(NULL, 0, STEP_MS);
	}
	child->rss_kib = usage.ru_maxrss;
	assert_int_equal(file_read(child->log, 1 << 24, &text, &size), 0);
	*ret_said = (char *)text;
	free(child->log);
	return status;
}

static inline void assert_exit(int status, int code, const char *said)
{
	if (!WIFEXITED(status) || WEXITSTATUS(status) != code)
		print_error("wait status %#x instead of exit code %d:\n%s\n", (unsigned)status,
			code, said);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), code);
}

/* What it said, for free. */
static inline char *run(int code, const char *line)
{
	struct child child = child_start(line, "log");
	char *said;
	int status = child_end(&child, &said);

	assert_exit(status, code, said);
	/* what a program that writes to a file may say */
	assert_null(strchr(said, '\033'));
	assert_null(strchr(said, '\r'));
	return said;
}

static inline size_t lines_of(const char *text)
{
	size_t lines = 0;

	for (; *text != '\0'; text++)
		lines += *text == '\n';
	return lines;
}

static inline bool is_in_sandbox(long pid)
{
	AUTO_FREE char *link = format("/proc/%ld/cwd", pid);
	char path[PATH_MAX] = "";

	return pid > 0 && pid != getpid() && readlink(link, path, sizeof(path) - 1) > 0 &&
		strcmp(path, sandbox) == 0;
}

/* Processes whose program is called @program* and whose directory is the sandbox. */
static inline size_t find_processes(const char *program, pid_t *ret, size_t most)
{
	DIR *dir = opendir("/proc");
	size_t count = 0;

	assert_non_null(dir);
	for (struct dirent *entry = readdir(dir); entry != NULL; entry = readdir(dir)) {
		long pid = strtol(entry->d_name, NULL, 10);
		AUTO_FREE char *link = format("/proc/%ld/exe", pid);
		char exe[PATH_MAX] = "";
		const char *name;

		if (!is_in_sandbox(pid) || readlink(link, exe, sizeof(exe) - 1) < 0)
			continue;
		name = strrchr(exe, '/');
		if (name != NULL && strncmp(name + 1, program, strlen(program)) == 0 &&
			count < most)
			ret[count++] = (pid_t)pid;
	}
	closedir(dir);
	return count;
}

static inline void assert_nobody_left(void)
{
	pid_t left[64];

	for (int64_t start = now_ms(); now_ms() - start < 15000; sleep_ms(STEP_MS))
		if (find_processes("", left, LENGTH(left)) == 0)
			return;
	fail_msg("processes of a run that has ended were left, such as %d", (int)left[0]);
}

/* ---- runs ------------------------------------------------------------------------------------------ */

/* The run directories. The caller calls globfree. */
static inline size_t find_runs(glob_t *ret)
{
	*ret = (glob_t){ 0 };
	return glob("runs/[0-9]*", GLOB_ONLYDIR, NULL, ret) == 0 ? ret->gl_pathc : 0;
}

/* The run that is not among @before, or NULL. The caller frees. */
static inline char *new_run(const glob_t *before)
{
	char *found = NULL;
	glob_t now;
	size_t count = find_runs(&now);

	for (size_t i = 0; i < count && found == NULL; i++) {
		bool known = false;

		for (size_t k = 0; k < before->gl_pathc; k++)
			known = known || strcmp(now.gl_pathv[i], before->gl_pathv[k]) == 0;
		if (!known)
			found = format("%s", now.gl_pathv[i]);
	}
	globfree(&now);
	return found;
}

/* Runs triage measure with @options to its end; the directory of the run, for free. */
__attribute__((format(printf, 1, 2))) static inline char *measure(const char *options, ...)
{
	AUTO_FREE char *text = NULL;
	AUTO_FREE char *line = NULL;
	AUTO_FREE char *said = NULL;
	const char *results, *end;
	va_list list;

	va_start(list, options);
	assert_true(vasprintf(&text, options, list) > 0);
	va_end(list);
	line = format(MEASURE " %s", text);
	said = run(0, line);
	results = strstr(said, "results: runs/");
	assert_non_null(results);
	results += strlen("results: ");
	end = strstr(results, "/results.json");
	assert_non_null(end);
	return strndup(results, (size_t)(end - results));
}

static inline const char *id_of(const char *directory)
{
	return strrchr(directory, '/') + 1;
}

static inline json_t *load_json(const char *directory, const char *name)
{
	AUTO_FREE char *path = format("%s/%s", directory, name);
	json_error_t error;
	json_t *json = json_load_file(path, 0, &error);

	if (json == NULL)
		fail_msg("%s: %s", path, error.text);
	return json;
}

static inline void edit(const char *directory, const char *key, json_t *value)
{
	AUTO_FREE char *path = format("%s/run.json", directory);
	AUTO_JSON json_t *json = load_json(directory, "run.json");

	json_object_set_new(json, key, value);
	assert_int_equal(file_write_json(path, json), 0);
}

static inline bool has_file(const char *directory, const char *name)
{
	AUTO_FREE char *path = format("%s/%s", directory, name);

	return access(path, F_OK) == 0;
}

static inline json_int_t number(const json_t *object, const char *key)
{
	if (!json_is_integer(json_object_get(object, key)))
		fail_msg("%s is no whole number", key);
	return json_integer_value(json_object_get(object, key));
}

static inline const char *string(const json_t *object, const char *key)
{
	if (!json_is_string(json_object_get(object, key)))
		fail_msg("%s is no string", key);
	return json_string_value(json_object_get(object, key));
}

static inline json_int_t sum_of(const json_t *counts)
{
	json_int_t sum = 0;
	const char *key;
	json_t *count;

	json_object_foreach((json_t *)(uintptr_t)counts, key, count)
		sum += json_integer_value(count);
	return sum;
}

/* `complete` of the run's line in triage runs --json; NULL when it is not listed. The caller frees. */
static inline char *listed_as(const char *directory)
{
	AUTO_FREE char *said = run(0, "build/bin/triage runs --json");
	AUTO_JSON json_t *rows = json_loads(said, 0, NULL);
	size_t i;
	json_t *row;

	assert_true(json_is_array(rows));
	json_array_foreach(rows, i, row) if (strcmp(string(row, "id"), id_of(directory)) ==
		0) return format("%s", string(row, "complete"));
	return NULL;
}

static inline void assert_listed_as(const char *directory, const char *complete)
{
	AUTO_FREE char *listed = listed_as(directory);

	assert_non_null(listed);
	assert_string_equal(listed, complete);
}

static inline void assert_complete(const char *directory)
{
	AUTO_JSON json_t *results = load_json(directory, "results.json");

	assert_true(json_is_true(json_object_get(results, "complete")));
	assert_listed_as(directory, "yes");
}

/* ---- the same run twice ---------------------------------------------------------------------------- */

static inline bool same_file(const char *a, const char *b)
{
	AUTO_FREE uint8_t *bytes_a = NULL;
	AUTO_FREE uint8_t *bytes_b = NULL;
	size_t size_a, size_b;

	assert_int_equal(file_read(a, 1u << 30, &bytes_a, &size_a), 0);
	assert_int_equal(file_read(b, 1u << 30, &bytes_b, &size_b), 0);
	assert_true(size_a > 0 && memchr(bytes_a, OUTCOME_NONE, size_a) == NULL);
	return size_a == size_b && memcmp(bytes_a, bytes_b, size_a) == 0;
}

/* Per-plan files of @a that are not those of @b. */
static inline size_t differing_files(const char *a, const char *b)
{
	AUTO_FREE char *pattern_a = format("%s/plans/*", a);
	AUTO_FREE char *pattern_b = format("%s/plans/*", b);
	glob_t of_a = { 0 }, of_b = { 0 };
	size_t differing = 0;

	assert_int_equal(glob(pattern_a, 0, NULL, &of_a), 0);
	assert_int_equal(glob(pattern_b, 0, NULL, &of_b), 0);
	assert_int_equal(of_a.gl_pathc, of_b.gl_pathc);
	for (size_t i = 0; i < of_a.gl_pathc; i++) {
		assert_string_equal(strrchr(of_a.gl_pathv[i], '/'), strrchr(of_b.gl_pathv[i], '/'));
		differing += !same_file(of_a.gl_pathv[i], of_b.gl_pathv[i]);
	}
	globfree(&of_a);
	globfree(&of_b);
	return differing;
}

/* Without what may differ: names, times, costs, and what a merger adds. */
static inline json_t *essence(const char *directory)
{
	static const char *const keys[] = { "id", "date", "wall_s", "worker_deaths",
		"verdicts_per_s", "audit", "merged" };
	json_t *results = load_json(directory, "results.json"), *cell;
	size_t i;

	for (size_t k = 0; k < LENGTH(keys); k++)
		json_object_del(results, keys[k]);
	json_array_foreach(json_object_get(results, "cells"), i, cell)
		json_object_del(cell, "cost");
	return results;
}

static inline int add_row(void *text, int columns, char **values, char **names)
{
	(void)names;
	for (int i = 0; i < columns; i++)
		fprintf(text, "%s ", values[i] != NULL ? values[i] : "NULL");
	fprintf(text, "\n");
	return 0;
}

/* What @query finds in the run's database, for free. */
static inline char *query_run(const char *directory, const char *query)
{
	AUTO_FREE char *path = format("%s/results.sqlite", directory);
	sqlite3 *database = NULL;
	char *text = NULL;
	size_t size;
	FILE *rows = open_memstream(&text, &size);

	assert_int_equal(sqlite3_open_v2(path, &database, SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_exec(database, query, add_row, rows, NULL), SQLITE_OK);
	sqlite3_close(database);
	fclose(rows);
	return text;
}

static inline void assert_sound_database(const char *directory)
{
	AUTO_FREE char *said = query_run(directory, "PRAGMA integrity_check");

	assert_string_equal(said, "ok \n");
}

static inline void assert_same_counts(const char *a, const char *b)
{
	static const char query[] = "SELECT * FROM counts ORDER BY 1, 2, 3, 4, 5, 6, 7, 8, 9";
	AUTO_JSON json_t *of_a = essence(a);
	AUTO_JSON json_t *of_b = essence(b);
	AUTO_FREE char *rows_a = query_run(a, query);
	AUTO_FREE char *rows_b = query_run(b, query);

	if (!json_equal(of_a, of_b))
		fail_msg("%s and %s: the counts of results.json differ", a, b);
	assert_true(*rows_a != '\0');
	assert_string_equal(rows_a, rows_b);
}

static inline void assert_same(const char *a, const char *b)
{
	if (differing_files(a, b) > 0)
		fail_msg("%s and %s: verdicts or causes differ", a, b);
	assert_same_counts(a, b);
}

/* ---- beginning and end ----------------------------------------------------------------------------- */

static inline int set_up(void **state)
{
	(void)state;
	home = realpath(".", NULL);
	return home != NULL && mkdtemp(scratch) != NULL ? 0 : -1;
}

static inline int tear_down(void **state)
{
	char *argv[] = { (char *)(uintptr_t) "/bin/rm", (char *)(uintptr_t) "-rf", scratch, NULL };
	struct spawn_result result;
	int error = chdir(home);

	(void)state;
	if (error != 0 || spawn_run(argv, NULL, 30000, 4096, &result) != 0)
		return -1;
	spawn_free(&result);
	free(sandbox);
	free(home);
	return result.wait_status;
}

/* A test that failed may have left its measurement running. */
static inline int end_runs(void **state)
{
	pid_t left[64];
	size_t count = sandbox != NULL ? find_processes("", left, LENGTH(left)) : 0;

	(void)state;
	for (size_t i = 0; i < count; i++)
		kill(left[i], SIGKILL);
	while (waitpid(-1, NULL, WNOHANG) > 0)
		;
	return 0;
}

#define TEST(function) cmocka_unit_test_teardown(function, end_runs)

/* FENCEPOST_TIER; FENCEPOST_ONLY is a pattern of test names, or NULL. */
static inline const char *read_tier(void)
{
	const char *tier = getenv("FENCEPOST_TIER"), *only = getenv("FENCEPOST_ONLY");

	full_tier = tier != NULL && strcmp(tier, "full") == 0;
	if (only != NULL)
		cmocka_set_test_filter(only);
	return only;
}

#endif
