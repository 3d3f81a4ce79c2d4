/* SPDX-License-Identifier: Apache-2.0
 * Jobs in parts: parts that are begun twice, killed, resumed elsewhere, and add up to the run that was never cut. */
#include "harnesses/plan/plan.h"
#include "sandbox.h"
#include "testing/cases.h"

#define OPTIONS "--classes=oob-write,use-after-free --idioms=rust --detectors=none,asan --audit=8"
#define SMALL   "--inputs=3000 " OPTIONS
#define LARGE \
	"--inputs=200000 --classes=null-deref,use-after-free --idioms=rust --detectors=asan --audit=8"
#define KILLS 50
#define PARTS 12

static void enter_job(const char *name)
{
	enter_sandbox(name);
	if (access("scripts", F_OK) != 0)
		borrow("scripts");
}

static char *shard(int code, const char *job, int part, int parts, const char *options)
{
	AUTO_FREE char *line = format(
		"scripts/shard %s %d %d -- measure %s", job, part, parts, options);

	return run(code, line);
}

static struct child start_shard(const char *job, int part, int parts, const char *options)
{
	AUTO_FREE char *line = format(
		"scripts/shard %s %d %d -- measure %s", job, part, parts, options);

	return child_start(line, "log.part");
}

static void make_parts(const char *job, int parts, const char *options)
{
	for (int part = parts; part > 0; part--)
		free(shard(0, job, part, parts, options));
}

static char *merge(int code, const char *job)
{
	AUTO_FREE char *line = format("build/bin/triage merge --job %s", job);

	return run(code, line);
}

/* The run that runs/latest points to. */
static char *latest(void)
{
	char name[256] = "";

	assert_true(readlink("runs/latest", name, sizeof(name) - 1) > 0);
	return format("runs/%s", name);
}

/* Bytes, counts and the draw of audits are those of the run that was never cut. */
static void assert_like_whole(const char *merged, const char *whole)
{
	AUTO_JSON json_t *of_merged = load_json(merged, "results.json");
	AUTO_JSON json_t *of_whole = load_json(whole, "results.json");

	assert_same(whole, merged);
	assert_complete(merged);
	assert_sound_audits(merged);
	assert_int_equal(number(json_object_get(of_whole, "audit"), "sampled"),
		number(json_object_get(of_merged, "audit"), "sampled"));
}

static size_t count_paths(const char *pattern)
{
	glob_t found = { 0 };
	size_t count = glob(pattern, 0, NULL, &found) == 0 ? found.gl_pathc : 0;

	globfree(&found);
	return count;
}

/* The half that a process is at work on. */
static char *wait_for_half(const char *pattern)
{
	glob_t found = { 0 };
	char *half;

	for (int64_t start = clock_now_ms(); glob(pattern, 0, NULL, &found) != 0; sleep_ms(STEP_MS))
		assert_true(clock_now_ms() - start < PATIENCE_MS);
	half = format("%s", found.gl_pathv[0]);
	*strrchr(half, '/') = '\0';
	globfree(&found);
	return half;
}

/* ---- the sum ----------------------------------------------------------------------------------- */

static void test_parts_are_the_whole(void **state)
{
	AUTO_FREE char *whole = NULL;
	AUTO_FREE char *said = NULL;
	AUTO_FREE char *merged = NULL;
	AUTO_JSON json_t *results = NULL;
	int64_t start = clock_now_ms();
	size_t i;
	json_t *entry;

	(void)state;
	enter_job("whole");
	make_parts("sum", 3, SMALL);
	whole = measure(SMALL); /* another run among them */
	said = merge(0, "sum");
	assert_says(said, "3 runs added up");
	merged = latest();
	assert_like_whole(merged, whole);
	results = load_json(merged, "results.json");
	assert_string_equal(string(results, "job"), "sum");
	assert_true(json_number_value(json_object_get(results, "wall_s")) <=
		(double)(clock_now_ms() - start) / 1000 + 0.1);
	assert_int_equal(json_array_size(json_object_get(results, "work")), 3);
	json_array_foreach(json_object_get(results, "work"), i, entry) {
		assert_true(*string(entry, "host") != '\0' && *string(entry, "cpu") != '\0' &&
			*string(entry, "kernel") != '\0');
		assert_true(json_is_real(json_object_get(entry, "seconds")));
	}
}

