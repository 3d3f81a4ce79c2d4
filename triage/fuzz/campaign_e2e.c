/* SPDX-License-Identifier: Apache-2.0
 * Tests undisturbed campaigns with the real AFL++: the files that they leave, and the environment of their
 * targets. */
#include "audit/audit.h"
#include "base/sha256.h"
#include "engine.h"
#include "harnesses/record/places.h"
#include "harnesses/verdict/heard.h"
#include "sandbox.h"

/* ---- what campaigns leave ------------------------------------------------------------------------ */

/* What bucket.json says is what a replay of its input gives. */
static void check_bucket(const json_t *bucket)
{
	AUTO_FREE char *directory = format("%s", string(bucket, "reproducer"));
	AUTO_JSON json_t *kept = NULL;
	AUTO_FREE char *program = NULL;
	AUTO_FREE uint8_t *input = NULL;
	char sha256[SHA256_SIZE];
	size_t size;
	struct audit_runner runner = { 0 };
	struct audit audit;
	size_t i;
	json_t *member;

	assert_int_equal(file_read(string(bucket, "reproducer"), 1 << 20, &input, &size), 0);
	sha256_text(input, size, sha256);
	*strrchr(directory, '/') = '\0';
	kept = load_json(directory, "bucket.json");
	assert_string_equal(string(kept, "schema"), "fencepost/bucket/1");
	assert_string_equal(string(kept, "key"), string(bucket, "key"));
	assert_says(directory, string(bucket, "id"));
	assert_string_equal(string(kept, "input_sha256"), sha256);
	assert_true(json_array_size(json_object_get(bucket, "members")) > 0);
	json_array_foreach(json_object_get(bucket, "members"), i, member)
		assert_int_equal(access(json_string_value(member), R_OK), 0);
	program = format("build/bin/replay-%s", string(kept, "detector"));
	runner = (struct audit_runner){ &detectors[detector_find(string(kept, "detector"))],
		program, false };
	/* the input stands alone: class and idiom are in it */
	assert_int_equal(audit_run(&runner, string(bucket, "reproducer"), PLAN_FREE, &audit), 0);
	assert_int_equal(audit_symbolize(&runner, &audit, 1), 0);
	assert_string_equal(verdict_slug(audit.verdict), string(kept, "verdict"));
	assert_string_equal(audit.seen.kind, string(kept, "kind"));
	assert_string_equal(plan_classes[audit.plan.class].slug, string(kept, "class"));
	assert_string_equal(plan_idiom_slug(audit.plan.idiom), string(kept, "idiom"));
	if (json_object_get(kept, "fault") != NULL)
		assert_string_equal(audit.fault, string(kept, "fault"));
	audit_free(&audit);
}

/* Paths, sizes, times and inodes of all files below @directory but for the symlink runs/latest. */
static char *snapshot(const char *directory)
{
	char *argv[] = { (char *)(uintptr_t) "/usr/bin/find", (char *)(uintptr_t)directory,
		(char *)(uintptr_t) "-type", (char *)(uintptr_t) "f", (char *)(uintptr_t) "-printf",
		(char *)(uintptr_t) "%p %s %i %T@\\n", NULL };
	struct process_result result;

	assert_int_equal(process_run(argv, NULL, 30000, 16 << 20, &result), 0);
	assert_true(result.wait_status == 0 && !result.clipped);
	return result.output;
}

/* Every line of @before is one of @after. */
static void assert_all_kept(char *before, const char *after)
{
	char *save = NULL;

	for (char *line = strtok_r(before, "\n", &save); line != NULL;
		line = strtok_r(NULL, "\n", &save))
		if (strstr(after, line) == NULL)
			fail_msg("touched or gone: %s", line);
}

/* ---- tests ------------------------------------------------------------------------------------- */

/* The environment of @pid with NULs as newlines, or NULL. The caller frees. */
static char *environment_of(long pid)
{
	AUTO_FREE char *path = format("/proc/%ld/environ", pid);
	uint8_t *text = NULL;
	size_t size;

	if (file_read(path, 1 << 20, &text, &size) != 0)
		return NULL;
	for (size_t i = 0; i < size; i++)
		if (text[i] == '\0')
			text[i] = '\n';
	return (char *)text;
}

