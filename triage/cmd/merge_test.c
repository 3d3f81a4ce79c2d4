/* SPDX-License-Identifier: Apache-2.0
 * Merged shards are the whole; what does not add up is refused. */
#include "base/json_file.h"
#include "cmd.h"
#include "runs/count.h"
#include "runs/merge.h"
#include "runs/plan_file.h"
#include "runs/results.h"
#include "runs/synthetic.h"
#include "testing/capture.h"

#include <errno.h>
#include <glob.h>
#include <stdio.h>

/* One audit in each cell of the class, of its last plan, and a cost. */
static void write_measured(struct measurement *run)
{
	struct audited audits[64];
	struct results results = { .audited = audits, .wall_s = 1.5, .judged = 100 };
	char *error = NULL;

	synthetic_write(run);
	for (int i = 0; i < IDIOM_COUNT; i++) {
		uint64_t last = measurement_count(run, CLASS_oob_read) - 1;
		struct plan plan = measurement_plan(run, CLASS_oob_read, (enum plan_idiom)i, last);
		uint8_t outcome = synthetic_outcome(&plan, DETECTOR_asan);

		audits[results.audited_count++] =
			(struct audited){ { CLASS_oob_read, (enum plan_idiom)i, DETECTOR_asan },
				last, outcome, outcome, "heap-buffer-overflow",
				"heap-buffer-overflow", "heap-buffer-overflow", 8, { 0xfa }, 1 };
		results.cost[CLASS_oob_read][i][DETECTOR_asan] = (struct cost){ true, 40, 8000 };
	}
	assert_int_equal(results_write(run, &results, &error), 0);
}

static void write_shard(const char *id, uint64_t inputs, unsigned shard, unsigned shards)
{
	struct measurement run = synthetic_run(id, inputs, shard, shards);

	write_measured(&run);
	measurement_free(&run);
}

/* The directory of the newest merge. */
static char *newest_merge(void)
{
	glob_t found;
	char *path;

	assert_int_equal(glob("runs/*-merge*", 0, NULL, &found), 0);
	path = format("%s", found.gl_pathv[0]);
	for (size_t i = 1; i < found.gl_pathc; i++)
		/* "-merge-10" is later than "-merge-9" */
		if (strlen(found.gl_pathv[i]) > strlen(path) ||
			(strlen(found.gl_pathv[i]) == strlen(path) &&
				strcmp(found.gl_pathv[i], path) > 0)) {
			free(path);
			path = format("%s", found.gl_pathv[i]);
		}
	globfree(&found);
	return path;
}

static size_t count_merges(void)
{
	glob_t found;
	size_t count = glob("runs/*-merge*", 0, NULL, &found) == 0 ? found.gl_pathc : 0;

	globfree(&found);
	return count;
}

static void forget_merges(void)
{
	assert_int_equal(system("rm -rf runs/*-merge*"), 0);
}

/* Does `cmp` find every per-plan file the same? */
static void check_same_bytes(const char *a, const char *b)
{
	AUTO_FREE char *command = format("diff -r '%s/plans' '%s/plans'", a, b);

	assert_int_equal(system(command), 0);
}

static void check_same_results(const char *a, const char *b)
{
	static const char *const keys[] = { "parts", "seed", "shard", "inputs_per_cell", "complete",
		"mix", "options", "not_judged", "toolchain", "plan_version", "classes", "idioms",
		"detectors" };
	char *error = NULL;
	AUTO_JSON json_t *of_a = results_read(a, &error);
	AUTO_JSON json_t *of_b = results_read(b, &error);
	size_t i;
	json_t *cell;

	for (i = 0; i < sizeof(keys) / sizeof(*keys); i++)
		if (!json_equal(json_object_get(of_a, keys[i]), json_object_get(of_b, keys[i])))
			fail_msg("%s and %s: %s differs", a, b, keys[i]);
	json_array_foreach(json_object_get(of_a, "cells"), i, cell)
		assert_true(json_equal(cell, json_array_get(json_object_get(of_b, "cells"), i)));
}

static struct count count_of(const char *directory)
{
	struct measurement run;
	struct count count;
	char *error = NULL;

	assert_int_equal(measurement_read(directory, &run, &error), 0);
	assert_int_equal(count_plans(&(struct count_request){ .run = &run,
					     .axes = BIT(AXIS_REGION) | BIT(COUNT_OPERATION) |
						     BIT(AXIS_WIDTH) | BIT(COUNT_OUTSIDE) },
				 &count, &error),
		0);
	measurement_free(&run);
	return count;
}

static void check_same_counts(const char *a, const char *b)
{
	struct count of_a = count_of(a), of_b = count_of(b);

	assert_true(of_a.count > 0);
	assert_int_equal(of_a.count, of_b.count);
	assert_memory_equal(of_a.rows, of_b.rows, of_a.count * sizeof(*of_a.rows));
	count_free(&of_a);
	count_free(&of_b);
}

