/* SPDX-License-Identifier: Apache-2.0
 * Mixes that cannot be read, those that the tree has, and weights by hand. */
#include "weigh.h"
#include "runs/synthetic.h"

#include <errno.h>
#include <math.h>

#define LENGTH(array) (sizeof(array) / sizeof(*(array)))
#define HEAD          "name: x\nsource: y\nsample: 10\n"

static const struct {
	const char *text, *message;
} bad[] = {
	{ "colour: red=1\n", ":1: there is no axis 'colour'; there are: region access " },
	{ "region: hep=1\n",
		":1: region has no value 'hep'; there are: heap stack global arena foreign" },
	{ "region: heap=-1\n", ":1: 'heap=-1': VALUE=WEIGHT is allowed, a weight from 0" },
	{ "region: heap=x\n", ":1: 'heap=x': VALUE=WEIGHT is allowed" },
	{ "region: heap=nan\n", ":1: 'heap=nan': VALUE=WEIGHT is allowed" },
	{ "region: heap=\n", ":1: 'heap=': VALUE=WEIGHT is allowed" },
	{ "region: heap\n", ":1: 'heap': VALUE=WEIGHT is allowed" },
	{ "region: heap=0 stack=0\n", ":1: all weights are 0; one at least must be above" },
	{ "region:\n", ":1: all weights are 0; one at least must be above" },
	{ "region: heap=1 heap=2\n", ":1: 'heap' has two weights; allowed: one" },
	{ "size: 8~4=1\n", ":1: '8~4': allowed the other way round" },
	{ "region: heap=1\nregion: stack=1\n",
		":2: two laws for region, one of line 1; allowed: one" },
	{ "side | class=oob-read: after=1\nside | idiom=go: after=1\n",
		":2: two laws for side, one of line 1; allowed: one, whose rows have the same conditions" },
	{ "side | class=oob-read,oob-write: after=1\nside | class=oob-write: after=1\n",
		":2: two laws for side, one of line 1; allowed: one for each condition" },
	{ "side | region=heap: after=1\n",
		":1: a condition on region, which has no law above; allowed without one: class, idiom" },
	{ "side |: after=1\n", ":1: '|' without a condition: AXIS=VALUE,VALUE must follow" },
	{ "side | heap: after=1\n", ":1: 'heap' is no condition: AXIS=VALUE,VALUE is" },
	{ "side | side=after: after=1\n", ":1: side is named twice" },
	{ "region: heap,stack=1 global=1\nside | region=heap: after=1\n",
		":2: the condition on region takes a part of the values that line 1 has one weight for" },
	{ "class | region=heap: oob-read=1\n",
		":1: a condition on region, which has no law above" },
	{ "region: heap=1\nclass | region=heap: oob-read=1\n",
		":2: a condition on region; class may have: idiom" },
	{ "idiom: go=1\n", ":1: no weights for idiom" },
	{ "truth: violation=1\n", ":1: no weights for truth" },
	{ "region [0]: heap=1\n",
		":1: sample '0': it must be a number of reports from 1, exact or unknown" },
	{ "sample: many\n", ":1: sample 'many': it must be" },
	{ "seen-by: gdb\n", ":1: seen-by 'gdb': no such detector; there are: none asan " },
	{ "name: x\nname: y\n", ":2: name is given twice" },
	{ "name:\n", ":1: name is empty" },
	{ "heap\n", ":1: 'heap': no KEY: VALUE; allowed: name: source:" },
	{ "name: x\nsample: 1\n", ": it lacks a line 'source: ...'" },
};

static void test_bad(void **state)
{
	(void)state;
	for (size_t i = 0; i < LENGTH(bad); i++) {
		AUTO_FREE char *error = NULL, *said = format("./bad.mix%s", bad[i].message);
		struct mix mix;

		assert_int_equal(file_write("./bad.mix", bad[i].text, strlen(bad[i].text)), 0);
		assert_int_not_equal(mix_read("./bad.mix", &mix, &error), 0);
		if (strncmp(error, said, strlen(said)) != 0)
			fail_msg("%s: not %s", error, said);
		mix_free(&mix);
	}
}