static void test_incomplete(void **state)
{
	AUTO_FREE char *said = NULL;
	AUTO_FREE char *listed = NULL;
	AUTO_FREE char *none = NULL;

	(void)state;
	enter_job("incomplete");
	free(shard(0, "gaps", 2, 3, SMALL));
	said = merge(3, "gaps");
	assert_says(said,
		"missing: part 1 of 3; next: scripts/shard gaps 1 3 -- measure --inputs=3000 --seed=1 "
		"--classes=oob-write,use-after-free --idioms=rust --detectors=none,asan --audit=8\n");
	assert_says(said, "missing: part 3 of 3; next: scripts/shard gaps 3 3 -- measure");
	assert_silent_of(said, "part 2 of 3");
	assert_int_not_equal(access("runs/latest", F_OK), 0);
	listed = run(0, "build/bin/triage runs --job gaps");
	assert_says(listed, "3 parts: 1 done, 0 running, 0 dead, 2 not begun\n");
	assert_says(listed, "time left: ");
	assert_says(listed, "next: scripts/shard gaps 1 3 -- measure");
	none = run(64, "build/bin/triage merge --job nothing");
	assert_says(none, "no such job");
}

/* ---- twice ------------------------------------------------------------------------------------- */

static void test_two_at_once(void **state)
{
	AUTO_FREE char *half = NULL;
	AUTO_FREE char *refused = NULL;
	AUTO_FREE char *listed = NULL;
	AUTO_FREE char *again = NULL;
	struct child first;

	(void)state;
	enter_job("twice");
	first = start_shard("twice", 1, 1, LARGE);
	half = wait_for_half("runs/twice/1-of-1.*/run.json");
	kill(first.pid, SIGSTOP); /* it holds its part, however long the other takes */
	refused = shard(75, "twice", 1, 1, LARGE);
	assert_int_equal(lines_of(refused), 1);
	assert_says(refused, "another process works on this part");
	listed = run(0, "build/bin/triage runs --job twice");
	assert_says(listed, "0 done, 1 running, 0 dead, 0 not begun");
	kill(first.pid, SIGCONT);
	free(child_said(&first, 0));
	again = shard(0, "twice", 1, 1, LARGE);
	assert_says(again, "is complete");
	assert_int_equal(count_paths("runs/twice/1-of-1.*-*"), 0);
}

/* Without a lock that both know: as on two sides of a partition. The first is stopped while the second makes the part. */
static struct child start_orphan(const char *job)
{
	AUTO_FREE char *lock = format("runs/%s/1-of-2.lock", job);
	AUTO_FREE char *pattern = format("runs/%s/1-of-2.*/run.json", job);
	AUTO_FREE char *half = NULL;
	struct child first = start_shard(job, 1, 2, LARGE);

	half = wait_for_half(pattern);
	kill(first.pid, SIGSTOP);
	assert_int_equal(unlink(lock), 0);
	free(shard(0, job, 1, 2, LARGE));
	return first;
}

static void test_finished_twice(void **state)
{
	AUTO_FREE char *merged = NULL;
	AUTO_FREE char *whole = NULL;
	struct child first;

	(void)state;
	enter_job("partition");
	first = start_orphan("orphan");
	kill(first.pid, SIGCONT);
	free(child_said(&first, 0));
	assert_int_equal(count_paths("runs/orphan/1-of-2*/run.json"), 1); /* its own was dropped */
	free(shard(0, "orphan", 2, 2, LARGE));
	free(merge(0, "orphan"));
	merged = latest();
	whole = measure(LARGE);
	assert_like_whole(merged, whole);
}

static void test_finished_unequal(void **state)
{
	const char *path = "runs/unequal/1-of-2/plans/use-after-free.rust.asan.u8";
	AUTO_FREE char *said = NULL;
	AUTO_FREE char *refused = NULL;
	uint8_t byte = 0;
	struct child first;
	int fd;

	(void)state;
	enter_job("unequal");
	first = start_orphan("unequal");
	fd = open(path, O_RDWR);
	assert_true(fd >= 0 && pread(fd, &byte, 1, 1000) == 1);
	byte = byte == outcome_of(VERDICT_RIGHT, CAUSE_NONE) ?
		outcome_of(VERDICT_TRAP, CAUSE_NONE) :
		outcome_of(VERDICT_RIGHT, CAUSE_NONE);
	assert_int_equal(pwrite(fd, &byte, 1, 1000), 1);
	close(fd);
	kill(first.pid, SIGCONT);
	said = child_said(&first, 3);
	assert_says(said, "differ: byte 1000 is");
	assert_int_equal(count_paths("runs/unequal/1-of-2.differs-1/results.json"), 1);
	free(shard(0, "unequal", 2, 2, LARGE));
	refused = merge(3, "unequal");
	assert_int_equal(lines_of(refused), 1);
	assert_says(refused, path);
	assert_says(refused, "runs/unequal/1-of-2.differs-1/plans/use-after-free.rust.asan.u8");
}

