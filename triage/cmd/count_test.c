/* SPDX-License-Identifier: Apache-2.0
 * triage count: what it prints against results.json and a count by hand, and what it refuses. */
#include "base/json_file.h"
#include "cmd.h"
#include "runs/count.h"
#include "runs/results.h"
#include "runs/synthetic.h"
#include "testing/capture.h"

#include <stdio.h>

#define PLANS 3000
#define HEAD \
	"detector,plans,not-judged,right,wrong-kind,trap,language,silent,clean,false-alarm,timeout," \
	"broken,layout"

static void write_run(const char *id)
{
	struct measurement run = synthetic_run(id, PLANS, 1, 1);
	struct results results = { 0 };
	AUTO_FREE char *error = NULL;

	synthetic_write(&run);
	assert_int_equal(results_write(&run, &results, &error), 0);
	measurement_free(&run);
}

/* The line of @text that begins with @begin, of which it is true that there is one. */
static const char *line_of(const char *text, const char *begin)
{
	AUTO_FREE char *pattern = format("\n%s", begin);
	const char *line = strstr(text, pattern);

	if (line == NULL || strstr(line + 1, pattern) != NULL)
		fail_msg("not one line %s in\n%s", begin, text);
	return line + 1;
}

/* Plans, not judged, then the verdicts. */
static void numbers_of(const char *text, const char *begin, long ret[2 + VERDICT_COUNT])
{
	char *at = (char *)(uintptr_t)line_of(text, begin) + strlen(begin);

	for (int i = 0; i < 2 + VERDICT_COUNT; i++) {
		ret[i] = strtol(at, &at, 10);
		assert_true(*at == (i < 1 + VERDICT_COUNT ? ',' : '\n'));
		at++;
	}
}

static void test_totals_are_the_results(void **state)
{
	AUTO_FREE char *error = NULL;
	AUTO_JSON json_t *results = results_read("runs/a", &error);
	const struct captured *said = CAPTURE(cmd_count, "a", "--by=class,idiom", "--csv");
	const json_t *cell;
	size_t i;

	(void)state;
	assert_int_equal(said->code, 0);
	assert_ptr_equal(strstr(said->out, "class,idiom," HEAD "\n"), said->out);
	json_array_foreach(json_object_get(results, "cells"), i, cell) {
		AUTO_FREE char *begin = format("%s,%s,%s,", json_file_text(cell, "class"),
			json_file_text(cell, "idiom"), json_file_text(cell, "detector"));
		long numbers[2 + VERDICT_COUNT];

		numbers_of(said->out, begin, numbers);
		assert_int_equal(numbers[0], PLANS);
		assert_int_equal(numbers[1], 0);
		for (int v = 0; v < VERDICT_COUNT; v++) {
			const char *slug = verdict_slug((enum verdict)v);
			bool benign = v == VERDICT_CLEAN || v == VERDICT_FALSE_ALARM;

			assert_int_equal(numbers[2 + v],
				json_file_number(
					json_object_get(cell, benign ? "benign" : "verdicts"),
					slug));
		}
	}
	assert_int_equal(i, 8);
}

/* Of those that --where and --class let in, by an axis, each plan once. */
static void test_where_by_hand(void **state)
{
	struct measurement run = synthetic_run("a", PLANS, 1, 1);
	const struct captured *said = CAPTURE(cmd_count, "runs/a", "--by=region",
		"--where=how=freed,how=grown,op=store", "--class=use-after-free", "--detector=asan",
		"--csv", "--causes");
	long plans[REGION_COUNT] = { 0 }, right[REGION_COUNT] = { 0 };
	long numbers[2 + VERDICT_COUNT];

	(void)state;
	assert_int_equal(said->code, 0);
	assert_ptr_equal(strstr(said->out, "region," HEAD ",option-off,"), said->out);
	for (int i = 0; i < IDIOM_COUNT; i++)
		for (uint64_t p = 0; p < PLANS; p++) {
			struct plan plan = measurement_plan(
				&run, CLASS_use_after_free, (enum plan_idiom)i, p);

			if ((plan.how != HOW_FREED && plan.how != HOW_GROWN) || !plan.store)
				continue;
			plans[plan.region]++;
			right[plan.region] += outcome_verdict(synthetic_outcome(
						      &plan, DETECTOR_asan)) == VERDICT_RIGHT;
		}
	for (int r = 0; r < REGION_COUNT; r++) {
		AUTO_FREE char *begin = format("%s,asan,", plan_region_slug((enum plan_region)r));

		if (plans[r] == 0) {
			assert_null(strstr(said->out, begin));
			continue;
		}
		assert_int_equal(
			strtol(line_of(said->out, begin) + strlen(begin), NULL, 10), plans[r]);
		*numbers = strtol(strstr(line_of(said->out, begin), ",0,") + 3, NULL, 10);
		assert_int_equal(*numbers, right[r]);
	}
	measurement_free(&run);
}

