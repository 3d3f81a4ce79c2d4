/* SPDX-License-Identifier: Apache-2.0
 * The writers of HTML text, JUnit and SARIF, given the worst. */
#include "base/escape.h"
#include "base/util.h"
#include "junit.h"
#include "sarif.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#define HOSTILE "<b>&\"'\x1b]0;owned\x07 \xc2\x9b\xff \xe2\x80\xae\xef\xbf\xbf\n]]>"

static char *escaped(const char *text, bool lines)
{
	char *said = NULL;
	size_t size;
	FILE *out = open_memstream(&said, &size);

	if (lines)
		escape_html_block(out, text, strlen(text));
	else
		escape_html(out, text);
	fclose(out);
	return said;
}

static void test_html(void **state)
{
	AUTO_FREE char *line = escaped(HOSTILE, false);
	AUTO_FREE char *block = escaped("a\tb\n\x01 \xc3\xa9", true);

	(void)state;
	assert_string_equal(line,
		"&lt;b&gt;&amp;&quot;&#39;\\x1b]0;owned\\x07 \\xc2\\x9b\\xff "
		"\\xe2\\x80\\xae\\xef\\xbf\\xbf\\x0a]]&gt;");
	assert_string_equal(block, "a\tb\n\\x01 \xc3\xa9");
}

static void test_plain(void **state)
{
	AUTO_FREE char *plain = escape_plain("<\x1b\xff>");

	(void)state;
	assert_string_equal(plain, "<\\x1b\\xff>");
}

static void test_junit(void **state)
{
	struct junit *junit = junit_open("all");
	AUTO_FREE char *text = NULL;

	(void)state;
	junit_suite(junit, "first");
	junit_case(junit, &(struct junit_case){ .classname = "c", .name = "fine", .time_s = 0.5 });
	junit_case(junit,
		&(struct junit_case){ .classname = "c",
			.name = HOSTILE,
			.result = JUNIT_FAILED,
			.type = "t",
			.message = HOSTILE,
			.text = "a\nb<" });
	junit_suite(junit, "second");
	junit_case(junit,
		&(struct junit_case){ .classname = "c",
			.name = "no",
			.result = JUNIT_SKIPPED,
			.message = "why" });
	text = junit_close(junit);
	assert_non_null(strstr(text,
		"<testsuites name=\"all\" tests=\"3\" failures=\"1\" errors=\"0\" skipped=\"1\" "
		"time=\"0.500\">\n<testsuite name=\"first\" tests=\"2\" failures=\"1\""));
	assert_non_null(strstr(text, "<testcase classname=\"c\" name=\"fine\" time=\"0.500\">"));
	assert_non_null(strstr(text, ">a\nb&lt;</failure>"));
	assert_non_null(strstr(text, "<skipped message=\"why\"></skipped>"));
	assert_null(strchr(text, '\x1b'));
	assert_null(strstr(text, "<b>"));
	assert_null(strstr(text, "]]>"));
}

static void test_sarif(void **state)
{
	const struct sarif_place frame = { .file = "/src/a b.c", .line = 3, .function = HOSTILE };
	const struct sarif_stack stack = { "crash", 1, &frame };
	AUTO_JSON json_t *sarif = sarif_new("fencepost", "2");
	AUTO_FREE char *text = NULL;
	const json_t *run, *result, *uri;

	(void)state;
	sarif_add_rule(sarif, &(struct sarif_rule){ "asan/x", "X", NULL });
	sarif_add_rule(sarif, &(struct sarif_rule){ "asan/y", HOSTILE, "help" });
	sarif_add_rule(sarif, &(struct sarif_rule){ "asan/y", "again", NULL });
	sarif_add_result(sarif,
		&(struct sarif_result){ .rule = "asan/y",
			.level = "error",
			.message = HOSTILE,
			.place = { .file = "src/a.c", .line = 7, .column = 2 },
			.print_name = "key/1",
			.print = "0123",
			.stack_count = 1,
			.stacks = &stack });
	text = json_dumps(sarif, JSON_ENSURE_ASCII);
	assert_non_null(text);
	assert_null(strstr(text, "u001b"));
	run = json_array_get(json_object_get(sarif, "runs"), 0);
	result = json_array_get(json_object_get(run, "results"), 0);
	assert_int_equal(json_integer_value(json_object_get(result, "ruleIndex")), 1);
	assert_non_null(strstr(text, "\"uri\": \"src/a.c\", \"uriBaseId\": \"%SRCROOT%\""));
	assert_non_null(strstr(text, "\"startColumn\": 2"));
	uri = json_array_get(json_object_get(result, "stacks"), 0);
	assert_non_null(uri);
	assert_non_null(strstr(text, "file:///src/a%20b.c"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_html),
		cmocka_unit_test(test_plain),
		cmocka_unit_test(test_junit),
		cmocka_unit_test(test_sarif),
	};

	return cmocka_run_group_tests_name("formats", tests, NULL, NULL);
}
