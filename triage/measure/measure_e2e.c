/* SPDX-License-Identifier: Apache-2.0
 * Tests measuring with the real programs: the fast way agrees with the audits, and every number leads to an input.
 * Order, processes, shards and the number of plans change no byte. */
#include "audit/audit.h"
#include "sandbox.h"
#include "testing/cases.h"

/* ---- a whole measurement ------------------------------------------------------------------------- */

/* Each cell has every field that readers rely on, and the counts add up. */
static void check_cell(const json_t *cell, json_int_t inputs)
{
	static const struct field fields[] = {
		{ "class", JSON_STRING },
		{ "idiom", JSON_STRING },
		{ "detector", JSON_STRING },
		{ "inputs", JSON_INTEGER },
		{ "violations", JSON_INTEGER },
		{ "committed", JSON_INTEGER },
		{ "refused", JSON_OBJECT },
		{ "verdicts", JSON_OBJECT },
		{ "benign", JSON_OBJECT },
		{ "causes", JSON_OBJECT },
		{ "by_region", JSON_OBJECT },
		{ "diagnosed", JSON_OBJECT },
		{ "stopped", JSON_OBJECT },
		{ "cost", JSON_OBJECT },
	};
	const json_t *verdicts = json_object_get(cell, "verdicts"),
		     *benign = json_object_get(cell, "benign"),
		     *causes = json_object_get(cell, "causes");
	json_int_t violations = number(cell, "violations"), in_regions = 0;
	const char *key;
	json_t *region;

	check_fields(cell, fields, LENGTH(fields));
	assert_int_equal(number(cell, "inputs"), inputs);
	assert_int_equal(sum_of(verdicts) + sum_of(benign), inputs);
	assert_int_equal(number(verdicts, "timeout"), 0);
	assert_int_equal(number(verdicts, "broken"), 0);
	assert_int_equal(violations, sum_of(verdicts) - number(verdicts, "layout"));
	assert_int_equal(sum_of(causes), number(verdicts, "silent"));
	assert_null(json_object_get(causes, "unexplained"));
	check_rate(cell, "diagnosed", number(verdicts, "right"),
		violations - number(verdicts, "language"));
	check_rate(cell, "stopped", violations - number(verdicts, "silent"), violations);
	check_rate(cell, "refused", number(verdicts, "language"), violations);
	json_object_foreach(json_object_get(cell, "by_region"), key, region)
		in_regions += number(region, "violations");
	assert_int_equal(in_regions, violations);
	assert_true(json_number_value(json_object_get(
			    json_object_get(cell, "cost"), "ns_per_benign_plan")) > 0);
	assert_true(number(json_object_get(cell, "cost"), "rss_kib") > 0);
}

/* Every class and idiom under @detectors: complete, explained, and every audit agreed. */
static void check_measurement(const char *directory, json_int_t inputs, size_t cells)
{
	static const struct field fields[] = {
		{ "id", JSON_STRING },
		{ "plan_version", JSON_INTEGER },
		{ "toolchain", JSON_STRING },
		{ "options", JSON_OBJECT },
		{ "machine", JSON_STRING },
		{ "seed", JSON_INTEGER },
		{ "inputs_per_cell", JSON_INTEGER },
		{ "shard", JSON_OBJECT },
		{ "complete", JSON_TRUE },
		{ "wall_s", JSON_REAL },
		{ "verdicts_per_s", JSON_REAL },
		{ "audit", JSON_OBJECT },
		{ "unavailable", JSON_ARRAY },
		{ "mix", JSON_OBJECT },
		{ "cells", JSON_ARRAY },
	};
	AUTO_JSON json_t *results = load_json(directory, "results.json");
	const json_t *audit = json_object_get(results, "audit");
	size_t i;
	json_t *cell;

	assert_string_equal(string(results, "schema"), "fencepost/results/1");
	check_fields(results, fields, LENGTH(fields));
	assert_string_equal(string(results, "id"), id_of(directory));
	assert_int_equal(number(results, "inputs_per_cell"), inputs);
	assert_int_equal(json_array_size(json_object_get(results, "cells")), cells);
	assert_int_equal(number(audit, "agreed"), number(audit, "sampled"));
	assert_true(number(audit, "sampled") >= (json_int_t)cells * 32);
	json_array_foreach(json_object_get(results, "cells"), i, cell)
		check_cell(cell, inputs);
	assert_complete(directory);
	assert_sound_audits(directory);
}

