/* SPDX-License-Identifier: Apache-2.0
 * run.json there and back, and refused when it is made up; parts. */
#include "measurement.h"
#include "synthetic.h"

#include <errno.h>

#define LENGTH(array) (sizeof(array) / sizeof(*(array)))

static void write_text(const char *path, const char *text)
{
	assert_int_equal(file_write(path, text, strlen(text)), 0);
}

static void test_round_trip(void **state)
{
	struct measurement run = synthetic_run("a", 1000, 2, 3), back;
	AUTO_JSON json_t *first = NULL, *second = NULL;
	char *error = NULL;

	(void)state;
	json_array_append_new(run.unavailable,
		json_pack("{ss ss}", "detector", "msan", "reason", "clang is missing"));
	run.parts[0].sample.seed = INT64_MAX;
	synthetic_write(&run);
	assert_int_equal(measurement_read("runs/a", &back, &error), 0);
	assert_null(error);
	first = measurement_to_json(&run);
	second = measurement_to_json(&back);
	assert_true(json_equal(first, second));
	assert_string_equal(back.directory, "runs/a");
	assert_int_equal(back.detectors, run.detectors);
	assert_int_equal(back.parts[0].sample.seed, (uint64_t)INT64_MAX);
	assert_int_equal(measurement_count(&back, CLASS_oob_read), 666 - 333);
	measurement_free(&run);
	measurement_free(&back);
}

/* What is put in place of a field, and a word of the message. */
static const struct {
	const char *key, *value, *says;
} hostile[] = {
	{ "schema", "\"fencepost/run/1\"", "campaign, not a measurement" },
	{ "schema", "7", "schema" },
	{ "id", "\"../../etc\"", "id" },
	{ "id", "\"\"", "id" },
	{ "id", "null", "id" },
	{ "toolchain", "\"\\u001b[2J\"", "control" },
	{ "machine", "\"\\u009b2J\"", "control" },
	{ "date", "[]", "date" },
	{ "plan_version", "-1", "plan_version" },
	{ "plan_version", "\"1\"", "plan_version" },
	{ "audits", "1e9", "audits" },
	{ "classes", "[\"oob-reed\"]", "classes[0]" },
	{ "classes", "[]", "classes" },
	{ "classes", "[[]]", "classes[0]" },
	{ "idioms", "[\"go\", \"go\"]", "twice" },
	{ "detectors", "{}", "detectors" },
	{ "unavailable", "[{}]", "unavailable[0]" },
	{ "unavailable", "1", "unavailable" },
	{ "merged", "[1]", "merged[0]" },
	{ "merged", "{}", "merged" },
	{ "parts", "[]", "parts" },
	{ "parts", "[5]", "kind" },
	{ "parts", "[{\"kind\":\"random\",\"seed\":-1,\"inputs\":9,\"shard\":1,\"shards\":1}]",
		"seed" },
	{ "parts", "[{\"kind\":\"random\",\"seed\":1,\"inputs\":0,\"shard\":1,\"shards\":1}]",
		"inputs" },
	{ "parts",
		"[{\"kind\":\"random\",\"seed\":1,\"inputs\":1000000000001,\"shard\":1,\"shards\":1}]",
		"inputs" },
	{ "parts", "[{\"kind\":\"random\",\"seed\":1,\"inputs\":9,\"shard\":4,\"shards\":3}]",
		"shard" },
	{ "parts", "[{\"kind\":\"random\",\"seed\":1,\"inputs\":9,\"shard\":0,\"shards\":3}]",
		"shard" },
	{ "parts", "[{\"kind\":\"grid\",\"shard\":1,\"shards\":1000001}]", "shards" },
	{ "parts",
		"[{\"kind\":\"grid\",\"shard\":1,\"shards\":2},{\"kind\":\"grid\",\"shard\":2,\"shards\":3}]",
		"overlap" },
	{ "parts",
		"[{\"kind\":\"grid\",\"shard\":2,\"shards\":2},{\"kind\":\"grid\",\"shard\":1,\"shards\":2}]",
		"order" },
};

