/* SPDX-License-Identifier: Apache-2.0
 * Tests hunts with the real AFL++: finds are real misses, are kept once, and are new when a blind spot is planted
 * (ci/planted: 'globals without redzones'). */
#include "audit/audit.h"
#include "harnesses/verdict/blindspot.h"
#include "sandbox.h"

#define HUNT CAMPAIGN "--hunt --detector=asan --class="
/* The smallest redzone that AddressSanitizer leaves behind an object of its own: compiler-rt, asan_allocator.h,
 * and asan_flags.inc, redzone. */
#define REDZONE 16

static void enter_with_sources(const char *name)
{
	enter_campaigns(name);
	borrow("harnesses");
}

/* The cells of the hunt that @line starts; what it said is for free. */
static json_t *hunt(const char *line, char **ret_said)
{
	glob_t before;
	AUTO_FREE char *directory = NULL;

	find_runs(&before);
	*ret_said = run(0, line);
	directory = new_run(&before);
	globfree(&before);
	assert_non_null(directory);
	return load_cells(directory);
}

static struct plan plan_of(const json_t *find)
{
	AUTO_FREE uint8_t *bytes = NULL;
	size_t size;

	assert_int_equal(file_read(string(find, "reproducer"), PLAN_BYTES_MAX, &bytes, &size), 0);
	assert_int_equal(size, PLAN_BYTES);
	return plan_decode(bytes, size, PLAN_FREE);
}

static struct audit audit_by(const char *detector, const struct plan *plan)
{
	AUTO_FREE char *program = format("build/bin/replay-%s", detector);
	struct audit_runner runner = { &detectors[detector_find(detector)], program, false };
	struct audit audit;

	assert_int_equal(audit_run_plan(&runner, plan, &audit), 0);
	assert_int_equal(audit_symbolize(&runner, &audit, 1), 0);
	return audit;
}

static void assert_sees(const json_t *slugs, const struct plan *plan, bool sees)
{
	size_t i;
	const json_t *slug;

	json_array_foreach((json_t *)(uintptr_t)slugs, i, slug) {
		struct audit audit = audit_by(json_string_value(slug), plan);

		assert_int_equal(audit.verdict == VERDICT_RIGHT, sees);
		audit_free(&audit);
	}
}

/* What asan answers to it is what was kept, and so is what the others do. */
static void assert_true_find(const json_t *find)
{
	struct plan plan = plan_of(find);
	struct audit audit = audit_by("asan", &plan);
	AUTO_FREE char *directory = strndup(
		string(find, "reproducer"), strlen(string(find, "reproducer")) - strlen("/input"));
	AUTO_JSON json_t *kept = load_json(directory, "bucket.json");

	assert_true(blindspot_is(audit.verdict, audit.cause));
	assert_string_equal(verdict_slug(audit.verdict), string(find, "verdict"));
	if (audit.verdict == VERDICT_SILENT)
		assert_string_equal(cause_slug(audit.cause), string(find, "cause"));
	else
		assert_string_equal(audit.seen.kind, string(find, "kind"));
	assert_sees(json_object_get(find, "seen_by"), &plan, true);
	assert_sees(json_object_get(find, "not_seen_by"), &plan, false);
	assert_string_equal(string(kept, "verdict"), string(find, "verdict"));
	assert_true(json_equal(json_object_get(kept, "seen_by"), json_object_get(find, "seen_by")));
	assert_true(has_file(directory, "plan.txt"));
	assert_int_equal(has_file(directory, "report.txt"), audit.verdict == VERDICT_WRONG_KIND);
	audit_free(&audit);
}

static size_t distinct_causes(const json_t *finds)
{
	AUTO_JSON json_t *causes = json_object();
	size_t i;
	const json_t *find;

	json_array_foreach((json_t *)(uintptr_t)finds, i, find)
		if (*string(find, "cause") != '\0')
			json_object_set_new(causes, string(find, "cause"), json_true());
	return json_object_size(causes);
}

static void assert_all_new(const json_t *finds, bool new)
{
	size_t i;
	const json_t *find;

	json_array_foreach((json_t *)(uintptr_t)finds, i, find)
		assert_int_equal(json_is_true(json_object_get(find, "new")), new);
}

static void a_hunt_finds_what_is_missed_indeed(void **state)
{
	AUTO_FREE char *said = NULL;
	AUTO_FREE char *again = NULL;
	AUTO_JSON json_t *cells = NULL;
	AUTO_JSON json_t *later = NULL;
	const json_t *cell, *find, *finds;
	size_t i;

	(void)state;
	enter_with_sources("finds");
	cells = hunt(HUNT "oob-write --idiom=rust --time=600 --executions=40000", &said);
	cell = json_array_get(cells, 0);
	finds = json_object_get(cell, "finds");
	assert_in_range(json_array_size(finds), 3, 40);
	assert_true(distinct_causes(finds) >= 3);
	assert_true(json_is_real(json_object_get(cell, "first_find_s")));
	assert_int_equal(number(cell, "not_reproduced"), 0);
	assert_all_new(finds, true);
	json_array_foreach((json_t *)(uintptr_t)finds, i, find)
		assert_true_find(find);
	assert_says(said, "live-neighbour");
	assert_says(said, "make replay FILE=crashes/oob-write/blind-asan-");

	/* what is known is kept as it is */
	later = hunt(HUNT "oob-write --idiom=rust --time=600 --executions=20000", &again);
	finds = json_object_get(json_array_get(later, 0), "finds");
	assert_true(json_array_size(finds) >= 3);
	assert_all_new(finds, false);
	assert_silent_of(again, ", new");
}

