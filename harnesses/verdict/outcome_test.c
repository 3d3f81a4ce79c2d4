/* SPDX-License-Identifier: Apache-2.0
 * Tests of the stored byte. The meaning of each number is fixed, because runs outlive programs. */
#include "outcome.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#define LENGTH(array) (sizeof(array) / sizeof(*(array)))

static const struct {
	uint8_t byte;
	const char *verdict, *cause;
} bytes[] = {
	{ 0x10, "right", "none" },
	{ 0x20, "wrong-kind", "none" },
	{ 0x30, "trap", "none" },
	{ 0x40, "language", "none" },
	{ 0x51, "silent", "option-off" },
	{ 0x52, "silent", "no-access" },
	{ 0x53, "silent", "no-rule" },
	{ 0x54, "silent", "not-instrumented" },
	{ 0x55, "silent", "reused" },
	{ 0x56, "silent", "intra-object" },
	{ 0x57, "silent", "slack" },
	{ 0x58, "silent", "granule" },
	{ 0x59, "silent", "wide-check" },
	{ 0x5a, "silent", "no-redzone" },
	{ 0x5b, "silent", "live-neighbour" },
	{ 0x5c, "silent", "elsewhere" },
	{ 0x5d, "silent", "unmapped-shadow" },
	{ 0x5e, "silent", "unexplained" },
	{ 0x60, "clean", "none" },
	{ 0x70, "false-alarm", "none" },
	{ 0x80, "timeout", "none" },
	{ 0x90, "broken", "none" },
	{ 0xa0, "layout", "none" },
};

static void test_meaning(void **state)
{
	(void)state;
	for (size_t i = 0; i < LENGTH(bytes); i++) {
		enum verdict verdict = outcome_verdict(bytes[i].byte);
		enum cause cause = outcome_cause(bytes[i].byte);

		assert_true(outcome_is_valid(bytes[i].byte));
		assert_string_equal(verdict_slug(verdict), bytes[i].verdict);
		assert_string_equal(cause_slug(cause), bytes[i].cause);
		assert_int_equal(outcome_of(verdict, cause), bytes[i].byte);
	}
}

static void test_nothing_else_is_valid(void **state)
{
	unsigned valid = 0;

	(void)state;
	for (unsigned byte = 0; byte < 256; byte++)
		valid += outcome_is_valid((uint8_t)byte);
	assert_int_equal(valid, LENGTH(bytes));
	assert_false(outcome_is_valid(OUTCOME_NONE));
}

static void test_round_trip(void **state)
{
	(void)state;
	for (int v = 0; v < VERDICT_COUNT; v++)
		for (int c = 0; c < CAUSE_COUNT; c++) {
			uint8_t byte = outcome_of((enum verdict)v, (enum cause)c);

			assert_int_equal(outcome_verdict(byte), v);
			assert_int_equal(outcome_cause(byte), c);
			assert_int_equal(
				outcome_is_valid(byte), (v == VERDICT_SILENT) == (c != CAUSE_NONE));
		}
}

static void test_names(void **state)
{
	(void)state;
	for (int c = CAUSE_NONE + 1; c < CAUSE_COUNT; c++) {
		assert_int_equal(cause_find(cause_slug((enum cause)c)), c);
		assert_true(strlen(cause_words((enum cause)c)) > 10);
		/* `triage show` takes either */
		for (int v = 0; v < VERDICT_COUNT; v++)
			assert_string_not_equal(
				cause_slug((enum cause)c), verdict_slug((enum verdict)v));
	}
	assert_int_equal(cause_find("none"), -1);
	assert_int_equal(cause_find(""), -1);
	assert_int_equal(cause_find("slac"), -1);
	assert_int_equal(cause_find("slacks"), -1);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_meaning),
		cmocka_unit_test(test_nothing_else_is_valid),
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_names),
	};

	return cmocka_run_group_tests_name("outcome", tests, NULL, NULL);
}