/* The default measurement, made once: tests look at it from several sides. In its sandbox then. */
static const char *default_run(json_int_t *ret_inputs)
{
	static char *directory;
	json_int_t inputs = full_tier ? 3000 : 150;

	enter_sandbox("default");
	if (directory == NULL)
		directory = measure("--inputs=%d --audit=%d", (int)inputs, full_tier ? 32 : 8);
	if (ret_inputs != NULL)
		*ret_inputs = inputs;
	return directory;
}

static void test_default(void **state)
{
	json_int_t inputs;
	const char *directory = default_run(&inputs);
	char latest[PATH_MAX] = "";

	(void)state;
	check_measurement(directory, inputs, (size_t)CLASS_COUNT * IDIOM_COUNT * 4);
	assert_true(readlink("runs/latest", latest, sizeof(latest) - 1) > 0);
	assert_string_equal(latest, id_of(directory));
	assert_nobody_left();
}

/* Not where its compiler is absent. */
static bool is_built(const struct detector *detector)
{
	AUTO_FREE char *program = format("build/bin/measure-%s", detector->slug);

	return access(program, X_OK) == 0;
}

/* One detector alone, so that a planted fault needs no more than its programs. */
static void test_agreement(void **state)
{
	const struct detector *detector = &detectors[(uintptr_t)*state];
	AUTO_FREE char *directory = NULL;

	enter_sandbox(detector->slug);
	if (!is_built(detector)) {
		print_message("%s is not built\n", detector->slug);
		skip();
	}
	directory = measure("--inputs=4000 --detectors=%s", detector->slug);
	check_measurement(directory, 4000,
		(size_t)CLASS_COUNT * (detector->model == MODEL_C ? IDIOM_COUNT : 1));
}

/* ---- examples ------------------------------------------------------------------------------------ */

struct example {
	enum detector_id detector;
	char outcome[32]; /* a verdict or a cause */
	char path[64];
};

struct examples {
	struct example *list;
	size_t count, seen, step;
};

static void take_example(struct examples *examples, const char *run_directory, const json_t *cell,
	const char *outcome, json_int_t count)
{
	struct example example = { .detector = (enum detector_id)detector_find(
					   string(cell, "detector")) };
	AUTO_FREE char *line = NULL;
	AUTO_FREE char *said = NULL;

	if (examples->seen++ % examples->step != 0)
		return;
	snprintf(example.outcome, sizeof(example.outcome), "%s", outcome);
	snprintf(example.path, sizeof(example.path), "example.%zu", examples->count);
	/* by turns the first and the last */
	line = format("build/bin/triage show -o %s %s %s.%s.%s %s %lld", example.path,
		run_directory, string(cell, "class"), string(cell, "idiom"),
		string(cell, "detector"), outcome,
		(long long)(examples->count % 2 == 0 ? 1 : count));
	said = run(0, line);
	assert_says(said, outcome);
	examples->list = reallocarray(examples->list, examples->count + 1, sizeof(*examples->list));
	assert_non_null(examples->list);
	examples->list[examples->count++] = example;
}

static void take_examples(struct examples *examples, const char *run_directory, const json_t *cell)
{
	static const char *const sets[] = { "verdicts", "benign", "causes" };

	for (size_t s = 0; s < LENGTH(sets); s++) {
		const char *outcome;
		json_t *count;

		json_object_foreach(json_object_get(cell, sets[s]), outcome, count)
			if (json_integer_value(count) > 0)
				take_example(examples, run_directory, cell, outcome,
					json_integer_value(count));
	}
}

