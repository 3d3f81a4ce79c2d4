/* SPDX-License-Identifier: Apache-2.0
 * Tests libFuzzer as the engine: it finds the violations that AFL++ finds, agrees with replays, and leaves no
 * process behind. */
#include "audit/audit.h"
#include "sandbox.h"

#define LIBFUZZER CAMPAIGN "--engine=libfuzzer --class=oob-write --idiom=go "
#define FIRST     3  /* inputs of a place that are saved */
#define PLANS     20 /* of each class */
#define LOST_CODE 79 /* harnesses/drivers/libfuzzer.c */

static bool is_kept_at_home(const char *bucket)
{
	AUTO_FREE char *directory = format("%s/crashes/oob-write/%s", home, bucket);

	return has_file(directory, "input");
}

/* The keys are those of the reproducers that AFL++'s campaigns left in crashes/. */
static void a_campaign_finds_the_same_buckets(void **state)
{
	AUTO_FREE char *said = NULL;
	AUTO_FREE char *directory = NULL;
	AUTO_JSON json_t *cells = NULL;
	const json_t *cell, *bucket;
	size_t i, known = 0;

	(void)state;
	enter_campaigns("campaign");
	/* libFuzzer puts it into a shell's line unquoted, and leaves its own behind */
	assert_int_equal(mkdir("a directory", 0755), 0);
	assert_int_equal(setenv("TMPDIR", "a directory", 1), 0);
	said = run(0, LIBFUZZER "--time=600 --executions=20000");
	assert_int_equal(unsetenv("TMPDIR"), 0);
	assert_int_equal(rmdir("a directory"), 0);
	directory = the_run();
	cells = load_cells(directory);
	cell = json_array_get(cells, 0);
	assert_string_equal(string(json_object_get(cell, "engine"), "name"), "libFuzzer");
	assert_true(*string(json_object_get(cell, "engine"), "version") != '\0');
	assert_int_equal(sum_of(json_object_get(cell, "verdicts")), number(cell, "execs"));
	assert_true(number(cell, "violations") > 0);
	assert_true(number(cell, "saved_crashes") > 5);
	assert_int_equal(number(cell, "not_reproduced"), 0);
	/* the first inputs of a place are saved, and no other */
	assert_in_range(number(cell, "saved_crashes"), 1, number(cell, "handed_over"));
	assert_in_range(number(cell, "handed_over"), 1, FIRST * number(cell, "places"));
	assert_int_equal(number(json_object_get(cell, "audits"), "agree"),
		number(json_object_get(cell, "audits"), "run"));
	assert_true(number(json_object_get(cell, "audits"), "run") >= 200);
	json_array_foreach(json_object_get(cell, "buckets"), i, bucket) {
		known += is_kept_at_home(string(bucket, "id"));
		if (strcmp(string(bucket, "verdict"), "right") == 0 &&
			!is_kept_at_home(string(bucket, "id")))
			fail_msg("%s is not in crashes/", string(bucket, "id"));
	}
	assert_true(known > 0);
	assert_nobody_left();
}

/* A campaign that has begun, and its two processes, save the shell: who leads, and who fuzzes. */
static struct child start_both(
	const char *line, const char *program, pid_t *ret_leader, pid_t *ret_child)
{
	struct child child = child_start(line, "log");
	pid_t found[64];

	while (find_processes(program, found, LENGTH(found)) != 2)
		sleep_ms(STEP_MS);
	*ret_leader = found[0] < found[1] ? found[0] : found[1];
	*ret_child = found[0] < found[1] ? found[1] : found[0];
	return child;
}

static bool is_stopped(pid_t pid)
{
	AUTO_FREE char *path = format("/proc/%d/stat", (int)pid);
	AUTO_FREE uint8_t *text = NULL;
	const char *after;
	size_t size;

	if (file_read(path, 4096, &text, &size) != 0)
		return false;
	after = strrchr((char *)text, ')');
	return after != NULL && strncmp(after, ") T", 3) == 0;
}