static void test_shards_are_the_whole(void **state)
{
	AUTO_FREE char *directory = NULL;
	char *error = NULL;
	struct measurement run;
	struct results results;

	(void)state;
	write_shard("whole", 1001, 1, 1);
	write_shard("s1", 1001, 1, 3);
	write_shard("s2", 1001, 2, 3);
	write_shard("s3", 1001, 3, 3);
	assert_int_equal(CAPTURE(cmd_merge, "s3", "runs/s1", "s2")->code, 0);
	directory = newest_merge();
	check_same_bytes("runs/whole", directory);
	check_same_results("runs/whole", directory);
	check_same_counts("runs/whole", directory);
	assert_int_equal(measurement_read(directory, &run, &error), 0);
	assert_int_equal(run.part_count, 1);
	assert_int_equal(json_array_size(run.merged), 3);
	/* every audit is still of the plan that it was of */
	assert_int_equal(results_load(&run, &results, &error), 0);
	assert_int_equal(results.audited_count, 3 * IDIOM_COUNT);
	for (size_t i = 0; i < results.audited_count; i++) {
		const struct audited *audited = &results.audited[i];
		struct plan plan = measurement_plan(
			&run, audited->cell.class, audited->cell.idiom, audited->index);

		assert_int_equal(audited->fast, synthetic_outcome(&plan, DETECTOR_asan));
		assert_true(
			audited->index == 332 || audited->index == 666 || audited->index == 1000);
	}
	assert_true(results.wall_s == 4.5 && results.judged == 300);
	assert_true(results.cost[CLASS_oob_read][0][DETECTOR_asan].ns_per_benign_plan == 40);
	results_free(&results);
	measurement_free(&run);
	assert_int_equal(access("runs/latest/results.json", F_OK), 0);
	forget_merges();
}

static void test_in_two_steps(void **state)
{
	AUTO_FREE char *first = NULL;
	AUTO_FREE char *second = NULL;
	struct captured *result;

	(void)state;
	result = CAPTURE(cmd_merge, "s1", "s3");
	assert_int_equal(result->code, 3);
	assert_non_null(strstr(result->out, "missing: shard 2 of 3 (random, seed 1, 1001 inputs)"));
	assert_non_null(strstr(result->out,
		"next: build/bin/triage measure --shard=2/3 --inputs=1001 --seed=1 "
		"--classes=oob-read,use-after-free --idioms=go,rust --detectors=none,asan --audit=32\n"));
	assert_non_null(strstr(result->out, "not complete"));
	first = newest_merge();
	assert_int_equal(CAPTURE(cmd_merge, first, "s2")->code, 0);
	second = newest_merge();
	assert_string_not_equal(first, second);
	check_same_bytes("runs/whole", second);
	check_same_results("runs/whole", second);
	forget_merges();
}

static void test_seeds_add_up(void **state)
{
	struct measurement run = synthetic_run("seed2", 500, 1, 1);
	AUTO_FREE char *directory = NULL;
	AUTO_JSON json_t *results = NULL;
	char *error = NULL;

	(void)state;
	run.parts[0].sample.seed = 2;
	write_measured(&run);
	measurement_free(&run);
	assert_int_equal(CAPTURE(cmd_merge, "seed2", "whole")->code, 0);
	directory = newest_merge();
	results = results_read(directory, &error);
	assert_int_equal(json_file_number(results, "inputs_per_cell"), 1501);
	assert_true(json_is_null(json_object_get(results, "shard")));
	assert_int_equal(json_array_size(json_object_get(results, "parts")), 2);
	assert_true(json_is_true(json_object_get(results, "complete")));
	forget_merges();
}

static void check_refused(const char *a, const char *b, const char *says)
{
	struct captured *result = CAPTURE(cmd_merge, a, b);

	assert_int_equal(result->code, 3);
	if (strstr(result->err, says) == NULL || strstr(result->err, a) == NULL ||
		strstr(result->err, b) == NULL)
		fail_msg("%s", result->err);
	assert_int_equal(strchr(result->err, '\n')[1], '\0'); /* one line */
	assert_int_equal(count_merges(), 0);
}

static void test_same_plans(void **state)
{
	(void)state;
	write_shard("half", 1001, 2, 2);
	write_shard("longer", 2000, 1, 1);
	check_refused("s2", "half", "both hold plans of shard 2 of 3");
	check_refused("whole", "s3", "both hold plans");
	check_refused("longer", "whole", "both hold plans");
}