/* All of one detector, in processes of their own. */
static void audit_examples(const struct examples *examples, enum detector_id detector)
{
	AUTO_FREE char *program = format("build/bin/replay-%s", detectors[detector].slug);
	AUTO_FREE struct audit *audits = calloc(examples->count, sizeof(*audits));
	struct audit_runner runner = { &detectors[detector], program, false };
	size_t count = 0;

	for (size_t i = 0; i < examples->count; i++)
		if (examples->list[i].detector == detector)
			assert_int_equal(audit_run(&runner, examples->list[i].path, PLAN_FREE,
						 &audits[count++]),
				0);
	if (count > 0)
		assert_int_equal(audit_symbolize(&runner, audits, count), 0);
	count = 0;
	for (size_t i = 0; i < examples->count; i++) {
		const struct example *example = &examples->list[i];
		struct audit *audit = &audits[count];

		if (example->detector != detector)
			continue;
		if (cause_find(example->outcome) >= 0)
			assert_string_equal(cause_slug(audit->cause), example->outcome);
		else
			assert_string_equal(verdict_slug(audit->verdict), example->outcome);
		audit_free(audit);
		count++;
	}
}

/* As `make replay` prints it. */
static void replay_example(const struct example *example)
{
	AUTO_FREE char *line = format("build/bin/triage replay --detector=%s -- %s",
		detectors[example->detector].slug, example->path);
	AUTO_FREE char *said = run(0, line);
	const char *verdict = strstr(said, "\nverdict   ");
	const char *expected = cause_find(example->outcome) >= 0 ? "silent" : example->outcome;

	assert_non_null(verdict);
	verdict += strlen("\nverdict   ");
	assert_int_equal(strcspn(verdict, ": \n"), strlen(expected));
	assert_int_equal(strncmp(verdict, expected, strlen(expected)), 0);
}

static void test_examples(void **state)
{
	const char *directory = default_run(NULL);
	AUTO_JSON json_t *results = load_json(directory, "results.json");
	struct examples examples = { .step = full_tier ? 1 : 11 };
	size_t i;
	json_t *cell;

	(void)state;
	json_array_foreach(json_object_get(results, "cells"), i, cell)
		take_examples(&examples, directory, cell);
	assert_true(examples.count >= 20);
	for (int d = 0; d < DETECTOR_COUNT; d++)
		audit_examples(&examples, (enum detector_id)d);
	for (size_t e = 0; e < examples.count; e += examples.count / 4)
		replay_example(&examples.list[e]);
	free(examples.list);
}

/* ---- order, processes, shards ---------------------------------------------------------------------- */

static void test_order(void **state)
{
	static const char *const ways[] = { "", "--jobs=1", "--jobs=2", "--backwards",
		"--backwards --jobs=2 --unit=50" };
	const char *cells = full_tier ? "--inputs=1000 --detectors=none,asan+ubsan" :
					"--inputs=300 --classes=oob-write,bad-length --idioms=go "
					"--detectors=none,asan";
	AUTO_FREE char *first = NULL;
	AUTO_FREE char *other = NULL;

	(void)state;
	enter_sandbox("order");
	first = measure("%s --seed=7", cells);
	for (size_t i = 0; i < LENGTH(ways); i++) {
		AUTO_FREE char *again = measure("%s --seed=7 %s", cells, ways[i]);

		assert_same(first, again);
	}
	other = measure("%s --seed=8", cells);
	assert_true(differing_files(first, other) > 0);
}

/* What a plan leaves behind would show in the plans after it, which a process each does not know. */
static void test_process_each(void **state)
{
	const char *cells = full_tier ?
		"--inputs=60 --detectors=none,asan" :
		"--inputs=30 --classes=oob-write,use-after-free,bad-length --idioms=rust "
		"--detectors=none";
	AUTO_FREE char *together = NULL;
	AUTO_FREE char *apart = NULL;
	AUTO_FREE char *some = NULL;
	AUTO_FREE char *backwards = NULL;

	(void)state;
	enter_sandbox("processes");
	together = measure("%s", cells);
	apart = measure("%s --unit=1", cells);
	some = measure("%s --unit=7", cells);
	backwards = measure("%s --backwards", cells);
	assert_same(together, apart);
	assert_same(together, some);
	assert_same(together, backwards);
}

