/* SPDX-License-Identifier: Apache-2.0
 * Pairs of detectors over the same plans, from bytes that were made so that every count is known. */
#include "data.h"
#include "runs/results.h"
#include "runs/synthetic.h"

#define PLANS 400

/* Outcomes of one class and idiom: what the plan's number says, whatever the plan is. */
enum pattern_of {
	ALL,         /* right */
	NOTHING,     /* silent */
	EVEN,        /* right at even plans, silent at odd ones */
	ODD,         /* the other way round */
	FIRST,       /* right at the first plan alone */
	LAST,        /* right at the last plan alone */
	THIRD_CLEAN, /* right, but for every third plan, which is benign */
	HALF,        /* right, but that the second half was not judged yet */
};

static uint8_t outcome_at(enum pattern_of pattern, uint64_t i)
{
	uint8_t right = outcome_of(VERDICT_RIGHT, CAUSE_NONE),
		silent = outcome_of(VERDICT_SILENT, CAUSE_LIVE_NEIGHBOUR);

	switch (pattern) {
	case ALL: return right;
	case NOTHING: return silent;
	case EVEN: return i % 2 == 0 ? right : silent;
	case ODD: return i % 2 == 0 ? silent : right;
	case FIRST: return i == 0 ? right : silent;
	case LAST: return i == PLANS - 1 ? right : silent;
	case THIRD_CLEAN: return i % 3 == 0 ? outcome_of(VERDICT_CLEAN, CAUSE_NONE) : right;
	case HALF: return i < PLANS / 2 ? right : OUTCOME_NONE;
	}
	return OUTCOME_NONE;
}

static void write_bytes(
	const struct measurement *run, enum detector_id detector, enum pattern_of of)
{
	AUTO_FREE char *path = measurement_plans_path(run, CLASS_oob_read, IDIOM_go, detector);
	uint8_t bytes[PLANS];

	for (uint64_t i = 0; i < PLANS; i++)
		bytes[i] = outcome_at(of, i);
	assert_int_equal(file_write(path, bytes, sizeof(bytes)), 0);
}

static uint64_t count_of(const struct report_data *data, uint32_t diagnosed)
{
	const struct report_data_group *group = &data->groups[CLASS_oob_read][IDIOM_go];
	uint64_t count = 0;

	for (size_t i = 0; i < group->count; i++)
		count += group->list[i].diagnosed == diagnosed ? group->list[i].count : 0;
	return count;
}

/* What none and asan say of PLANS plans, and on how many both, one or neither are right. */
static const struct {
	enum pattern_of none, asan;
	uint64_t both, only_none, only_asan, neither;
} rows[] = {
	{ ALL, ALL, PLANS, 0, 0, 0 },
	{ ALL, NOTHING, 0, PLANS, 0, 0 },
	{ NOTHING, ALL, 0, 0, PLANS, 0 },
	{ NOTHING, NOTHING, 0, 0, 0, PLANS },
	{ EVEN, ODD, 0, PLANS / 2, PLANS / 2, 0 },
	{ EVEN, EVEN, PLANS / 2, 0, 0, PLANS / 2 },
	{ FIRST, LAST, 0, 1, 1, PLANS - 2 },
	{ FIRST, FIRST, 1, 0, 0, PLANS - 1 },
	{ LAST, LAST, 1, 0, 0, PLANS - 1 },
	{ ALL, EVEN, PLANS / 2, PLANS / 2, 0, 0 },
	{ THIRD_CLEAN, THIRD_CLEAN, PLANS - (PLANS + 2) / 3, 0, 0, 0 },
	{ EVEN, HALF, PLANS / 4, 0, PLANS / 4, 0 },
};

static void check_row(struct measurement *run, size_t row)
{
	struct results results = { .wall_s = 1 };
	struct report_data data;
	AUTO_FREE char *error = NULL;

	synthetic_write(run);
	assert_int_equal(results_write(run, &results, &error), 0);
	/* afterwards: results must fit the plans, of which every other one is benign */
	write_bytes(run, DETECTOR_none, rows[row].none);
	write_bytes(run, DETECTOR_asan, rows[row].asan);
	assert_int_equal(report_data_load(run->directory, "no/baseline.json", &data, &error), 0);
	assert_true(data.has_plans);
	if (count_of(&data, BIT(DETECTOR_none) | BIT(DETECTOR_asan)) != rows[row].both ||
		count_of(&data, BIT(DETECTOR_none)) != rows[row].only_none ||
		count_of(&data, BIT(DETECTOR_asan)) != rows[row].only_asan ||
		count_of(&data, 0) != rows[row].neither)
		fail_msg("row %zu: other pairs", row);
	assert_int_equal(data.groups[CLASS_oob_read][IDIOM_go].plans,
		rows[row].both + rows[row].only_none + rows[row].only_asan + rows[row].neither);
	report_data_free(&data);
}

static void test_pairs(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct measurement run = synthetic_run("a", PLANS, 1, 1);

		check_row(&run, i);
		measurement_free(&run);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test_setup_teardown(
		test_pairs, synthetic_enter, synthetic_leave) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