/* A table has the columns that are not all 0; a way has the words of the idioms that are counted. */
static void test_table(void **state)
{
	const struct captured *said = CAPTURE(
		cmd_count, "a", "--by=way,detector", "--class=oob-read");

	(void)state;
	assert_int_equal(said->code, 0);
	assert_non_null(strstr(said->out, "way "));
	assert_non_null(strstr(said->out, "header/get-unchecked"));
	assert_null(strstr(said->out, "timeout"));
	assert_null(strstr(said->out, "not-judged"));
	said = CAPTURE(cmd_count, "a", "--by=way,idiom", "--class=oob-read", "--detector=asan");
	assert_non_null(strstr(said->out, "\nget-unchecked "));
	assert_null(strstr(said->out, "header/"));
}

static void test_refused(void **state)
{
	static const struct {
		const char *argument, *says;
	} rows[] = {
		{ "--by=colour", "there is no axis 'colour'; there are: region access way " },
		{ "--where=colour=red",
			"there is no axis 'colour'; there are: region access way " },
		{ "--where=operation=jump",
			"operation has no value 'jump'; there are: read write free make" },
		{ "--where=how", "'how' is not AXIS=VALUE" },
		{ "--class=oob", "there is no oob; there are: oob-read " },
		{ "--class=misaligned",
			"runs/a has no plans of it; it has: oob-read use-after-free" },
		{ "--detector=msan", "runs/a has no plans of it; it has: none asan" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const struct captured *said = CAPTURE(cmd_count, "a", rows[i].argument);

		assert_int_equal(said->code, 64);
		if (strstr(said->err, rows[i].says) == NULL)
			fail_msg("%s: %s", rows[i].argument, said->err);
		assert_string_equal(said->out, "");
	}
	assert_int_equal(CAPTURE(cmd_count, "--csv")->code, 64);
	assert_int_equal(CAPTURE(cmd_count, "a", "a")->code, 64);
	assert_int_equal(CAPTURE(cmd_count, "--help")->code, 0);
}

/* Each says what to do, or which file it is. */
static void test_bad_runs(void **state)
{
	static const char manifest[] = "{\"schema\": \"fencepost/run/1\"}";
	const struct captured *said = CAPTURE(cmd_count, "nowhere");

	(void)state;
	assert_int_equal(said->code, 64);
	assert_non_null(strstr(said->err, "next: build/bin/triage runs"));
	assert_int_equal(mkdir("runs/campaign", 0755), 0);
	assert_int_equal(file_write("runs/campaign/run.json", manifest, strlen(manifest)), 0);
	said = CAPTURE(cmd_count, "campaign");
	assert_int_equal(said->code, 64);
	assert_non_null(strstr(said->err, "not a measurement"));
	assert_non_null(strstr(said->err, "build/bin/triage runs"));

	write_run("short");
	assert_int_equal(truncate("runs/short/plans/oob-read.go.asan.u8", 7), 0);
	said = CAPTURE(cmd_count, "short");
	assert_int_equal(said->code, 1);
	assert_non_null(strstr(said->err, "oob-read.go.asan.u8: holds 7 bytes"));
	assert_int_equal(CAPTURE(cmd_count, "short", "--class=use-after-free")->code, 0);
	unlink("runs/short/plans/oob-read.go.asan.u8");
	said = CAPTURE(cmd_count, "short");
	assert_int_equal(said->code, 1);
	assert_non_null(strstr(said->err, "oob-read.go.asan.u8: No such file"));
	file_remove_tree("runs/short/plans");
	said = CAPTURE(cmd_count, "short");
	assert_int_equal(said->code, 3);
	assert_non_null(strstr(said->err, "has no outcomes of single plans"));
	said = CAPTURE(cmd_count, "a", "--where=how=negative");
	assert_int_equal(said->code, 3);
	assert_non_null(strstr(said->err, "no plan of runs/a meets --where"));
}

static int enter(void **state)
{
	int error = synthetic_enter(state);

	if (error == 0)
		write_run("a");
	return error;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_totals_are_the_results),
		cmocka_unit_test(test_where_by_hand),
		cmocka_unit_test(test_table),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_bad_runs),
	};

	return cmocka_run_group_tests_name("count", tests, enter, synthetic_leave);
}
