/* SPDX-License-Identifier: Apache-2.0
 * Tests of the report on synthetic runs: the order of sections, equal bytes for equal results, and the report of
 * an empty run, of half a run and of hostile names. */
#include "draft.h"
#include "formats/chart.h"
#include "mixes.h"

#include "runs/synthetic.h"

#include <math.h>

struct drawn {
	struct measurement run;
	char *html, *markdown, *csv;
};

static void write_results(const struct measurement *run, bool with_costs)
{
	struct results *results = calloc(1, sizeof(*results));
	AUTO_FREE char *error = NULL;

	assert_non_null(results);
	results->wall_s = 1.5;
	for (int c = 0; c < CLASS_COUNT && with_costs; c++)
		for (int i = 0; i < IDIOM_COUNT; i++)
			for (int d = 0; d < DETECTOR_COUNT; d++)
				results->cost[c][i][d] = (struct cost){ true, 100.0 + 50 * d,
					20000 };
	if (results_write(run, results, &error) != 0)
		fail_msg("%s", error);
	free(results);
}

static void draw(const struct measurement *run, struct drawn *ret)
{
	struct report_data *data = calloc(1, sizeof(*data));
	struct draft draft = { .data = data, .notes = "# none\n\nA note.\n" };
	AUTO_FREE char *error = NULL;

	assert_non_null(data);
	if (report_data_load(run->directory, "baseline.json", data, &error) != 0)
		fail_msg("%s", error);
	if (mixes_load(data, NULL, &error) != 0)
		fail_msg("%s", error);
	draft.page = document_open("A title");
	draft_write(&draft);
	document_close(draft.page, &ret->markdown, &ret->html);
	ret->csv = draft_csv(data);
	draft_free(&draft);
	report_data_free(data);
	free(data);
}

static void drawn_free(struct drawn *drawn)
{
	free(drawn->html);
	free(drawn->markdown);
	free(drawn->csv);
}

static void has(const char *text, const char *what)
{
	if (strstr(text, what) == NULL)
		fail_msg("no \"%s\" in:\n%.3000s", what, text);
}

static void has_not(const char *text, const char *what)
{
	if (strstr(text, what) != NULL)
		fail_msg("\"%s\" in: ...%.300s", what, strstr(text, what));
}

/* What no report may hold, whatever it is of. */
static void assert_sound(const struct drawn *drawn)
{
	static const char *const never[] = { "nan", "inf ", "inf]", "-nan", "(null)", "<script",
		"src=", "@import", "url(" };

	for (size_t i = 0; i < sizeof(never) / sizeof(*never); i++) {
		has_not(drawn->html, never[i]);
		if (i < 5)
			has_not(drawn->markdown, never[i]);
	}
	has(drawn->html, "</html>\n");
}

static void test_order(void **state)
{
	static const char *const ids[] = { "top", "claim", "rates", "verdicts", "distance",
		"causes", "pairs", "sets", "alarms", "cost", "concordance", "campaigns",
		"toolchains", "method", "cells" };
	struct measurement run = synthetic_run("20261123-100000-order", 3000, 1, 1);
	struct drawn once = { 0 }, again = { 0 };
	const char *at;

	(void)state;
	synthetic_write(&run);
	write_results(&run, true);
	draw(&run, &once);
	draw(&run, &again);
	assert_string_equal(once.html, again.html);
	assert_string_equal(once.markdown, again.markdown);
	assert_sound(&once);
	at = once.html;
	for (size_t i = 0; i < sizeof(ids) / sizeof(*ids); i++) {
		AUTO_FREE char *id = format("id=\"%s\"", ids[i]);
		const char *next = strstr(at, id);

		if (next == NULL)
			fail_msg("%s is missing or in another place", id);
		at = next;
	}
	has(once.html, "<svg");
	has(once.html, "<td class=\"heat\"");
	has(once.html, "href=\"#cell-oob-read-go-asan\"");
	has(once.html, "id=\"cell-oob-read-go-asan\"");
	has_not(once.markdown, "cell-oob");
	has(once.markdown,
		"make measure N=3000 SEED=1 AUDIT=32 CLASSES=\"oob-read use-after-free\" "
		"DETECTORS=\"none asan\"");
	has(once.csv, "\noob-read,go,none,3000,3000,");
	assert_true(strlen(once.html) < 2000000);
	drawn_free(&once);
	drawn_free(&again);
	measurement_free(&run);
}

