/* SPDX-License-Identifier: Apache-2.0
 * Tests measurements that are cut off, killed, wrongly requested or short of disk: finished work is kept, files
 * are whole, and a resumed run equals an undisturbed one. */
#include "harnesses/plan/plan.h"
#include "sandbox.h"
#include "testing/cases.h"

/* ---- violent ends ---------------------------------------------------------------------------------- */

/* Runs that last a second or two: signals and reports, several units a cell. */
static char *long_options(void)
{
	return format("--classes=null-deref,use-after-free --idioms=rust --detectors=asan "
		      "--inputs=%d",
		full_tier ? 600000 : 200000);
}

struct undisturbed {
	char *directory;
	int64_t duration_ms;
};

/* The same run left alone, made once. In its sandbox then. */
static const struct undisturbed *undisturbed_run(void)
{
	static struct undisturbed undisturbed;
	AUTO_FREE char *options = long_options();
	int64_t start = clock_now_ms();

	enter_sandbox("ends");
	if (undisturbed.directory == NULL) {
		undisturbed.directory = measure("%s", options);
		undisturbed.duration_ms = clock_now_ms() - start;
	}
	return &undisturbed;
}

static struct child start_long(char **ret_directory)
{
	AUTO_FREE char *options = long_options();
	AUTO_FREE char *line = format(MEASURE " %s", options);
	struct child child;
	glob_t before;

	find_runs(&before);
	child = child_start(line, "log.long");
	while ((*ret_directory = new_run(&before)) == NULL || !has_file(*ret_directory, "run.json"))
		sleep_ms(STEP_MS);
	globfree(&before);
	return child;
}

/* Of the run in @directory; 0 when that has come to its end. */
static pid_t wait_for_worker(const char *directory)
{
	for (int64_t start = clock_now_ms(); clock_now_ms() - start < PATIENCE_MS;
		sleep_ms(STEP_MS)) {
		pid_t workers[16];

		if (find_processes("measure-", workers, LENGTH(workers)) > 0)
			return workers[0];
		if (has_file(directory, "results.json"))
			return 0;
	}
	fail_msg("no worker runs");
	return 0;
}

static void finish_undisturbed(struct child *child, const char *directory)
{
	free(child_said(child, 0));
	assert_same(undisturbed_run()->directory, directory);
	assert_complete(directory);
	assert_sound_audits(directory);
	assert_nobody_left();
}

static void test_worker_killed(void **state)
{
	AUTO_FREE char *directory = NULL;
	struct child child;
	int kills = 0, most = full_tier ? 10 : 3;
	pid_t worker;

	(void)state;
	undisturbed_run();
	child = start_long(&directory);
	while (kills < most && (worker = wait_for_worker(directory)) > 0) {
		kills += kill(worker, SIGKILL) == 0;
		sleep_ms(20 + 13 * kills % 50); /* in other places of the run */
	}
	assert_true(kills > 0);
	finish_undisturbed(&child, directory);
}

/* It is taken for hanging, killed, and the plan audited. */
static void test_worker_stopped(void **state)
{
	AUTO_FREE char *directory = NULL;
	struct child child;
	pid_t worker;

	(void)state;
	undisturbed_run();
	child = start_long(&directory);
	worker = wait_for_worker(directory);
	assert_true(worker > 0 && kill(worker, SIGSTOP) == 0);
	finish_undisturbed(&child, directory);
}

static char *resume_line(const char *directory)
{
	return format(MEASURE " --resume=%s", id_of(directory));
}

static void finish_by_resuming(const char *directory)
{
	AUTO_FREE char *line = resume_line(directory);
	AUTO_FREE char *leftover = format("%s/audits.jsonl.1.new.tmp", directory);
	struct child child;

	/* of one killed while it wrote */
	assert_int_equal(file_write(leftover, "x", 1), 0);
	child = child_start(line, "log.resumed");
	finish_undisturbed(&child, directory);
	assert_int_not_equal(access(leftover, F_OK), 0);
}

static void test_interrupt(void **state)
{
	AUTO_FREE char *directory = NULL;
	AUTO_FREE char *said = NULL;
	AUTO_FREE char *hint = NULL;
	AUTO_JSON json_t *results = NULL;
	struct child child;
	pid_t worker;

	(void)state;
	undisturbed_run();
	child = start_long(&directory);
	/* stopped, so that its plans are not judged however late the signal arrives */
	worker = wait_for_worker(directory);
	assert_true(worker > 0 && kill(worker, SIGSTOP) == 0);
	kill(child.pid, SIGINT);
	said = child_said(&child, 130);
	hint = format("make measure RESUME=%s", id_of(directory));
	assert_says(said, hint);
	results = load_json(directory, "results.json");
	assert_true(json_is_false(json_object_get(results, "complete")));
	assert_true(number(results, "not_judged") > 0);
	assert_int_equal(json_array_size(json_object_get(results, "cells")), 2);
	assert_listed_as(directory, "no");
	assert_sound_audits(directory);
	assert_nobody_left();
	finish_by_resuming(directory);
}