/* ---- killed -------------------------------------------------------------------------------------- */

static void test_resumed(void **state)
{
	AUTO_FREE char *half = NULL;
	AUTO_FREE char *said = NULL;
	AUTO_FREE char *listed = NULL;
	AUTO_FREE char *merged = NULL;
	AUTO_FREE char *whole = NULL;
	AUTO_JSON json_t *results = NULL;
	json_t *work;
	struct child first;

	(void)state;
	enter_job("killed");
	first = start_shard("killed", 1, 1, LARGE);
	half = wait_for_half("runs/killed/1-of-1.*/run.json");
	sleep_ms(200);
	kill(first.pid, SIGKILL);
	child_end(&first, &said);
	assert_nobody_left();
	listed = run(0, "build/bin/triage runs --job killed");
	assert_says(listed, "0 done, 0 running, 1 dead, 0 not begun");
	free(shard(0, "killed", 1, 1, LARGE));
	results = load_json("runs/killed/1-of-1", "results.json");
	work = json_object_get(results, "work");
	assert_int_equal(json_array_size(work), 2);
	assert_true(json_is_null(json_object_get(json_array_get(work, 0), "seconds")));
	assert_int_equal(count_paths("runs/killed/1-of-1.*-*"), 0);
	free(merge(0, "killed"));
	merged = latest();
	whole = measure(LARGE);
	assert_like_whole(merged, whole);
}

/* splitmix64: the same moments, as fractions, in every run. */
static uint64_t random_next(uint64_t *state)
{
	uint64_t z = *state += 0x9e3779b97f4a7c15u;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	z = (z ^ z >> 27) * 0x94d049bb133111ebu;
	return z ^ z >> 31;
}

/* kill -9 of the process, or of the process and its workers, after some part of @most_ms. False when it had ended. */
static bool kill_one(const char *job, int part, uint64_t *random, int64_t most_ms)
{
	struct child child = start_shard(job, part, PARTS, SMALL);
	AUTO_FREE char *said = NULL;
	pid_t others[64];
	size_t count = 0;
	int status;

	sleep_ms((int64_t)(random_next(random) % (uint64_t)most_ms));
	if (random_next(random) % 2 == 0)
		count = find_processes("", others, LENGTH(others));
	kill(child.pid, SIGKILL);
	for (size_t i = 0; i < count; i++)
		kill(others[i], SIGKILL);
	status = child_end(&child, &said);
	assert_nobody_left();
	return WIFSIGNALED(status);
}

/* A job after another until there were that many kills: each is the whole run, no plan lost, none counted twice. */
static void test_kills(void **state)
{
	AUTO_FREE char *whole = NULL;
	uint64_t random = 24;
	int wanted = full_tier ? KILLS : 6, kills = 0;
	int64_t part_ms;

	(void)state;
	enter_job("kills");
	whole = measure(SMALL);
	part_ms = clock_now_ms();
	free(shard(0, "timed", 1, PARTS, SMALL));
	part_ms = clock_now_ms() - part_ms;
	for (int round = 1; kills < wanted; round++) {
		AUTO_FREE char *job = format("kills-%d", round);
		AUTO_FREE char *merged = NULL;
		int before = kills;

		for (int i = 0; kills < wanted && i < 3 * PARTS; i++)
			kills += kill_one(
				job, 1 + (int)(random_next(&random) % PARTS), &random, part_ms);
		assert_true(kills > before);
		make_parts(job, PARTS, SMALL);
		free(merge(0, job));
		merged = latest();
		assert_like_whole(merged, whole);
	}
	print_message("%d kills\n", kills);
}

/* ---- file systems and clocks ----------------------------------------------------------------------- */

/* flock() as an NFS client has it (flock(2), "NFS details"), and a clock that SHIFT moves. */
static const char shim[] =
	"#define _GNU_SOURCE\n#include <errno.h>\n#include <fcntl.h>\n#include <stdlib.h>\n"
	"#include <sys/file.h>\n#include <sys/syscall.h>\n#include <time.h>\n#include <unistd.h>\n"
	"int flock(int fd, int operation)\n{\n"
	"	if ((operation & LOCK_EX) && (fcntl(fd, F_GETFL) & O_ACCMODE) == O_RDONLY) {\n"
	"		errno = EBADF;\n		return -1;\n	}\n"
	"	return (int)syscall(SYS_flock, fd, operation);\n}\n"
	"time_t time(time_t *to)\n{\n	struct timespec now;\n	const char *shift = getenv(\"SHIFT\");\n"
	"	clock_gettime(CLOCK_REALTIME, &now);\n	now.tv_sec += shift ? atol(shift) : 0;\n"
	"	if (to)\n		*to = now.tv_sec;\n	return now.tv_sec;\n}\n";

