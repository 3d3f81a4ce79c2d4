/* SPDX-License-Identifier: Apache-2.0
 * What people ask of runs: the list, the table, an example, an explanation. */
#include "base/json_file.h"
#include "cmd.h"
#include "runs/results.h"
#include "runs/run_dir.h"
#include "runs/synthetic.h"
#include "testing/capture.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>

#define FIRST "20261123-010000-measure"
#define LAST  "20261123-020000-measure"

static void write_run(const char *id, bool finished)
{
	struct measurement run = synthetic_run(id, 1000, 1, 1);
	struct results results = { .wall_s = 1 };
	char *error = NULL;

	synthetic_write(&run);
	if (finished)
		assert_int_equal(results_write(&run, &results, &error), 0);
	measurement_free(&run);
}

static void write_text(const char *path, const char *text)
{
	assert_int_equal(file_write(path, text, strlen(text)), 0);
}

static void write_campaign(void)
{
	mkdir("runs/20261123-030000-fuzz", 0755);
	write_text("runs/20261123-030000-fuzz/run.json",
		"{\"schema\":\"fencepost/run/1\",\"classes\":[\"oob-read\"],\"idioms\":[\"go\"],"
		"\"detector\":\"asan\",\"toolchain\":\"clang\"}");
	write_text("runs/20261123-030000-fuzz/campaign.json",
		"{\"schema\":\"fencepost/campaign/1\",\"campaigns\":[{\"class\":\"oob-read\"}]}");
}

/* Before anything is written. */
static void test_nothing(void **state)
{
	(void)state;
	assert_string_equal(capture(cmd_runs, 1, (const char *[]){ "runs", NULL })->out,
		"There are no runs yet; next: make measure\n");
	assert_string_equal(CAPTURE(cmd_runs, "--json")->out, "[]\n");
	assert_int_equal(CAPTURE(cmd_show, "latest", "oob-read.asan")->code, 3);
	assert_non_null(strstr(CAPTURE(cmd_show, "latest", "oob-read.asan")->err,
		"make measure CLASSES=oob-read DETECTORS=asan"));
	assert_int_equal(CAPTURE(cmd_show, "latest", "oob-read.rust.asan", "silent")->code, 64);
	assert_int_equal(rmdir("runs"), 0);
	assert_int_equal(capture(cmd_runs, 1, (const char *[]){ "runs", NULL })->code, 0);
	assert_int_equal(mkdir("runs", 0755), 0);
}

static void test_list(void **state)
{
	struct captured *result;
	AUTO_JSON json_t *rows = NULL;

	(void)state;
	write_run(FIRST, true);
	write_run(LAST, false);
	write_campaign();
	mkdir("runs/20261123-040000-fuzz", 0755);
	write_text("runs/20261123-040000-fuzz/run.json", "{\"schema\":\"fencepost/run/1\"}");
	write_text("runs/20261123-040000-fuzz/campaign.json",
		"{\"schema\":\"fencepost/campaign/1\",\"campaigns\":[{\"interrupted\":true}]}");
	mkdir("runs/damaged", 0755);
	write_text("runs/damaged/run.json", "{");
	mkdir("runs/empty", 0755);
	result = capture(cmd_runs, 1, (const char *[]){ "runs", NULL });
	assert_int_equal(result->code, 0);
	assert_true(strstr(result->out, FIRST) < strstr(result->out, LAST));
	assert_null(strstr(result->out, "empty"));
	rows = json_loads(CAPTURE(cmd_runs, "--json")->out, 0, NULL);
	assert_int_equal(json_array_size(rows), 5);
	assert_string_equal(json_file_text(json_array_get(rows, 0), "complete"), "yes");
	assert_int_equal(json_file_number(json_array_get(rows, 0), "cells"), 8);
	assert_string_equal(json_file_text(json_array_get(rows, 1), "complete"), "no");
	assert_string_equal(json_file_text(json_array_get(rows, 2), "kind"), "campaign");
	assert_string_equal(json_file_text(json_array_get(rows, 2), "complete"), "yes");
	assert_string_equal(json_file_text(json_array_get(rows, 2), "date"), "2026-11-23T03:00:00");
	assert_string_equal(json_file_text(json_array_get(rows, 3), "complete"), "cut off");
	assert_string_equal(json_file_text(json_array_get(rows, 4), "complete"), "damaged");
	assert_int_equal(CAPTURE(cmd_runs, "--nonsense")->code, 64);
}

static void test_find(void **state)
{
	AUTO_FREE char *error = NULL;
	AUTO_FREE char *latest = run_dir_find_measurement("latest", &error);
	AUTO_FREE char *by_id = run_dir_find_measurement(LAST, &error);
	AUTO_FREE char *by_path = run_dir_find_measurement("./runs/" LAST "/", &error);

	(void)state;
	assert_string_equal(latest, "runs/" FIRST); /* the newest that is complete */
	assert_string_equal(by_id, "runs/" LAST);
	assert_string_equal(by_path, "runs/" LAST);
	assert_null(run_dir_find_measurement("", &error));
}