/* Makes a process of @program hang that another one of it, or its shell, has started; in fork mode they are short. */
static void hang_child(const char *program)
{
	pid_t found[64];

	for (int64_t start = clock_now_ms(); clock_now_ms() - start < PATIENCE_MS; sleep_ms(1)) {
		size_t count = find_processes(program, found, LENGTH(found));

		for (size_t i = 0; i < count; i++) {
			AUTO_FREE char *exe = format("/proc/%d/exe", (int)parent_of(found[i]));
			char path[PATH_MAX] = "";

			if (readlink(exe, path, sizeof(path) - 1) < 0 ||
				strstr(path, "/triage") != NULL || kill(found[i], SIGSTOP) != 0)
				continue;
			sleep_ms(STEP_MS);
			if (is_stopped(found[i]))
				return;
		}
	}
	fail_msg("no child of %s hangs", program);
}

/* Neither the shell that libFuzzer starts a child with, nor a child that hangs. */
static void nobody_outlives(const char *line, const char *program)
{
	struct child child = child_start(line, "log");
	AUTO_FREE char *said = NULL;

	hang_child(program);
	kill(child.pid, SIGKILL);
	assert_true(WIFSIGNALED(child_end(&child, &said)));
	assert_nobody_left();
}

static void nobody_outlives_a_killed_triage(void **state)
{
	(void)state;
	enter_campaigns("killed");
	nobody_outlives(CAMPAIGN
		"--engine=libfuzzer --hunt --detector=asan --class=use-after-free --idiom=go --time=600",
		"fast-libfuzzer-asan");
	enter_campaigns("killed-every");
	nobody_outlives(LIBFUZZER "--every --time=600", "libfuzzer-asan+ubsan");
}

static void an_interrupt_ends_a_campaign(void **state)
{
	struct child child;
	AUTO_FREE char *said = NULL;
	pid_t leader, fuzzing;

	(void)state;
	enter_campaigns("interrupt");
	child = start_both(LIBFUZZER "--time=600", "fast-libfuzzer-asan", &leader, &fuzzing);
	kill(child.pid, SIGINT);
	said = child_said(&child, 130);
	assert_says(said, "interrupted");
	assert_nobody_left();
}

/* The leader dies: what it saved is triaged, its own words are shown. */
static void an_engine_that_dies_is_told_of(void **state)
{
	struct child child;
	AUTO_FREE char *said = NULL;
	pid_t leader, fuzzing;

	(void)state;
	enter_campaigns("dies");
	child = start_both(LIBFUZZER "--time=600", "fast-libfuzzer-asan", &leader, &fuzzing);
	kill(leader, SIGKILL);
	said = child_said(&child, 1);
	assert_says(said, "libFuzzer ended early");
	assert_says(said, "/campaign.json");
	assert_nobody_left();
}

/* ---- verdicts ------------------------------------------------------------------------------------ */

static void write_plan(const char *path, const struct plan *plan)
{
	uint8_t bytes[PLAN_BYTES];

	plan_encode(plan, bytes);
	assert_int_equal(file_write(path, bytes, sizeof(bytes)), 0);
}

/* Runs the plan of @path under libFuzzer; its verdict goes to the sandbox's record. */
static void run_input(const struct detector *detector, const char *path)
{
	AUTO_FREE char *program = format("build/bin/fast-libfuzzer-%s", detector->slug);
	char *argv[] = { program, (char *)(uintptr_t) "-rss_limit_mb=0",
		(char *)(uintptr_t) "-detect_leaks=0", (char *)(uintptr_t)path, NULL };
	char *extra[] = { (char *)(uintptr_t) "FENCEPOST_RECORD=record", NULL };
	char **environment = audit_environment(detector, false, extra);
	struct process_result result;

	assert_int_equal(process_run(argv, environment, 30000, 1 << 20, &result), 0);
	audit_environment_free(environment);
	process_free(&result);
}