static void test_network_file_system(void **state)
{
	AUTO_FREE char *merged = NULL;
	AUTO_FREE char *whole = NULL;

	(void)state;
	enter_job("nfs");
	assert_int_equal(file_write("shim.c", shim, strlen(shim)), 0);
	free(run(0, "clang -shared -fPIC -o shim.so shim.c"));
	whole = measure(SMALL);
	setenv("LD_PRELOAD", "./shim.so", 1);
	free(shard(0, "nfs", 1, 2, SMALL));
	setenv("SHIFT", "3600", 1);
	free(shard(0, "nfs", 2, 2, SMALL));
	setenv("SHIFT", "-3600", 1); /* the sum is of an hour before the whole run */
	free(merge(0, "nfs"));
	unsetenv("LD_PRELOAD");
	unsetenv("SHIFT");
	merged = latest();
	assert_non_null(strstr(merged, "-merge"));
	assert_like_whole(merged, whole);
}

/* ---- bad input ----------------------------------------------------------------------------------- */

static int enter_bad(void **state)
{
	(void)state;
	enter_job("bad");
	return 0;
}

/* A node's programs, which may be other than the job's. */
#define NODE \
	"rm -rf node && mkdir -p node/build && cp -r $PWD/scripts/. node/scripts && ln -s ../runs node/runs && " \
	"mkdir node/build/bin && ln -s $PWD/build/bin/* node/build/bin && cd node && "

