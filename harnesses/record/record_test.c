/* SPDX-License-Identifier: Apache-2.0
 * Tests of the record: the counts of a writer outlive the writer, however it ends. */
#include "record.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

static const struct plan violating = { .class = CLASS_oob_write, .breaks = true, .store = true };
static const struct plan benign = { .class = CLASS_oob_write, .store = true };
static const struct truth violation = {
	.violation = true, .class = CLASS_oob_write, .act = TRUTH_WRITE, .leaves = true
};
static const struct truth harmless = { .class = CLASS_oob_write, .act = TRUTH_WRITE };

static char path[64];

/* A record file of its own for every test. */
static int setup(void **state)
{
	int fd;

	(void)state;
	strcpy(path, "/tmp/fencepost-record.XXXXXX");
	fd = mkstemp(path);
	if (fd < 0)
		return -1;
	close(fd);
	record = record_map(path);
	return record != NULL ? 0 : -1;
}

static int teardown(void **state)
{
	(void)state;
	if (record != NULL)
		munmap(record, sizeof(*record));
	return unlink(path);
}

static uint64_t verdicts(const struct record *of)
{
	uint64_t sum = 0;

	for (int i = 0; i < VERDICT_COUNT; i++)
		sum += of->verdicts[i];
	return sum;
}

static void run_silent(void)
{
	record_begin(&violating, &violation);
	observe_triggered();
	record_end();
}

static void run_diagnosed(void)
{
	record_begin(&violating, &violation);
	observe_triggered();
	observe_report(TOOL_ASAN, "heap-buffer-overflow", OBSERVED_WRITE, 0x1234);
}

static void run_clean(void)
{
	record_begin(&benign, &harmless);
	record_end();
}

static void test_new_record_is_empty(void **state)
{
	static const struct record zeros = { .magic = RECORD_MAGIC };
	struct stat status;

	(void)state;
	assert_memory_equal(record, &zeros, sizeof(zeros));
	assert_int_equal(stat(path, &status), 0);
	assert_int_equal(status.st_size, sizeof(struct record));
}

static void test_counts(void **state)
{
	(void)state;
	for (int i = 0; i < 3; i++)
		run_silent();
	for (int i = 0; i < 5; i++)
		run_clean();
	run_diagnosed();
	assert_int_equal(record->executions, 9);
	assert_int_equal(record->verdicts[VERDICT_SILENT], 3);
	assert_int_equal(record->verdicts[VERDICT_CLEAN], 5);
	assert_int_equal(record->verdicts[VERDICT_RIGHT], 1);
	assert_int_equal(verdicts(record), 9);
}

static void test_first_report_decides(void **state)
{
	(void)state;
	run_diagnosed();
	observe_report(TOOL_UBSAN, "pointer-overflow", OBSERVED_READ, 0x5678);
	record_end();
	assert_int_equal(record->verdict, VERDICT_RIGHT);
	assert_int_equal(record->seen.tool, TOOL_ASAN);
	assert_string_equal(record->seen.kind, "heap-buffer-overflow");
	assert_int_equal(record->seen.access, OBSERVED_WRITE);
	assert_int_equal(record->seen.address, 0x1234);
	assert_false(record->seen.finished);
	assert_int_equal(verdicts(record), 1);
}

static void test_report_outside_a_plan_counts_nothing(void **state)
{
	(void)state;
	observe_report(TOOL_ASAN, "heap-buffer-overflow", OBSERVED_WRITE, 0x1234);
	record_end();
	record_close_open(record);
	assert_int_equal(verdicts(record), 0);
	assert_int_equal(record->executions, 0);
}

static void test_observation_does_not_outlive_its_plan(void **state)
{
	(void)state;
	run_diagnosed();
	run_silent();
	assert_int_equal(record->verdict, VERDICT_SILENT);
	assert_int_equal(record->seen.tool, TOOL_NONE);
	assert_string_equal(record->seen.kind, "");
	record_begin(&violating, &violation);
	observe_refused();
	record_end();
	assert_int_equal(record->verdict, VERDICT_LANGUAGE);
	run_clean();
	assert_int_equal(record->verdict, VERDICT_CLEAN);
}

static void test_long_kind_is_cut(void **state)
{
	char kind[4096];

	(void)state;
	memset(kind, 'k', sizeof(kind) - 1);
	kind[sizeof(kind) - 1] = '\0';
	record_begin(&violating, &violation);
	observe_triggered();
	observe_report(TOOL_ASAN, kind, OBSERVED_UNKNOWN, 0);
	assert_int_equal(strnlen(record->seen.kind, KIND_MAX), KIND_MAX - 1);
	assert_int_equal(record->verdict, VERDICT_WRONG_KIND);
}

