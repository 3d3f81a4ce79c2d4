/* SPDX-License-Identifier: Apache-2.0
 * What the end-to-end tests of triage crashes share: a directory of their own, targets that are compiled
 * when they run, crash files, and running the tool. */
#ifndef FENCEPOST_CRASHES_SANDBOX_H
#define FENCEPOST_CRASHES_SANDBOX_H

#include "file.h"
#include "spawn.h"

#include <errno.h>
#include <jansson.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#define LENGTH(array) (sizeof(array) / sizeof(*(array)))
#define TIMEOUT_MS    240000
#define SAID_MAX      (16u << 20)

static char scratch[] = "/tmp/fencepost-crashes-e2e-XXXXXX";
static char *home; /* the tree */
static char *tool; /* build/bin/triage in it */
static bool full_tier;

/* Runs a shell command; what it says is for free. The wait status, which is -1 when it did not end. */
static int shell(const char *command, char **ret_said)
{
	char *argv[] = { (char *)(uintptr_t) "/bin/sh", (char *)(uintptr_t) "-c",
		(char *)(uintptr_t)command, NULL };
	struct spawn_result result;

	assert_int_equal(spawn_run(argv, NULL, TIMEOUT_MS, SAID_MAX, &result), 0);
	*ret_said = result.output;
	return result.timed_out ? -1 : result.wait_status;
}

static char *expect(int code, const char *template, ...) __attribute__((format(printf, 2, 3)));

/* Runs a shell command that must end with @code; what it said, which is plain text. */
static char *expect(int code, const char *template, ...)
{
	va_list arguments;
	char *command, *said;
	int status;

	va_start(arguments, template);
	assert_true(vasprintf(&command, template, arguments) >= 0);
	va_end(arguments);
	status = shell(command, &said);
	if (!WIFEXITED(status) || WEXITSTATUS(status) != code)
		fail_msg("%s: wait status %#x instead of exit code %d:\n%s", command,
			(unsigned)status, code, said);
	free(command);
	return said;
}

static void put(const char *path, const char *text)
{
	FILE *out = fopen(path, "w");

	assert_non_null(out);
	fputs(text, out);
	assert_int_equal(fclose(out), 0);
}

static void assert_says(const char *said, const char *words)
{
	if (strstr(said, words) == NULL)
		fail_msg("\"%s\" is not said:\n%.4000s", words, said);
}

static void assert_silent_of(const char *said, const char *words)
{
	if (strstr(said, words) != NULL)
		fail_msg("\"%s\" is said:\n%.4000s", words, said);
}

/* crashes.json of the newest run. */
static inline json_t *newest(void)
{
	AUTO_FREE char *path = expect(0, "ls -d runs/*-crashes* | tail -n 1 | tr -d '\\n'");
	AUTO_FREE char *file = format("%s/crashes.json", path);
	json_t *json = json_load_file(file, 0, NULL);

	if (json == NULL)
		fail_msg("%s: no JSON", file);
	return json;
}

/* Of the crash whose path ends with @name. */
static inline const json_t *crash_named(const json_t *run, const char *name)
{
	size_t i, size = strlen(name);
	const json_t *crash;

	json_array_foreach(json_object_get(run, "crashes"), i, crash)
	{
		const char *path = json_string_value(json_object_get(crash, "path"));

		if (strlen(path) >= size && strcmp(path + strlen(path) - size, name) == 0)
			return crash;
	}
	fail_msg("%s is not in crashes.json", name);
	return NULL;
}

static json_int_t number(const json_t *object, const char *key)
{
	assert_true(json_is_integer(json_object_get(object, key)));
	return json_integer_value(json_object_get(object, key));
}

static const char *string(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text != NULL ? text : "";
}

static inline void assert_died(const json_t *run, const char *name, int crashed, int runs)
{
	const json_t *crash = crash_named(run, name);

	if (number(crash, "crashed") != crashed || number(crash, "runs") != runs)
		fail_msg("%s died in %d of %d runs instead of %d of %d", name,
			(int)number(crash, "crashed"), (int)number(crash, "runs"), crashed, runs);
}

/* The kind of the report that the crash named @name has. */
static inline const char *kind_of(const json_t *run, const char *name)
{
	json_int_t report = number(crash_named(run, name), "report");

	return string(json_array_get(json_object_get(run, "reports"), (size_t)report), "kind");
}

static inline size_t buckets(const json_t *run)
{
	return json_array_size(json_object_get(run, "buckets"));
}

/* A directory of its own for each test, with the targets of all beside it. */
static inline int enter(void **state)
{
	static int number_of_test;
	AUTO_FREE char *directory = format("%s/%d", scratch, number_of_test++);

	(void)state;
	assert_int_equal(mkdir(directory, 0755), 0);
	assert_int_equal(chdir(directory), 0);
	assert_int_equal(mkdir("c", 0755), 0);
	return 0;
}

static int find_home(void)
{
	const char *tier = getenv("FENCEPOST_TIER");

	home = realpath(".", NULL);
	assert_non_null(home);
	tool = format("%s/build/bin/triage", home);
	full_tier = tier != NULL && strcmp(tier, "full") == 0;
	assert_non_null(mkdtemp(scratch));
	return chdir(scratch);
}

static int leave(void **state)
{
	(void)state;
	if (chdir(home) != 0)
		return -1;
	file_remove_tree(scratch);
	free(home);
	free(tool);
	return 0;
}

#endif
