/* SPDX-License-Identifier: Apache-2.0
 * Kinds of reports as bytes, and back. */
#include "heard.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

static struct heard_table table;

static void check(uint8_t byte, const char *expected)
{
	char kind[KIND_MAX];

	heard_of(&table, byte, kind);
	assert_string_equal(kind, expected);
}

static void test_there_and_back(void **state)
{
	static const char *const kinds[] = { "heap-buffer-overflow", "SEGV", "a", "b",
		"found bad pointer in Go heap (incorrect use of unsafe or cgo?)" };
	uint8_t bytes[5];

	(void)state;
	memset(&table, 0, sizeof(table));
	for (size_t i = 0; i < 5; i++) {
		bytes[i] = heard_byte(&table, kinds[i]);
		assert_true(bytes[i] >= HEARD_FIRST);
		for (size_t k = 0; k < i; k++)
			assert_int_not_equal(bytes[i], bytes[k]);
	}
	for (size_t i = 0; i < 5; i++) {
		assert_int_equal(heard_byte(&table, kinds[i]), bytes[i]);
		check(bytes[i], kinds[i]);
	}
	assert_int_equal(heard_byte(&table, ""), HEARD_NOTHING);
	check(HEARD_NOTHING, "");
	check(HEARD_UNKNOWN, HEARD_KIND_UNKNOWN);
}

/* One kind too many is not known, and is no other's. */
static void test_full(void **state)
{
	char kind[KIND_MAX];

	(void)state;
	memset(&table, 0, sizeof(table));
	for (unsigned i = 0; i < 256 - HEARD_FIRST; i++) {
		snprintf(kind, sizeof(kind), "kind %u", i);
		assert_int_not_equal(heard_byte(&table, kind), HEARD_UNKNOWN);
	}
	assert_int_equal(heard_byte(&table, "another"), HEARD_UNKNOWN);
	check(heard_byte(&table, "kind 0"), "kind 0");
}

static void test_damaged(void **state)
{
	char expected[KIND_MAX];

	(void)state;
	memset(&table, 'x', sizeof(table));
	memset(expected, 'x', KIND_MAX - 1);
	expected[KIND_MAX - 1] = '\0';
	check(77, expected);
	memset(&table, 0, sizeof(table));
	check(77, HEARD_KIND_UNKNOWN);
}

static void test_kinds(void **state)
{
	struct observation nothing = { .tool = TOOL_NONE, .kind = "panic" },
			   signal = { .tool = TOOL_SIGNAL, .kind = "SIGBUS" },
			   report = { .tool = TOOL_UBSAN, .kind = "null-pointer-use" };

	(void)state;
	assert_string_equal(heard_kind(&nothing), "");
	assert_string_equal(heard_kind(&signal), "signal");
	assert_string_equal(heard_kind(&report), "null-pointer-use");
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_there_and_back),
		cmocka_unit_test(test_full), cmocka_unit_test(test_damaged),
		cmocka_unit_test(test_kinds) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
