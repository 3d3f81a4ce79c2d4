/* SPDX-License-Identifier: Apache-2.0
 * Tests which texts are numbers, and which only begin like one. */
#include "number.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

static void test_numbers(void **state)
{
	static const struct {
		const char *text;
		bool good;
		uint64_t value;
	} rows[] = {
		{ "0", true, 0 },
		{ "007", true, 7 },
		{ "18446744073709551615", true, UINT64_MAX },
		{ "18446744073709551616", false, 0 },
		{ "99999999999999999999999", false, 0 },
		{ "", false, 0 },
		{ " 1", false, 0 },
		{ "1 ", false, 0 },
		{ "+1", false, 0 },
		{ "-1", false, 0 },
		{ "1x", false, 0 },
		{ "0x10", false, 0 },
		{ "1e3", false, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		uint64_t value = 0;

		if (number_parse(rows[i].text, 0, UINT64_MAX, &value) != rows[i].good ||
			(rows[i].good && value != rows[i].value))
			fail_msg("\"%s\"", rows[i].text);
	}
}

static void test_range(void **state)
{
	uint64_t value;

	(void)state;
	assert_false(number_parse("4", 5, 7, &value));
	assert_true(number_parse("5", 5, 7, &value));
	assert_true(number_parse("7", 5, 7, &value));
	assert_false(number_parse("8", 5, 7, &value));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_range),
	};

	return cmocka_run_group_tests_name("numbers", tests, NULL, NULL);
}
