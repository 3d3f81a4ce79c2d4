/* SPDX-License-Identifier: Apache-2.0
 * Tests the place of a hang: the frames that the stacks of several runs share. */
#include "base/util.h"
#include "hang.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#define ABRT \
	"==7==ERROR: AddressSanitizer: ABRT on unknown address 0x3e800000001 (pc 0x1 bp 0x2 sp 0x3 T0)\n"
#define FRAME(n, function, line) "    #" n " 0x55" n " in " function " /src/d.c:" line ":1\n"
#define NO_STACK                 "it is killed\n"

/* Of the runs that said @texts, the first @count of them. */
static struct crash_report hang_of(const char *const *texts, size_t count)
{
	struct crash_report report = {
		.text = format("%s", texts[0]), .wait_status = SIGABRT, .timed_out = true
	};

	crash_read(&report);
	for (size_t i = 1; i < count; i++)
		crash_add_again(&report, format("%s", texts[i]));
	hang_reduce(&report, NULL);
	key_make(report.main, NULL, &report.key);
	return report;
}

static void assert_place(const char *const *texts, size_t count, const char *key, const char *place)
{
	struct crash_report report = hang_of(texts, count);

	assert_string_equal(report.main->kind, "timeout");
	assert_int_equal(report.main->tool, REPORT_SIGNAL);
	assert_string_equal(report.key.text, key);
	if (place != NULL)
		assert_string_equal(key_place(&report.key), place);
	else
		assert_int_equal(report.key.untold, KEY_NO_STACK);
	crash_report_close(&report);
}

#define ASSERT_PLACE(key, place, ...) \
	assert_place((const char *const[]){ __VA_ARGS__ }, \
		sizeof((const char *const[]){ __VA_ARGS__ }) / sizeof(char *), key, place)

static void test_common(void **state)
{
	(void)state;
	/* the loop is in rounds, which calls what it happened to be in */
	ASSERT_PLACE("timeout rounds|decode", "d.c:20",
		ABRT FRAME("0", "mix", "5") FRAME("1", "rounds", "20") FRAME("2", "decode", "30")
			FRAME("3", "main", "40"),
		ABRT FRAME("0", "stir", "9") FRAME("1", "rounds", "21") FRAME("2", "decode", "30")
			FRAME("3", "main", "40"),
		ABRT FRAME("0", "mix", "6") FRAME("1", "rounds", "20") FRAME("2", "decode", "30")
			FRAME("3", "main", "40"));
	/* in all of them it was in mix */
	ASSERT_PLACE("timeout mix|rounds", "d.c:5",
		ABRT FRAME("0", "mix", "5") FRAME("1", "rounds", "20") FRAME("2", "main", "40"),
		ABRT FRAME("0", "mix", "7") FRAME("1", "rounds", "21") FRAME("2", "main", "40"),
		ABRT FRAME("0", "mix", "6") FRAME("1", "rounds", "20") FRAME("2", "main", "40"));
	/* what is deeper in one run says nothing, nor does what stands deeper under another function */
	ASSERT_PLACE("timeout rounds|main", "d.c:20",
		ABRT FRAME("0", "rounds", "20") FRAME("1", "main", "40"),
		ABRT FRAME("0", "mix", "5") FRAME("1", "rounds", "21") FRAME("2", "main", "40"));
	ASSERT_PLACE("timeout main", "d.c:40",
		ABRT FRAME("0", "mix", "5") FRAME("1", "one", "20") FRAME("2", "main", "40"),
		ABRT FRAME("0", "mix", "5") FRAME("1", "two", "21") FRAME("2", "main", "40"));
}

/* Signatures, and what the C library adds below, are no difference. */
static void test_normalised(void **state)
{
	(void)state;
	ASSERT_PLACE("timeout ns::f|main", "d.c:5",
		ABRT FRAME("0", "memcpy", "9") FRAME("1", "void ns::f<int>(int)", "5")
			FRAME("2", "main", "40"),
		ABRT FRAME("0", "raise", "9") FRAME("1", "ns::f<int>(int)", "6")
			FRAME("2", "main", "40"));
}

static void test_missing(void **state)
{
	(void)state;
	ASSERT_PLACE("timeout timeout -", NULL, NO_STACK);
	ASSERT_PLACE("timeout timeout -", NULL, NO_STACK, NO_STACK, NO_STACK);
	/* a run that did not say does not count */
	ASSERT_PLACE("timeout f|main", "d.c:1",
		ABRT FRAME("0", "g", "3") FRAME("1", "f", "1") FRAME("2", "main", "40"), NO_STACK,
		ABRT FRAME("0", "f", "2") FRAME("1", "main", "40"));
	/* nothing is common */
	ASSERT_PLACE("timeout timeout -", NULL,
		ABRT FRAME("0", "f", "3") FRAME("1", "thread_a", "1"),
		ABRT FRAME("0", "f", "3") FRAME("1", "thread_b", "1"));
}

/* Of a process that waits for its child, and the child, the child hangs. */
static void test_youngest(void **state)
{
	(void)state;
	ASSERT_PLACE("timeout spin|main", "d.c:3",
		ABRT FRAME("0", "wait_for_child", "1")
			FRAME("1", "main", "2") "==8==ERROR: AddressSanitizer: ABRT on unknown address 0x3e800000001 (pc 0x1 bp 0x2 sp 0x3 T0)\n" FRAME(
				"0", "spin", "3") FRAME("1", "main", "40"));
}

/* What another report says of another place is no stack of a hang; and a report says more than a limit. */
static void test_other_reports(void **state)
{
	static const char both[] =
		"d.c:1:2: runtime error: signed integer overflow: 2147483647 + 1 cannot be represented in type 'int'\n"
		"    #0 0x1 in add /src/d.c:1:2\n" ABRT FRAME("0", "spin", "3")
			FRAME("1", "main", "40");
	static const char overflow[] =
		"==7==ERROR: AddressSanitizer: heap-buffer-overflow on address 0x602000000018\n" FRAME(
			"0", "f", "1");
	struct crash_report report = { .text = format("%s", overflow), .timed_out = true };

	(void)state;
	ASSERT_PLACE("timeout spin|main", "d.c:3", both);
	crash_read(&report);
	assert_string_equal(report.main->kind, "heap-buffer-overflow");
	crash_report_close(&report);
}

/* libFuzzer's own limit is one too. */
static void test_own_limit(void **state)
{
	static const char *const texts[] = {
		"==7== ERROR: libFuzzer: timeout after 1 seconds\n" FRAME("0", "mix", "1")
			FRAME("1", "rounds", "2") FRAME("2", "main", "3"),
		"==8== ERROR: libFuzzer: timeout after 1 seconds\n" FRAME("0", "stir", "1")
			FRAME("1", "rounds", "2") FRAME("2", "main", "3"),
	};
	struct crash_report report = { .text = format("%s", texts[0]), .wait_status = 70 << 8 };

	(void)state;
	crash_read(&report);
	assert_true(hang_is(&report));
	crash_add_again(&report, format("%s", texts[1]));
	hang_reduce(&report, NULL);
	key_make(report.main, NULL, &report.key);
	assert_string_equal(report.key.text, "timeout rounds|main");
	crash_report_close(&report);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_common),
		cmocka_unit_test(test_normalised),
		cmocka_unit_test(test_missing),
		cmocka_unit_test(test_youngest),
		cmocka_unit_test(test_other_reports),
		cmocka_unit_test(test_own_limit),
	};

	return cmocka_run_group_tests_name("hang", tests, NULL, NULL);
}