static void assert_latest(const char *id)
{
	char latest[NAME_MAX + 1] = "";

	assert_true(readlink("runs/latest", latest, sizeof(latest) - 1) > 0);
	assert_string_equal(latest, id);
}

/* An older run that is finished today is not the newest one. */
static void test_latest(void **state)
{
	(void)state;
	run_dir_point_latest("runs/" FIRST);
	assert_latest(FIRST);
	run_dir_point_latest("runs/" LAST);
	assert_latest(LAST);
	run_dir_point_latest("runs/" FIRST);
	assert_latest(LAST);
	/* what was removed is no run */
	assert_int_equal(rename("runs/" LAST, "runs/removed"), 0);
	run_dir_point_latest("runs/" FIRST);
	assert_latest(FIRST);
	assert_int_equal(rename("runs/removed", "runs/" LAST), 0);
	assert_int_equal(unlink("runs/latest"), 0);
}

/* A link that cannot be put there is an error, and one process a run. */
static void test_errors(void **state)
{
	int first, second;

	(void)state;
	assert_int_equal(run_dir_point_latest("runs/" FIRST), 0);
	assert_int_equal(unlink("runs/latest"), 0);
	assert_int_equal(mkdir("runs/latest", 0755), 0);
	assert_int_equal(run_dir_point_latest("runs/" FIRST), -EISDIR);
	assert_int_equal(rmdir("runs/latest"), 0);
	/* what a killed process with our number left there is not in the way */
	assert_int_equal(system("ln -s gone runs/.latest-$PPID"), 0);
	assert_int_equal(run_dir_point_latest("runs/" FIRST), 0);
	assert_int_equal(unlink("runs/latest"), 0);
	first = run_dir_lock("runs/" FIRST);
	second = run_dir_lock("runs/" FIRST);
	assert_true(first >= 0);
	assert_int_equal(second, -EWOULDBLOCK);
	assert_string_equal(run_dir_lock_words(second), "another process is at work on this run");
	assert_int_equal(close(first), 0);
	assert_int_equal(run_dir_lock("runs/none"), -ENOENT);
}

static void test_make_never_twice(void **state)
{
	(void)state;
	for (int i = 0; i < 5; i++) {
		AUTO_FREE char *directory = run_dir_make("twice");

		assert_non_null(directory);
		assert_int_equal(rmdir(directory) == 0 && mkdir(directory, 0755) == 0, true);
	}
	assert_int_equal(system("test $(ls -d runs/*twice* | wc -l) = 5 && rmdir runs/*twice*"), 0);
}

static void test_table(void **state)
{
	struct captured *result = CAPTURE(cmd_show, "runs/" FIRST);
	const char *line;

	(void)state;
	assert_int_equal(result->code, 0);
	assert_non_null(strstr(result->out, "go, diagnosed"));
	assert_non_null(strstr(result->out, "rust, causes of silence"));
	for (line = result->out; line != NULL; line = strchr(line, '\n')) {
		line += *line == '\n';
		if (strcspn(line, "\n") > 100)
			fail_msg("%.*s", (int)strcspn(line, "\n"), line);
	}
	assert_non_null(strstr(CAPTURE(cmd_show, "--markdown", FIRST)->out, "| class |"));
	assert_int_equal(CAPTURE(cmd_show, "runs/" FIRST "/results.json")->code, 0);
	assert_int_equal(CAPTURE(cmd_show, "runs/20261123-030000-fuzz")->code, 0);
	assert_int_equal(CAPTURE(cmd_show, "runs/" LAST)->code, 1);
	assert_int_equal(CAPTURE(cmd_show, "nowhere")->code, 64);
	assert_non_null(strstr(CAPTURE(cmd_show, "--detectors")->out, "asan+ubsan"));
	assert_non_null(strstr(CAPTURE(cmd_fuzz, "--finish", "runs/" FIRST)->err,
		"a measurement, not a campaign; next: build/bin/triage show"));
}