#define UNDONE_PLANS 20000

/* All plans of a cell in one process, which must live: a death would only have its plan audited. */
static void judge_in_one(const struct detector *detector, const char *class, const char *idiom,
	const char *order, uint8_t bytes[UNDONE_PLANS])
{
	AUTO_FREE char *program = format("build/bin/measure-%s", detector->slug);
	AUTO_FREE char *class_option = format("--class=%s", class);
	AUTO_FREE char *idiom_option = format("--idiom=%s", idiom);
	AUTO_FREE char *count = format("--count=%d", UNDONE_PLANS);
	AUTO_FREE uint8_t *judged = NULL;
	char *argv[] = { program, class_option, idiom_option, count, (char *)(uintptr_t) "--seed=3",
		(char *)(uintptr_t) "bytes", (char *)(uintptr_t)order, NULL };
	char **environment = audit_environment(detector, false, NULL);
	struct process_result result;
	size_t size;

	memset(bytes, OUTCOME_NONE, UNDONE_PLANS);
	assert_int_equal(file_write("bytes", bytes, UNDONE_PLANS), 0);
	assert_int_equal(process_run(argv, environment, 20000, 4096, &result), 0);
	/* left to another process, as workers.c does: MSan's allocator is left with its lock held */
	while (WIFEXITED(result.wait_status) && WEXITSTATUS(result.wait_status) == 75) {
		process_free(&result);
		assert_int_equal(process_run(argv, environment, 20000, 4096, &result), 0);
	}
	audit_environment_free(environment);
	if (result.wait_status != 0)
		fail_msg("%s %s %s: wait status %#x: %s", program, class, idiom,
			(unsigned)result.wait_status, result.output);
	process_free(&result);
	assert_int_equal(file_read("bytes", UNDONE_PLANS, &judged, &size), 0);
	assert_int_equal(size, UNDONE_PLANS);
	memcpy(bytes, judged, UNDONE_PLANS);
}

/* The plans in one order and in the other: what a store leaves behind must neither show nor kill, least of
 * all under `none`, where nothing stops one. */
static void test_undone(void **state)
{
	static uint8_t forwards[UNDONE_PLANS], backwards[UNDONE_PLANS];

	(void)state;
	enter_sandbox("undone");
	for (int d = 0; d < (full_tier ? DETECTOR_COUNT : DETECTOR_none + 1); d++)
		for (int c = 0; c < CLASS_COUNT && is_built(&detectors[d]); c++)
			for (int i = 0; i < IDIOM_COUNT; i++) {
				const char *class = plan_classes[c].slug;
				const char *idiom = plan_idiom_slug((enum plan_idiom)i);

				if (!detector_has_idiom(d, (enum plan_idiom)i))
					continue;
				judge_in_one(&detectors[d], class, idiom, NULL, forwards);
				judge_in_one(&detectors[d], class, idiom, "--backwards", backwards);
				assert_memory_equal(forwards, backwards, UNDONE_PLANS);
				assert_null(memchr(forwards, OUTCOME_NONE, UNDONE_PLANS));
			}
}

static void merge_and_compare(const char *whole, const char *runs)
{
	AUTO_FREE char *line = format("build/bin/triage merge %s", runs);
	AUTO_FREE char *said = NULL;
	AUTO_FREE char *merged = NULL;
	glob_t before;

	find_runs(&before);
	said = run(0, line);
	merged = new_run(&before);
	globfree(&before);
	assert_non_null(merged);
	assert_same(whole, merged);
	assert_complete(merged);
	assert_sound_audits(merged);
}

#define SHARD_CELLS "--classes=oob-read,misaligned --idioms=rust --detectors=none,asan"

