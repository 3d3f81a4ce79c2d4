/* SPDX-License-Identifier: Apache-2.0
 * Counts against a slow count, and of files that are short, long or wrong. */
#include "count.h"
#include "synthetic.h"

#include <errno.h>
#include <time.h>

#define LENGTH(array) (sizeof(array) / sizeof(*(array)))

static const char *outside_name(const struct plan *plan, const struct truth *truth)
{
	static char name[COUNT_NAME_MAX];

	assert_true(count_value_name(plan->idiom, COUNT_OUTSIDE, count_outside(plan, truth), name));
	return name;
}

static void test_outside_names(void **state)
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

	(void)state;
	for (size_t i = 0; i < LENGTH(rows); i++) {
		truth.distance_bytes = rows[i].bytes;
		assert_string_equal(outside_name(&plan, &truth), rows[i].slug);
	}
	truth = (struct truth){ 0 };
	assert_string_equal(outside_name(&plan, &truth), "-freed");
	plan = (struct plan){ .distance = DISTANCE_EDGE };
	assert_string_equal(outside_name(&plan, &truth), "+edge");
	truth.both_ends = true;
	assert_string_equal(outside_name(&plan, &truth), "both-ends");
}

/* Names of an idiom are told apart, and lead back. */
static void test_names_differ(void **state)
{
	(void)state;
	for (unsigned axis = 0; axis < COUNT_AXES; axis++)
		for (unsigned i = 0; i < IDIOM_COUNT; i++) {
			char name[COUNT_NAME_MAX];
			unsigned v = 0;

			for (; count_value_name((enum plan_idiom)i, axis, v, name); v++) {
				AUTO_FREE char *error = NULL;

				assert_int_equal(count_value_find(axis, name, &error), v);
			}
			assert_true(v >= 2 && v <= COUNT_VALUES_MAX);
		}
}

static void test_names_refused(void **state)
{
	AUTO_FREE char *axis = NULL, *value = NULL, *way = NULL;

	(void)state;
	assert_int_equal(count_axis_find("colour", &axis), -EINVAL);
	assert_string_equal(axis,
		"there is no axis 'colour'; there are: region access way distance how size width side "
		"reach op pick rule truth operation outside gap index class idiom");
	assert_int_equal(count_value_find(COUNT_OPERATION, "jump", &value), -EINVAL);
	assert_string_equal(
		value, "operation has no value 'jump'; there are: read write free make");
	assert_int_equal(count_value_find(AXIS_WAY, "leap", &way), -EINVAL);
	assert_non_null(strstr(way, " add uintptr deref free from-raw "));
}

/* ---- the same, slowly ------------------------------------------------------------------------ */

#define NAMED (BIT(COUNT_AXES) - 1 - BIT(AXIS_PICK))

static uint8_t slow_size(const struct plan *plan)
{
	uint8_t size = 0;

	while (plan_sizes[size] != plan->size)
		size++;
	return size;
}

/* The value of gap or index: by its name, found among the ranges by trying each. */
static uint8_t slow_steps(const struct plan *plan, const struct truth *truth, bool in_elements)
{
	int64_t far = truth->distance_bytes, size = far < 0 ? -far : far, unit;
	AUTO_FREE char *error = NULL, *name = NULL;
	const char *sign = far < 0 ? "-" : "+";

	unit = in_elements ? plan->width : 1;
	if (plan->class == CLASS_null_deref)
		size /= unit;
	else if (in_elements)
		size = (size + unit - 1) / unit - (far > 0);
	else
		size = size > plan->width ? size - plan->width : 0;
	if (truth->both_ends)
		name = format("both-ends");
	else if (!truth->distance_known)
		name = format("%s", outside_name(plan, truth));
	else if (!truth->leaves)
		name = format("inside");
	else if (size < 2)
		name = format("%s%d", sign, (int)size);
	else
		for (int64_t from = 2; name == NULL; from *= 2)
			if (from == 4194304)
				name = format("%s4194304..", sign);
			else if (size < 2 * from)
				name = format("%s%d..%d", sign, (int)from, (int)(2 * from - 1));
	return (uint8_t)count_value_find(in_elements ? COUNT_INDEX : COUNT_GAP, name, &error);
}