/* Each file holds a plan that had the outcome, and together they are all of them. */
static void test_examples(void **state)
{
	struct measurement run = synthetic_run(FIRST, 1000, 1, 1);
	uint64_t k = 0;

	(void)state;
	for (uint64_t i = 0; i < 1000 && k < 3; i++) {
		struct plan plan = measurement_plan(&run, CLASS_oob_read, IDIOM_rust, i), back;
		uint8_t outcome = synthetic_outcome(&plan, DETECTOR_asan);
		AUTO_FREE char *ordinal = format("%d", (int)k + 1);
		AUTO_FREE char *path = format(
			"runs/" FIRST "/examples/oob-read.rust.asan.granule.%s.plan", ordinal);
		AUTO_FREE uint8_t *bytes = NULL;
		struct captured *result;
		size_t size;

		if (outcome != outcome_of(VERDICT_SILENT, CAUSE_GRANULE))
			continue;
		k++;
		result = CAPTURE(cmd_show, FIRST,
			k == 2 ? "oob-read/rust/asan" : "oob-read.rust.asan", "granule", ordinal);
		assert_int_equal(result->code, 0);
		assert_non_null(strstr(result->out, "make replay FILE=runs/" FIRST "/examples/"));
		assert_int_equal(file_read(path, 100, &bytes, &size), 0);
		assert_int_equal(size, PLAN_BYTES);
		back = plan_decode(bytes, size, PLAN_FREE);
		assert_int_equal(synthetic_outcome(&back, DETECTOR_asan), outcome);
		assert_int_equal(back.size, plan.size);
		assert_int_equal(back.pick, plan.pick);
	}
	assert_int_equal(k, 3);
	measurement_free(&run);
}

static void test_example_errors(void **state)
{
	struct captured *result;

	(void)state;
	result = CAPTURE(cmd_show, FIRST, "oob-read.rust.asan", "silent");
	assert_int_equal(result->code, 0);
	assert_non_null(strstr(result->out, "  silent ("));
	result = CAPTURE(cmd_show, FIRST, "oob-read.rust.asan", "granule", "5000");
	assert_int_equal(result->code, 3);
	assert_non_null(strstr(result->err, "silent/granule"));
	result = CAPTURE(cmd_show, FIRST, "oob-read.rust.asan", "silent");
	assert_int_equal(result->code, 0);
	assert_non_null(strstr(result->out, "  silent ("));
	result = CAPTURE(cmd_show, FIRST, "oob-read.rust.asan", "gran\033ule");
	assert_int_equal(result->code, 64);
	assert_non_null(strstr(result->err, "live-neighbour"));
	assert_non_null(strstr(
		CAPTURE(cmd_show, FIRST, "oob-read.c.asan", "silent")->err, "there are: go rust"));
	assert_int_equal(CAPTURE(cmd_show, FIRST, "oob-read.go.asan.x", "silent")->code, 64);
	assert_int_equal(CAPTURE(cmd_show, FIRST, "", "silent")->code, 64);
	result = CAPTURE(cmd_show, FIRST, "bad-length.go.asan", "silent");
	assert_int_equal(result->code, 64);
	assert_non_null(strstr(result->err, "oob-read use-after-free"));
	assert_int_equal(CAPTURE(cmd_show, FIRST, "oob-read.go.asan", "silent", "0")->code, 64);
	assert_int_equal(CAPTURE(cmd_show, FIRST, "oob-read.go.asan", "silent", "-1")->code, 64);
	assert_int_equal(
		CAPTURE(cmd_show, FIRST, "oob-read.go.asan", "silent", "1", "2")->code, 64);
	assert_int_equal(
		CAPTURE(cmd_show, "20261123-030000-fuzz", "oob-read.go.asan", "silent")->code, 1);
	assert_int_equal(
		CAPTURE(cmd_show, "-o", "/dev/full/x", FIRST, "oob-read.go.asan", "silent")->code,
		1);
}

static void test_explain(void **state)
{
	struct captured *result = CAPTURE(cmd_show, "latest", "oob-read.asan");

	(void)state;
	assert_int_equal(result->code, 0);
	assert_non_null(strstr(result->out, "oob-read in go, watched by asan"));
	assert_non_null(strstr(result->out, "oob-read in rust, watched by asan"));
	assert_non_null(strstr(result->out, "asan diagnosed"));
	assert_non_null(strstr(result->out, "the access landed in"));
	assert_non_null(strstr(
		result->out, "triage show runs/" FIRST " oob-read.rust.asan live-neighbour"));
	assert_int_equal(CAPTURE(cmd_show, LAST, "oob-read.none")->code, 0);
	assert_int_equal(CAPTURE(cmd_show, "latest", "bad-length.asan")->code, 3);
	assert_int_equal(CAPTURE(cmd_show, "latest", "oob-read.ubsan")->code, 3);
	assert_int_equal(CAPTURE(cmd_show, "latest", "oob-reed.asan")->code, 64);
	assert_int_equal(CAPTURE(cmd_show, "latest", "oob-read.asam")->code, 64);
	assert_int_equal(CAPTURE(cmd_show, "latest", "oob-read")->code, 64);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_nothing),
		cmocka_unit_test(test_list),
		cmocka_unit_test(test_find),
		cmocka_unit_test(test_latest),
		cmocka_unit_test(test_errors),
		cmocka_unit_test(test_make_never_twice),
		cmocka_unit_test(test_table),
		cmocka_unit_test(test_examples),
		cmocka_unit_test(test_example_errors),
		cmocka_unit_test(test_explain),
	};

	return cmocka_run_group_tests_name("runs", tests, synthetic_enter, synthetic_leave);
}