static void test_unlike(void **state)
{
	struct measurement run = synthetic_run("unlike", 1001, 1, 3);

	(void)state;
	free(run.toolchain);
	run.toolchain = format("clang 19");
	write_measured(&run);
	check_refused("s2", "unlike", "toolchains differ: clang 14.0.6, Linux 6.1; clang 19");
	free(run.toolchain);
	run.toolchain = format("clang 14.0.6, Linux 6.1");
	run.detectors = BIT(DETECTOR_asan);
	synthetic_write(&run);
	check_refused("s2", "unlike", "detectors differ");
	run.detectors |= BIT(DETECTOR_none);
	run.classes |= BIT(CLASS_oob_write);
	synthetic_write(&run);
	check_refused("s2", "unlike", "classes differ");
	run.classes = BIT(CLASS_oob_read) | BIT(CLASS_use_after_free);
	run.idioms = BIT(IDIOM_go);
	synthetic_write(&run);
	check_refused("s2", "unlike", "idioms differ");
	run.idioms |= BIT(IDIOM_rust);
	run.parts[0].sample = (struct sample){ .kind = SAMPLE_GRID };
	synthetic_write(&run);
	check_refused("s2", "unlike", "random plans and a grid");
	measurement_free(&run);
}

static void test_other_version(void **state)
{
	struct measurement runs[2] = { synthetic_run("v1", 10, 1, 2),
		synthetic_run("v2", 10, 2, 2) };
	AUTO_FREE char *error = NULL;

	(void)state;
	runs[1].plan_version++;
	assert_int_equal(merge_check(runs, 2, &error), -EINVAL);
	assert_non_null(strstr(error, "plan version"));
	measurement_free(&runs[0]);
	measurement_free(&runs[1]);
}

/* A shard that two machines have made counts once. */
static void test_equal_duplicates(void **state)
{
	AUTO_FREE char *directory = NULL;
	struct captured *result;

	(void)state;
	write_shard("again", 1001, 2, 3);
	result = CAPTURE(cmd_merge, "s1", "s2", "again", "s3", "s1");
	assert_int_equal(result->code, 0);
	assert_non_null(strstr(result->out, "3 runs added up"));
	assert_non_null(strstr(result->out, "2 more equal to one of these, counted once"));
	directory = newest_merge();
	check_same_bytes("runs/whole", directory);
	check_same_results("runs/whole", directory);
	check_same_counts("runs/whole", directory);
	forget_merges();
}

/* The byte of a plan in a shard's file. */
static void set_byte(const char *id, unsigned shard, off_t at, uint8_t byte)
{
	struct measurement run = synthetic_run(id, 1001, shard, 3);
	AUTO_FREE char *path = measurement_plans_path(
		&run, CLASS_oob_read, IDIOM_go, DETECTOR_asan);
	FILE *file = fopen(path, "r+");

	assert_non_null(file);
	assert_int_equal(fseek(file, at, SEEK_SET), 0);
	assert_int_equal(fputc(byte, file), byte);
	assert_int_equal(fclose(file), 0);
	measurement_free(&run);
}

static void test_unequal_duplicate(void **state)
{
	struct measurement run = synthetic_run("again", 1001, 2, 3);
	struct plan plan = measurement_plan(&run, CLASS_oob_read, IDIOM_go, 7);
	uint8_t was = synthetic_outcome(&plan, DETECTOR_asan);
	uint8_t other = outcome_of(VERDICT_TRAP, CAUSE_NONE);
	struct captured *result;

	(void)state;
	measurement_free(&run);
	set_byte("again", 2, 7, was != other ? other : outcome_of(VERDICT_RIGHT, CAUSE_NONE));
	result = CAPTURE(cmd_merge, "s1", "s2", "again", "s3");
	assert_int_equal(result->code, 3);
	assert_non_null(strstr(result->err, "runs/s2/plans/oob-read.go.asan.u8"));
	assert_non_null(strstr(result->err, "runs/again/plans/oob-read.go.asan.u8 differ: byte 7"));
	assert_int_equal(count_merges(), 0);
	/* a plan that only one has judged is no difference */
	set_byte("again", 2, 7, OUTCOME_NONE);
	assert_int_equal(CAPTURE(cmd_merge, "s1", "again", "s2", "s3")->code, 0);
	forget_merges();
	/* a sum of counts that the bytes do not bear out */
	result = CAPTURE(cmd_merge, "s1", "again", "s3");
	assert_int_equal(result->code, 1);
	assert_non_null(strstr(result->err, "runs/again/plans/oob-read.go.asan.u8"));
	assert_int_equal(count_merges(), 0);
}