static void read_text(const char *text, struct mix *ret)
{
	AUTO_FREE char *error = NULL, *whole = format(HEAD "%s", text);

	assert_int_equal(file_write("./made.mix", whole, strlen(whole)), 0);
	if (mix_read("./made.mix", ret, &error) != 0)
		fail_msg("%s", error);
}

/* ---- weights --------------------------------------------------------------------------------- */

static struct measurement made;
static struct weighing *weighing;

static int make_run(void **state)
{
	int error = synthetic_enter(state);

	made = synthetic_run("made", 4000, 1, 1);
	synthetic_write(&made);
	weighing = allocate(1, sizeof(*weighing));
	return error;
}

static int free_run(void **state)
{
	measurement_free(&made);
	free(weighing);
	return synthetic_leave(state);
}

static void weigh(const struct mix *mix)
{
	AUTO_FREE char *error = NULL;

	if (weigh_make(mix, &made, weighing, &error) != 0)
		fail_msg("%s", error);
}

/* What the plans of oob-read in Go's idiom, with a region, come to under asan: [0] right, [1] committed. */
static void count_region(enum plan_region region, double ret[2])
{
	ret[0] = ret[1] = 0;
	for (uint64_t i = 0; i < 4000; i++) {
		struct plan plan = measurement_plan(&made, CLASS_oob_read, IDIOM_go, i);
		enum verdict verdict = outcome_verdict(synthetic_outcome(&plan, DETECTOR_asan));

		if (plan.region != region || verdict > VERDICT_SILENT ||
			verdict == VERDICT_LANGUAGE)
			continue;
		ret[0] += verdict == VERDICT_RIGHT;
		ret[1]++;
	}
}

static void test_by_hand(void **state)
{
	double heap[2], stack[2], global[2];
	struct weighted rate;
	struct mix mix;

	(void)state;
	count_region(REGION_HEAP, heap);
	count_region(REGION_STACK, stack);
	count_region(REGION_GLOBAL, global);
	read_text("region | class=oob-read: heap=6 stack,global=2\n", &mix);
	weigh(&mix);
	rate = weigh_rate(weighing, CLASS_oob_read, IDIOM_go, DETECTOR_asan);
	assert_true(fabs(rate.rate - .75 * heap[0] / heap[1] -
			    .25 * (stack[0] + global[0]) / (stack[1] + global[1])) < 1e-12);
	assert_true(weighing->cells[CLASS_oob_read][IDIOM_go].inverse_m == .1);
	assert_true(weighing->cells[CLASS_use_after_free][IDIOM_go].inverse_m == 0);
	weigh_free(weighing);
	mix_free(&mix);
}

/* The order of the pairs in the bytes matters: both alone and together they must fit the plans. */
static void test_pairs(void **state)
{
	uint64_t alone = 0, both = 0;

	(void)state;
	for (uint64_t i = 0; i < 4000; i++) {
		struct plan plan = measurement_plan(&made, CLASS_oob_read, IDIOM_go, i);
		enum verdict a = outcome_verdict(synthetic_outcome(&plan, DETECTOR_asan));
		enum verdict b = outcome_verdict(synthetic_outcome(&plan, DETECTOR_none));

		if (a > VERDICT_SILENT || a == VERDICT_LANGUAGE || b == VERDICT_LANGUAGE)
			continue;
		both++;
		alone += a == VERDICT_RIGHT && b != VERDICT_RIGHT;
	}
	weigh(&mix_even);
	assert_int_equal(weighing->cells[CLASS_oob_read][IDIOM_go].strata[0].both[DETECTOR_asan]
										 [DETECTOR_none],
		both);
	assert_int_equal(weighing->cells[CLASS_oob_read][IDIOM_go].strata[0].alone[DETECTOR_asan]
										  [DETECTOR_none],
		alone);
	weigh_free(weighing);
}