/* As if the row asked for every axis. */
static struct count_row slow_row(
	const struct measurement *run, const struct plan *plan, uint32_t asked)
{
	struct truth truth = truth_of(plan);
	struct count_row row = { .values = { [AXIS_REGION] = (uint8_t)plan->region,
					 [AXIS_ACCESS] = (uint8_t)plan->access,
					 [AXIS_WAY] = (uint8_t)plan->way,
					 [AXIS_DISTANCE] = (uint8_t)plan->distance,
					 [AXIS_HOW] = (uint8_t)plan->how,
					 [AXIS_SIZE] = slow_size(plan),
					 [AXIS_SIDE] = plan->before,
					 [AXIS_REACH] = plan->bump,
					 [AXIS_OP] = plan->store,
					 [AXIS_PICK] = plan->pick,
					 [COUNT_RULE] = plan->breaks,
					 [COUNT_TRUTH] = truth.violation,
					 [COUNT_OPERATION] = (uint8_t)truth.act,
					 [COUNT_OUTSIDE] = (uint8_t)count_outside(plan, &truth),
					 [COUNT_GAP] = slow_steps(plan, &truth, false),
					 [COUNT_INDEX] = slow_steps(plan, &truth, true),
					 [COUNT_CLASS] = (uint8_t)plan->class,
					 [COUNT_IDIOM] = (uint8_t)plan->idiom },
		.plans = 1 };

	while (plan_widths[row.values[AXIS_WIDTH]] != plan->width)
		row.values[AXIS_WIDTH]++;
	for (unsigned d = 0; d < DETECTOR_COUNT; d++)
		if ((asked & BIT(d)) &&
			measurement_has_cell(run, (int)plan->class, (int)plan->idiom, (int)d))
			row.outcomes[d] = synthetic_outcome(plan, (enum detector_id)d);
	return row;
}

static bool lets_in(const struct count_request *request, const struct count_row *row)
{
	for (unsigned a = 0; a < COUNT_AXES; a++)
		if ((request->only & BIT(a)) && !request->lets[a][row->values[a]])
			return false;
	return true;
}

static int compare(const void *a, const void *b)
{
	const struct count_row *x = a, *y = b;
	int order = memcmp(&x->values[COUNT_CLASS], &y->values[COUNT_CLASS], 2);

	order = order != 0 ? order : memcmp(x->values, y->values, COUNT_AXES);
	return order != 0 ? order : memcmp(x->outcomes, y->outcomes, DETECTOR_COUNT);
}

static bool asks(uint32_t asked, unsigned what)
{
	return asked == 0 || (asked & BIT(what));
}

/* A row a plan, sorted, and alike ones added up. */
static struct count slow_count(const struct count_request *request)
{
	const struct measurement *run = request->run;
	uint32_t kept = request->axes | BIT(COUNT_CLASS) | BIT(COUNT_IDIOM);
	struct count slow = { 0 };
	size_t all = 0, filled = 0;

	for (int c = 0; c < CLASS_COUNT; c++)
		all += run->classes & BIT(c) ? measurement_count(run, (enum plan_class)c) * 2 : 0;
	slow.rows = calloc(all + 1, sizeof(*slow.rows));
	assert_non_null(slow.rows);
	for (unsigned c = 0; c < CLASS_COUNT; c++)
		for (unsigned i = 0; i < IDIOM_COUNT; i++)
			for (uint64_t p = 0; (run->classes & BIT(c)) && asks(request->classes, c) &&
				asks(request->idioms, i) &&
				p < measurement_count(run, (enum plan_class)c);
				p++) {
				struct plan plan = measurement_plan(
					run, (enum plan_class)c, (enum plan_idiom)i, p);
				struct count_row row = slow_row(run, &plan,
					request->detectors != 0 ? request->detectors : UINT32_MAX);

				if (!lets_in(request, &row))
					continue;
				for (unsigned a = 0; a < COUNT_AXES; a++)
					row.values[a] = kept & BIT(a) ? row.values[a] : 0;
				slow.rows[filled++] = row;
			}
	qsort(slow.rows, filled, sizeof(*slow.rows), compare);
	for (size_t i = 0; i < filled; i++)
		if (slow.count > 0 && compare(&slow.rows[slow.count - 1], &slow.rows[i]) == 0)
			slow.rows[slow.count - 1].plans++;
		else
			slow.rows[slow.count++] = slow.rows[i];
	return slow;
}

static void check_same(const struct count_request *request)
{
	AUTO_FREE char *error = NULL;
	struct count slow = slow_count(request), fast;

	assert_int_equal(count_plans(request, &fast, &error), 0);
	assert_int_equal(fast.count, slow.count);
	for (size_t i = 0; i < slow.count; i++) { /* between the fields there may be anything */
		assert_int_equal(compare(&fast.rows[i], &slow.rows[i]), 0);
		assert_int_equal(fast.rows[i].plans, slow.rows[i].plans);
	}
	count_free(&fast);
	count_free(&slow);
}