/* The numbers of one cell, counted here by hand. */
static void test_numbers(void **state)
{
	struct measurement run = synthetic_run("20261123-100000-numbers", 1000, 1, 1);
	uint64_t right = 0, committed = 0;
	struct drawn drawn = { 0 };
	AUTO_FREE char *expected = NULL;

	(void)state;
	synthetic_write(&run);
	write_results(&run, false);
	for (uint64_t i = 0; i < 1000; i++) {
		struct plan plan = measurement_plan(&run, CLASS_oob_read, IDIOM_rust, i);
		enum verdict verdict = outcome_verdict(synthetic_outcome(&plan, DETECTOR_asan));

		right += verdict == VERDICT_RIGHT;
		committed += verdict <= VERDICT_SILENT && verdict != VERDICT_LANGUAGE;
	}
	expected = draft_rate_cell(right, committed);
	draw(&run, &drawn);
	has(drawn.html, strchr(expected, '\n') + 1);
	*strchr(expected, '\n') = '\0';
	has(drawn.html, expected);
	has(drawn.markdown, expected);
	has(drawn.markdown, "No cost is stored");
	drawn_free(&drawn);
	measurement_free(&run);
}

static void test_one_cell(void **state)
{
	struct measurement run = synthetic_run("20261123-100000-cell", 1, 1, 1);
	struct drawn drawn = { 0 };

	(void)state;
	run.classes = BIT(CLASS_use_after_free);
	run.idioms = BIT(IDIOM_go);
	run.detectors = BIT(DETECTOR_asan);
	synthetic_write(&run);
	write_results(&run, true);
	draw(&run, &drawn);
	assert_sound(&drawn);
	has(drawn.html, "Nothing to compare");
	has(drawn.markdown, "not measured");
	has(drawn.markdown, "Not run: `make concordance`");
	has(drawn.html, "No campaign is stored: <code>make fuzz</code>");
	has(drawn.markdown, "`make baseline LLVM=19` adds one");
	drawn_free(&drawn);
	measurement_free(&run);
}

/* Nothing was judged yet; then everything but one file; then no outcomes are kept. */
static void test_partial(void **state)
{
	struct measurement run = synthetic_run("20261123-100000-partial", 500, 1, 1);
	struct drawn drawn = { 0 };
	AUTO_FREE char *plans = format("%s/plans", run.directory);
	AUTO_FREE char *cell = measurement_plans_path(
		&run, CLASS_oob_read, IDIOM_go, DETECTOR_asan);
	AUTO_FREE char *manifest = format("%s/run.json", run.directory);
	AUTO_JSON json_t *json = measurement_to_json(&run);

	(void)state;
	assert_int_equal(file_make_directories(plans), 0);
	assert_int_equal(file_write_json(manifest, json), 0);
	write_results(&run, false);
	draw(&run, &drawn);
	assert_sound(&drawn);
	has(drawn.markdown, "Nothing was measured");
	has(drawn.markdown, "make measure RESUME=20261123-100000-partial");
	drawn_free(&drawn);

	synthetic_write(&run);
	unlink(cell);
	write_results(&run, false);
	draw(&run, &drawn);
	assert_sound(&drawn);
	has(drawn.markdown, "500 plans were not judged");
	drawn_free(&drawn);

	file_remove_tree(plans);
	draw(&run, &drawn);
	assert_sound(&drawn);
	has(drawn.markdown, "500 plans were not judged");
	has(drawn.markdown, "Nothing to draw: the run keeps no outcomes of its plans");
	drawn_free(&drawn);
	measurement_free(&run);
}

#define HOSTILE "<img src=x onerror=1>|`*\"'"

/* Names in stored files, which may have come from anywhere. */
static void test_hostile(void **state)
{
	struct measurement run = synthetic_run("20261123-100000-hostile", 200, 1, 1);
	AUTO_FREE char *path = format("%s/results.json", run.directory);
	AUTO_JSON json_t *campaign = json_pack("{ss s[{ss ss ss sn sn si}]}", "schema",
		"fencepost/campaign/1", "campaigns", "class", HOSTILE, "idiom", HOSTILE, "detector",
		HOSTILE, "first_violation_s", "first_diagnosis_s", "execs", -5);
	AUTO_JSON json_t *concordance = json_pack("{ss si s[{ss ss ss si si si s[]}]}", "schema",
		"fencepost/concordance/1", "plans", 10, "cells", "idiom", HOSTILE, "detector",
		HOSTILE, "class", HOSTILE, "plans", 10, "agree", 11, "layout", 3, "disagreements");
	AUTO_JSON json_t *results = NULL;
	struct drawn drawn = { 0 };
	json_error_t error;

	(void)state;
	synthetic_write(&run);
	write_results(&run, true);
	results = json_load_file(path, 0, &error);
	json_object_set_new(json_array_get(json_object_get(results, "cells"), 0), "class",
		json_string(HOSTILE));
	json_object_set_new(json_object_get(results, "options"), "asan", json_string(HOSTILE));
	json_object_set_new(results, "missing", json_string(HOSTILE));
	assert_int_equal(file_write_json(path, results), 0);
	assert_int_equal(mkdir("runs/20261123-110000-beside", 0755), 0);
	assert_int_equal(file_write("runs/20261123-110000-beside/run.json", "{}", 2), 0);
	assert_int_equal(file_write_json("runs/20261123-110000-beside/campaign.json", campaign), 0);
	assert_int_equal(
		file_write_json("runs/20261123-110000-beside/concordance.json", concordance), 0);
	draw(&run, &drawn);
	has_not(drawn.html, "<img");
	has_not(drawn.markdown, "<img");
	has(drawn.html, "&lt;img");
	has(drawn.html, "slugs that are no more");
	has(drawn.html, "runs/20261123-110000-beside/concordance.json");
	drawn_free(&drawn);
	unlink("runs/20261123-110000-beside/campaign.json");
	unlink("runs/20261123-110000-beside/concordance.json");
	measurement_free(&run);
}