static void check_environment(const char *program, const struct detector *detector)
{
	const struct {
		const char *name, *row;
	} rows[] = { { "\nASAN_OPTIONS=", detector->asan_options },
		{ "\nUBSAN_OPTIONS=", detector->ubsan_options },
		{ "\nMSAN_OPTIONS=", detector->msan_options } };
	pid_t targets[16];
	size_t count = find_processes(program, targets, LENGTH(targets)), checked = 0;

	for (size_t t = 0; t < count; t++) {
		AUTO_FREE char *all = environment_of(targets[t]);
		AUTO_FREE char *environment = format("\n%s", all != NULL ? all : "");

		if (strstr(environment, "\n__AFL_SHM_ID=") == NULL)
			continue; /* it has ended in between */
		checked++;
		for (size_t i = 0; i < LENGTH(rows); i++) {
			const char *variable = strstr(environment, rows[i].name);
			AUTO_FREE char *value = NULL;

			if (*rows[i].row == '\0')
				continue;
			assert_non_null(variable);
			variable += strlen(rows[i].name);
			value = strndup(variable, strcspn(variable, "\n"));
			/* the row as it stands, and nothing after it that says otherwise */
			assert_int_equal(strncmp(value, rows[i].row, strlen(rows[i].row)), 0);
			assert_string_equal(value + strlen(rows[i].row), ":symbolize=0");
		}
	}
	assert_true(checked > 0);
}

static void test_short_campaign(void **state)
{
	AUTO_FREE char *said = NULL;
	AUTO_FREE char *run_path = NULL;
	AUTO_JSON json_t *cells = NULL;
	char latest[PATH_MAX] = "";
	json_t *cell, *bucket;
	size_t i, b;

	(void)state;
	enter_campaigns("short");
	said = run(0, CAMPAIGN "--time=600 --executions=8000 --class=oob-write");
	run_path = the_run();
	assert_true(readlink("runs/latest", latest, sizeof(latest) - 1) > 0);
	assert_string_equal(latest, strrchr(run_path, '/') + 1);
	cells = load_checked_cells(run_path, IDIOM_COUNT);
	json_array_foreach(cells, i, cell) {
		assert_true(number(cell, "violations") > 0);
		assert_true(number(json_object_get(cell, "verdicts"), "right") > 0);
		assert_int_equal(number(cell, "requested_s"), 300);
		assert_true(json_is_false(json_object_get(cell, "interrupted")));
		assert_true(json_array_size(json_object_get(cell, "buckets")) > 0);
		json_array_foreach(json_object_get(cell, "buckets"), b, bucket) {
			AUTO_FREE char *command = format(
				"make replay FILE=%s", string(bucket, "reproducer"));

			check_bucket(bucket);
			assert_true(json_is_true(json_object_get(bucket, "new")));
			assert_says(said, command);
		}
	}
	assert_nobody_left();
}

/* In the sandbox of the campaign before. */
static void test_second_campaign(void **state)
{
	AUTO_FREE char *first = the_run();
	AUTO_FREE char *run_before = snapshot(first);
	AUTO_FREE char *crashes_before = snapshot("crashes");
	AUTO_FREE char *crashes_list = format("%s", crashes_before);
	AUTO_FREE char *run_after = NULL;
	AUTO_FREE char *crashes_after = NULL;
	AUTO_FREE char *said = NULL;
	AUTO_JSON json_t *cells = NULL;
	json_t *cell, *bucket;
	glob_t runs;
	size_t i, b, known = 0;

	(void)state;
	said = run(0, CAMPAIGN "--time=600 --executions=8000 --class=oob-write");
	run_after = snapshot(first);
	crashes_after = snapshot("crashes");
	assert_all_kept(run_before, run_after);
	assert_all_kept(crashes_before, crashes_after);
	assert_int_equal(find_runs(&runs), 2);
	cells = load_checked_cells(
		runs.gl_pathv[strcmp(runs.gl_pathv[0], first) == 0], IDIOM_COUNT);
	globfree(&runs);
	json_array_foreach(cells, i, cell)
		json_array_foreach(json_object_get(cell, "buckets"), b, bucket) {
			bool was_there = strstr(crashes_list, string(bucket, "reproducer")) != NULL;

			known += was_there;
			assert_true(json_is_boolean(json_object_get(bucket, "new")));
			assert_int_equal(json_is_true(json_object_get(bucket, "new")), !was_there);
		}
	assert_true(known > 0);
}