static void test_firsts_are_kept(void **state)
{
	uint64_t violation_ns, diagnosis_ns;

	(void)state;
	run_clean();
	assert_true(record->started_ns > 0);
	assert_int_equal(record->first_violation_ns, 0);
	run_silent();
	violation_ns = record->first_violation_ns;
	assert_true(violation_ns > 0);
	assert_int_equal(record->first_diagnosis_ns, 0);
	run_diagnosed();
	diagnosis_ns = record->first_diagnosis_ns;
	assert_true(diagnosis_ns >= violation_ns);
	run_diagnosed();
	assert_int_equal(record->first_violation_ns, violation_ns);
	assert_int_equal(record->first_diagnosis_ns, diagnosis_ns);
}

static void test_the_first_find_has_its_time(void **state)
{
	uint64_t find_ns;

	(void)state;
	run_silent();
	assert_int_equal(record->first_find_ns, 0);
	record_blindspot();
	find_ns = record->first_find_ns;
	assert_true(find_ns > 0);
	record_blindspot();
	assert_int_equal(record->first_find_ns, find_ns);
}

static size_t axes_met(void)
{
	size_t count = 0;

	for (size_t i = 0; i < PLAN_AXES_BYTES; i++)
		count += (size_t)__builtin_popcount(record->axes[i]);
	return count;
}

/* A violating plan's combination of axes is remembered once, a benign one's is not. */
static void test_axes_are_remembered(void **state)
{
	struct plan other = violating;

	(void)state;
	memset(record->axes, 0, sizeof(record->axes));
	record_axes(&benign, &harmless);
	assert_int_equal(axes_met(), 0);
	record_axes(&violating, &violation);
	record_axes(&violating, &violation);
	assert_int_equal(axes_met(), 1);
	other.store = !other.store;
	record_axes(&other, &violation);
	assert_int_equal(axes_met(), 2);
}

static void test_a_plan_that_we_cut_off_is_forgotten(void **state)
{
	uint64_t executions = record->executions, broken = record->verdicts[VERDICT_BROKEN];

	(void)state;
	record_begin(&violating, &violation);
	record_drop_open(record);
	record_drop_open(record);
	record_close_open(record);
	assert_int_equal(record->executions, executions);
	assert_int_equal(record->verdicts[VERDICT_BROKEN], broken);
}