static void test_shards(void **state)
{
	static const int orders[][3] = { { 0, 1, 2 }, { 2, 0, 1 }, { 1, 2, 0 } };
	/* no multiple of 3 */
	int inputs = full_tier ? 10000 : 500;
	AUTO_FREE char *whole = NULL;
	char *shards[3];

	(void)state;
	enter_sandbox("shards");
	whole = measure(SHARD_CELLS " --inputs=%d", inputs);
	for (int i = 0; i < 3; i++)
		shards[i] = measure(SHARD_CELLS " --inputs=%d --shard=%d/3", inputs, i + 1);
	for (size_t i = 0; i < LENGTH(orders); i++) {
		AUTO_FREE char *runs = format("%s %s %s", shards[orders[i][0]],
			id_of(shards[orders[i][1]]), shards[orders[i][2]]);

		merge_and_compare(whole, runs);
	}
	for (int i = 0; i < 3; i++)
		free(shards[i]);
}

/* More shards than plans: some have nothing to judge, which is no error. */
static void test_empty_shards(void **state)
{
	static const char cells[] = "--inputs=2 --classes=oob-read --detectors=none";
	AUTO_FREE char *whole = NULL;
	char *runs = format("%s", "");

	(void)state;
	enter_sandbox("empty");
	whole = measure("%s", cells);
	for (int i = 1; i <= 5; i++) {
		AUTO_FREE char *shard = measure("%s --shard=%d/5", cells, i);
		char *longer = format("%s %s", runs, shard);

		free(runs);
		runs = longer;
		assert_complete(shard);
	}
	merge_and_compare(whole, runs);
	free(runs);
}

/* ---- the grid ------------------------------------------------------------------------------------ */

static void test_grid(void **state)
{
	AUTO_FREE char *directory = NULL;
	AUTO_JSON json_t *results = NULL;
	const json_t *audit;
	size_t i;
	json_t *cell;

	(void)state;
	enter_sandbox("grid");
	directory = measure("--plans=grid%s", full_tier ? "" : " --detectors=asan --idioms=rust");
	results = load_json(directory, "results.json");
	audit = json_object_get(results, "audit");
	assert_complete(directory);
	assert_int_equal(number(audit, "agreed"), number(audit, "sampled"));
	assert_int_equal(
		json_array_size(json_object_get(results, "cells")), full_tier ? 2 * 2 * 4 : 2);
	json_array_foreach(json_object_get(results, "cells"), i, cell) {
		assert_int_equal(strncmp(string(cell, "class"), "oob-", 4), 0);
		check_cell(cell, number(results, "inputs_per_cell"));
		assert_int_equal(number(cell, "violations"), number(cell, "inputs"));
	}
}

/* ---- many plans ------------------------------------------------------------------------------------ */

/* Most that a process of the measurement had resident. */
static long memory_of(const char *options, char **ret_directory)
{
	AUTO_FREE char *line = format(MEASURE " %s", options);
	AUTO_FREE char *said = NULL;
	struct child child;
	glob_t before;

	find_runs(&before);
	child = child_start(line, "log");
	said = child_said(&child, 0);
	*ret_directory = new_run(&before);
	globfree(&before);
	return child.rss_kib;
}

/* Of the workers, by results.json. */
static json_int_t worker_memory(const char *directory)
{
	AUTO_JSON json_t *results = load_json(directory, "results.json");
	json_int_t most = 0;
	size_t i;
	json_t *cell;

	json_array_foreach(json_object_get(results, "cells"), i, cell) {
		json_int_t rss = number(json_object_get(cell, "cost"), "rss_kib");

		most = rss > most ? rss : most;
	}
	return most;
}

#define MANY "--classes=oob-write --idioms=rust --detectors=asan --jobs=2"