/* In the audits, that is: they are most of the time of such a run. */
static void test_interrupted_audits(void **state)
{
	AUTO_FREE char *line = NULL;
	AUTO_FREE char *said = NULL;
	AUTO_FREE char *resumed = NULL;
	AUTO_FREE char *directory = NULL;
	AUTO_JSON json_t *results = NULL;
	struct child child;
	glob_t before;
	pid_t server;

	(void)state;
	enter_sandbox("audits");
	line = format(MEASURE " --classes=oob-write --idioms=go --detectors=asan --inputs=1500 "
			      "--audit=1500");
	find_runs(&before);
	child = child_start(line, "log");
	while (find_processes("replay-", &server, 1) == 0)
		sleep_ms(STEP_MS);
	kill(child.pid, SIGTERM);
	said = child_said(&child, 130);
	directory = new_run(&before);
	globfree(&before);
	results = load_json(directory, "results.json");
	assert_true(json_is_false(json_object_get(results, "complete")));
	assert_int_equal(number(results, "not_judged"), 0);
	assert_int_equal(number(json_object_get(results, "audit"), "sampled"), 0);
	assert_nobody_left();
	free(line);
	line = resume_line(directory);
	resumed = run(0, line);
	assert_says(resumed, "audits: 1500 of 1500 agree");
	assert_complete(directory);
}

/* One kill -9 after @delay_ms. True when the run had come to its end before. */
static bool kill_after(const char *line, int64_t delay_ms)
{
	struct child child = child_start(line, "log.killed");
	AUTO_FREE char *said = NULL;
	int status;

	sleep_ms(delay_ms);
	kill(child.pid, SIGKILL);
	status = child_end(&child, &said);
	if (WIFEXITED(status))
		assert_exit(status, 0, said);
	assert_nobody_left();
	return WIFEXITED(status);
}

/* splitmix64: the same moments, as fractions, in every run. */
static uint64_t random_next(uint64_t *state)
{
	uint64_t z = *state += 0x9e3779b97f4a7c15u;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	z = (z ^ z >> 27) * 0x94d049bb133111ebu;
	return z ^ z >> 31;
}

/* Killed in its first process and then in one that resumed it. A run of which not even run.json is there
 * holds nothing and is not listed. */
static int kill_and_resume(uint64_t *random, int64_t most_ms)
{
	AUTO_FREE char *options = long_options();
	AUTO_FREE char *line = format(MEASURE " %s", options);
	AUTO_FREE char *directory = NULL;
	glob_t before;
	int kills = 0;
	bool ended;

	find_runs(&before);
	ended = kill_after(line, (int64_t)(random_next(random) % (uint64_t)most_ms));
	directory = new_run(&before);
	globfree(&before);
	kills += !ended;
	if (directory == NULL)
		return kills;
	if (!has_file(directory, "run.json")) {
		assert_null(listed_as(directory));
		return kills;
	}
	free(line);
	line = resume_line(directory);
	if (!ended && has_file(directory, "audits.jsonl"))
		assert_sound_audits(directory);
	if (!ended && !has_file(directory, "results.json"))
		assert_listed_as(directory, "no");
	ended = kill_after(line, (int64_t)(random_next(random) % (uint64_t)most_ms));
	if (!ended && !has_file(directory, "results.json"))
		assert_listed_as(directory, "no");
	kills += !ended;
	finish_by_resuming(directory);
	return kills;
}

static void test_run_killed(void **state)
{
	const struct undisturbed *undisturbed = undisturbed_run();
	int wanted = full_tier ? 30 : 3, kills = 0;
	uint64_t random = 1;

	(void)state;
	for (int rounds = 0; kills < wanted; rounds++) {
		assert_true(rounds < 20 * wanted);
		kills += kill_and_resume(&random, undisturbed->duration_ms);
	}
}