static void check_whole(const struct measurement *run)
{
	static const uint32_t axes[] = { 0, BIT(AXIS_REGION), BIT(AXIS_PICK), NAMED,
		BIT(COUNT_TRUTH) | BIT(AXIS_WAY) | BIT(COUNT_OUTSIDE) | BIT(AXIS_HOW),
		BIT(COUNT_OPERATION) | BIT(AXIS_OP) | BIT(COUNT_RULE) };

	for (size_t i = 0; i < LENGTH(axes); i++)
		check_same(&(struct count_request){ .run = run, .axes = axes[i] });
	check_same(&(struct count_request){ .run = run,
		.axes = BIT(AXIS_DISTANCE),
		.classes = BIT(CLASS_oob_read),
		.idioms = BIT(IDIOM_rust),
		.detectors = BIT(DETECTOR_asan) });
}

/* More than a window, in two parts. */
static void test_against_slow(void **state)
{
	struct measurement run = synthetic_run("a", 70001, 1, 1);

	(void)state;
	run.parts = reallocarray(run.parts, 2, sizeof(*run.parts));
	run.parts[1] = (struct measurement_part){ { SAMPLE_RANDOM, 2, 1000 }, 2, 3, NULL };
	run.part_count = 2;
	synthetic_write(&run);
	check_whole(&run);
	measurement_free(&run);
}

static void test_grid(void **state)
{
	struct measurement run = synthetic_run("grid", 1, 1, 1);

	(void)state;
	run.parts[0].sample = (struct sample){ .kind = SAMPLE_GRID };
	synthetic_write(&run);
	check_whole(&run);
	measurement_free(&run);
}

/* Every detector, so that what all of them said of a plan is a long symbol. */
static void test_all_detectors(void **state)
{
	struct measurement run = synthetic_run("all", 3000, 1, 1);

	(void)state;
	run.detectors = BIT(DETECTOR_COUNT) - 1;
	synthetic_write(&run);
	check_same(&(struct count_request){ .run = &run, .axes = BIT(COUNT_TRUTH) });
	measurement_free(&run);
}

static uint64_t plans_of(const struct count_request *request)
{
	AUTO_FREE char *error = NULL;
	struct count count;
	uint64_t plans = 0;

	assert_int_equal(count_plans(request, &count, &error), 0);
	for (size_t i = 0; i < count.count; i++)
		plans += count.rows[i].plans;
	count_free(&count);
	return plans;
}

/* What is let in is just that, and the values of an axis share the plans out. */
static void test_only(void **state)
{
	struct measurement run = synthetic_run("only", 5000, 1, 1);
	struct count_request request = { .run = &run, .axes = BIT(COUNT_TRUTH) };

	(void)state;
	synthetic_write(&run);
	for (unsigned axis = 0; axis < COUNT_AXES; axis++) {
		char name[COUNT_NAME_MAX];
		uint64_t plans = 0;

		for (unsigned v = 0; count_value_name(IDIOM_go, axis, v, name); v++) {
			struct count_request some = { .run = &run, .only = BIT(axis) };

			some.lets[axis][v] = true;
			plans += plans_of(&some);
		}
		assert_int_equal(plans, 4 * 5000);
	}
	request.only = BIT(AXIS_REGION) | BIT(COUNT_OUTSIDE) | BIT(AXIS_WIDTH);
	request.lets[AXIS_REGION][REGION_HEAP] = request.lets[AXIS_REGION][REGION_STACK] = true;
	request.lets[COUNT_OUTSIDE][COUNT_OUTSIDE_ZERO + 1] = true;
	memset(request.lets[AXIS_WIDTH], true, 2);
	check_same(&request);
	assert_true(plans_of(&request) > 0);
	measurement_free(&run);
}

/* ---- files ----------------------------------------------------------------------------------- */

struct sum {
	uint64_t unjudged, verdicts[VERDICT_COUNT], causes[CAUSE_COUNT];
};

/* Of oob-read in Go. */
static struct sum sum_of(const struct measurement *run, enum detector_id detector)
{
	struct count_request request = { .run = run,
		.axes = BIT(COUNT_TRUTH),
		.classes = BIT(CLASS_oob_read),
		.idioms = BIT(IDIOM_go),
		.partial = true };
	AUTO_FREE char *error = NULL;
	struct sum sum = { 0 };
	struct count count;