/* Diagnosed plans go on in the same process, so that far more of them run than a death each would allow. */
static void what_is_diagnosed_costs_no_process(void **state)
{
	AUTO_FREE char *said = NULL;
	AUTO_JSON json_t *cells = NULL;
	const json_t *cell;

	(void)state;
	enter_with_sources("speed");
	cells = hunt(HUNT "oob-read --idiom=go --time=600 --executions=40000", &said);
	cell = json_array_get(cells, 0);
	assert_true(number(json_object_get(cell, "verdicts"), "right") > 2000);
	assert_in_range(number(cell, "saved_crashes"), 1, BLINDSPOT_PLACES);
}

/* Around its own objects asan leaves redzones, so no first byte outside is missed, save inside a block. */
static void no_find_lies_within_a_redzone(void **state)
{
	AUTO_FREE char *said = NULL;
	AUTO_JSON json_t *cells = NULL;
	const json_t *find;
	size_t i;

	(void)state;
	enter_with_sources("redzones");
	cells = hunt(HUNT "oob-read --idiom=rust --time=600 --executions=60000", &said);
	json_array_foreach(json_object_get(json_array_get(cells, 0), "finds"), i, find) {
		struct plan plan = plan_of(find);
		struct truth truth = truth_of(&plan);

		if (plan.region == REGION_ARENA || !truth.distance_known)
			continue;
		if (truth.distance_bytes > -REDZONE && truth.distance_bytes < REDZONE)
			fail_msg("%s", string(find, "words"));
	}
}

/* A hunt whose triage was cut off is finished later, as a hunt. */
static void a_hunt_is_finished_later(void **state)
{
	AUTO_FREE char *said = NULL;
	AUTO_FREE char *finished = NULL;
	AUTO_FREE char *directory = NULL;
	AUTO_JSON json_t *cells = NULL;
	AUTO_JSON json_t *later = NULL;
	const json_t *cell;

	(void)state;
	enter_with_sources("finish");
	cells = hunt(HUNT "oob-write --idiom=go --time=600 --executions=40000", &said);
	directory = the_run();
	finished = finish(directory);
	later = load_cells(directory);
	cell = json_array_get(later, 0);
	assert_true(json_is_true(json_object_get(cell, "hunt")));
	assert_true(json_array_size(json_object_get(cell, "finds")) >= 3);
	assert_all_new(json_object_get(cell, "finds"), false);
}

static void wait_for_words(const char *log, const char *words)
{
	for (int64_t start = clock_now_ms(); clock_now_ms() - start < PATIENCE_MS;
		sleep_ms(STEP_MS)) {
		AUTO_FREE uint8_t *text = NULL;
		size_t size;

		if (file_read(log, 1 << 20, &text, &size) == 0 &&
			strstr((char *)text, words) != NULL)
			return;
	}
	fail_msg("%s never says: %s", log, words);
}

/* A signal while blind spots are minimised leaves the whole run for later; and while one process is at work on a
 * run, no other is. */
static void a_triage_that_is_cut_off_is_finished_later(void **state)
{
	AUTO_FREE char *said = NULL;
	AUTO_FREE char *refused = NULL;
	AUTO_FREE char *finished = NULL;
	AUTO_FREE char *directory = NULL;
	AUTO_FREE char *line = NULL;
	AUTO_JSON json_t *cells = NULL;
	struct child child;

	(void)state;
	enter_with_sources("cut-off");
	child = child_start(HUNT "oob-write --time=600 --executions=40000", "hunt.log");
	wait_for_words("hunt.log", "each blind spot is minimised");
	directory = the_run();
	line = format("build/bin/triage fuzz --finish %s", directory);
	refused = run(1, line);
	assert_says(refused, "another process is at work on this run");
	kill(child.pid, SIGINT);
	said = child_said(&child, 130);
	assert_says(said, line);
	assert_false(has_file(directory, "campaign.json"));
	assert_nobody_left();
	finished = run(0, line);
	cells = load_cells(directory);
	assert_int_equal(json_array_size(cells), IDIOM_COUNT);
	for (size_t i = 0; i < IDIOM_COUNT; i++)
		assert_true(
			json_array_size(json_object_get(json_array_get(cells, i), "finds")) >= 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_hunt_finds_what_is_missed_indeed),
		TEST(what_is_diagnosed_costs_no_process),
		TEST(no_find_lies_within_a_redzone),
		TEST(a_hunt_is_finished_later),
		TEST(a_triage_that_is_cut_off_is_finished_later),
	};
	bool asked = read_tier() != NULL;

	return _cmocka_run_group_tests(
		"hunt", tests, full_tier || asked ? LENGTH(tests) : 1, set_up, tear_down);
}
