/* SPDX-License-Identifier: Apache-2.0
 * Tests which settings are taken from a campaign's files. */
#include "fuzzer_setup.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

static void test_taken(void **state)
{
	static const struct {
		const char *text, *name, *options;
		bool leaks;
	} rows[] = {
		{ "", NULL, NULL, false },
		{ "# environment variables:\nAFL_USE_LSAN=1\n# command line:\n"
		  "'afl-fuzz' '-i' 'in' '-o' 'out' '-e' 'tar.gz' '--' './t' '-e' 'no' '@@'\n",
			"input.tar.gz", NULL, true },
		{ "# command line:\n'afl-fuzz' '-D' '-e.png' '-f' '/tmp/a b/in.cfg' '--' './t'\n",
			"in.cfg", NULL, false },
		{ "start_time : 1\ncommand_line      : afl-fuzz -i -e -o out -e svg ./t -e no\n",
			"input.svg", NULL, false },
		{ "# environment variables:\nASAN_OPTIONS=detect_leaks=1:log_path=/etc/x:"
		  "external_symbolizer_path=/bin/sh,coverage=1,allocator_may_return_null=1:detect_odr_violation=a\n",
			NULL, "detect_leaks=1:allocator_may_return_null=1", true },
		{ "# environment variables:\nAFL_PRELOAD=/evil.so\nLD_PRELOAD=/evil.so\nAFL_USE_LSAN=0\n",
			NULL, NULL, false },
		/* no name that leaves a directory, is hidden, or needs quotes */
		{ "# command line:\n'afl-fuzz' '-e' '/../x' '--' './t'\n", NULL, NULL, false },
		{ "# command line:\n'afl-fuzz' '-f' '/etc/..' '--' './t'\n", NULL, NULL, false },
		{ "# command line:\n'afl-fuzz' '-f' '/etc/' '--' './t'\n", NULL, NULL, false },
		{ "# command line:\n'afl-fuzz' '-e' 'a b' '-e' '' '-e", NULL, NULL, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct fuzzer_setup setup;

		fuzzer_setup_parse(rows[i].text, &setup);
		assert_int_equal(setup.leaks, rows[i].leaks);
		assert_int_equal(setup.name == NULL, rows[i].name == NULL);
		if (setup.name != NULL)
			assert_string_equal(setup.name, rows[i].name);
		assert_int_equal(setup.options == NULL, rows[i].options == NULL);
		if (setup.options != NULL)
			assert_string_equal(setup.options, rows[i].options);
		assert_int_equal(setup.taken != NULL,
			setup.leaks || setup.name != NULL || setup.options != NULL);
		fuzzer_setup_free(&setup);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_taken),
	};

	return cmocka_run_group_tests_name("fuzzer_setup", tests, NULL, NULL);
}