static void test_memory(void **state)
{
	AUTO_FREE char *few = NULL;
	AUTO_FREE char *many = NULL;
	long few_kib, many_kib;

	(void)state;
	enter_sandbox("memory");
	few_kib = memory_of(MANY " --inputs=100000", &few);
	many_kib = memory_of(MANY " --inputs=5000000", &many);
	print_message("most resident: %ld KiB of 100,000 plans, %ld KiB of 5,000,000\n", few_kib,
		many_kib);
	/* two workers and the parent */
	assert_true(3 * many_kib < 1 << 20);
	assert_true(many_kib < few_kib + few_kib / 10 + 4096);
	assert_true(worker_memory(many) < worker_memory(few) + worker_memory(few) / 10 + 4096);
	assert_true(worker_memory(many) > 0 && 3 * worker_memory(many) < 1 << 20);
	assert_int_equal(chdir(scratch), 0);
}

/* A jump out of a report that left poison behind on the stack would be a false alarm, or another verdict,
 * a million landings later. The last plans are also judged by a process that has just begun. */
static void test_landings(void **state)
{
	const char *cells = "--classes=oob-read,use-after-return --idioms=rust --detectors=asan "
			    "--inputs=1000000";
	AUTO_FREE char *all = NULL;
	AUTO_FREE char *last = NULL;
	AUTO_JSON json_t *results = NULL;
	size_t i;
	json_t *cell;

	(void)state;
	enter_sandbox("landings");
	all = measure("%s --unit=1000000 --jobs=2", cells);
	last = measure("%s --shard=1000/1000", cells);
	results = load_json(all, "results.json");
	json_array_foreach(json_object_get(results, "cells"), i, cell) {
		AUTO_FREE char *name = format("plans/%s.rust.asan.u8", string(cell, "class"));
		AUTO_FREE char *path_all = format("%s/%s", all, name);
		AUTO_FREE char *path_last = format("%s/%s", last, name);
		AUTO_FREE uint8_t *bytes_all = NULL;
		AUTO_FREE uint8_t *bytes_last = NULL;
		size_t size_all, size_last;

		assert_true(number(json_object_get(cell, "verdicts"), "right") > 150000);
		assert_int_equal(number(json_object_get(cell, "benign"), "false-alarm"), 0);
		assert_int_equal(file_read(path_all, 1 << 24, &bytes_all, &size_all), 0);
		assert_int_equal(file_read(path_last, 1 << 24, &bytes_last, &size_last), 0);
		assert_int_equal(size_last, 1000);
		assert_memory_equal(&bytes_all[size_all - size_last], bytes_last, size_last);
	}
}

/* ---- rows ---------------------------------------------------------------------------------------- */

static int enter_default(void **state)
{
	(void)state;
	default_run(NULL);
	return 0;
}

static int enter_refusals(void **state)
{
	(void)state;
	enter_sandbox("refusals");
	return 0;
}

/* clang-format off */
#define NO_EXAMPLE(code, arguments) { code, "build/bin/triage show latest " arguments " 2>&1", { "#1" } }

static const struct row default_rows[] = {
CASE("test_no_example"),
NO_EXAMPLE(3, "use-after-free.go.asan silent"),
NO_EXAMPLE(3, "use-after-free.go.asan right 999999"),
NO_EXAMPLE(64, "use-after-free.go.asan right 0"),
NO_EXAMPLE(64, "use-after-free.go.asan right x"),
NO_EXAMPLE(64, "use-after-free.go.asan wrong"),
NO_EXAMPLE(64, "use-after-free.go.asan-defaults right"),
NO_EXAMPLE(64, "use-after-free.go.nope right"),
NO_EXAMPLE(64, "nope.go.asan right"),
{ 64, "build/bin/triage show nope use-after-free.go.asan right" },

CASE("test_explain"),
{ 0, "build/bin/triage show latest oob-write.asan 2>&1",
	{ "oob-write in go, watched by asan", "oob-write in rust, watched by asan", "asan diagnosed ", "live-neighbour",
	  "For example " } },
{ 3, "build/bin/triage show latest oob-write.asan-defaults 2>&1", { "#1", "make measure" } },
{ 3, "mkdir -p none/runs && cd none && ../build/bin/triage show latest oob-write.asan 2>&1" },
CASES_END };

