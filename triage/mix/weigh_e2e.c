/* SPDX-License-Identifier: Apache-2.0
 * Rates under random mixes against a script that reads the bytes and `plan show` (recompute.pl), and the subcommand. */
#include "testing/sandbox.h"
#include "runs/synthetic.h"
#include "weigh.h"

#include <math.h>

#define PLANS 3000
#define MIXES 5

static uint64_t random_state = 1;

static unsigned random_below(unsigned limit)
{
	random_state = random_state * 6364136223846793005u + 1442695040888963407u;
	return (unsigned)(random_state >> 33) % limit;
}

static void write_weights(FILE *out, enum describe_axis axis)
{
	const char *name;

	for (unsigned v = 0; (name = describe_axis_value(IDIOM_go, axis, v)) != NULL; v++)
		fprintf(out, " %s=%u", name, 1 + random_below(50));
	fprintf(out, "\n");
}

/* Three axes, one of them given another. */
static void write_mix(const char *path)
{
	FILE *out = fopen(path, "we");
	const char *region;

	assert_non_null(out);
	fprintf(out, "name: random\nsource: a test\nsample: 100\n");
	fprintf(out, "region | class=oob-read:");
	write_weights(out, AXIS_REGION);
	for (unsigned v = 0; (region = describe_axis_value(IDIOM_go, AXIS_REGION, v)) != NULL;
		v++) {
		fprintf(out, "side | class=oob-read region=%s:", region);
		write_weights(out, AXIS_SIDE);
	}
	fprintf(out, "width | class=oob-read:");
	write_weights(out, AXIS_WIDTH);
	fclose(out);
}

/* Of the plans of oob-read in Go's idiom, as `plan show` has them. */
static void write_plans(const struct measurement *run)
{
	mkdir("inputs", 0755);
	for (uint64_t i = 0; i < PLANS; i++) {
		struct plan plan = measurement_plan(run, CLASS_oob_read, IDIOM_go, i);
		AUTO_FREE char *path = format("inputs/%05llu", (unsigned long long)i);
		uint8_t bytes[PLAN_BYTES];

		plan_encode(&plan, bytes);
		assert_int_equal(file_write(path, bytes, sizeof(bytes)), 0);
	}
	assert_int_equal(
		system("find inputs -type f | sort | xargs build/bin/plan show > plans.txt"), 0);
}

static void make_run(struct measurement *ret)
{
	enter_sandbox("mix");
	*ret = synthetic_run("made", PLANS, 1, 1);
	synthetic_write(ret);
}

static void test_recomputed(void **state)
{
	AUTO_FREE struct weighing *weighing = allocate(1, sizeof(*weighing));
	struct measurement made;

	(void)state;
	make_run(&made);
	write_plans(&made);
	for (int m = 0; m < MIXES; m++) {
		AUTO_FREE char *error = NULL, *said = NULL;
		AUTO_FREE char *line = format("perl %s/triage/mix/recompute.pl random.mix "
					      "runs/made/plans/oob-read.go.asan.u8 plans.txt",
			home);
		struct mix mix;
		struct weighted rate;
		char *end;

		write_mix("random.mix");
		assert_int_equal(mix_read("random.mix", &mix, &error), 0);
		assert_int_equal(weigh_make(&mix, &made, weighing, &error), 0);
		rate = weigh_rate(weighing, CLASS_oob_read, IDIOM_go, DETECTOR_asan);
		said = run(0, line);
		assert_true(fabs(strtod(said, &end) - rate.rate) < 1e-9);
		assert_true(fabs(1 - strtod(end, NULL) - (rate.most - rate.rate)) < 1e-9);
		weigh_free(weighing);
		mix_free(&mix);
	}
	measurement_free(&made);
}

static void test_show(void **state)
{
	struct measurement made;
	AUTO_FREE char *said = NULL, *bad = NULL, *none = NULL;

	(void)state;
	make_run(&made);
	write_mix("random.mix");
	said = run(0, "build/bin/triage show made --mix=random.mix");
	assert_says(said, "mix random: a test; sample: 100; seen by: no detector\n");
	assert_says(said, "go, diagnosed under random, % of the violations committed\n");
	assert_int_equal(file_write("bad.mix", "name: x\nregion: heap=-1\n", 24), 0);
	bad = run(64, "build/bin/triage show made --mix=bad.mix");
	assert_string_equal(
		bad, "show: bad.mix:2: 'heap=-1': VALUE=WEIGHT is allowed, a weight from 0\n");
	none = run(64, "build/bin/triage show made --mix=nowhere");
	assert_string_equal(none,
		"show: harnesses/mixes/nowhere.mix: No such file or directory; the "
		"mixes here: ls harnesses/mixes\n");
	measurement_free(&made);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_recomputed),
		cmocka_unit_test(test_show),
	};

	if (getenv("FENCEPOST_ONLY") != NULL)
		cmocka_set_test_filter(getenv("FENCEPOST_ONLY"));
	return cmocka_run_group_tests_name("mix", tests, set_up, tear_down);
}
