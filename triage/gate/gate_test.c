/* SPDX-License-Identifier: Apache-2.0
 * Tests of the gate's judgement on synthetic runs: regressions, passes, and files that are no baselines. */
#include "text.h"

#include "accept.h"
#include "base/escape.h"
#include "compare.h"
#include "json.h"
#include "print.h"
#include "rates.h"
#include "runs/synthetic.h"
#include "runs/toolchain.h"
#include "stats/inference.h"

#include <errno.h>

#define BASELINE "baseline.json"
#define INPUTS   2000

struct fixture {
	struct measurement run;
	struct baseline baseline;
	struct plan_bytes_list base, now;
	struct gate gate;
};

static void write_baseline(const struct measurement *run)
{
	AUTO_JSON json_t *options = json_pack("{ss ss}", "none", "no checks", "asan", "checks");
	const struct baseline_reproducer reproducers[] = {
		{ (char *)(uintptr_t) "oob-read/asan-SEGV-00000001", VERDICT_TRAP, CAUSE_NONE, 10,
			10 },
		{ (char *)(uintptr_t) "oob-read/blind-asan-granule-2", VERDICT_SILENT,
			CAUSE_GRANULE, 7, 10 },
	};
	AUTO_FREE char *error = NULL;

	if (baseline_write(BASELINE, run, options, reproducers, 2, &error) != 0)
		fail_msg("%s", error);
}

/* Of @inputs plans, compared plan by plan unless @other_toolchain. */
static void open_fixture(
	struct fixture *ret, const char *id, uint64_t inputs, const char *toolchain)
{
	AUTO_FREE char *error = NULL;

	*ret = (struct fixture){ .run = synthetic_run(id, inputs, 1, 1) };
	unlink(BASELINE);
	synthetic_write(&ret->run);
	write_baseline(&ret->run);
	if (toolchain != NULL) {
		free(ret->run.toolchain);
		ret->run.toolchain = format("%s", toolchain);
	}
	assert_int_equal(baseline_read(BASELINE, &ret->baseline, &error), 0);
	assert_int_equal(plan_bytes_of_run(&ret->run, &ret->now, &error), 0);
	ret->gate = (struct gate){ .run = &ret->run,
		.baseline = &ret->baseline,
		.section = baseline_nearest(&ret->baseline, ret->run.toolchain),
		.detectors = BIT(DETECTOR_COUNT) - 1,
		.same_toolchain = toolchain == NULL,
		.same_plans = toolchain == NULL,
		.exact = toolchain == NULL,
		.differences = json_array(),
		.remarks = json_array(),
		.findings = json_array(),
		.failures = json_array() };
	assert_int_equal(baseline_plans(BASELINE, ret->gate.section, &ret->base, &error), 0);
}

static void close_fixture(struct fixture *fixture)
{
	gate_free(&fixture->gate);
	plan_bytes_free(&fixture->base);
	plan_bytes_free(&fixture->now);
	baseline_free(&fixture->baseline);
	measurement_free(&fixture->run);
}

static int conclude(struct fixture *fixture)
{
	gate_compare(&fixture->gate, &fixture->now, &fixture->base);
	gate_conclude(&fixture->gate);
	return fixture->gate.code;
}

/* The first @count plans of the first cell with @from get @to. */
static void change(struct fixture *fixture, enum verdict from, uint8_t to, uint64_t count)
{
	struct plan_bytes *cell = &fixture->now.list[0];

	for (uint64_t p = 0; p < cell->count && count > 0; p++)
		if (outcome_verdict(cell->bytes[p]) == from && cell->bytes[p] != to) {
			cell->bytes[p] = to;
			count--;
		}
	assert_int_equal(count, 0);
}

/* ---- plan by plan ---------------------------------------------------------------------------- */

static void test_same(void **state)
{
	struct fixture fixture;

	(void)state;
	open_fixture(&fixture, "20261123-100000-same", INPUTS, NULL);
	assert_int_equal(conclude(&fixture), 0);
	assert_int_equal(fixture.gate.cell_count, 8);
	assert_int_equal(gate_cells_in(&fixture.gate, GATE_SAME), 8);
	assert_int_equal(fixture.gate.change_count, 0);
	close_fixture(&fixture);
}

