/* SPDX-License-Identifier: Apache-2.0
 * Campaigns and hunts in parts: each part has seeds of its own, and the parts add up. */
#include "sandbox.h"

#define PARTS 2

static void enter_job(const char *name)
{
	enter_campaigns(name);
	borrow("scripts");
}

static char *shard(int code, const char *job, int part, const char *options)
{
	AUTO_FREE char *line = format(
		"scripts/shard %s %d %d -- fuzz %s", job, part, PARTS, options);

	return run(code, line);
}

static json_t *cell_of(const char *directory)
{
	AUTO_JSON json_t *cells = load_cells(directory);

	assert_int_equal(json_array_size(cells), 1);
	return json_incref(json_array_get(cells, 0));
}

static void assert_sum(
	const json_t *sum, json_t *const parts[PARTS], const char *table, const char *key)
{
	const json_t *of = table != NULL ? json_object_get(sum, table) : sum;
	json_int_t all = 0;

	for (int i = 0; i < PARTS; i++)
		all += number(table != NULL ? json_object_get(parts[i], table) : parts[i], key);
	assert_int_equal(number(of, key), all);
}

static double first_of(const json_t *cell)
{
	return json_number_value(json_object_get(cell, "first_violation_s"));
}

/* One of each key and line, with the members of all parts. */
static void check_buckets(const json_t *sum, json_t *const parts[PARTS])
{
	const json_t *buckets = json_object_get(sum, "buckets");
	size_t members = 0, theirs = 0, i, k;
	json_t *bucket, *other, *path;

	json_array_foreach((json_t *)(uintptr_t)buckets, i, bucket) {
		for (k = 0; k < i; k++) {
			other = json_array_get(buckets, k);
			assert_true(strcmp(string(other, "key"), string(bucket, "key")) != 0 ||
				strcmp(string(other, "fault"), string(bucket, "fault")) != 0);
		}
		json_array_foreach(json_object_get(bucket, "members"), k, path)
			assert_int_equal(access(json_string_value(path), F_OK), 0);
		members += json_array_size(json_object_get(bucket, "members"));
	}
	for (int part = 0; part < PARTS; part++)
		json_array_foreach(json_object_get(parts[part], "buckets"), i, bucket)
			theirs += json_array_size(json_object_get(bucket, "members"));
	assert_true(json_array_size(buckets) > 0);
	assert_int_equal(members, theirs);
}

static json_t *merge_job(const char *job, const char *options, json_t *ret_parts[PARTS])
{
	AUTO_FREE char *merge = format("build/bin/triage merge --job %s", job);

	for (int i = 0; i < PARTS; i++) {
		AUTO_FREE char *directory = format("runs/%s/%d-of-%d", job, i + 1, PARTS);

		free(shard(0, job, i + 1, options));
		ret_parts[i] = cell_of(directory);
	}
	free(run(0, merge));
	return cell_of("runs/latest");
}

static void release(json_t *sum, json_t *const parts[PARTS])
{
	json_decref(sum);
	for (int i = 0; i < PARTS; i++)
		json_decref(parts[i]);
}

static void test_campaigns_add_up(void **state)
{
	const char *options = "--class=oob-write --idiom=go --time=30 --executions=20000";
	AUTO_FREE char *again = NULL;
	AUTO_FREE char *other = NULL;
	AUTO_FREE char *missing = NULL;
	AUTO_FREE char *listed = NULL;
	AUTO_FREE char *finish = NULL;
	json_t *parts[PARTS], *sum;

	(void)state;
	enter_job("campaigns");
	free(shard(0, "fuzzing", 1, options));
	missing = run(3, "build/bin/triage merge --job fuzzing");
	assert_says(missing,
		"missing: part 2 of 2; next: scripts/shard fuzzing 2 2 -- fuzz --engine=afl");
	sum = merge_job("fuzzing", options, parts);
	assert_int_not_equal(number(parts[0], "seed"), number(parts[1], "seed"));
	assert_sum(sum, parts, NULL, "execs");
	assert_sum(sum, parts, NULL, "violations");
	assert_sum(sum, parts, NULL, "saved_crashes");
	for (int v = 0; v < VERDICT_COUNT; v++)
		assert_sum(sum, parts, "verdicts", verdict_slug((enum verdict)v));
	assert_true(first_of(sum) <= first_of(parts[0]) && first_of(sum) <= first_of(parts[1]));
	check_buckets(sum, parts);
	release(sum, parts);
	again = shard(0, "fuzzing", 1, options);
	assert_says(again, "is complete");
	other = shard(3, "fuzzing", 1, "--class=oob-read --idiom=go --time=30 --executions=20000");
	assert_says(other, "the job has arguments");
	listed = run(0, "build/bin/triage runs --job fuzzing");
	assert_says(listed, "2 parts: 2 done");
	finish = run(1, "build/bin/triage fuzz --finish runs/latest");
	assert_says(finish, "merged from others");
}

static void test_hunts_add_up(void **state)
{
	const char *options =
		"--hunt --detector=asan --class=oob-write --idiom=go --time=30 --executions=5000";
	json_t *parts[PARTS], *sum, *find, *other;
	size_t i, k;

	(void)state;
	enter_job("hunts");
	borrow("harnesses");
	sum = merge_job("hunting", options, parts);
	assert_sum(sum, parts, NULL, "execs");
	assert_true(json_array_size(json_object_get(sum, "finds")) > 0);
	json_array_foreach(json_object_get(sum, "finds"), i, find)
		json_array_foreach(json_object_get(sum, "finds"), k, other)
			assert_true(
				i == k || strcmp(string(find, "name"), string(other, "name")) != 0);
	release(sum, parts);
}

int main(void)
{
	static struct CMUnitTest tests[3] = { TEST(test_campaigns_add_up) };
	size_t count = count_tests(tests);
	const char *only = read_tier();

	if (full_tier || only != NULL)
		tests[count++] = (struct CMUnitTest)TEST(test_hunts_add_up);
	return _cmocka_run_group_tests("campaigns_in_parts", tests, count, set_up, tear_down);
}