static void test_two_at_once(void **state)
{
	AUTO_FREE char *directory = NULL;
	AUTO_FREE char *line = NULL;
	AUTO_FREE char *said = NULL;
	AUTO_FREE char *refused = NULL;
	struct child child, first;
	int status;

	(void)state;
	undisturbed_run();
	child = start_long(&directory);
	wait_for_worker(directory);
	kill(child.pid, SIGSTOP); /* it holds its run, however long the other takes */
	line = resume_line(directory);
	refused = run(1, line);
	assert_int_equal(lines_of(refused), 1);
	assert_says(refused, "another process");
	kill(child.pid, SIGKILL);
	status = child_end(&child, &said);
	assert_true(WIFSIGNALED(status));
	assert_nobody_left();
	first = child_start(line, "log.first");
	wait_for_worker(directory);
	kill(first.pid, SIGSTOP);
	free(refused);
	refused = run(1, line);
	assert_int_equal(lines_of(refused), 1);
	kill(first.pid, SIGCONT);
	finish_undisturbed(&first, directory);
}

/* ---- bad input ----------------------------------------------------------------------------------- */

/* Every name there is is listed. */
static void test_unknown_names(void **state)
{
	AUTO_FREE char *classes = NULL;
	AUTO_FREE char *all = NULL;

	(void)state;
	enter_sandbox("arguments");
	classes = run(64, MEASURE " --classes=nope");
	for (int c = 0; c < CLASS_COUNT; c++)
		assert_says(classes, plan_classes[c].slug);
	all = run(64, MEASURE " --detectors=nope");
	for (int d = 0; d < DETECTOR_COUNT; d++)
		assert_says(all, detectors[d].slug);
}

#define SMALL "--inputs=50 --classes=misaligned --idioms=rust --detectors=none --audit=0"

static void test_damaged_bytes(void **state)
{
	AUTO_FREE char *directory = NULL;
	AUTO_FREE char *path = NULL;
	AUTO_FREE char *line = NULL;
	AUTO_FREE char *resumed = NULL;
	AUTO_FREE char *whole = NULL;
	AUTO_FREE uint8_t *bytes = NULL;
	size_t size;

	(void)state;
	enter_sandbox("damaged");
	directory = measure(SMALL);
	whole = measure(SMALL);
	path = format("%s/plans/misaligned.rust.none.u8", directory);
	assert_int_equal(file_read(path, 1000, &bytes, &size), 0);
	/* holes are judged again */
	bytes[7] = bytes[8] = bytes[49] = OUTCOME_NONE;
	assert_int_equal(file_write(path, bytes, size), 0);
	line = resume_line(directory);
	resumed = run(0, line);
	assert_same(whole, directory);
	/* as is a file that is gone */
	assert_int_equal(unlink(path), 0);
	free(resumed);
	resumed = run(0, line);
	assert_same(whole, directory);
	/* a byte that means nothing is said to be one */
	bytes[7] = 0xff;
	assert_int_equal(file_write(path, bytes, size), 0);
	free(resumed);
	resumed = run(1, line);
	assert_says(resumed, path);
}

static int enter(void **state)
{
	static int number;
	AUTO_FREE char *name = format("rows-%d", number++);

	(void)state;
	enter_sandbox(name);
	return 0;
}

/* clang-format off */
#define MEASURED(name, options) \
	{ 0, MEASURE " " SMALL options " 2>&1 | sed -n 's|.*results: \\(runs/.*\\)/results.json.*|\\1|p' >" name \
	     " && test -s " name }
#define RESUMED(code, name, ...) { code, MEASURE " --resume=$(basename $(cat " name ")) 2>&1", { __VA_ARGS__ } }
#define BAD_RESUME(edit, code, words) \
	MEASURED("run", ""), \
	{ 0, "sed -i.old '" edit "' $(cat run)/run.json && ! cmp -s $(cat run)/run.json.old $(cat run)/run.json" }, \
	RESUMED(code, "run", "#1", words)