/* One plan of 16,000 is enough, and it is named. */
static void check_one(enum verdict from, uint8_t to, enum gate_state expected, int code)
{
	struct fixture fixture;
	AUTO_FREE char *changes = NULL;

	open_fixture(&fixture, "20261123-100000-one", INPUTS, NULL);
	change(&fixture, from, to, 1);
	assert_int_equal(conclude(&fixture), code);
	assert_int_equal(fixture.gate.cells[0].state, expected);
	assert_int_equal(gate_cells_in(&fixture.gate, GATE_SAME), 7);
	assert_int_equal(fixture.gate.change_count, 1);
	assert_int_equal(fixture.gate.changes[0].how == GATE_HOW_WORSE, expected == GATE_WORSE);
	changes = gate_changes(&fixture.gate);
	assert_non_null(strstr(changes, "\toob-read.go.none\t"));
	close_fixture(&fixture);
}

static void test_one_plan(void **state)
{
	uint8_t granule = outcome_of(VERDICT_SILENT, CAUSE_GRANULE);

	(void)state;
	check_one(VERDICT_RIGHT, outcome_of(VERDICT_WRONG_KIND, CAUSE_NONE), GATE_WORSE, 2);
	check_one(VERDICT_RIGHT, outcome_of(VERDICT_TIMEOUT, CAUSE_NONE), GATE_WORSE, 2);
	check_one(VERDICT_TRAP, granule, GATE_WORSE, 2);
	check_one(VERDICT_LANGUAGE, granule, GATE_WORSE, 2);
	check_one(VERDICT_CLEAN, outcome_of(VERDICT_FALSE_ALARM, CAUSE_NONE), GATE_WORSE, 2);
	check_one(VERDICT_WRONG_KIND, outcome_of(VERDICT_RIGHT, CAUSE_NONE), GATE_IMPROVED, 0);
	check_one(VERDICT_FALSE_ALARM, outcome_of(VERDICT_CLEAN, CAUSE_NONE), GATE_IMPROVED, 0);
	check_one(VERDICT_SILENT, outcome_of(VERDICT_TRAP, CAUSE_NONE), GATE_IMPROVED, 0);
	check_one(VERDICT_WRONG_KIND, outcome_of(VERDICT_TRAP, CAUSE_NONE), GATE_CHANGED, 0);
	check_one(VERDICT_SILENT, granule, GATE_CHANGED, 2);
	check_one(VERDICT_SILENT, outcome_of(VERDICT_SILENT, CAUSE_UNEXPLAINED), GATE_CHANGED, 2);
}

/* The last line says what changed, and says of nothing else that it is as it was. */
static void check_last(enum verdict from, uint8_t to, bool strict, const char *expected)
{
	struct fixture fixture;
	AUTO_FREE char *verdict = NULL;

	open_fixture(&fixture, "20261123-100000-last", INPUTS, NULL);
	fixture.gate.strict = strict;
	change(&fixture, from, to, 1);
	conclude(&fixture);
	verdict = gate_verdict(&fixture.gate);
	assert_string_equal(verdict, expected);
	close_fixture(&fixture);
}

static void test_last_line(void **state)
{
	uint8_t trap = outcome_of(VERDICT_TRAP, CAUSE_NONE);
	uint8_t right = outcome_of(VERDICT_RIGHT, CAUSE_NONE);

	(void)state;
	check_last(VERDICT_WRONG_KIND, trap, false, "green, exit 0: 1 cell changed");
	check_last(VERDICT_SILENT, outcome_of(VERDICT_SILENT, CAUSE_GRANULE), false,
		"red, exit 2: 1 cell changed, 1 of them silent for other causes");
	check_last(VERDICT_TRAP, right, false, "green, exit 0: 1 improved");
	check_last(VERDICT_TRAP, right, true,
		"red, exit 2: 1 improved, which counts as a finding under --strict");
	check_last(VERDICT_WRONG_KIND, trap, true, "green, exit 0: 1 cell changed");
}

/* Each cell that improved is listed with a plan, in all outputs that people read, before the request. */
static void test_improvements(void **state)
{
	struct fixture fixture;
	AUTO_FREE char *markdown = NULL;
	AUTO_FREE char *text = NULL;
	size_t size;
	FILE *out;

	(void)state;
	open_fixture(&fixture, "20261123-100000-better", INPUTS, NULL);
	change(&fixture, VERDICT_TRAP, outcome_of(VERDICT_RIGHT, CAUSE_NONE), 3);
	assert_int_equal(conclude(&fixture), 0);
	out = open_memstream(&text, &size);
	gate_print(out, &fixture.gate, "out");
	fclose(out);
	markdown = gate_markdown(&fixture.gate);
	assert_non_null(
		strstr(text, "\nimproved: oob-read.go.none: 3 plans better, such as plan "));
	assert_non_null(strstr(text, ": trap -> right: oob-read, go: "));
	assert_non_null(strstr(text,
		"\nimproved: 1 cells and 0 reproducers are better than the baseline; next: make "
		"baseline\n"));
	assert_non_null(strstr(markdown, "\n- improved: oob-read.go.none: 3 plans better"));
	close_fixture(&fixture);
}

