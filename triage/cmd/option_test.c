/* SPDX-License-Identifier: Apache-2.0
 * Values on a command line. A refusal ends a process, so each is asked in a fork. */
#include "option.h"

#include "base/complain.h"
#include "harnesses/base/process.h"
#include "harnesses/verdict/detectors.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <cmocka.h>

#define NUMBER(value)  option_number("who", "n", value, 1, 10)
#define CLASSES(value) option_slugs("who", "classes", value, plan_class_find, class_slug)

/* Models of Go's builds only. */
static int find_go(const char *slug)
{
	return strncmp(slug, "go-", 3) == 0 ? detector_find(slug) : -1;
}

static void read_number(void *value)
{
	NUMBER(value);
}

static void read_classes(void *value)
{
	CLASSES(value);
}

static void read_go(void *value)
{
	option_slug("who", "detector", value, find_go, detector_slug);
}

static void assert_refused(void (*read)(void *value), const char *value, const char *line)
{
	char said[1024];
	struct process_result result;

	assert_int_equal(process_call(read, (void *)(uintptr_t)value, 10000, said, sizeof(said) - 1,
				 &result),
		0);
	assert_true(WIFEXITED(result.wait_status));
	assert_int_equal(WEXITSTATUS(result.wait_status), EXIT_USAGE);
	assert_string_equal(said, line);
}

static void test_numbers(void **state)
{
	static const char *const refused[] = { "", "0", "11", "-1", "+1", " 1", "1 ", "0x1", "1.0",
		"x", "18446744073709551617" };

	(void)state;
	assert_int_equal(NUMBER("1"), 1);
	assert_int_equal(NUMBER("010"), 10);
	assert_int_equal(
		option_number("who", "n", "18446744073709551615", 0, UINT64_MAX), UINT64_MAX);
	for (size_t i = 0; i < sizeof(refused) / sizeof(*refused); i++) {
		char line[128];

		snprintf(line, sizeof(line), "who: n=%s: must be a whole number from 1 to 10\n",
			refused[i]);
		assert_refused(read_number, refused[i], line);
	}
	assert_refused(
		read_number, "1\033[2J", "who: n=1\\x1b[2J: must be a whole number from 1 to 10\n");
}

static void test_lists(void **state)
{
	(void)state;
	assert_int_equal(CLASSES("oob-read"), BIT(CLASS_oob_read));
	assert_int_equal(
		CLASSES("oob-read,misaligned"), BIT(CLASS_oob_read) | BIT(CLASS_misaligned));
	assert_int_equal(CLASSES(" misaligned  oob-read "), CLASSES("oob-read,misaligned"));
	assert_int_equal(CLASSES("all"), BIT(CLASS_COUNT) - 1);
	assert_refused(read_classes, "", "who: classes=: names no slug; give at least one\n");
	assert_refused(read_classes, ", ", "who: classes=, : names no slug; give at least one\n");
	assert_refused(read_classes, "oob-read,nope",
		"who: classes=oob-read,nope: there is no nope; there are: oob-read oob-write "
		"null-deref use-after-free use-after-return invalid-free bad-length misaligned\n");
}

/* What @find does not know is neither taken, nor named, nor one of all. */
static void test_only_what_will_do(void **state)
{
	(void)state;
	assert_int_equal(option_slug("who", "detector", "go-asan", find_go, detector_slug),
		DETECTOR_go_asan);
	assert_int_equal(option_slugs("who", "detector", "all", find_go, detector_slug),
		BIT(DETECTOR_go_plain) | BIT(DETECTOR_go_checkptr) | BIT(DETECTOR_go_asan));
	assert_refused(read_go, "asan",
		"who: detector=asan: there is no asan; there are: go-plain go-checkptr go-asan\n");
}

/* What stands behind "--" is another program's. */
static void test_taken(void **state)
{
	char *argv[] = { "x", "--a=1", "--b", "c", "--", "--d", NULL };
	int argc = 6;

	(void)state;
	assert_true(option_has(argc, argv, "--a"));
	assert_false(option_has(argc, argv, "--d"));
	assert_false(option_take(&argc, argv, "--d"));
	assert_false(option_take(&argc, argv, "--a")); /* it has a value */
	assert_true(option_take(&argc, argv, "--b"));
	assert_int_equal(argc, 5);
	assert_string_equal(argv[2], "c");
	assert_null(argv[5]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_lists),
		cmocka_unit_test(test_only_what_will_do),
		cmocka_unit_test(test_taken),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