/* The directory of a run with @options, in the file called @name. */
#define MEASURED(name, options) \
	{ 0, MEASURE " --detectors=none --audit=0 " options " 2>&1 | " \
	     "sed -n 's|.*results: \\(runs/.*\\)/results.json.*|\\1|p' >" name " && test -s " name }
#define EDITED(name, key, value) \
	{ 0, "sed -i 's|^ \"" key "\": .*,$| \"" key "\": " value ",|' $(cat " name ")/run.json && " \
	     "grep -F '\"" key "\": " value "' $(cat " name ")/run.json" }
/* In one line, and without a new run. */
#define REFUSES(code, a, b, words) \
	{ code, "ls runs >before; build/bin/triage merge " a " " b " 2>&1; code=$?; ls runs | cmp -s before - && exit $code", \
		{ "#1", words } }

static const struct row merge_rows[] = {
CASE("test_merge_refuses"),
MEASURED("third", "--classes=misaligned --idioms=rust --inputs=90 --shard=1/3"),
MEASURED("half", "--classes=misaligned --idioms=rust --inputs=90 --shard=1/2"),
MEASURED("last", "--classes=misaligned --idioms=rust --inputs=90 --shard=3/3"),
MEASURED("shorter", "--classes=misaligned --idioms=rust --inputs=50"),
MEASURED("other", "--classes=misaligned --idioms=go --inputs=90 --shard=2/3"),
{ 3, "build/bin/triage merge $(cat third third) 2>&1", { "1 more equal to one of these, counted once", "missing: shards 2, 3 of 3" } },
REFUSES(3, "$(cat third)", "$(cat half)", "both hold"),
REFUSES(3, "$(cat half)", "$(cat shorter)", "both hold"),
REFUSES(3, "$(cat third)", "$(cat other)", "idioms differ"),
REFUSES(64, "$(cat third)", "runs/nope", "no such run"),
{ 3, "build/bin/triage merge $(cat third last) 2>&1", { "shard 2 of 3" } },
EDITED("last", "toolchain", "\"clang 99, glibc 2.36\""),
REFUSES(3, "$(cat third)", "$(cat last)", "toolchains differ"),
EDITED("last", "plan_version", "99"),
REFUSES(3, "$(cat third)", "$(cat last)", "plan version"),
MEASURED("grid", "--plans=grid --classes=oob-read --idioms=rust --shard=1/50"),
REFUSES(3, "$(cat half)", "$(cat grid)", "grid"),
CASES_END };
/* clang-format on */

/* ---- the list of tests --------------------------------------------------------------------------- */

int main(void)
{
	static struct CMUnitTest tests[16 + DETECTOR_COUNT] = {
		TEST(test_default),
		TEST(test_examples),
		TEST(test_order),
		TEST(test_process_each),
		TEST(test_undone),
		TEST(test_shards),
		TEST(test_empty_shards),
		TEST(test_grid),
	};
	static char names[DETECTOR_COUNT][64];
	const char *only = read_tier();
	size_t count = count_tests(tests);

	count += cases_add(&tests[count], default_rows, enter_default, end_runs, NULL);
	count += cases_add(&tests[count], merge_rows, enter_refusals, end_runs, NULL);
	if (full_tier) {
		tests[count++] = (struct CMUnitTest)TEST(test_memory);
		tests[count++] = (struct CMUnitTest)TEST(test_landings);
	}
	/* the default run has done so at once, for those that it covers */
	for (int d = 0; (full_tier || only != NULL) && d < DETECTOR_COUNT; d++) {
		snprintf(names[d], sizeof(names[d]), "%s: agreement", detectors[d].slug);
		tests[count++] = (struct CMUnitTest){ names[d], test_agreement, NULL, end_runs,
			(void *)(uintptr_t)d };
	}
	return _cmocka_run_group_tests("measure", tests, count, set_up, tear_down);
}