static void test_hostile_fields(void **state)
{
	struct measurement run = synthetic_run("b", 100, 1, 1);

	(void)state;
	synthetic_write(&run);
	for (size_t i = 0; i < LENGTH(hostile); i++) {
		AUTO_JSON json_t *json = measurement_to_json(&run);
		AUTO_FREE char *error = NULL;
		struct measurement back;

		json_object_set_new(
			json, hostile[i].key, json_loads(hostile[i].value, JSON_DECODE_ANY, NULL));
		assert_int_equal(file_write_json("runs/b/run.json", json), 0);
		assert_int_equal(measurement_read("runs/b", &back, &error), -EINVAL);
		assert_non_null(strstr(error, "runs/b/run.json"));
		if (strstr(error, hostile[i].says) == NULL)
			fail_msg("%s: %s: %s", hostile[i].key, hostile[i].value, error);
		measurement_free(&back);
	}
	measurement_free(&run);
}

static void test_damaged(void **state)
{
	static const char *const texts[] = { "", "{", "[]", "nonsense\033[2J",
		"{\"schema\":1,\"schema\":2}", "\"fencepost/measure/1\"" };
	struct measurement back;

	(void)state;
	mkdir("runs/c", 0755);
	for (size_t i = 0; i < LENGTH(texts); i++) {
		AUTO_FREE char *error = NULL;

		write_text("runs/c/run.json", texts[i]);
		assert_int_equal(measurement_read("runs/c", &back, &error), -EINVAL);
		assert_null(strchr(error, '\033'));
		measurement_free(&back);
	}
	unlink("runs/c/run.json");
	AUTO_FREE char *error = NULL;

	assert_int_equal(measurement_read("runs/c", &back, &error), -ENOENT);
	assert_non_null(strstr(error, "runs/c/run.json"));
	measurement_free(&back);
}

static void test_unknown_keys(void **state)
{
	struct measurement run = synthetic_run("d", 100, 1, 1), back;
	AUTO_JSON json_t *json = measurement_to_json(&run);
	char *error = NULL;

	(void)state;
	synthetic_write(&run);
	json_object_set_new(json, "tomorrow", json_pack("{s[i]}", "new", 1));
	assert_int_equal(file_write_json("runs/d/run.json", json), 0);
	assert_int_equal(measurement_read("runs/d", &back, &error), 0);
	measurement_free(&run);
	measurement_free(&back);
}

static struct measurement_part shard(uint64_t seed, uint64_t inputs, unsigned i, unsigned n)
{
	return (struct measurement_part){ { SAMPLE_RANDOM, seed, inputs }, i, n, NULL };
}

static void test_overlap(void **state)
{
	const struct {
		struct measurement_part a, b;
		bool overlap;
	} rows[] = {
		{ shard(1, 100, 1, 3), shard(1, 100, 1, 3), true },
		{ shard(1, 100, 1, 3), shard(1, 100, 2, 3), false },
		{ shard(1, 100, 1, 2), shard(1, 100, 2, 4), true },
		{ shard(1, 100, 1, 2), shard(1, 100, 3, 4), false },
		{ shard(2, 100, 1, 1), shard(1, 100, 1, 1), false },
		{ shard(1, 100, 1, 1), shard(1, 200, 1, 1), true },
		{ shard(1, 100, 1, 1), shard(1, 200, 2, 2), false },
		{ shard(1, 1, 1, 9), shard(1, 1, 1, 9), true }, /* without plans */
		{ { { SAMPLE_GRID, 1, 0 }, 1, 2, NULL }, { { SAMPLE_GRID, 2, 9 }, 1, 2, NULL },
			true },
		{ { { SAMPLE_GRID, 0, 0 }, 1, 1, NULL }, shard(0, 100, 1, 1), false },
		{ shard(1, MEASUREMENT_INPUTS_MAX, 999999, MEASUREMENT_SHARDS_MAX),
			shard(1, MEASUREMENT_INPUTS_MAX, 1000000, MEASUREMENT_SHARDS_MAX), false },
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(rows); i++) {
		assert_int_equal(
			measurement_parts_overlap(&rows[i].a, &rows[i].b), rows[i].overlap);
		assert_int_equal(
			measurement_parts_overlap(&rows[i].b, &rows[i].a), rows[i].overlap);
	}
}

