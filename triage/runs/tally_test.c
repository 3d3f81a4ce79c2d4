/* SPDX-License-Identifier: Apache-2.0
 * Tallies against a slow count, and of files that are short, long or wrong. */
#include "synthetic.h"
#include "tally.h"

#include <errno.h>
#include <time.h>

#define LENGTH(array) (sizeof(array) / sizeof(*(array)))

static void test_distance_slugs(void **state)
{
	static const struct {
		int64_t bytes;
		const char *slug;
	} rows[] = { { 0, "0" }, { 1, "+1" }, { -1, "-1" }, { 2, "+2..3" }, { 3, "+2..3" },
		{ 4, "+4..7" }, { -16, "-16..31" }, { -31, "-16..31" }, { -32, "-32..63" },
		{ 1 << 20, "+1048576..2097151" }, { 4194303, "+2097152..4194303" },
		{ 4194304, "+4194304.." }, { INT64_MAX, "+4194304.." },
		{ INT64_MIN, "-4194304.." } };
	struct plan plan = { .distance = DISTANCE_FREED, .before = true };
	struct truth truth = { .distance_known = true };
	char slug[TALLY_SLUG_MAX];

	(void)state;
	for (size_t i = 0; i < LENGTH(rows); i++) {
		truth.distance_bytes = rows[i].bytes;
		tally_distance_slug(tally_distance(&plan, &truth), slug);
		assert_string_equal(slug, rows[i].slug);
	}
	truth = (struct truth){ 0 };
	tally_distance_slug(tally_distance(&plan, &truth), slug);
	assert_string_equal(slug, "-freed");
	plan = (struct plan){ .distance = DISTANCE_EDGE };
	tally_distance_slug(tally_distance(&plan, &truth), slug);
	assert_string_equal(slug, "+edge");
	truth.both_ends = true;
	tally_distance_slug(tally_distance(&plan, &truth), slug);
	assert_string_equal(slug, "both-ends");
}

static void test_slugs_differ(void **state)
{
	char slugs[TALLY_DISTANCES][TALLY_SLUG_MAX];

	(void)state;
	for (unsigned a = 0; a < TALLY_DISTANCES; a++) {
		tally_distance_slug(a, slugs[a]);
		for (unsigned b = 0; b < a; b++)
			assert_string_not_equal(slugs[a], slugs[b]);
	}
}

struct sum {
	uint64_t all, verdicts[VERDICT_COUNT], causes[CAUSE_COUNT], regions[REGION_COUNT],
		acts[TRUTH_ACT_COUNT], widths[WIDTH_MAX + 1], distances[TALLY_DISTANCES];
};

static void add(const struct tally_row *row, void *arg)
{
	struct sum *sum = arg;

	sum->all += row->count;
	sum->verdicts[row->verdict] += row->count;
	sum->causes[row->cause] += row->count;
	sum->regions[row->region] += row->count;
	sum->acts[row->act] += row->count;
	sum->widths[row->width] += row->count;
	sum->distances[row->distance] += row->count;
}

static struct sum slow_sum(const struct measurement *run, enum plan_class class,
	enum plan_idiom idiom, enum detector_id detector)
{
	struct sum sum = { 0 };

	for (uint64_t i = 0; i < measurement_count(run, class); i++) {
		struct plan plan = measurement_plan(run, class, idiom, i);
		struct truth truth = truth_of(&plan);
		uint8_t outcome = synthetic_outcome(&plan, detector);

		add(&(struct tally_row){ plan.region, truth.act, plan.width,
			    tally_distance(&plan, &truth), outcome_verdict(outcome),
			    outcome_cause(outcome), 1 },
			&sum);
	}
	return sum;
}

static void check_whole(const struct measurement *run, enum plan_class class)
{
	for (int i = 0; i < IDIOM_COUNT; i++) {
		uint64_t regions[REGION_COUNT], violations = 0;
		AUTO_FREE char *error = NULL;
		struct tally tally;

		assert_int_equal(tally_read(run, class, (enum plan_idiom)i, &tally, &error), 0);
		for (int d = 0; d < DETECTOR_COUNT; d++) {
			struct sum fast = { 0 }, slow;

			if (!(run->detectors & BIT(d)))
				continue;
			slow = slow_sum(run, class, (enum plan_idiom)i, (enum detector_id)d);
			tally_each(&tally, (enum detector_id)d, add, &fast);
			assert_memory_equal(&fast, &slow, sizeof(fast));
			assert_int_equal(tally.unjudged[d], 0);
			violations = slow.all - slow.verdicts[VERDICT_CLEAN] -
				slow.verdicts[VERDICT_FALSE_ALARM];
		}
		assert_int_equal(tally.inputs, measurement_count(run, class));
		assert_int_equal(tally_violations(&tally, regions), violations);
		tally_free(&tally);
	}
}

/* More than a window, in two parts. */
static void test_against_slow(void **state)
{
	struct measurement run = synthetic_run("a", 70001, 1, 1);

	(void)state;
	run.parts = reallocarray(run.parts, 2, sizeof(*run.parts));
	run.parts[1] = (struct measurement_part){ { SAMPLE_RANDOM, 2, 1000 }, 2, 3 };
	run.part_count = 2;
	synthetic_write(&run);
	check_whole(&run, CLASS_oob_read);
	check_whole(&run, CLASS_use_after_free);
	measurement_free(&run);
}