/* However many plans moved, what is worse is in the list, and some of each cell are. */
static void test_many_changes(void **state)
{
	struct fixture fixture;
	uint64_t listed = 0, worse = 0;

	(void)state;
	open_fixture(&fixture, "20261123-100000-many", INPUTS * 10, NULL);
	for (size_t i = 0; i < fixture.now.count; i++)
		for (uint64_t p = 0; p < fixture.now.list[i].count; p++)
			if (outcome_verdict(fixture.now.list[i].bytes[p]) != VERDICT_RIGHT)
				fixture.now.list[i].bytes[p] = outcome_of(
					VERDICT_RIGHT, CAUSE_NONE);
	fixture.now.list[7].bytes[0] = outcome_of(VERDICT_SILENT, CAUSE_GRANULE);
	fixture.base.list[7].bytes[0] = outcome_of(VERDICT_RIGHT, CAUSE_NONE);
	assert_int_equal(conclude(&fixture), 2);
	assert_true(fixture.gate.changes_left_out > 0);
	for (size_t i = 0; i < fixture.gate.change_count; i++) {
		const struct gate_change *change = &fixture.gate.changes[i];

		listed += gate_change_is_of(change, &fixture.gate.cells[6]);
		worse += change->how == GATE_HOW_WORSE;
	}
	assert_true(listed >= GATE_SHOWN);
	assert_true(worse > 0 && fixture.gate.changes[0].how == GATE_HOW_WORSE);
	close_fixture(&fixture);
}

/* As much is won as is lost: the rates stay, the gate does not. */
static void test_swap(void **state)
{
	struct fixture fixture;

	(void)state;
	open_fixture(&fixture, "20261123-100000-swap", INPUTS, NULL);
	change(&fixture, VERDICT_TRAP, outcome_of(VERDICT_RIGHT, CAUSE_NONE), 5);
	for (uint64_t p = fixture.now.list[0].count, left = 5; p-- > 0 && left > 0;)
		if (fixture.base.list[0].bytes[p] == outcome_of(VERDICT_RIGHT, CAUSE_NONE)) {
			fixture.now.list[0].bytes[p] = outcome_of(VERDICT_TRAP, CAUSE_NONE);
			left--;
		}
	assert_int_equal(conclude(&fixture), 2);
	assert_int_equal(fixture.gate.cells[0].changed[GATE_HOW_WORSE], 5);
	assert_int_equal(fixture.gate.cells[0].changed[GATE_HOW_BETTER], 5);
	assert_true(fixture.gate.cells[0].tests[GATE_DIAGNOSED].worse == 0);
	close_fixture(&fixture);
}

static void test_cells_differ(void **state)
{
	struct fixture fixture;

	(void)state;
	open_fixture(&fixture, "20261123-100000-absent", INPUTS, NULL);
	free(fixture.now.list[--fixture.now.count].bytes);
	assert_int_equal(conclude(&fixture), 3);
	assert_int_equal(gate_cells_in(&fixture.gate, GATE_ABSENT), 1);
	close_fixture(&fixture);

	open_fixture(&fixture, "20261123-100000-new", INPUTS, NULL);
	fixture.baseline.sections[0].cell_count--;
	assert_int_equal(conclude(&fixture), 0);
	assert_int_equal(gate_cells_in(&fixture.gate, GATE_NEW), 1);
	close_fixture(&fixture);

	open_fixture(&fixture, "20261123-100000-options", INPUTS, NULL);
	json_array_append_new(fixture.gate.differences, json_string("options of asan: ..."));
	assert_int_equal(conclude(&fixture), 3);
	close_fixture(&fixture);
}

/* ---- rate by rate ---------------------------------------------------------------------------- */

/* @count plans of the first cell go from @from to @to. */
static int check_rates(uint64_t inputs, enum verdict from, enum verdict to, uint64_t count,
	enum gate_state expected)
{
	struct fixture fixture;
	int code;

	open_fixture(&fixture, "20261123-100000-rates", inputs, "clang 19.1.7, Linux 6.1");
	change(&fixture, from, outcome_of(to, CAUSE_NONE), count);
	code = conclude(&fixture);
	if (fixture.gate.cells[0].state != expected)
		fail_msg("%u plans, %u changed: %s, p %g, smallest %g", (unsigned)inputs,
			(unsigned)count, gate_state_slug(fixture.gate.cells[0].state),
			fixture.gate.cells[0].tests[0].p, fixture.gate.cells[0].tests[0].smallest);
	close_fixture(&fixture);
	return code;
}