/* A writer that counts, opens one more plan, and is killed in the middle of it. */
static void write_and_die(const struct plan *plan, const struct truth *truth, bool triggered)
{
	pid_t child = fork();
	int status;

	assert_true(child >= 0);
	if (child == 0) {
		/* a record of its own mapping, as a fuzzer's target has */
		record = record_map(path);
		for (int i = 0; i < 1000; i++)
			run_silent();
		for (int i = 0; i < 10; i++)
			run_diagnosed();
		record_begin(plan, truth);
		if (triggered)
			observe_triggered();
		kill(getpid(), SIGKILL);
		_exit(0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
}

static void require_after_death(enum verdict verdict)
{
	assert_true(record->open);
	assert_int_equal(record->executions, 1011);
	assert_int_equal(record->verdicts[VERDICT_SILENT], 1000);
	assert_int_equal(record->verdicts[VERDICT_RIGHT], 10);
	assert_int_equal(verdicts(record), 1010);
	record_close_open(record);
	assert_false(record->open);
	assert_int_equal(record->verdict, verdict);
	assert_int_equal(record->verdicts[verdict], 1);
	assert_int_equal(verdicts(record), 1011);
	record_close_open(record);
	assert_int_equal(verdicts(record), 1011);
}

static void test_killed_in_the_fault_is_a_trap(void **state)
{
	(void)state;
	write_and_die(&violating, &violation, true);
	require_after_death(VERDICT_TRAP);
}

static void test_killed_before_the_fault_is_broken(void **state)
{
	(void)state;
	write_and_die(&violating, &violation, false);
	require_after_death(VERDICT_BROKEN);
}

static void test_killed_in_a_benign_plan_is_broken(void **state)
{
	(void)state;
	write_and_die(&benign, &harmless, false);
	require_after_death(VERDICT_BROKEN);
}

static void test_next_execution_closes_the_dead_one(void **state)
{
	(void)state;
	write_and_die(&violating, &violation, true);
	run_clean();
	assert_int_equal(record->verdicts[VERDICT_TRAP], 1);
	assert_int_equal(record->verdicts[VERDICT_CLEAN], 1);
	assert_int_equal(record->executions, 1012);
	assert_int_equal(verdicts(record), 1012);
}

/* Killed where the flag says that a plan runs which has been counted, or has not begun. */
static void test_a_plan_is_counted_once(void **state)
{
	(void)state;
	run_silent();
	record->open = true;
	record_close_open(record);
	assert_false(record->open);
	assert_int_equal(verdicts(record), 1);
	record->open = true;
	record_drop_open(record);
	assert_int_equal(record->executions, 1);
	record->open = true;
	run_clean();
	assert_int_equal(record->executions, 2);
	assert_int_equal(verdicts(record), 2);
}

/* Killed at whatever instruction it has got to: each plan that began has one verdict. */
static void test_killed_at_any_moment(void **state)
{
	(void)state;
	for (unsigned round = 0; round < 50; round++) {
		uint64_t before = record->executions;
		unsigned waited_ms = 0;
		pid_t child = fork();

		assert_true(child >= 0);
		while (child == 0) {
			run_silent();
			run_clean();
		}
		for (; record->executions == before && waited_ms < 5000; waited_ms++)
			usleep(1000);
		usleep(17 * round);
		kill(child, SIGKILL);
		assert_int_equal(waitpid(child, NULL, 0), child);
		assert_true(waited_ms < 5000);
		record_close_open(record);
		assert_int_equal(record->executions, verdicts(record));
	}
}

static void test_two_mappings_agree(void **state)
{
	struct record *other = record_map(path);

	(void)state;
	assert_non_null(other);
	assert_ptr_not_equal(other, record);
	run_diagnosed();
	assert_memory_equal(other, record, sizeof(*record));
	assert_int_equal(other->verdicts[VERDICT_RIGHT], 1);
	munmap(other, sizeof(*other));
	run_silent();
	other = record_map(path);
	assert_non_null(other);
	assert_int_equal(other->executions, 2);
	munmap(other, sizeof(*other));
}

/* Before record_map: class code may run in a program that maps no file. */
static void test_private_record(void **state)
{
	struct record *mapped = record;
	pid_t child = fork();
	int status;

	(void)state;
	assert_true(child >= 0);
	if (child == 0) {
		static struct record own = { .magic = RECORD_MAGIC };

		record = &own;
		run_silent();
		_exit(own.verdicts[VERDICT_SILENT] == 1 ? 0 : 1);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	assert_int_equal(mapped->executions, 0);
}

static void fill_file(const void *bytes, size_t size)
{
	int fd = open(path, O_WRONLY | O_TRUNC);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, bytes, size), size);
	close(fd);
}

/* Not ours: refused with a reason, and left as it is. */
static void require_refused(const void *bytes, size_t size)
{
	char after[2 * sizeof(struct record)] = { 0 };
	int fd;

	munmap(record, sizeof(*record));
	record = NULL;
	fill_file(bytes, size);
	errno = 0;
	assert_null(record_map(path));
	assert_int_equal(errno, EINVAL);
	fd = open(path, O_RDONLY);
	assert_true(fd >= 0);
	assert_int_equal(read(fd, after, sizeof(after)), size);
	close(fd);
	assert_memory_equal(after, bytes, size);
}

static void test_foreign_file_is_refused(void **state)
{
	char text[sizeof(struct record)];

	(void)state;
	memset(text, 'x', sizeof(text));
	require_refused(text, sizeof(text));
}

static void test_short_foreign_file_is_refused(void **state)
{
	(void)state;
	require_refused("hello", 5);
}

static void test_cut_record_is_refused(void **state)
{
	struct record cut = { .magic = RECORD_MAGIC, .executions = 7 };

	(void)state;
	require_refused(&cut, sizeof(cut) / 2);
}

static void test_damaged_magic_is_refused(void **state)
{
	struct record damaged = { .magic = RECORD_MAGIC ^ 1, .executions = 7 };

	(void)state;
	require_refused(&damaged, sizeof(damaged));
}

static void test_record_of_another_layout_is_refused(void **state)
{
	struct record larger[2] = { { .magic = RECORD_MAGIC } };

	(void)state;
	require_refused(larger, sizeof(larger[0]) + 8);
}

static void test_unreachable_paths(void **state)
{
	(void)state;
	assert_null(record_map("/nonexistent/record"));
	assert_int_equal(errno, ENOENT);
	assert_null(record_map("/tmp"));
	assert_int_equal(errno, EISDIR);
}

#define WITH_FILE(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_FILE(test_new_record_is_empty),
		WITH_FILE(test_counts),
		WITH_FILE(test_first_report_decides),
		WITH_FILE(test_report_outside_a_plan_counts_nothing),
		WITH_FILE(test_observation_does_not_outlive_its_plan),
		WITH_FILE(test_long_kind_is_cut),
		WITH_FILE(test_firsts_are_kept),
		WITH_FILE(test_the_first_find_has_its_time),
		WITH_FILE(test_axes_are_remembered),
		WITH_FILE(test_a_plan_that_we_cut_off_is_forgotten),
		WITH_FILE(test_killed_in_the_fault_is_a_trap),
		WITH_FILE(test_killed_before_the_fault_is_broken),
		WITH_FILE(test_killed_in_a_benign_plan_is_broken),
		WITH_FILE(test_next_execution_closes_the_dead_one),
		WITH_FILE(test_a_plan_is_counted_once),
		WITH_FILE(test_killed_at_any_moment),
		WITH_FILE(test_two_mappings_agree),
		WITH_FILE(test_private_record),
		WITH_FILE(test_foreign_file_is_refused),
		WITH_FILE(test_short_foreign_file_is_refused),
		WITH_FILE(test_cut_record_is_refused),
		WITH_FILE(test_damaged_magic_is_refused),
		WITH_FILE(test_record_of_another_layout_is_refused),
		WITH_FILE(test_unreachable_paths),
	};

	return cmocka_run_group_tests_name("record", tests, NULL, NULL);
}