static const struct row rows[] = {
	CASE("test_other_arguments"),
	{ 0, "scripts/shard one 1 2 -- measure " SMALL },
	{ 3, "scripts/shard one 2 2 -- measure --inputs=3001 " OPTIONS " 2>&1",
		{ "#1", "the job has arguments \"--inputs=3000 ", "this part \"--inputs=3001 ",
			"choose another name" } },
	{ 3, "scripts/shard one 2 3 -- measure " SMALL " 2>&1",
		{ "#1", "the job has parts 2, this part 3" } },
	{ 3, "scripts/shard one 2 2 -- measure --seed=2 " SMALL " 2>&1",
		{ "#1", "--seed=1", "--seed=2" } },
	{ 0, "scripts/shard one 2 2 -- measure " SMALL },
	{ 0, "build/bin/triage merge --job one" },
	CASE("test_bad_part"),
	{ 64, "scripts/shard two 3 2 -- measure " SMALL " 2>&1", { "#1", "1 <= i <= n" } },
	{ 64, "scripts/shard two 0 2 -- measure " SMALL " 2>&1", { "#1", "1 <= i <= n" } },
	{ 64, "scripts/shard two 3 3001 -- measure " SMALL " 2>&1",
		{ "#1", "more parts than plans" } },
	{ 64, "scripts/shard ../two 1 2 -- measure " SMALL " 2>&1", { "#1", "must be a letter" } },
	{ 64, "scripts/shard latest 1 2 -- measure " SMALL " 2>&1", { "#1" } },
	{ 64, "scripts/shard two 1 2 -- gate 2>&1", { "#1", "usage: scripts/shard" } },
	{ 64, "scripts/shard two 1 2 2>&1", { "usage: scripts/shard" } },
	{ 64, "build/bin/triage measure --job=two --resume=x 2>&1" },
	{ 2, "ls runs/two" },
	CASE("test_no_programs"),
	{ 3, NODE "rm build/bin/triage && scripts/shard three 1 2 -- measure " SMALL " 2>&1",
		{ "#1", "next: make build/bin/triage" } },
	{ 3, NODE "rm build/bin/measure-asan && scripts/shard three 1 2 -- measure " SMALL " 2>&1",
		{ "#1", "build/bin/measure-asan is not built here; next: make ",
			"build/bin/measure-asan" } },
	{ 2, "ls runs/three" },
	CASE("test_other_build"),
	{ 0, "scripts/shard four 1 2 -- measure " SMALL },
	{ 3,
		NODE
		"rm build/bin/replay-asan && cp ../build/bin/replay-asan build/bin && echo >>build/bin/replay-asan && "
		"scripts/shard four 2 2 -- measure " SMALL " 2>&1",
		{ "#1", "are not those of job four", ": make build/bin/measure-none" } },
	{ 0, "scripts/shard four 2 2 -- measure " SMALL },
	{ 3, "cd node && build/bin/triage merge --job four 2>&1",
		{ "are not those of job four", "not complete" } },
	{ 0, "build/bin/triage merge --job four" },
	CASE("test_other_kinds_of_jobs"),
	{ 0, "sed -i 's/\"plan_version\": [0-9]*/\"plan_version\": 99/' runs/four/job.json" },
	{ 3, "scripts/shard four 2 2 -- measure " SMALL " 2>&1",
		{ "#1", "the job has plan_version 99" } },
	{ 64, "build/bin/triage runs --job no/such 2>&1", { "#1", "no name of a job" } },
	{ 64, "build/bin/triage measure --resume=runs/four/1-of-2 2>&1",
		{ "#1", "scripts/shard four 1 2 -- measure" } },
	CASE("test_large_samples"),
	{ 0, "build/bin/triage measure --programs --inputs=10000000000 --classes=oob-write" },
	{ 64, "build/bin/triage measure --inputs=10000000001 2>&1", { "#1", "10000000000" } },
	CASE("test_counts_alone"),
	{ 0, "scripts/shard six 1 2 -- measure --counts " SMALL },
	{ 3, "scripts/shard six 2 2 -- measure " SMALL " 2>&1", { "#1", "choose another name" } },
	{ 0, "scripts/shard six 2 2 -- measure --counts " SMALL },
	{ 0, "build/bin/triage merge --job six" },
	{ 2, "ls runs/latest/plans" },
	{ 0, "build/bin/triage show latest", { "use-after-free" } },
	{ 3, "build/bin/triage show latest use-after-free.rust.asan right 2>&1",
		{ "#1", "keeps counts alone" } },
	{ 3, "build/bin/triage measure --resume=latest 2>&1", { "#1", "not kept" } },
	{ 3,
		"scripts/shard seven 1 1 -- measure " SMALL
		" && build/bin/triage merge runs/six/1-of-2 runs/seven/1-of-1 2>&1",
		{ "only one keeps its plans" } },
	CASE("test_directory_gone"),
	{ 0, "scripts/shard five 1 2 -- measure " SMALL },
	{ 0, "mv runs away && touch runs" },
	{ 1, "scripts/shard five 2 2 -- measure " SMALL " 2>&1", { "#1", "runs/five" } },
	{ 0, "rm runs && mv away runs && scripts/shard five 2 2 -- measure " SMALL },
	{ 0, "build/bin/triage merge --job five" },
	CASES_END,
};

static void test_full_directory(void **state)
{
	AUTO_FREE char *said = NULL;

	(void)state;
	enter_job("full");
	mount_small_disk("size=2m");
	free(shard(0, "full", 1, 2, SMALL));
	fill_disk();
	said = shard(1, "full", 2, 2, SMALL);
	assert_says(said, "No space left on device");
	assert_int_equal(count_paths("runs/full/2-of-2*/plans"), 0);
	assert_int_equal(unlink("runs/filler"), 0);
	free(shard(0, "full", 2, 2, SMALL));
	assert_int_equal(mount(NULL, "runs", NULL, MS_REMOUNT | MS_RDONLY, NULL), 0);
	free(said);
	said = shard(1, "other", 1, 2, SMALL);
	assert_int_equal(lines_of(said), 1);
	assert_says(said, "Read-only file system");
	free(shard(0, "full", 2, 2, SMALL)); /* complete, and nothing is to be written */
	assert_int_equal(mount(NULL, "runs", NULL, MS_REMOUNT, "size=8m"), 0);
	free(merge(0, "full"));
}

int main(void)
{
	static struct CMUnitTest tests[24] = {
		TEST(test_parts_are_the_whole),
		TEST(test_incomplete),
		TEST(test_two_at_once),
		TEST(test_finished_twice),
		TEST(test_finished_unequal),
		TEST(test_resumed),
		TEST(test_network_file_system),
		TEST(test_kills),
	};
	size_t count = count_tests(tests);

	read_tier();
	count += cases_add(&tests[count], rows, enter_bad, end_runs, NULL);
	/* last: it changes our view of mounts */
	tests[count++] = (struct CMUnitTest)cmocka_unit_test_teardown(
		test_full_directory, empty_disk);
	return _cmocka_run_group_tests("jobs", tests, count, set_up, tear_down);
}