/* 1/m of a condition's own sample has the square of the condition's weight. */
static void test_samples(void **state)
{
	struct mix mix;

	(void)state;
	read_text("region | class=oob-read: heap=3 stack=1\n"
		  "side | class=oob-read region=heap [50]: after=1\n"
		  "side | class=oob-read region=stack [20]: after=1 before=1\n",
		&mix);
	weigh(&mix);
	assert_true(fabs(weighing->cells[CLASS_oob_read][IDIOM_go].inverse_m -
			    (.1 + .5625 / 50 + .0625 / 20)) < 1e-12);
	weigh_free(weighing);
	mix_free(&mix);
}

static void test_all_classes(void **state)
{
	struct weighted all, read, freed;
	struct mix mix;

	(void)state;
	read_text("class: oob-read=1 use-after-free=3 null-deref=1\n", &mix);
	weigh(&mix);
	all = weigh_rate(weighing, WEIGH_ALL, IDIOM_go, DETECTOR_asan);
	read = weigh_rate(weighing, CLASS_oob_read, IDIOM_go, DETECTOR_asan);
	freed = weigh_rate(weighing, CLASS_use_after_free, IDIOM_go, DETECTOR_asan);
	assert_true(fabs(all.rate - .2 * read.rate - .6 * freed.rate) < 1e-12);
	assert_true(fabs(all.most - all.rate - .2) < 1e-12);
	weigh_free(weighing);
	mix_free(&mix);
}

static void test_dropped(void **state)
{
	AUTO_FREE char *error = NULL;
	struct mix mix;

	(void)state;
	read_text("region | class=use-after-free: heap=199 stack=1\n", &mix);
	weigh(&mix);
	assert_true(fabs(weighing->cells[CLASS_use_after_free][IDIOM_go].dropped - .005) < 1e-12);
	assert_true(
		fabs(weighing->cells[CLASS_use_after_free][IDIOM_go].strata[1].weight - 1) < 1e-12);
	weigh_free(weighing);
	mix_free(&mix);
	read_text("region | class=use-after-free: heap=9 stack=1\n", &mix);
	assert_int_equal(weigh_make(&mix, &made, weighing, &error), -EDOM);
	assert_string_equal(error,
		"./made.mix: 10.0 % of the weight in use-after-free, go is of combinations that no plan "
		"has, most of it region=stack; allowed: 1 %. The values of each class: build/bin/plan list");
	weigh_free(weighing);
	mix_free(&mix);
}

static void test_circular(void **state)
{
	struct mix mix;

	(void)state;
	read_text("seen-by: asan\nregion | class=oob-read: heap=1\n", &mix);
	weigh(&mix);
	assert_true(weigh_is_circular(weighing, CLASS_oob_read, IDIOM_go, DETECTOR_asan));
	assert_true(weigh_is_circular(weighing, CLASS_oob_read, IDIOM_rust, DETECTOR_rust_asan));
	assert_false(weigh_is_circular(weighing, CLASS_oob_read, IDIOM_go, DETECTOR_go_asan));
	assert_false(weigh_is_circular(weighing, CLASS_oob_read, IDIOM_go, DETECTOR_ubsan));
	assert_false(weigh_is_circular(weighing, CLASS_use_after_free, IDIOM_go, DETECTOR_asan));
	weigh_free(weighing);
	mix_free(&mix);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bad),
		cmocka_unit_test(test_by_hand),
		cmocka_unit_test(test_pairs),
		cmocka_unit_test(test_samples),
		cmocka_unit_test(test_all_classes),
		cmocka_unit_test(test_dropped),
		cmocka_unit_test(test_circular),
	};

	if (getenv("FENCEPOST_ONLY") != NULL)
		cmocka_set_test_filter(getenv("FENCEPOST_ONLY"));
	return cmocka_run_group_tests_name("mix", tests, make_run, free_run);
}
