/* SPDX-License-Identifier: Apache-2.0
 * Tests the counts of marks after each course of an execution. */
#include "mark.h"

#define FENCEPOST
#include "include/fencepost.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <cmocka.h>

static char path[] = "/tmp/fencepost-mark-XXXXXX";
static struct marks *marks;

/* Two marks, in the order of their lines: first and second of the list. */
static void pass(int first, int second)
{
	FENCEPOST_VIOLATION(first, oob_write);
	FENCEPOST_VIOLATION(second, use_after_free);
}

static void whole(int first, int second)
{
	fencepost_execution_begin(NULL, 0);
	pass(first, second);
	fencepost_execution_end();
}

static const struct mark *mark_named(const char *slug)
{
	for (uint32_t i = 0; i < marks->count; i++)
		if (strcmp(marks->list[i].slug, slug) == 0)
			return &marks->list[i];
	fail_msg("no mark of %s", slug);
	return NULL;
}

static uint64_t count(const char *slug, enum verdict verdict)
{
	return mark_named(slug)->verdicts[verdict];
}

static int open_files(void **state)
{
	int fd = mkstemp(path);

	(void)state;
	if (fd < 0)
		return -1;
	close(fd);
	setenv("FENCEPOST_RECORD", path, 1);
	fencepost_target_begin(false);
	marks = marks_map(path);
	return marks != NULL ? 0 : -1;
}

static int close_files(void **state)
{
	char file[64];

	(void)state;
	snprintf(file, sizeof(file), "%s." MARKS_FILE, path);
	unlink(file);
	munmap(marks, sizeof(*marks));
	return unlink(path);
}

static int forget(void **state)
{
	(void)state;
	for (uint32_t i = 0; i < marks->count; i++) {
		memset(marks->list[i].verdicts, 0, sizeof(marks->list[i].verdicts));
		marks->list[i].reached = marks->list[i].triggered = 0;
	}
	return 0;
}

static void test_listed(void **state)
{
	const struct mark *mark = mark_named("oob_write");

	(void)state;
	assert_int_equal(marks->count, 2);
	assert_string_equal(mark->file, __FILE__);
	assert_int_equal(mark->line + 1, mark_named("use_after_free")->line);
	assert_int_equal(mark_class("use_after_free"), CLASS_use_after_free);
	assert_int_equal(mark_class("use-after-tea"), -1);
	assert_int_equal(mark_class("a_slug_that_is_longer_than_any_of_ours"), -1);
}

/* Once an execution, however often. */
static void test_silent(void **state)
{
	(void)state;
	whole(0, 0);
	fencepost_execution_begin(NULL, 0);
	pass(1, 0);
	pass(1, 0);
	fencepost_execution_end();
	assert_int_equal(mark_named("oob_write")->reached, 2);
	assert_int_equal(mark_named("oob_write")->triggered, 1);
	assert_int_equal(count("oob_write", VERDICT_SILENT), 1);
	assert_int_equal(mark_named("use_after_free")->triggered, 0);
}

static void report(const char *kind, enum observed_access access)
{
	fencepost_execution_begin(NULL, 0);
	pass(1, 1);
	pass(1, 0);
	observe_report(TOOL_ASAN, kind, access, 0);
	/* the next process */
	whole(0, 0);
}

/* To the last one triggered; the access must agree where the class has one. */
static void test_report(void **state)
{
	(void)state;
	report("heap-buffer-overflow", OBSERVED_WRITE);
	assert_int_equal(count("oob_write", VERDICT_RIGHT), 1);
	assert_int_equal(count("use_after_free", VERDICT_SILENT), 1);
	report("heap-buffer-overflow", OBSERVED_READ);
	report("heap-use-after-free", OBSERVED_WRITE);
	assert_int_equal(count("oob_write", VERDICT_WRONG_KIND), 2);
	assert_int_equal(count("use_after_free", VERDICT_SILENT), 3);
}

static void test_death(void **state)
{
	(void)state;
	fencepost_execution_begin(NULL, 0);
	pass(0, 1);
	/* killed; the next process */
	whole(0, 0);
	assert_int_equal(count("use_after_free", VERDICT_TRAP), 1);
	assert_int_equal(count("oob_write", VERDICT_TRAP), 0);
}

/* A report is that of nobody's mark when none was triggered. */
static void test_unforeseen(void **state)
{
	uint64_t before = record->verdicts[VERDICT_FALSE_ALARM];

	(void)state;
	fencepost_execution_begin(NULL, 0);
	pass(0, 0);
	observe_report(TOOL_ASAN, "heap-buffer-overflow", OBSERVED_READ, 0);
	whole(0, 0);
	assert_int_equal(record->verdicts[VERDICT_FALSE_ALARM], before + 1);
	assert_int_equal(mark_named("oob_write")->triggered, 0);
}

/* The fuzzer's end is no death of the target's; a report before it is. */
static void test_settle(void **state)
{
	uint64_t executions;

	(void)state;
	whole(0, 0);
	executions = record->executions;
	fencepost_execution_begin(NULL, 0);
	pass(1, 0);
	marks_settle(marks, record);
	assert_int_equal(record->executions, executions);
	assert_int_equal(mark_named("oob_write")->triggered, 0);
	assert_int_equal(mark_named("oob_write")->reached, 1);
	fencepost_execution_begin(NULL, 0);
	pass(1, 0);
	observe_report(TOOL_ASAN, "heap-buffer-overflow", OBSERVED_WRITE, 0);
	marks_settle(marks, record);
	assert_int_equal(count("oob_write", VERDICT_RIGHT), 1);
}

/* A target may write over everything; nothing here may then be led astray. */
static void test_overwritten(void **state)
{
	struct marks *wild = calloc(1, sizeof(*wild));
	struct record *with = calloc(1, sizeof(*with));

	(void)state;
	assert_non_null(wild);
	assert_non_null(with);
	memset(wild, 0xff, sizeof(*wild));
	memset(with, 0xff, sizeof(*with));
	with->open = false;
	marks_settle(wild, with);
	memset(wild, 0xff, sizeof(*wild));
	with->open = true;
	marks_settle(wild, with);
	free(wild);
	free(with);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(test_listed),
	cmocka_unit_test_setup(test_silent, forget),
	cmocka_unit_test_setup(test_report, forget),
	cmocka_unit_test_setup(test_death, forget),
	cmocka_unit_test_setup(test_unforeseen, forget),
	cmocka_unit_test_setup(test_settle, forget),
	cmocka_unit_test(test_overwritten),
};

int main(void)
{
	const char *only = getenv("FENCEPOST_ONLY");

	if (only != NULL)
		cmocka_set_test_filter(only);
	return cmocka_run_group_tests_name("marks", tests, open_files, close_files);
}