static struct plan some_plan(uint32_t number, enum plan_class class)
{
	uint8_t bytes[16];

	for (size_t b = 0; b < sizeof(bytes); b++)
		bytes[b] = (uint8_t)((number * 16 + b + 1) * 2654435761u >> 13);
	return plan_decode(bytes, sizeof(bytes), (struct plan_fixed){ (int)class, -1 });
}

/* The same plan, random, in a replay and in a process of libFuzzer's. */
static void verdicts_are_those_of_replays(void **state)
{
	const struct detector *detector = &detectors[(uintptr_t)*state];
	AUTO_FREE char *name = format("verdicts-%s", detector->slug);
	AUTO_FREE char *program = format("build/bin/replay-%s", detector->slug);
	struct audit_runner runner = { detector, program, false };
	struct record *of;

	enter_campaigns(name);
	of = record_map("record");
	assert_non_null(of);
	for (uint32_t i = 0; i < PLANS * CLASS_COUNT; i++) {
		uint64_t before[VERDICT_COUNT];
		struct plan plan = some_plan(i, (enum plan_class)(i % CLASS_COUNT));
		struct audit audit;

		write_plan("plan", &plan);
		memcpy(before, of->verdicts, sizeof(before));
		run_input(detector, "plan");
		assert_int_equal(audit_run_plan(&runner, &plan, &audit), 0);
		if (of->verdicts[audit.verdict] != before[audit.verdict] + 1)
			fail_msg("plan %u of %s is %s in a replay, and not under libFuzzer", i,
				plan_classes[plan.class].slug, verdict_slug(audit.verdict));
		audit_free(&audit);
	}
	munmap(of, sizeof(*of));
}

/* With little room in the quarantine the stage's freed blocks soon leave it: the process ends, and each of its plans
 * is counted once. */
static void a_lost_stage_ends_its_process(void **state)
{
	static const char line[] =
		"ASAN_OPTIONS=quarantine_size_mb=1 FENCEPOST_RECORD=record "
		"build/bin/fast-libfuzzer-asan+ubsan -rss_limit_mb=0 -detect_leaks=0 -runs=100000 plan "
		">log 2>&1";
	struct plan plan = { .breaks = true };
	struct record *of;
	uint64_t closed = 0;
	int status;

	(void)state;
	enter_campaigns("lost");
	for (uint32_t i = 0; plan.breaks; i++)
		plan = some_plan(i, CLASS_use_after_free);
	write_plan("plan", &plan);
	status = system(line);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), LOST_CODE);
	of = record_map("record");
	assert_non_null(of);
	for (int v = 0; v < VERDICT_COUNT; v++)
		closed += of->verdicts[v];
	assert_in_range(of->executions, 1, 99999);
	assert_int_equal(closed, of->executions);
	munmap(of, sizeof(*of));
}

static void an_engine_that_is_not_there_is_refused(void **state)
{
	AUTO_FREE char *said = NULL;

	(void)state;
	enter_campaigns("refused");
	said = run(64, CAMPAIGN "--engine=honggfuzz");
	assert_says(said, "there are: afl libfuzzer");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_campaign_finds_the_same_buckets),
		TEST(nobody_outlives_a_killed_triage),
		TEST(an_engine_that_is_not_there_is_refused),
		/* the full tier's */
		TEST(an_interrupt_ends_a_campaign),
		TEST(an_engine_that_dies_is_told_of),
		TEST(a_lost_stage_ends_its_process),
		{ "asan: verdicts are those of replays", verdicts_are_those_of_replays, NULL,
			end_runs, (void *)(uintptr_t)DETECTOR_asan },
		{ "none: verdicts are those of replays", verdicts_are_those_of_replays, NULL,
			end_runs, (void *)(uintptr_t)DETECTOR_none },
	};
	bool asked = read_tier() != NULL;

	return _cmocka_run_group_tests(
		"libfuzzer", tests, full_tier || asked ? LENGTH(tests) : 3, set_up, tear_down);
}