/* ---- what is known ends no process --------------------------------------------------------------- */

#define KNOWN   CAMPAIGN "--time=600 --executions=40000 --class=oob-write --idiom=go "
#define EITHER  100 /* inputs, of the queue and of the crashes, that are run both ways */
#define DEATHS  3
#define AUDITED 200

/* The first inputs of a place end their process and no other; what was counted is what processes of their own
 * say. */
static void test_what_is_known_ends_no_process(void **state)
{
	AUTO_FREE char *said = NULL;
	AUTO_JSON json_t *cell = NULL;
	const json_t *verdicts, *audits;

	(void)state;
	enter_campaigns("known");
	said = run(0, KNOWN);
	cell = the_cell();
	verdicts = json_object_get(cell, "verdicts");
	audits = json_object_get(cell, "audits");
	assert_true(json_is_false(json_object_get(cell, "every")));
	assert_in_range(number(cell, "handed_over"), 1, DEATHS * number(cell, "places"));
	assert_in_range(number(cell, "saved_crashes"), 1, number(cell, "handed_over"));
	assert_true(number(verdicts, "right") > 10 * number(cell, "handed_over"));
	/* all that was reported or missed is at a place, but for one that was cut off */
	assert_in_range(number(cell, "counted") + number(cell, "handed_over"),
		number(verdicts, "right") + number(verdicts, "wrong-kind") +
			number(verdicts, "silent"),
		number(cell, "violations") + number(verdicts, "false-alarm") + 1);
	assert_true(number(audits, "run") >= AUDITED);
	assert_int_equal(number(audits, "agree"), number(audits, "run"));
	assert_int_equal(json_array_size(json_object_get(cell, "differ")), 0);
	assert_int_equal(number(cell, "not_reproduced"), 0);
	assert_says(said, " buckets  ");
	assert_says(said, "0 differ.");
	assert_true(strstr(said, "Audited: ") < strstr(said, "New buckets: "));
	assert_true(strstr(said, "New buckets: ") < strstr(said, "Known buckets: 0"));
	assert_true(strstr(said, "Known buckets: 0") < strstr(said, "Files: runs/"));
}

/* One line, written over, that fits and says the buckets so far. */
static void test_a_terminal_has_one_line(void **state)
{
	AUTO_FREE uint8_t *said = NULL;
	char *line, *end;
	size_t size, lines = 0;

	(void)state;
	enter_campaigns("terminal");
	assert_int_equal(
		system("script -qec 'stty cols 80; " CAMPAIGN
		       "--time=4 --class=use-after-return --idiom=rust' said </dev/null >log 2>&1"),
		0);
	assert_int_equal(file_read("said", 1 << 20, &said, &size), 0);
	for (line = (char *)said; (line = strstr(line, "\ruse-after-return rust  ")) != NULL;
		line = end) {
		end = strstr(++line, "\033[K");
		assert_non_null(end);
		assert_in_range(end - line, 1, 79);
		*end++ = '\0';
		assert_says(line, " buckets  ");
		assert_null(strchr(line, '\n'));
		lines++;
	}
	assert_true(lines > 0);
}

struct verdict_of_run {
	enum verdict verdict;
	char kind[KIND_MAX];
};

/* What the program of a campaign says of one input in a process of its own. */
static struct verdict_of_run run_input(const char *program, const char *input)
{
	AUTO_FREE char *line = format(
		"FENCEPOST_CLASS=oob-write FENCEPOST_IDIOM=go FENCEPOST_RECORD=one %s "
		"<%s >one.log 2>&1",
		program, input);
	struct verdict_of_run said;
	uint64_t sum = 0;
	struct record *of;

	unlink("one");
	unlink("one" PLACES_END);
	assert_true(system(line) != -1);
	of = record_map("one");
	assert_non_null(of);
	record_close_open(of);
	for (int v = 0; v < VERDICT_COUNT; v++)
		sum += of->verdicts[v];
	assert_int_equal(of->executions, 1);
	assert_int_equal(sum, 1);
	said.verdict = of->verdict;
	strcpy(said.kind, heard_kind(&of->seen));
	munmap(of, sizeof(*of));
	return said;
}