static void test_charts(void **state)
{
	const struct chart_point points[] = { { 21, true, 0, 0, 0.1 }, { 0, false, 1, 0.9, 1 } };
	const struct chart_line lines[] = { { HOSTILE, points, 2 }, { "none", NULL, 0 } };
	const double values[] = { 0.001, 1, 900 };
	const struct chart_strip strips[] = { { "a", values, 3 }, { "b", NULL, 0 } };
	const struct chart_bar bars[] = { { HOSTILE, 0.5 }, { "b", 0 } };
	char *const drawn[] = { chart_distance(HOSTILE, lines, 2), chart_distance("", NULL, 0),
		chart_strips("t", "u", strips, 2), chart_strips("t", "u", NULL, 0),
		chart_pareto("t", bars, 2), chart_pareto("t", NULL, 0),
		chart_stacks("t", NULL, 0) };

	(void)state;
	for (size_t i = 0; i < sizeof(drawn) / sizeof(*drawn); i++) {
		has(drawn[i], "</svg>\n");
		has_not(drawn[i], "nan");
		has_not(drawn[i], "inf");
		has_not(drawn[i], "<img");
		free(drawn[i]);
	}
}

static void test_words(void **state)
{
	AUTO_FREE char *none = draft_rate(0, 0);
	AUTO_FREE char *some = draft_rate_cell(43, 100);
	AUTO_FREE char *small = draft_p(1e-9);

	(void)state;
	assert_string_equal(none, "nothing");
	/* R: prop.test(43, 100, correct=FALSE)$conf.int */
	assert_string_equal(some, "43.0\n[33.7, 52.8] 43/100");
	assert_string_equal(small, "<0.001");
}

static void write_mix(const char *name, const char *seen_by, const char *laws)
{
	AUTO_FREE char *path = format("harnesses/mixes/%s.mix", name);
	AUTO_FREE char *text = format(
		"name: %s\nsource: a test\nseen-by: %s\nsample: 100\n%s", name, seen_by, laws);

	assert_int_equal(file_make_directories("harnesses/mixes"), 0);
	assert_int_equal(file_write(path, text, strlen(text)), 0);
}

/* The last test: the mixes stay. The grey figure is counted here by hand. */
static void test_mixes(void **state)
{
	struct measurement run = synthetic_run("20261123-100000-mixes", 3000, 1, 1);
	double right = 0, committed = 0;
	struct drawn drawn = { 0 };
	AUTO_FREE char *expected = NULL;

	(void)state;
	run.classes |= BIT(CLASS_oob_write);
	synthetic_write(&run);
	write_results(&run, true);
	write_mix("even", "none", "");
	write_mix("fuzzed", "asan", "region | class=oob-read,oob-write: heap=1\n");
	write_mix("checked", "none",
		"region | class=oob-read,oob-write: heap=3 stack=1\n"
		"distance | class=oob-read,oob-write: element=9 unmapped=1\n");
	for (uint64_t i = 0; i < 3000; i++) {
		struct plan plan = measurement_plan(&run, CLASS_oob_read, IDIOM_go, i);
		enum verdict verdict = outcome_verdict(synthetic_outcome(&plan, DETECTOR_asan));

		right += verdict == VERDICT_RIGHT;
		committed += verdict <= VERDICT_SILENT && verdict != VERDICT_LANGUAGE;
	}
	draw(&run, &drawn);
	assert_sound(&drawn);
	expected = format("<small>even %.0f</small>", 100 * right / committed);
	has(drawn.html, expected);
	has(drawn.markdown,
		"\\* under `checked`, where `fuzzed` is made of the detector's own reports");
	has(drawn.html, "diagnosed under the mix <code>fuzzed</code>");
	has(drawn.markdown,
		"| claim | language | claimed, % | even | fuzzed | checked | any mix of these words |");
	has(drawn.markdown, "| by construction | ");
	has(drawn.html, "id=\"wild\"");
	has(drawn.html, "share of wild accesses");
	drawn_free(&drawn);
	measurement_free(&run);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_one_cell),
		cmocka_unit_test(test_partial),
		cmocka_unit_test(test_hostile),
		cmocka_unit_test(test_charts),
		cmocka_unit_test(test_words),
		cmocka_unit_test(test_mixes),
	};

	return cmocka_run_group_tests_name("report", tests, synthetic_enter, synthetic_leave);
}