static const struct row rows[] = {
CASE("test_bad_arguments"),
{ 0, "for bad in --inputs=0 --inputs=abc --inputs= --inputs=-1 "
     "--inputs=1e3 --inputs=99999999999 --inputs=99999999999999999999999 --seed=x --seed=-1 --jobs=0 --jobs=x "
     "--audit=-1 --unit=0 --shard=5/3 --shard=0/3 --shard=x --shard=1/0 --shard=1/ --shard=/3 --shard=1/3/3 "
     "--shard=-1/3 --classes=nope --classes= --idioms=x --detectors=x --detectors=asan,x --plans=foo "
     "'--plans=grid --classes=misaligned' --resume=nope --resume=; do " MEASURE " $bad >said 2>&1; "
     "test $? = 64 && test $(wc -l <said) = 1 && test -z \"$(ls runs)\" || { echo $bad; cat said; exit 1; }; done" },

/* The workers' own command line, which nobody types but a script of somebody's. */
CASE("test_worker_numbers"),
#define WORKER(option) \
	{ 64, "build/bin/measure-asan --class=oob-read --idiom=go " option " log 2>&1", { "must be a whole number" } }
WORKER("--inputs=1x"),
WORKER("--seed=-1"),
WORKER("--first="),
WORKER("--at=9223372036854775808"),
WORKER("--count=99999999999999999999"),

CASE("test_bad_resume"),
{ 0, "mkdir -p runs/20200101-000000-oob-read && "
     "echo '{\"schema\": \"fencepost/run/1\"}' >runs/20200101-000000-oob-read/run.json" },
{ 64, MEASURE " --resume=20200101-000000-oob-read 2>&1", { "#1" } },
BAD_RESUME("s|^ \"toolchain\": .*,$| \"toolchain\": \"clang 99.0, glibc 2.36\",|", 3, "clang 99.0"),
BAD_RESUME("s|^ \"plan_version\": .*,$| \"plan_version\": 7,|", 64, "plan version"),
BAD_RESUME("/^ \"classes\": /,/^ .,/c \"classes\": \"no list\",", 64, "classes"),
BAD_RESUME("s|^ \"schema\": .*,$| \"schema\": \"fencepost/other/1\",|", 64, "run.json"),
MEASURED("half", " --shard=1/2"),
{ 0, "rm -r $(cat half)/plans && : > $(cat half)/plans" },
{ 1, MEASURE " --resume=$(basename $(cat half)) >said 2>&1; code=$?; "
     "grep -qF $(cat half)/plans said && cat said && exit $code", { "#1" } },
{ 0, "sed -i 's|^ \"plan_version\"| \"merged\": [],&|' $(cat half)/run.json" },
RESUMED(3, "half", "merge"),

CASE("test_unwritable"),
{ 1, "rmdir runs && echo x >runs && " MEASURE " " SMALL " 2>&1", { "#1", "runs/ cannot be written to" } },
CASES_END };
/* clang-format on */

static void test_full_disk(void **state)
{
	AUTO_FREE char *said = NULL;
	AUTO_FREE char *resume = NULL;
	AUTO_FREE char *resumed = NULL;
	AUTO_FREE char *no_room = NULL;
	AUTO_FREE char *directory = NULL;
	AUTO_FREE char *too_much = NULL;
	AUTO_JSON json_t *old = NULL;
	struct child child;
	glob_t runs;

	(void)state;
	undisturbed_run();
	enter_sandbox("full");
	mount_small_disk("size=4m");
	/* the per-plan files alone are too much: nothing is listed */
	too_much = run(1, MEASURE " --inputs=9000000 --classes=oob-read --detectors=none");
	assert_int_equal(lines_of(too_much), 1);
	assert_says(too_much, "No space left on device");
	assert_int_equal(find_runs(&runs), 0);
	globfree(&runs);
	/* there is room for them, but none for new results: the old ones stay */
	child = start_long(&directory);
	wait_for_worker(directory);
	kill(child.pid, SIGINT);
	said = child_said(&child, 130);
	fill_disk();
	resume = resume_line(directory);
	no_room = run(1, resume);
	assert_says(no_room, "make measure RESUME=");
	assert_listed_as(directory, "no");
	assert_sound_audits(directory);
	old = load_json(directory, "results.json");
	assert_true(json_is_false(json_object_get(old, "complete")));
	assert_nobody_left();
	assert_int_equal(unlink("runs/filler"), 0);
	resumed = run(0, resume);
	assert_complete(directory);
	assert_sound_audits(directory);
}

/* ---- the list of tests --------------------------------------------------------------------------- */

int main(void)
{
	static struct CMUnitTest tests[16] = {
		TEST(test_worker_killed),
		TEST(test_interrupt),
		TEST(test_run_killed),
		TEST(test_two_at_once),
		TEST(test_unknown_names),
		TEST(test_damaged_bytes),
	};
	size_t count = count_tests(tests);

	read_tier();
	count += cases_add(&tests[count], rows, enter, end_runs, NULL);
	if (full_tier) {
		tests[count++] = (struct CMUnitTest)TEST(test_worker_stopped);
		tests[count++] = (struct CMUnitTest)TEST(test_interrupted_audits);
	}
	/* last: it changes our view of mounts */
	tests[count++] = (struct CMUnitTest)cmocka_unit_test_teardown(test_full_disk, empty_disk);
	return _cmocka_run_group_tests("measure_ends", tests, count, set_up, tear_down);
}