static void run_both_ways(const char *input, void *arg)
{
	size_t *count = arg;
	struct verdict_of_run every, fast;

	if ((*count)++ >= EITHER)
		return;
	every = run_input("build/bin/afl-asan+ubsan", input);
	fast = run_input("build/bin/fast-afl-asan+ubsan", input);
	assert_string_equal(verdict_slug(every.verdict), verdict_slug(fast.verdict));
	assert_string_equal(every.kind, fast.kind);
}

/* The queue and the crashes of the campaign before. */
static void test_one_queue_both_ways(void **state)
{
	AUTO_FREE char *run_path = the_run();
	AUTO_FREE char *directory = format("%s/oob-write.go", run_path);
	size_t queued = 0, saved = 0;

	(void)state;
	engine_each_queued(directory, run_both_ways, &queued);
	engine_each_saved(directory, run_both_ways, &saved);
	assert_true(queued >= EITHER / 2 && saved > 5);
}

/* In the same sandbox: what was counted is not what a process of its own says. */
static void test_an_audit_that_differs_is_told(void **state)
{
	AUTO_FREE char *run_path = the_run();
	AUTO_FREE char *record_path = format("%s/oob-write.go/record.0", run_path);
	AUTO_FREE char *line = format("build/bin/triage fuzz --finish %s", run_path);
	AUTO_FREE char *said = NULL;
	struct places *of = places_map(record_path);
	AUTO_JSON json_t *cell = NULL;

	(void)state;
	assert_non_null(of);
	assert_true(of->any[0].whole && of->any[1].whole);
	strcpy(of->any[0].kind, "double-free");
	of->any[1].verdict = VERDICT_FALSE_ALARM;
	munmap(of, sizeof(*of));
	said = run(2, line);
	assert_says(said, "counted as ");
	assert_says(said, "2 audits differ from the counted verdicts");
	cell = the_cell();
	assert_int_equal(json_array_size(json_object_get(cell, "differ")), 2);
}

static void test_every_report_ends_its_process(void **state)
{
	AUTO_FREE char *said = NULL;
	AUTO_JSON json_t *cell = NULL;

	(void)state;
	enter_campaigns("every");
	said = run(0, CAMPAIGN "--every --time=600 --executions=4000 --class=oob-write --idiom=go");
	cell = the_cell();
	assert_true(json_is_true(json_object_get(cell, "every")));
	assert_null(json_object_get(cell, "counted"));
	assert_true(json_array_size(json_object_get(cell, "buckets")) > 0);
	assert_says(said, "Every report ended its process.");
}

static void test_two_at_once(void **state)
{
	struct child a, b;
	AUTO_FREE char *said_a = NULL;
	AUTO_FREE char *said_b = NULL;
	glob_t runs;

	(void)state;
	enter_campaigns("two");
	a = child_start(
		CAMPAIGN "--time=600 --executions=4000 --class=use-after-free --idiom=go", "log.a");
	b = child_start(
		CAMPAIGN "--time=600 --executions=4000 --class=use-after-free --idiom=go", "log.b");
	said_a = child_said(&a, 0);
	said_b = child_said(&b, 0);
	assert_int_equal(find_runs(&runs), 2);
	for (size_t i = 0; i < runs.gl_pathc; i++) {
		AUTO_JSON json_t *cells = load_checked_cells(runs.gl_pathv[i], 1);

		assert_true(number(json_array_get(cells, 0), "execs") > 0);
		assert_true(
			json_array_size(json_object_get(json_array_get(cells, 0), "buckets")) > 0);
	}
	globfree(&runs);
	assert_nobody_left();
}

