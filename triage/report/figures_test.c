/* SPDX-License-Identifier: Apache-2.0
 * Figures from a bench's log and a measurement to ci/bench.json, and from there into a page. */
#include "figures.h"

#include "base/util.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static const char *const keys[] = {
#define FIGURE(key, decimals, aim, what) key,
#include "figures.def"
#undef FIGURE
};
#define KEY_COUNT (sizeof(keys) / sizeof(*keys))

/* Each figure is 1234.5, but for those after @count. */
static char *log_of(size_t count)
{
	char *log = format("words that are no figure\n");

	for (size_t i = 0; i < count; i++) {
		char *longer = format("%sfigure\t%s\t1234.5\n", log, keys[i]);

		free(log);
		log = longer;
	}
	return log;
}

static json_t *results(void)
{
	return json_pack("{s:s, s:s, s:s, s:i, s:[{s:s, s:s, s:s, s:b, s:{s:f}, s:{s:{s:{s:f}}}}, "
			 "{s:s, s:s, s:s, s:b, s:{s:f}}]}",
		"date", "2026-01-02T03:04:05Z", "machine", "m", "toolchain", "t", "inputs_per_cell",
		100, "cells", "class", "oob-write", "idiom", "go", "detector", "asan", "rule", 1,
		"diagnosed", "rate", 0.4567, "by_region", "heap", "diagnosed", "rate", 0.75,
		"class", "oob-write", "idiom", "rust", "detector", "asan", "rule", 0, "diagnosed",
		"rate", 0.0);
}

static json_t *bench(void)
{
	AUTO_FREE char *log = log_of(KEY_COUNT);
	AUTO_JSON json_t *measured = results();
	json_t *stored = NULL;
	char *error = NULL;

	assert_int_equal(figures_collect(log, measured, &stored, &error), 0);
	return stored;
}

static void assert_not_collected(const char *log, const char *said)
{
	AUTO_JSON json_t *measured = results();
	AUTO_FREE char *error = NULL;
	json_t *stored = NULL;

	assert_int_equal(figures_collect(log, measured, &stored, &error), -EINVAL);
	assert_null(stored);
	assert_non_null(strstr(error, said));
}

static void a_bad_log_is_refused(void **state)
{
	AUTO_FREE char *short_log = log_of(KEY_COUNT - 1);

	(void)state;
	assert_not_collected(short_log, keys[KEY_COUNT - 1]);
	assert_not_collected("figure nonsense 3\n", "nonsense");
	assert_not_collected("figure verdicts 3x\n", "no number");
	assert_not_collected("figure verdicts\n", "no number");
	assert_not_collected("figure\n", "no such key");
}

static void assert_renders(const char *page, const char *want)
{
	AUTO_JSON json_t *stored = bench();
	AUTO_FREE char *text = NULL;
	AUTO_FREE char *error = NULL;

	assert_int_equal(figures_render(page, stored, &text, &error), 0);
	assert_string_equal(text, want);
}

static void numbers_are_renewed(void **state)
{
	(void)state;
	assert_renders("no mark\n", "no mark\n");
	assert_renders("about 9 %<!-- oob-write.go.asan --> of 8.0<!-- verdicts -->.",
		"about 46 %<!-- oob-write.go.asan --> of 1,234.5<!-- verdicts -->.");
	assert_renders("(1.00 %<!-- oob-write.go.asan.heap -->)",
		"(75.00 %<!-- oob-write.go.asan.heap -->)");
}

static void tables_are_renewed(void **state)
{
	AUTO_JSON json_t *stored = bench();
	AUTO_FREE char *text = NULL;
	AUTO_FREE char *again = NULL;
	AUTO_FREE char *error = NULL;

	(void)state;
	assert_int_equal(figures_render("a\n<!-- rates -->\nold\n<!-- end -->\nb\n"
					"<!-- figures -->\nold\n<!-- end -->\nc\n",
				 stored, &text, &error),
		0);
	assert_null(strstr(text, "old"));
	assert_non_null(strstr(text, "| oob-write | 46 / - |"));
	assert_non_null(strstr(text, "| 1,234 | at least 1,000,000 |"));
	assert_int_equal(figures_render(text, stored, &again, &error), 0);
	assert_string_equal(text, again);
}

static void a_bad_mark_is_named(void **state)
{
	static const char *const pages[][2] = {
		{ "5<!-- nothing -->", "nothing" },
		{ "x<!-- verdicts -->", "no number" },
		{ "5<!-- oob-write.rust.asan -->", "no such figure" },
		{ "<!-- rates -->", "no end" },
		{ "5<!-- verdicts", "no end" },
	};
	AUTO_JSON json_t *stored = bench();

	(void)state;
	for (size_t i = 0; i < sizeof(pages) / sizeof(*pages); i++) {
		AUTO_FREE char *text = NULL;
		AUTO_FREE char *error = NULL;

		assert_int_equal(figures_render(pages[i][0], stored, &text, &error), -EINVAL);
		assert_non_null(strstr(error, pages[i][1]));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_bad_log_is_refused),
		cmocka_unit_test(numbers_are_renewed),
		cmocka_unit_test(tables_are_renewed),
		cmocka_unit_test(a_bad_mark_is_named),
	};

	return cmocka_run_group_tests_name("figures", tests, NULL, NULL);
}
