/* SPDX-License-Identifier: Apache-2.0
 * One description of a table, and its three forms. */
#include "table.h"

#include "base/util.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#define HOSTILE "<b>|\x1b[2J"

static const char *const heads[] = { "<name", "rate", "<why", NULL };

/* Frees @table. */
static char *written(struct table *table, enum table_form form, size_t indent)
{
	char *said = NULL;
	size_t size;
	FILE *out = open_memstream(&said, &size);

	assert_non_null(out);
	table_write(table, form, indent, out);
	fclose(out);
	table_free(table);
	return said;
}

static struct table *sample(void)
{
	struct table *table = table_new(heads);

	table_row(table);
	table_code(table, "a`" HOSTILE);
	table_cell(table, "7\n[6, 8]");
	table_cell(table, "`x` " HOSTILE);
	table_row(table);
	table_link(table, "there", "\xc3\xa9\"`");
	table_nothing(table);
	table_cell(table, "%s", "");
	table_below(table, format("    below\n"));
	table_row(table);
	table_cell(table, "b");
	table_cell(table, "100");
	return table;
}

static void test_text(void **state)
{
	AUTO_FREE char *text = written(sample(), TABLE_TEXT, 2);

	(void)state;
	assert_string_equal(text,
		"  name               rate  why\n"
		"  a`<b>|\\x1b[2J  7 [6, 8]  x <b>|\\x1b[2J\n"
		"  b                   100\n");
}

static void test_markdown(void **state)
{
	AUTO_FREE char *text = written(sample(), TABLE_MARKDOWN, 2);

	(void)state;
	assert_string_equal(text,
		"| name | rate | why |\n|---|--:|---|\n"
		"| <code>a&#96;&#60;b&#62;&#124;&#92;x1b&#91;2J</code> | 7 | "
		"`x` &lt;b&gt;\\|\\\\x1b[2J |\n"
		"| b | 100 |  |\n");
}

static void test_html(void **state)
{
	struct table *table = sample();
	AUTO_FREE char *text = NULL;

	(void)state;
	table_row(table);
	table_link(table, "a\"b", "`'");
	table_cell(table, "1");
	text = written(table, TABLE_HTML, 0);
	assert_string_equal(text,
		"<table><thead><tr><th class=\"l\">name</th><th>rate</th><th class=\"l\">why</th></tr></thead>\n"
		"<tbody>\n"
		"<tr><th scope=\"row\" class=\"l\"><code>a`&lt;b&gt;|\\x1b[2J</code></th>"
		"<td>7<small>[6, 8]</small></td><td class=\"l\"><code>x</code> &lt;b&gt;|\\x1b[2J</td></tr>\n"
		"<tr><th scope=\"row\" class=\"l\">b</th><td>100</td><td class=\"l\"></td></tr>\n"
		"<tr><th scope=\"row\" class=\"l\"><a href=\"#a&quot;b\">`&#39;</a></th><td>1</td>"
		"<td class=\"l\"></td></tr></tbody></table>");
}

static void assert_narrow(const char *text)
{
	for (const char *line = text; *line != '\0'; line += strcspn(line, "\n") + 1)
		if (strcspn(line, "\n") > 100)
			fail_msg("%zu columns: %s", strcspn(line, "\n"), text);
}

/* Five figures of 29 columns: three fit beside the label, two stand below, and there only the row that has one. */
static void test_blocks(void **state)
{
	static const char *const first[] = { "<class", NULL };
	struct table *table = table_new(first);
	AUTO_FREE char *text = NULL;
	const char *below;

	(void)state;
	for (int i = 0; i < 5; i++) {
		AUTO_FREE char *head = format("%029d", i);

		table_column(table, head);
	}
	for (int row = 0; row < 2; row++) {
		table_row(table);
		table_cell(table, "row%d", row);
		for (int i = 0; i < 5; i++)
			if (i < 3 || row == 1)
				table_cell(table, "f%d%d", row, i);
			else
				table_nothing(table);
	}
	text = written(table, TABLE_TEXT, 0);
	assert_narrow(text);
	below = strstr(text, "\n\nclass");
	assert_non_null(below);
	assert_null(strstr(below, "row0"));
	assert_non_null(strstr(below, "row1"));
	assert_non_null(strstr(below, "f13"));
	assert_non_null(strstr(text, "f02"));
}

static void test_no_rows(void **state)
{
	AUTO_FREE char *text = written(table_new(heads), TABLE_TEXT, 0);
	AUTO_FREE char *markdown = written(table_new(heads), TABLE_MARKDOWN, 0);
	AUTO_FREE char *html = written(table_new(heads), TABLE_HTML, 0);

	(void)state;
	assert_string_equal(text, "");
	assert_string_equal(markdown, "");
	assert_string_equal(html, "");
	table_free(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_text),
		cmocka_unit_test(test_markdown),
		cmocka_unit_test(test_html),
		cmocka_unit_test(test_blocks),
		cmocka_unit_test(test_no_rows),
	};

	return cmocka_run_group_tests_name("table", tests, NULL, NULL);
}