static void test_nothing_saved(void **state)
{
	AUTO_FREE char *said = NULL;
	AUTO_JSON json_t *cell = NULL;

	(void)state;
	enter_campaigns("nothing");
	said = run(0,
		CAMPAIGN
		"--time=600 --executions=4000 --class=use-after-free --idiom=rust --detector=none");
	cell = the_cell();
	assert_true(number(cell, "violations") > 0);
	assert_int_equal(
		number(json_object_get(cell, "verdicts"), "silent"), number(cell, "violations"));
	assert_int_equal(json_array_size(json_object_get(cell, "buckets")), 0);
	assert_says(said, "No crash was saved");
	assert_says(said, "use-after-free");
	assert_says(said, " 0.0 %"); /* nothing was stopped */
}

static void test_two_jobs(void **state)
{
	AUTO_FREE char *said = NULL;
	AUTO_JSON json_t *cell = NULL;
	size_t records = 0;

	(void)state;
	enter_campaigns("jobs");
	said = run(0,
		CAMPAIGN
		"--class=oob-read --idiom=go --detector=asan --time=600 --executions=40000 --jobs=2");
	cell = the_cell();
	assert_int_equal(number(cell, "jobs"), 2);
	assert_int_equal(number(cell, "execs"), executions(&records));
	assert_int_equal(records, 2);
	assert_nobody_left();
}

/* Every class in turn, one table. */
static void test_all_classes(void **state)
{
	AUTO_FREE char *said = NULL;
	AUTO_FREE char *run_path = NULL;
	AUTO_JSON json_t *cells = NULL;
	size_t i;
	json_t *cell;

	(void)state;
	enter_campaigns("all");
	said = run(0, CAMPAIGN "--time=600 --executions=8000");
	run_path = the_run();
	cells = load_checked_cells(run_path, CLASS_COUNT * IDIOM_COUNT);
	json_array_foreach(cells, i, cell) {
		assert_true(number(cell, "violations") > 0);
		assert_true(number(json_object_get(cell, "verdicts"), "right") > 0);
		/* at the end afl-fuzz may kill its target amid one plan */
		assert_true(number(json_object_get(cell, "verdicts"), "broken") <= 1);
		assert_int_equal(number(json_object_get(cell, "verdicts"), "timeout"), 0);
	}
}

static void test_environment_of_target(void **state)
{
	enum detector_id id = (enum detector_id)(uintptr_t)*state;
	AUTO_FREE char *name = format("environment-%s", detectors[id].slug);
	AUTO_FREE char *program = format("fast-afl-%s", detectors[id].slug);
	AUTO_FREE char *options = format(
		"--time=600 --class=oob-read --detector=%s", detectors[id].slug);
	AUTO_FREE char *said = NULL;
	struct child child;

	enter_campaigns(name);
	child = start_campaign(options);
	check_environment(program, &detectors[id]);
	kill(child.pid, SIGINT);
	said = child_said(&child, 130);
}

/* ---- the list of tests --------------------------------------------------------------------------- */

int main(void)
{
	static struct CMUnitTest tests[13 + DETECTOR_COUNT] = {
		TEST(test_short_campaign),
		TEST(test_second_campaign),
		TEST(test_what_is_known_ends_no_process),
		TEST(test_one_queue_both_ways),
		TEST(test_an_audit_that_differs_is_told),
		TEST(test_every_report_ends_its_process),
		TEST(test_two_at_once),
		TEST(test_nothing_saved),
		TEST(test_two_jobs),
	};
	static char names[DETECTOR_COUNT][64];
	size_t count = count_tests(tests);
	const char *only;

	only = read_tier();
	if (full_tier)
		tests[count++] = (struct CMUnitTest)TEST(test_all_classes);
	if (full_tier || only != NULL)
		tests[count++] = (struct CMUnitTest)TEST(test_a_terminal_has_one_line);
	for (int d = 0; d < DETECTOR_COUNT; d++) {
		if (!full_tier && d != DETECTOR_asan_ubsan)
			continue;
		if (strncmp(detectors[d].slug, "gcc-", 4) == 0 ||
			detectors[d].model != MODEL_C) /* not under AFL++ */
			continue;
		snprintf(names[d], sizeof(names[d]), "%s: the environment of AFL++'s target",
			detectors[d].slug);
		tests[count++] = (struct CMUnitTest){ names[d], test_environment_of_target, NULL,
			end_runs, (void *)(uintptr_t)d };
	}
	return _cmocka_run_group_tests("campaign", tests, count, set_up, tear_down);
}