static void test_rates(void **state)
{
	enum verdict right = VERDICT_RIGHT, wrong = VERDICT_WRONG_KIND;
	enum verdict clean = VERDICT_CLEAN, alarm = VERDICT_FALSE_ALARM;

	(void)state;
	assert_int_equal(check_rates(20000, right, wrong, 0, GATE_SAME), 0);
	/* a point of the diagnosed, but it could be chance */
	assert_int_equal(check_rates(20000, right, wrong, 100, GATE_SAME), 0);
	assert_int_equal(check_rates(20000, right, wrong, 400, GATE_WORSE), 2);
	/* 0.8 of 100 points more false alarms: sure, but below a point */
	assert_int_equal(check_rates(20000, clean, alarm, 80, GATE_SAME), 0);
	assert_int_equal(check_rates(20000, clean, alarm, 150, GATE_WORSE), 2);
	/* 40 plans a cell cannot tell */
	assert_int_equal(check_rates(40, right, wrong, 0, GATE_LITTLE), 3);
}

/* At the boundaries: p must be below alpha, the change at least as large as the points. */
static void test_beyond(void **state)
{
	static const struct {
		double p, change;
		bool expected;
	} rows[] = {
		{ 0.05, 0.5, false },
		{ 0.0499999999999999, 0.5, true },
		{ 0.0500000000000001, 0.5, false },
		{ 0, 0.01, true },
		{ 0, 0.0100000000000001, true },
		{ 0, 0.0099999999999999, false },
		{ 0.05, 0.01, false },
		{ 0, 0, false },
		{ 0, -0.5, false },
		{ 1, 1, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		if (gate_is_beyond(rows[i].p, rows[i].change) != rows[i].expected)
			fail_msg("p %.17g, change %.17g", rows[i].p, rows[i].change);
}

/* A point exactly, whatever the numbers are of which it is one. */
static void test_fall(void **state)
{
	static const struct {
		uint64_t k0, n0, k1, n1;
		double expected;
	} rows[] = {
		{ 9900, 10000, 9800, 10000, 0.01 },
		{ 2900, 10000, 2800, 10000, 0.01 },
		{ 7, 10, 69, 100, 0.01 },
		{ 57, 100, 5600, 10000, 0.01 },
		{ 970000000, 1000000000, 960000000, 1000000000, 0.01 },
		{ 1, 100, 2, 100, -0.01 },
		{ 5, 10, 5, 10, 0 },
		{ 0, 0, 5, 10, 0 },
		{ 5, 10, 0, 0, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct gate_test test = {
			.k0 = rows[i].k0, .n0 = rows[i].n0, .k1 = rows[i].k1, .n1 = rows[i].n1
		};

		if (gate_fall(&test) != rows[i].expected)
			fail_msg("row %zu: %.17g", i, gate_fall(&test));
	}
}

/* A cell of these counts of right, and of silence for two causes, then and now, out of @of violations; the state
 * that it then has. */
static enum gate_state judge_counts(uint64_t of, const uint64_t then[3], const uint64_t now[3])
{
	uint8_t right = outcome_of(VERDICT_RIGHT, CAUSE_NONE),
		granule = outcome_of(VERDICT_SILENT, CAUSE_GRANULE),
		live = outcome_of(VERDICT_SILENT, CAUSE_LIVE_NEIGHBOUR),
		trap = outcome_of(VERDICT_TRAP, CAUSE_NONE);
	struct baseline_cell base = { .plans = of };
	struct baseline_section section = { .cells = &base, .cell_count = 1 };
	struct plan_bytes bytes = { .count = of, .bytes = malloc(of) };
	struct plan_bytes_list run = { .list = &bytes, .count = 1 }, none = { 0 };
	struct gate gate = { .section = &section, .detectors = BIT(DETECTOR_COUNT) - 1 };
	enum gate_state state;

	assert_non_null(bytes.bytes);
	base.counts[right] = then[0];
	base.counts[granule] = then[1];
	base.counts[live] = then[2];
	base.counts[trap] = of - then[0] - then[1] - then[2];
	memset(bytes.bytes, trap, of);
	memset(bytes.bytes, right, now[0]);
	memset(bytes.bytes + now[0], granule, now[1]);
	memset(bytes.bytes + now[0] + now[1], live, now[2]);
	gate_compare(&gate, &run, &none);
	state = gate.cells[0].state;
	assert_int_equal(gate.cells[0].has_moved, gate_cell_is_finding(gate.cells));
	gate_free(&gate);
	free(bytes.bytes);
	return state;
}

static void test_causes(void **state)
{
	static const struct {
		uint64_t then[3], now[3];
		enum gate_state expected;
	} rows[] = {
		{ { 5000, 2000, 1000 }, { 5000, 2000, 1000 }, GATE_SAME },
		/* chance */
		{ { 5000, 2000, 1000 }, { 5000, 1990, 1010 }, GATE_SAME },
		{ { 5000, 2000, 1000 }, { 5000, 1960, 1040 }, GATE_SAME },
		/* beyond it, and from one cause to another, the silent being as many */
		{ { 5000, 2000, 1000 }, { 5000, 1800, 1200 }, GATE_CHANGED },
		{ { 5000, 2000, 1000 }, { 5000, 2200, 800 }, GATE_CHANGED },
		/* a cause that was not there */
		{ { 5000, 3000, 0 }, { 5000, 2890, 110 }, GATE_CHANGED },
		/* beyond chance, but less than a point, and then exactly one */
		{ { 5000, 3000, 0 }, { 5000, 2901, 99 }, GATE_SAME },
		{ { 5000, 3000, 0 }, { 5000, 2900, 100 }, GATE_CHANGED },
		/* where one cause is mended, the others have not moved */
		{ { 5000, 2000, 1000 }, { 7000, 0, 1000 }, GATE_IMPROVED },
		{ { 5000, 2000, 1000 }, { 6000, 1000, 1000 }, GATE_IMPROVED },
		/* a point exactly for the better, and a plan less */
		{ { 9900, 100, 0 }, { 10000, 0, 0 }, GATE_IMPROVED },
		{ { 9901, 99, 0 }, { 10000, 0, 0 }, GATE_SAME },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		enum gate_state seen = judge_counts(10000, rows[i].then, rows[i].now);

		if (seen != rows[i].expected)
			fail_msg("row %zu: %s instead of %s", i, gate_state_slug(seen),
				gate_state_slug(rows[i].expected));
	}
}

static void test_smallest(void **state)
{
	struct fixture fixture;
	double low = 0, high = 0;

	(void)state;
	open_fixture(&fixture, "20261123-100000-smallest", 20000, "gcc 12, clang 14.0.7");
	conclude(&fixture);
	assert_true(gate_smallest(&fixture.gate, GATE_DIAGNOSED, &low, &high));
	assert_true(low >= GATE_POINTS && low <= high && high < 0.03);
	/* that very drop is seen, a plan less is not */
	{
		const struct gate_test *test = &fixture.gate.cells[0].tests[GATE_DIAGNOSED];
		uint64_t fallen = (uint64_t)(test->smallest * (double)test->n1 + 0.5);

		assert_true(inference_fisher_drop(test->k0, test->n0, test->k1 - fallen, test->n1) <
			GATE_ALPHA / 8);
		assert_true(inference_fisher_drop(test->k0, test->n0, test->k1 - fallen + 1,
				    test->n1) >= GATE_ALPHA / 8);
	}
	close_fixture(&fixture);
}

static void test_nearest(void **state)
{
	struct baseline_section sections[] = {
		{ .toolchain = (char *)(uintptr_t) "gcc 12.2.0, clang 14.0.6, glibc 2.36" },
		{ .toolchain = (char *)(uintptr_t) "gcc 12.2.0, clang 19.1.7, glibc 2.36" },
	};
	struct baseline baseline = { .sections = sections, .count = 2 };

	(void)state;
	assert_ptr_equal(baseline_nearest(&baseline, "clang 14.0.6, glibc 2.36"), &sections[0]);
	assert_ptr_equal(baseline_nearest(&baseline, "clang 15.0.1, glibc 2.36"), &sections[0]);
	assert_ptr_equal(baseline_nearest(&baseline, "clang 18.1.8, glibc 2.41"), &sections[1]);
	assert_ptr_equal(baseline_nearest(&baseline, "clang 22.0.0, glibc 2.36"), &sections[1]);
	assert_true(toolchain_is_part("clang 14.0.6, glibc 2.36", sections[0].toolchain));
	assert_false(toolchain_is_part("clang 14.0.6, glibc 2.37", sections[0].toolchain));
	assert_false(toolchain_is_part("clang 14.0.6, tcc 1", sections[0].toolchain));
	assert_false(toolchain_is_part("", sections[0].toolchain));
	baseline.count = 0;
	assert_null(baseline_nearest(&baseline, "clang 14.0.6"));
}

/* ---- accepted gaps --------------------------------------------------------------------------- */

static int accept(struct fixture *fixture, const char *rows)
{
	AUTO_FREE char *error = NULL;
	int failure;

	assert_int_equal(file_write("expected.tsv", rows, strlen(rows)), 0);
	gate_compare(&fixture->gate, &fixture->now, &fixture->base);
	failure = gate_accept(&fixture->gate, "expected.tsv", &error);
	gate_conclude(&fixture->gate);
	if (failure != 0)
		assert_non_null(strstr(error, "expected.tsv:2: must be"));
	return failure != 0 ? failure : fixture->gate.code;
}

static void check_accept(const char *rows, uint64_t lost, int code, const char *remark)
{
	struct fixture fixture;
	AUTO_FREE char *remarks = NULL;

	open_fixture(&fixture, "20261123-100000-accept", INPUTS, NULL);
	change(&fixture, VERDICT_RIGHT, outcome_of(VERDICT_TRAP, CAUSE_NONE), lost);
	assert_int_equal(accept(&fixture, rows), code);
	remarks = json_dumps(fixture.gate.remarks, 0);
	if (remark != NULL && strstr(remarks, remark) == NULL)
		fail_msg("%s instead of %s", remarks, remark);
	close_fixture(&fixture);
}

/* 20 of 2,000 plans are silent for another cause. */
static void check_accept_moved(const char *rows, int code)
{
	struct fixture fixture;
	AUTO_FREE char *remarks = NULL;

	open_fixture(&fixture, "20261123-100000-accept", INPUTS, NULL);
	change(&fixture, VERDICT_SILENT, outcome_of(VERDICT_SILENT, CAUSE_GRANULE), 20);
	assert_int_equal(accept(&fixture, rows), code);
	remarks = json_dumps(fixture.gate.remarks, 0);
	if (code != 0)
		assert_non_null(strstr(remarks, "is changed by 1 points; ci/expected.tsv accepts"));
	close_fixture(&fixture);
}

static void test_accept(void **state)
{
	(void)state;
	check_accept("# what\noob-read.*.none\t1\t2026-11-23\twhy\n", 20, 0, NULL);
	check_accept("# what\noob-read.*.none\t0.9\t2026-11-23\twhy\n", 20, 2,
		"worse by 1 points; ci/expected.tsv accepts 0.9");
	check_accept("# what\noob-read.*.asan\t-\t2026-11-23\twhy\n", 20, 2,
		"oob-read.*.asan (since 2026-11-23: why) passes now");
	check_accept("oob-read.go.none\t-\t2026-11-23\twhy\nstale-header.*\t-\t2026-11-23\tw\n", 1,
		0, "stale-header.* matches no cell and no reproducer");
	check_accept_moved("oob-read.*.none\t1\t2026-11-23\twhy\n", 0);
	check_accept_moved("oob-read.*.none\t0.9\t2026-11-23\twhy\n", 2);
	check_accept("# what\noob-read.go.none 1 2026-11-23 why\n", 1, -EINVAL, NULL);
	check_accept("# what\noob-read.go.none\t1\tyesterday\twhy\n", 1, -EINVAL, NULL);
	check_accept("# what\noob-read.go.none\t101\t2026-11-23\twhy\n", 1, -EINVAL, NULL);
	check_accept("# what\noob-read.go.none\t1\t2026-11-23\t\n", 1, -EINVAL, NULL);
}

/* ---- baselines ------------------------------------------------------------------------------- */

static char *read_text(const char *path)
{
	uint8_t *text = NULL;
	size_t size;

	assert_int_equal(file_read(path, 1 << 24, &text, &size), 0);
	return (char *)text;
}

static void assert_bad(const char *text, const char *says)
{
	struct baseline baseline;
	AUTO_FREE char *error = NULL;

	assert_int_equal(file_write("bad.json", text, strlen(text)), 0);
	assert_int_not_equal(baseline_read("bad.json", &baseline, &error), 0);
	if (strstr(error, says) == NULL || strstr(error, "bad.json") == NULL)
		fail_msg("\"%s\" does not say \"%s\"", error, says);
	baseline_free(&baseline);
}

/* @from, which occurs, becomes @to, as somebody with an editor would do. */
static void assert_bad_edit(const char *text, const char *from, const char *to, const char *says)
{
	const char *at = strstr(text, from);
	AUTO_FREE char *edited = NULL;

	assert_non_null(at);
	edited = format("%.*s%s%s", (int)(at - text), text, to, at + strlen(from));
	assert_bad(edited, says);
}

static void test_bad_baselines(void **state)
{
	struct fixture fixture;
	AUTO_FREE char *text = NULL;
	AUTO_FREE char *error = NULL;
	struct baseline baseline;

	(void)state;
	open_fixture(&fixture, "20261123-100000-bad", 100, NULL);
	close_fixture(&fixture);
	text = read_text(BASELINE);
	for (size_t size = 0; size + 3 < strlen(text); size += 101) {
		AUTO_FREE char *cut = format("%.*s", (int)size, text);

		assert_bad(cut, "not JSON");
	}
	assert_bad("[]", "not a JSON object");
	assert_bad_edit(text, "fencepost/baseline/1", "fencepost/baseline/9", "its schema is not");
	assert_bad_edit(text, "\"inputs\": 100", "\"inputs\": -1", "inputs, audits or options");
	assert_bad_edit(text, "\"inputs\": 100", "\"inputs\": 101", "plans, the section 101");
	assert_bad_edit(text, "right ", "wrong ", "must have counts and a hash");
	assert_bad_edit(text, "; plans ", "; plan ", "must have counts and a hash");
	assert_bad_edit(text, "trap 10 of 10", "trap 11 of 10", "not \"VERDICT k of n\"");
	assert_bad_edit(text, "silent/granule 7", "silent/nothing 7", "not \"VERDICT k of n\"");
	assert_bad_edit(text, "oob-read/asan-SEGV", "../asan-SEGV", "not \"VERDICT k of n\"");
	assert_bad_edit(text, "clang 14.0.6", "clang\\u001b[2J", "control characters");
	assert_bad("{\"schema\": \"fencepost/baseline/1\", \"sections\": []}", "no sections");
	assert_int_equal(baseline_read("none.json", &baseline, &error), -ENOENT);
	baseline_free(&baseline);
}

/* Cells of slugs that are no more are told, not taken for damage. */
static void test_gone(void **state)
{
	struct fixture fixture;
	AUTO_FREE char *text = NULL;
	AUTO_FREE char *error = NULL;
	struct baseline baseline;
	char *at;

	(void)state;
	open_fixture(&fixture, "20261123-100000-gone", 100, NULL);
	close_fixture(&fixture);
	text = read_text(BASELINE);
	at = strstr(text, "oob-read.go.asan");
	assert_non_null(at);
	memcpy(at, "oob-reed", 8);
	assert_int_equal(file_write(BASELINE, text, strlen(text)), 0);
	assert_int_equal(baseline_read(BASELINE, &baseline, &error), 0);
	assert_int_equal(baseline.sections[0].cell_count, 7);
	assert_string_equal(baseline.sections[0].gone, " oob-reed.go.asan");
	baseline_free(&baseline);
}

static void test_torn(void **state)
{
	struct fixture fixture;
	struct plan_bytes_list bytes;
	AUTO_FREE char *path = NULL;
	AUTO_FREE char *error = NULL;

	(void)state;
	open_fixture(&fixture, "20261123-100000-torn", 100, NULL);
	path = baseline_plans_path(BASELINE, fixture.gate.section->toolchain);
	assert_string_equal(path, "baseline.clang_14.0.6_Linux_6.1.z");
	/* the plans of another run under the same name */
	fixture.base.list[2].bytes[5] = outcome_of(VERDICT_TIMEOUT, CAUSE_NONE);
	assert_int_equal(outcome_archive_write(path, &fixture.base), 0);
	assert_int_equal(baseline_plans(BASELINE, fixture.gate.section, &bytes, &error), -EINVAL);
	assert_non_null(strstr(error, "the plans of cell "));
	plan_bytes_free(&bytes);
	close_fixture(&fixture);
}

static void test_write(void **state)
{
	struct measurement run = synthetic_run("20261123-100000-write", 100, 1, 1);
	AUTO_FREE char *before = NULL;
	AUTO_FREE char *after = NULL;
	AUTO_FREE char *error = NULL;
	AUTO_JSON json_t *options = json_object();
	struct baseline baseline;

	(void)state;
	unlink(BASELINE);
	synthetic_write(&run);
	write_baseline(&run);
	before = read_text(BASELINE);
	/* another toolchain beside it, in order; the same one again changes nothing */
	free(run.toolchain);
	run.toolchain = format("clang 11.0.1, Linux 6.1");
	write_baseline(&run);
	assert_int_equal(baseline_read(BASELINE, &baseline, &error), 0);
	assert_int_equal(baseline.count, 2);
	assert_string_equal(baseline.sections[0].toolchain, "clang 11.0.1, Linux 6.1");
	assert_int_equal(baseline.sections[0].reproducers[1].verdict, VERDICT_SILENT);
	assert_int_equal(baseline.sections[0].reproducers[1].cause, CAUSE_GRANULE);
	assert_int_equal(baseline.sections[0].reproducers[1].again, 7);
	baseline_free(&baseline);
	write_baseline(&run);
	after = read_text(BASELINE);
	assert_true(strlen(after) > strlen(before));
	/* what is damaged is left alone */
	assert_int_equal(file_write(BASELINE, "{", 1), 0);
	assert_int_not_equal(baseline_write(BASELINE, &run, options, NULL, 0, &error), 0);
	assert_non_null(strstr(error, "stays unchanged"));
	free(after);
	after = read_text(BASELINE);
	assert_string_equal(after, "{");
	unlink(BASELINE);
	measurement_free(&run);
}

/* ---- outputs --------------------------------------------------------------------------------- */

#define HOSTILE "oob-read/<img src=x onerror=1>|`**]]>&\"'\x1b[2J"

static void add_hostile(struct gate *gate)
{
	struct gate_reproducer *one = calloc(1, sizeof(*one));

	assert_non_null(one);
	*one = (struct gate_reproducer){ .path = format("%s", HOSTILE),
		.state = GATE_WORSE,
		.recorded = VERDICT_RIGHT,
		.now = VERDICT_SILENT,
		.tries = 10,
		.remark = format("%s", HOSTILE),
		.class = format("%s", HOSTILE),
		.idiom = format("%s", HOSTILE),
		.detector = format("%s", HOSTILE),
		.kind = format("%s", HOSTILE),
		.fault = format("harnesses/../../etc/passwd:1"),
		.key = format("%s", HOSTILE),
		.cause = format("%s", HOSTILE) };
	gate->reproducers = one;
	gate->reproducer_count = 1;
}

static void test_hostile(void **state)
{
	struct fixture fixture;
	AUTO_FREE char *markdown = NULL;
	AUTO_FREE char *junit = NULL;
	AUTO_FREE char *text = NULL;
	AUTO_JSON json_t *json = NULL;
	size_t size;
	int code;
	FILE *out;

	(void)state;
	open_fixture(&fixture, "20261123-100000-hostile", INPUTS, NULL);
	add_hostile(&fixture.gate);
	change(&fixture, VERDICT_RIGHT, outcome_of(VERDICT_TRAP, CAUSE_NONE), 7);
	assert_int_equal(conclude(&fixture), 2);
	markdown = gate_markdown(&fixture.gate);
	junit = gate_junit(&fixture.gate, &code);
	assert_int_equal(code, 2);
	json = gate_json(&fixture.gate);
	assert_non_null(json);
	out = open_memstream(&text, &size);
	gate_print(out, &fixture.gate, "out");
	fclose(out);
	assert_null(strstr(markdown, "<img"));
	assert_null(strstr(junit, "<img"));
	assert_null(strchr(markdown, '\x1b'));
	assert_null(strchr(junit, '\x1b'));
	assert_null(strchr(text, '\x1b'));
	/* five inputs in words, the others counted */
	assert_non_null(strstr(text, "and 2 more, in out/changes.tsv"));
	assert_non_null(strstr(text, "gate: red, exit 2: 1 cell worse, 1 reproducer worse"));
	close_fixture(&fixture);
}

static void test_zero_rows(void **state)
{
	struct fixture fixture;
	AUTO_FREE char *markdown = NULL;

	(void)state;
	open_fixture(&fixture, "20261123-100000-zero", INPUTS, NULL);
	plan_bytes_free(&fixture.now);
	fixture.baseline.sections[0].cell_count = 0;
	assert_int_equal(conclude(&fixture), 0);
	markdown = gate_markdown(&fixture.gate);
	assert_non_null(strstr(markdown, "0 of 0"));
	close_fixture(&fixture);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_same),
		cmocka_unit_test(test_one_plan),
		cmocka_unit_test(test_last_line),
		cmocka_unit_test(test_improvements),
		cmocka_unit_test(test_many_changes),
		cmocka_unit_test(test_swap),
		cmocka_unit_test(test_cells_differ),
		cmocka_unit_test(test_rates),
		cmocka_unit_test(test_beyond),
		cmocka_unit_test(test_fall),
		cmocka_unit_test(test_causes),
		cmocka_unit_test(test_smallest),
		cmocka_unit_test(test_nearest),
		cmocka_unit_test(test_accept),
		cmocka_unit_test(test_bad_baselines),
		cmocka_unit_test(test_gone),
		cmocka_unit_test(test_torn),
		cmocka_unit_test(test_write),
		cmocka_unit_test(test_hostile),
		cmocka_unit_test(test_zero_rows),
	};

	return cmocka_run_group_tests_name("gate", tests, synthetic_enter, synthetic_leave);
}
