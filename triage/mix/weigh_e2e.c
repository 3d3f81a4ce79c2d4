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
		"show: harnesses/mixes/nowhere.mix: No such file or directory; "
		"next: ls harnesses/mixes lists the mixes\n");
	measurement_free(&made);
}

/* Each mix of the tree can be read; checked.awk makes the lines of two of them. */
static void test_shipped(void **state)
{
	AUTO_FREE char *pattern = format("%s/harnesses/mixes/*.mix", home);
	AUTO_FREE char *same = format(
		"cd %s/harnesses/mixes && awk -f checked.awk checked.tsv > $OLDPWD/lines && "
		"cat checked.mix checked-c.mix | grep ^index > $OLDPWD/shipped && cmp "
		"$OLDPWD/lines $OLDPWD/shipped",
		home);
	glob_t found = { 0 };

	(void)state;
	enter_sandbox("mix");
	assert_int_equal(glob(pattern, 0, NULL, &found), 0);
	assert_true(found.gl_pathc >= 7);
	for (size_t i = 0; i < found.gl_pathc; i++) {
		AUTO_FREE char *error = NULL;
		struct mix mix;

		if (mix_read(found.gl_pathv[i], &mix, &error) != 0)
			fail_msg("%s", error);
		mix_free(&mix);
	}
	globfree(&found);
	assert_int_equal(system(same), 0);
}

/* ---- a mix of one's own crashes -------------------------------------------------------------- */

static void write_report(const char *name, const char *kind, const char *access, unsigned size,
	const char *function, const char *where)
{
	AUTO_FREE char *path = format("logs/%s", name);
	AUTO_FREE char *text = format(
		"==7==ERROR: AddressSanitizer: %s on address 0x602000000018 at pc 0x1 bp "
		"0x2 sp 0x3\n%s of size %u at 0x602000000018 thread T0\n"
		"    #0 0x51 in %s /src/%s.c:%u:3\n\n%s\n\n"
		"SUMMARY: AddressSanitizer: %s /src/%s.c:3 in %s\n",
		kind, access, size, function, function, size, where, kind, function, function);

	assert_int_equal(file_write(path, text, strlen(text)), 0);
}

#define HEAP(words) \
	"0x602000000018 is located " words "-byte region [0x602000000010,0x602000000018)\n" \
	"allocated by thread T0 here:\n    #0 0x41 in malloc\n    #1 0x42 in make /src/m.c:2:2"

/* Buckets, not files; what the reports state, and that the result is a mix. */
static void test_own_crashes(void **state)
{
	AUTO_FREE char *said = NULL, *shown = NULL, *nothing = NULL;
	struct measurement made;

	(void)state;
	make_run(&made);
	mkdir("logs", 0755);
	mkdir("none", 0755);
	write_report("a", "heap-buffer-overflow", "READ", 1, "first", HEAP("0 bytes after 8"));
	write_report("b", "heap-buffer-overflow", "READ", 1, "first", HEAP("0 bytes after 8"));
	write_report("c", "heap-buffer-overflow", "READ", 4, "second", HEAP("5 bytes after 8"));
	write_report("d", "heap-buffer-overflow", "WRITE", 8, "third", HEAP("8 bytes before 8"));
	write_report("e", "heap-use-after-free", "READ", 1, "fourth",
		HEAP("0 bytes inside of 8") "\nfreed by thread T0 here:\n    #0 0x43 in free\n"
					    "    #1 0x44 in drop /src/d.c:2:2");
	said = run(0, "build/bin/triage mix logs");
	assert_says(said,
		"# 4 of 4 buckets; the others are of no class here.\n"
		"name: mine\nsource: logs\nseen-by: asan\nsample: 4\n"
		"class: oob-read=2 oob-write=1 use-after-free=1\n"
		"region | class=oob-read [2]: heap=2\n"
		"region | class=oob-write [1]: heap=1\n"
		"gap | class=oob-read [2]: +0=1 +1~+8..15=1\n"
		"gap | class=oob-write [1]: -0~-8..15=1\n"
		"width | class=oob-read [2]: 1=1 4=1\n"
		"width | class=oob-write [1]: 8=1\n"
		"operation | class=use-after-free [1]: read=1\n");
	assert_int_equal(file_write("mine.mix", said, strlen(said)), 0);
	shown = run(0, "build/bin/triage show made --mix=mine.mix");
	assert_says(shown, "by construction");
	nothing = run(3, "build/bin/triage mix none");
	assert_says(nothing, "none has no report; next: build/bin/triage crashes none -- TARGET");
	measurement_free(&made);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_recomputed),
		cmocka_unit_test(test_show),
		cmocka_unit_test(test_shipped),
		cmocka_unit_test(test_own_crashes),
	};

	if (getenv("FENCEPOST_ONLY") != NULL)
		cmocka_set_test_filter(getenv("FENCEPOST_ONLY"));
	return cmocka_run_group_tests_name("mix", tests, set_up, tear_down);
}