/* Plans that are kept packed answer as those that are not. */
static void test_packed(void **state)
{
	struct measurement run = synthetic_run("packed", 1001, 2, 3);
	AUTO_FREE char *path = measurement_plans_path(
		&run, CLASS_oob_read, IDIOM_go, DETECTOR_asan);
	AUTO_FREE char *packed = format("%s.gz", path);
	AUTO_FREE char *directory = NULL;
	struct captured *result;
	struct cell cell;
	unsigned at = 0;

	(void)state;
	write_measured(&run);
	while (measurement_next_cell(&run, &at, &cell))
		assert_int_equal(plan_file_pack(&run, cell), 0);
	assert_int_not_equal(access(path, F_OK), 0);
	check_same_counts("runs/s2", "runs/packed");
	assert_int_equal(CAPTURE(cmd_merge, "s1", "packed", "s2", "s3")->code, 0);
	directory = newest_merge();
	check_same_bytes("runs/whole", directory);
	check_same_results("runs/whole", directory);
	forget_merges();
	assert_int_equal(truncate(packed, 40), 0);
	result = CAPTURE(cmd_merge, "s1", "packed", "s3");
	assert_int_equal(result->code, 1);
	assert_non_null(strstr(result->err, path));
	assert_int_equal(count_merges(), 0);
	measurement_free(&run);
}

/* A shard that was cut off: its plans stay unjudged, at their own places. */
static void test_unfinished(void **state)
{
	struct measurement run = synthetic_run("cut", 1001, 2, 3);
	AUTO_FREE char *path = measurement_plans_path(
		&run, CLASS_oob_read, IDIOM_go, DETECTOR_asan);
	AUTO_FREE char *directory = NULL;
	AUTO_JSON json_t *results = NULL;
	struct captured *result;
	char *error = NULL;

	(void)state;
	synthetic_write(&run);
	assert_int_equal(truncate(path, 100), 0);
	result = CAPTURE(cmd_merge, "s1", "cut", "s3");
	assert_int_equal(result->code, 3);
	assert_non_null(strstr(result->out, "missing: the audits of runs/cut"));
	assert_non_null(strstr(result->out, "next: make measure RESUME=cut\n"));
	assert_non_null(strstr(result->out, "oob-read go asan: 234 of 1001 plans not judged"));
	directory = newest_merge();
	results = results_read(directory, &error);
	assert_true(json_is_false(json_object_get(results, "complete")));
	assert_int_equal(json_file_number(results, "not_judged"), 234);
	measurement_free(&run);
	forget_merges();
}

static void test_damaged(void **state)
{
	struct measurement run = synthetic_run("bad", 1001, 2, 3);
	AUTO_FREE char *path = measurement_plans_path(
		&run, CLASS_oob_read, IDIOM_go, DETECTOR_asan);
	struct captured *result;

	(void)state;
	write_measured(&run);
	assert_int_equal(file_write(path, "\xff", 1), 0);
	result = CAPTURE(cmd_merge, "s1", "bad");
	assert_int_equal(result->code, 1);
	assert_non_null(strstr(result->err, path)); /* the source, not the merge */
	assert_int_equal(count_merges(), 0);
	synthetic_write(&run);
	assert_int_equal(file_write("runs/bad/audits.jsonl", "nonsense", 8), 0);
	result = CAPTURE(cmd_merge, "s1", "bad");
	assert_int_equal(result->code, 1);
	assert_non_null(strstr(result->err, "runs/bad/audits.jsonl"));
	assert_int_equal(count_merges(), 0);
	assert_int_equal(file_write("runs/bad/run.json", "{}", 2), 0);
	assert_int_equal(CAPTURE(cmd_merge, "s1", "bad")->code, 1);
	measurement_free(&run);
}

static void test_usage(void **state)
{
	(void)state;
	assert_int_equal(CAPTURE(cmd_merge, "--nonsense")->code, 64);
	assert_int_equal(CAPTURE(cmd_merge, "--help")->code, 0);
	assert_int_equal(CAPTURE(cmd_merge, "s1", "nowhere")->code, 64);
	assert_non_null(strstr(CAPTURE(cmd_merge, "s1", "nowhere")->err, "triage runs"));
	assert_null(strchr(CAPTURE(cmd_merge, "s1", "no\033where")->err, '\033'));
	assert_int_equal(count_merges(), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_shards_are_the_whole),
		cmocka_unit_test(test_in_two_steps),
		cmocka_unit_test(test_seeds_add_up),
		cmocka_unit_test(test_same_plans),
		cmocka_unit_test(test_unlike),
		cmocka_unit_test(test_other_version),
		cmocka_unit_test(test_equal_duplicates),
		cmocka_unit_test(test_unequal_duplicate),
		cmocka_unit_test(test_packed),
		cmocka_unit_test(test_unfinished),
		cmocka_unit_test(test_damaged),
		cmocka_unit_test(test_usage),
	};

	return cmocka_run_group_tests_name("merge", tests, synthetic_enter, synthetic_leave);
}
