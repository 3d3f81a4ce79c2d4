/* SPDX-License-Identifier: Apache-2.0
 * Tests reading the report files of sanitizers: their order, limits, and files that are no regular files. */
#include "logs.h"

#include "base/util.h"

#include <dirent.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

static char parent[] = "/tmp/fencepost-logs-XXXXXX";

static void put(const struct logs *logs, const char *name, const char *text)
{
	AUTO_FREE char *path = format("%s/%s", logs->directory, name);

	assert_int_equal(file_write(path, text, strlen(text)), 0);
}

static char *take(const struct logs *logs, pid_t first, size_t count)
{
	struct capture said;
	char *text = malloc(CAPTURE_HEAD + CAPTURE_TAIL + 128);

	capture_open(&said);
	assert_int_equal(logs_take(logs, first, &said), count);
	text[capture_copy(&said, text)] = '\0';
	capture_free(&said);
	return text;
}

static void assert_empty(const struct logs *logs)
{
	DIR *stream = opendir(logs->directory);
	int entries = 0;

	assert_non_null(stream);
	while (readdir(stream) != NULL)
		entries++;
	closedir(stream);
	assert_int_equal(entries, 2);
}

/* The oldest process first, also where the numbers of processes have started again. */
static void test_order(void **state)
{
	struct logs logs;
	AUTO_FREE char *text = NULL;
	AUTO_FREE char *again = NULL;

	(void)state;
	assert_int_equal(logs_open(parent, &logs), 0);
	put(&logs, "report.3", "c");
	put(&logs, "report.program.4194300.txt", "a");
	put(&logs, "report.4194301", "b");
	text = take(&logs, 4194300, 3);
	assert_string_equal(text, "abc");
	assert_empty(&logs);
	again = take(&logs, 1, 0);
	assert_string_equal(again, "");
	logs_close(&logs);
}

/* What a target puts there is not followed, not waited for, and gone afterwards. */
static void test_traps(void **state)
{
	struct logs logs;
	AUTO_FREE char *text = NULL;
	AUTO_FREE char *link = NULL;
	AUTO_FREE char *fifo = NULL;
	AUTO_FREE char *directory = NULL;

	(void)state;
	assert_int_equal(logs_open(parent, &logs), 0);
	link = format("%s/report.1", logs.directory);
	fifo = format("%s/report.2", logs.directory);
	directory = format("%s/report.3/deep", logs.directory);
	assert_int_equal(symlink("/etc/passwd", link), 0);
	assert_int_equal(mkfifo(fifo, 0600), 0);
	assert_int_equal(file_make_directories(directory), 0);
	put(&logs, "report.4", "the report");
	text = take(&logs, 1, 1);
	assert_string_equal(text, "the report");
	assert_empty(&logs);
	logs_close(&logs);
}

static void test_many(void **state)
{
	struct logs logs;

	(void)state;
	assert_int_equal(logs_open(parent, &logs), 0);
	for (int i = 0; i < 3 * LOGS_MAX; i++) {
		AUTO_FREE char *name = format("report.%d", i);

		put(&logs, name, "x");
	}
	free(take(&logs, 0, LOGS_MAX));
	assert_empty(&logs);
	logs_close(&logs);
	assert_int_not_equal(access(parent, F_OK), -1);
}

/* A path that a runtime would read otherwise is not used. */
static void test_path(void **state)
{
	struct logs logs;
	AUTO_FREE char *odd = format("%s/o'dd", parent);

	(void)state;
	assert_int_equal(file_make_directories(odd), 0);
	assert_int_equal(logs_open(odd, &logs), 0);
	assert_null(strchr(logs.path, '\''));
	logs_close(&logs);
}

static int set_up(void **state)
{
	(void)state;
	return mkdtemp(parent) != NULL ? 0 : -1;
}

static int tear_down(void **state)
{
	(void)state;
	file_remove_tree(parent);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_traps),
		cmocka_unit_test(test_many),
		cmocka_unit_test(test_path),
	};

	return cmocka_run_group_tests_name("logs", tests, set_up, tear_down);
}