static void test_grid(void **state)
{
	struct measurement run = synthetic_run("grid", 1, 1, 1);

	(void)state;
	run.parts[0].sample = (struct sample){ .kind = SAMPLE_GRID };
	synthetic_write(&run);
	check_whole(&run, CLASS_oob_read);
	check_whole(&run, CLASS_use_after_free);
	measurement_free(&run);
}

static void test_short_and_missing(void **state)
{
	struct measurement run = synthetic_run("b", 1000, 1, 1);
	AUTO_FREE char *path = measurement_plans_path(
		&run, CLASS_oob_read, IDIOM_go, DETECTOR_asan);
	AUTO_FREE char *error = NULL;
	struct sum sum = { 0 };
	struct tally tally;

	(void)state;
	synthetic_write(&run);
	assert_int_equal(truncate(path, 400), 0);
	assert_int_equal(tally_read(&run, CLASS_oob_read, IDIOM_go, &tally, &error), 0);
	tally_each(&tally, DETECTOR_asan, add, &sum);
	assert_int_equal(sum.all, 400);
	assert_int_equal(tally.unjudged[DETECTOR_asan], 600);
	assert_int_equal(tally.unjudged[DETECTOR_none], 0);
	tally_free(&tally);
	unlink(path);
	assert_int_equal(tally_read(&run, CLASS_oob_read, IDIOM_go, &tally, &error), 0);
	assert_int_equal(tally.unjudged[DETECTOR_asan], 1000);
	tally_free(&tally);
	measurement_free(&run);
}

static void put_byte(const char *path, long offset, uint8_t byte)
{
	FILE *file = fopen(path, "r+");

	assert_non_null(file);
	fseek(file, offset, SEEK_SET);
	fputc(byte, file);
	fclose(file);
}

static void check_refused(const struct measurement *run, const char *path, const char *says)
{
	AUTO_FREE char *error = NULL;
	struct tally tally;

	assert_int_equal(tally_read(run, CLASS_oob_read, IDIOM_go, &tally, &error), -EINVAL);
	assert_non_null(strstr(error, path));
	assert_non_null(strstr(error, says));
	tally_free(&tally);
}

static void test_wrong_bytes(void **state)
{
	struct measurement run = synthetic_run("c", 1000, 1, 1);
	AUTO_FREE char *path = measurement_plans_path(
		&run, CLASS_oob_read, IDIOM_go, DETECTOR_asan);
	struct plan plan = measurement_plan(&run, CLASS_oob_read, IDIOM_go, 77);
	bool violation = truth_of(&plan).violation;

	(void)state;
	synthetic_write(&run);
	put_byte(path, 77, 0xff);
	check_refused(&run, path, "byte 77 is 0xff, which means nothing");
	put_byte(path, 77, outcome_of(violation ? VERDICT_CLEAN : VERDICT_RIGHT, CAUSE_NONE));
	check_refused(&run, path, "byte 77");
	check_refused(&run, path, "cannot be said of this plan");
	put_byte(path, 77, OUTCOME_NONE);
	put_byte(path, 1000, OUTCOME_NONE);
	check_refused(&run, path, "holds 1001 bytes, the run has 1000 plans");
	unlink(path);
	assert_int_equal(mkdir(path, 0755), 0);
	check_refused(&run, path, "not a file");
	rmdir(path);
	assert_int_equal(mkfifo(path, 0644), 0);
	check_refused(&run, path, "not a file");
	measurement_free(&run);
}

static void test_other_version(void **state)
{
	struct measurement run = synthetic_run("d", 10, 1, 1);

	(void)state;
	run.plan_version = PLAN_VERSION + 1;
	check_refused(&run, "runs/d", "plan version");
	measurement_free(&run);
}

/* Every byte that outcome_of can make survives. */
static void test_every_outcome(void **state)
{
	struct measurement run = synthetic_run("e", 3000, 1, 1);
	AUTO_FREE char *path = measurement_plans_path(
		&run, CLASS_oob_read, IDIOM_go, DETECTOR_asan);
	AUTO_FREE char *error = NULL;
	struct sum sum = { 0 };
	struct tally tally;

	(void)state;
	synthetic_write(&run);
	for (int i = 0; i < 3; i++) {
		static const enum verdict odd[] = { VERDICT_TIMEOUT, VERDICT_BROKEN,
			VERDICT_LAYOUT };

		put_byte(path, i, outcome_of(odd[i], CAUSE_NONE));
	}
	assert_int_equal(tally_read(&run, CLASS_oob_read, IDIOM_go, &tally, &error), 0);
	tally_each(&tally, DETECTOR_asan, add, &sum);
	for (int v = 0; v < VERDICT_COUNT; v++)
		assert_true(sum.verdicts[v] > 0);
	for (int c = 0; c < CAUSE_COUNT; c++)
		assert_true(sum.causes[c] > 0);
	tally_free(&tally);
	measurement_free(&run);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_distance_slugs),
		cmocka_unit_test(test_slugs_differ),
		cmocka_unit_test(test_against_slow),
		cmocka_unit_test(test_grid),
		cmocka_unit_test(test_short_and_missing),
		cmocka_unit_test(test_wrong_bytes),
		cmocka_unit_test(test_other_version),
		cmocka_unit_test(test_every_outcome),
	};

	return cmocka_run_group_tests_name("tally", tests, synthetic_enter, synthetic_leave);
}
