/* SPDX-License-Identifier: Apache-2.0
 * Plans that are drawn from a mix against a run of random plans that is weighed by it. */
#include "sampling.h"
#include "runs/synthetic.h"
#include "weigh.h"

#include <math.h>

#define PLANS 30000
#define MIXES 20

static uint64_t random_state = 7;

static unsigned random_below(unsigned limit)
{
	random_state = random_state * 6364136223846793005u + 1442695040888963407u;
	return (unsigned)(random_state >> 33) % limit;
}

/* Regions differ most, so that a weight that is off shows; the rest is chance. */
static uint8_t outcome_by_region(const struct plan *plan)
{
	static const unsigned percent[REGION_COUNT] = { 98, 70, 40, 3, 20 };
	uint8_t bytes[PLAN_BYTES];
	uint32_t hash = 2166136261u;

	if (!truth_of(plan).violation)
		return outcome_of(VERDICT_CLEAN, CAUSE_NONE);
	plan_encode(plan, bytes);
	for (int i = 0; i < PLAN_BYTES; i++)
		hash = (hash ^ bytes[i]) * 16777619u;
	hash ^= hash >> 15;
	return hash % 100 < percent[plan->region] + (plan->before ? 0 : 2) ?
		outcome_of(VERDICT_RIGHT, CAUSE_NONE) :
		outcome_of(VERDICT_SILENT, CAUSE_NO_RULE);
}

/* One class, one idiom, one detector. */
static void make_run(struct measurement *ret)
{
	AUTO_FREE uint8_t *bytes = allocate(PLANS, 1);
	AUTO_FREE char *path = NULL;

	*ret = synthetic_run("random", PLANS, 1, 1);
	ret->classes = BIT(CLASS_oob_read);
	ret->idioms = BIT(IDIOM_go);
	ret->detectors = BIT(DETECTOR_asan);
	synthetic_write(ret);
	for (uint64_t i = 0; i < PLANS; i++) {
		struct plan plan = measurement_plan(ret, CLASS_oob_read, IDIOM_go, i);

		bytes[i] = outcome_by_region(&plan);
	}
	path = measurement_plans_path(ret, CLASS_oob_read, IDIOM_go, DETECTOR_asan);
	assert_int_equal(file_write(path, bytes, PLANS), 0);
}

static void write_weights(FILE *out, enum describe_axis axis)
{
	const char *name;

	for (unsigned v = 0; (name = describe_axis_value(IDIOM_go, axis, v)) != NULL; v++)
		fprintf(out, " %s=%u", name, 5 + random_below(50));
	fprintf(out, "\n");
}

static void make_mix(struct mix *ret)
{
	AUTO_FREE char *error = NULL;
	FILE *out = fopen("./drawn.mix", "we");

	assert_non_null(out);
	fprintf(out, "name: drawn\nsource: a test\nsample: exact\nregion:");
	write_weights(out, AXIS_REGION);
	fprintf(out, "side | region=heap:");
	write_weights(out, AXIS_SIDE);
	fclose(out);
	if (mix_read("./drawn.mix", ret, &error) != 0)
		fail_msg("%s", error);
}

/* The rate among drawn plans, and that each is a violation of its own. */
static double drawn_rate(const struct mix *mix, const struct sample *sample)
{
	AUTO_FREE uint64_t *numbers = allocate(PLANS, sizeof(*numbers));
	AUTO_FREE bool *seen = allocate(PLANS * 100, sizeof(*seen));
	AUTO_FREE char *error = NULL;
	double right = 0;

	if (sampling_draw(mix, sample, CLASS_oob_read, IDIOM_go, numbers, &error) != 0)
		fail_msg("%s", error);
	for (uint64_t i = 0; i < PLANS; i++) {
		struct plan plan = sample_plan(sample, CLASS_oob_read, IDIOM_go, numbers[i]);

		assert_true(truth_of(&plan).violation);
		assert_true(numbers[i] < PLANS * 100 && !seen[numbers[i]]);
		seen[numbers[i]] = true;
		right += outcome_verdict(outcome_by_region(&plan)) == VERDICT_RIGHT;
	}
	return right / PLANS;
}

static void test_drawn(void **state)
{
	AUTO_FREE struct weighing *weighing = allocate(1, sizeof(*weighing));
	const struct sample sample = { SAMPLE_RANDOM, 99, PLANS };
	struct measurement made;
	int apart = 0;

	(void)state;
	make_run(&made);
	for (int m = 0; m < MIXES; m++) {
		AUTO_FREE char *error = NULL;
		struct weighted rate;
		double drawn, deviation;
		struct mix mix;

		make_mix(&mix);
		if (weigh_make(&mix, &made, weighing, &error) != 0)
			fail_msg("%s", error);
		rate = weigh_rate(weighing, CLASS_oob_read, IDIOM_go, DETECTOR_asan);
		drawn = drawn_rate(&mix, &sample);
		deviation = sqrt(drawn * (1 - drawn) / PLANS + pow(rate.given / 1.96, 2));
		if (fabs(drawn - rate.rate) > 3 * deviation) {
			print_error("mix %d: drawn %.4f, weighed %.4f, deviation %.4f\n", m, drawn,
				rate.rate, deviation);
			apart++;
		}
		weigh_free(weighing);
		mix_free(&mix);
	}
	assert_int_equal(apart, 0);
	measurement_free(&made);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_drawn) };

	return cmocka_run_group_tests_name("sampling", tests, synthetic_enter, synthetic_leave);
}