static void test_shards_are_all(void **state)
{
	(void)state;
	for (uint64_t inputs = 1; inputs < 60; inputs += 7)
		for (unsigned n = 1; n < 13; n++) {
			uint64_t next = 0;

			for (unsigned i = 1; i <= n; i++) {
				struct measurement_part part = shard(1, inputs, i, n);

				assert_int_equal(
					measurement_part_first(&part, CLASS_oob_read), next);
				next += measurement_part_count(&part, CLASS_oob_read);
			}
			assert_int_equal(next, inputs);
		}
}

static void test_join(void **state)
{
	struct measurement_part parts[] = { shard(1, 90, 1, 3), shard(1, 90, 2, 3),
		shard(1, 90, 3, 3), shard(2, 90, 1, 3), shard(2, 90, 3, 3), shard(3, 90, 1, 2),
		shard(3, 90, 3, 4), shard(3, 90, 4, 4) };
	struct measurement run = { .parts = parts, .part_count = LENGTH(parts) };
	AUTO_FREE char *missing = NULL;

	(void)state;
	assert_null(measurement_missing(&run)); /* not merged: it is what was asked for */
	run.merged = json_array();
	measurement_join_parts(&run);
	assert_int_equal(run.part_count, 4);
	assert_int_equal(parts[0].shards, 1);
	assert_int_equal(parts[1].shards, 3);
	assert_int_equal(parts[3].shards, 1);
	missing = measurement_missing(&run);
	assert_string_equal(missing, "shard 2 of 3 (random, seed 2, 90 inputs)");
	json_decref(run.merged);
}

static void test_missing_is_short(void **state)
{
	struct measurement_part parts[] = { shard(1, 100, 1, 1000000), shard(1, 100, 3, 4) };
	struct measurement run = { .parts = parts, .part_count = 1, .merged = json_array() };
	AUTO_FREE char *alike = measurement_missing(&run), *unlike = NULL;

	(void)state;
	assert_string_equal(alike,
		"shards 2, 3, 4, 5, 6, 7, 8, 9, ... of 1000000 (random, seed 1, 100 inputs)");
	run.part_count = 2;
	unlike = measurement_missing(&run);
	assert_string_equal(unlike, "75 of 100 plans (random, seed 1, 100 inputs)");
	free(unlike);
	unlike = NULL;
	json_decref(run.merged);
}

static void test_plans_in_order_of_parts(void **state)
{
	struct measurement_part parts[] = { shard(1, 90, 3, 3), shard(2, 10, 1, 1) };
	struct measurement run = { .parts = parts, .part_count = 2 };
	struct plan a = measurement_plan(&run, CLASS_oob_write, IDIOM_go, 0);
	struct plan b = sample_plan(&parts[0].sample, CLASS_oob_write, IDIOM_go, 60);

	(void)state;
	assert_memory_equal(&a, &b, sizeof(a));
	a = measurement_plan(&run, CLASS_oob_write, IDIOM_go, 39);
	b = sample_plan(&parts[1].sample, CLASS_oob_write, IDIOM_go, 9);
	assert_memory_equal(&a, &b, sizeof(a));
	assert_int_equal(measurement_count(&run, CLASS_oob_write), 40);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_hostile_fields),
		cmocka_unit_test(test_damaged),
		cmocka_unit_test(test_unknown_keys),
		cmocka_unit_test(test_overlap),
		cmocka_unit_test(test_shards_are_all),
		cmocka_unit_test(test_join),
		cmocka_unit_test(test_missing_is_short),
		cmocka_unit_test(test_plans_in_order_of_parts),
	};

	return cmocka_run_group_tests_name("run", tests, synthetic_enter, synthetic_leave);
}
