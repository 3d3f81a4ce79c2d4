/* SPDX-License-Identifier: Apache-2.0 */
#include "death.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

static void test_abort_messages(void **state)
{
	static const struct {
		const char *message, *kind;
		enum tool tool;
	} rows[] = {
		{ "free(): invalid pointer\n", "invalid-free", TOOL_GLIBC },
		{ "double free or corruption (out)\n", "invalid-free", TOOL_GLIBC },
		{ "malloc(): corrupted top size\n", "heap-corruption", TOOL_GLIBC },
		{ "*** stack smashing detected ***: terminated\n", "stack-smashing", TOOL_FORTIFY },
		{ "*** buffer overflow detected ***: terminated\n", "buffer-overflow",
			TOOL_FORTIFY },
		{ "", "unknown", TOOL_GLIBC },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		assert_string_equal(glibc_abort_kind(rows[i].message), rows[i].kind);
		assert_int_equal(glibc_abort_tool(rows[i].message), rows[i].tool);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_abort_messages) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