	assert_int_equal(count_plans(&request, &count, &error), 0);
	for (size_t i = 0; i < count.count; i++) {
		uint8_t outcome = count.rows[i].outcomes[detector];

		if (outcome == OUTCOME_NONE) {
			sum.unjudged += count.rows[i].plans;
			continue;
		}
		sum.verdicts[outcome_verdict(outcome)] += count.rows[i].plans;
		sum.causes[outcome_cause(outcome)] += count.rows[i].plans;
	}
	count_free(&count);
	return sum;
}

/* Also when files may be short, unless the error is of a file that is. */
static void check_refused(const struct measurement *run, bool partial, int error_number,
	const char *path, const char *says)
{
	struct count_request request = { .run = run,
		.axes = BIT(COUNT_TRUTH),
		.classes = BIT(CLASS_oob_read),
		.partial = partial };
	AUTO_FREE char *error = NULL;
	struct count count;

	assert_int_equal(count_plans(&request, &count, &error), error_number);
	assert_non_null(strstr(error, path));
	assert_non_null(strstr(error, says));
	count_free(&count);
}

static void test_short_and_missing(void **state)
{
	struct measurement run = synthetic_run("b", 1000, 1, 1);
	AUTO_FREE char *path = measurement_plans_path(
		&run, CLASS_oob_read, IDIOM_go, DETECTOR_asan);

	(void)state;
	synthetic_write(&run);
	assert_int_equal(truncate(path, 400), 0);
	assert_int_equal(sum_of(&run, DETECTOR_asan).unjudged, 600);
	assert_int_equal(sum_of(&run, DETECTOR_none).unjudged, 0);
	check_refused(&run, false, -EINVAL, path, "holds 400 bytes, the run has 1000 plans");
	unlink(path);
	assert_int_equal(sum_of(&run, DETECTOR_asan).unjudged, 1000);
	check_refused(&run, false, -ENOENT, path, "No such file");
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
	check_refused(&run, true, -EINVAL, path, "byte 77 is 0xff, which is no outcome");
	put_byte(path, 77, outcome_of(violation ? VERDICT_CLEAN : VERDICT_RIGHT, CAUSE_NONE));
	check_refused(&run, true, -EINVAL, path, "byte 77");
	check_refused(&run, true, -EINVAL, path, "contradicts its plan");
	put_byte(path, 77, OUTCOME_NONE);
	put_byte(path, 1000, OUTCOME_NONE);
	check_refused(&run, true, -EINVAL, path, "holds 1001 bytes, the run has 1000 plans");
	unlink(path);
	assert_int_equal(mkdir(path, 0755), 0);
	check_refused(&run, true, -EINVAL, path, "not a file");
	rmdir(path);
	assert_int_equal(mkfifo(path, 0644), 0);
	check_refused(&run, true, -EINVAL, path, "not a file");
	measurement_free(&run);
}

static void test_other_version(void **state)
{
	struct measurement run = synthetic_run("d", 10, 1, 1);

	(void)state;
	run.plan_version = PLAN_VERSION + 1;
	check_refused(&run, true, -EINVAL, "runs/d", "plan version");
	measurement_free(&run);
}

/* Every byte that outcome_of can make survives. */
static void test_every_outcome(void **state)
{
	struct measurement run = synthetic_run("e", 3000, 1, 1);
	AUTO_FREE char *path = measurement_plans_path(
		&run, CLASS_oob_read, IDIOM_go, DETECTOR_asan);
	struct sum sum;

	(void)state;
	synthetic_write(&run);
	for (int i = 0; i < 3; i++) {
		static const enum verdict odd[] = { VERDICT_TIMEOUT, VERDICT_BROKEN,
			VERDICT_LAYOUT };

		put_byte(path, i, outcome_of(odd[i], CAUSE_NONE));
	}
	sum = sum_of(&run, DETECTOR_asan);
	for (int v = 0; v < VERDICT_COUNT; v++)
		assert_true(sum.verdicts[v] > 0);
	for (int c = 0; c < CAUSE_COUNT; c++)
		assert_true(sum.causes[c] > 0);
	measurement_free(&run);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_outside_names),
		cmocka_unit_test(test_names_differ),
		cmocka_unit_test(test_names_refused),
		cmocka_unit_test(test_against_slow),
		cmocka_unit_test(test_grid),
		cmocka_unit_test(test_all_detectors),
		cmocka_unit_test(test_only),
		cmocka_unit_test(test_short_and_missing),
		cmocka_unit_test(test_wrong_bytes),
		cmocka_unit_test(test_other_version),
		cmocka_unit_test(test_every_outcome),
	};

	return cmocka_run_group_tests_name("count", tests, synthetic_enter, synthetic_leave);
}
