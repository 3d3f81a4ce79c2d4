/* SPDX-License-Identifier: Apache-2.0
 * triage crashes on targets that misbehave: every way in which a target, a directory or a machine can be
 * bad, with real processes. */
#include "sandbox.h"

#include <sys/prctl.h>

static int compile_targets(void **state)
{
	AUTO_FREE char *said = NULL;

	(void)state;
	assert_int_equal(enter_scratch(), 0);
	said = expect(0,
		"clang -w -O1 -o hostile $home/triage/crashes/testdata/hostile.c && "
		"clang -w -O1 -DNEW_FORKSERVER -o served $home/triage/crashes/testdata/hostile.c && "
		"AFL_QUIET=1 afl-clang-fast -w -O1 -o afl $home/triage/crashes/testdata/hostile.c");
	return 0;
}

/* ---- what targets do ------------------------------------------------------------------------- */

/* All of it through each way of running: a process an input, AFL++'s own forkserver, the new protocol. */
static void misbehave(const char *target, const char *how)
{
	static const char *const inputs[][2] = { { "c/hangs", "h" }, { "c/closes", "C" },
		{ "c/closes-and-hangs", "c" }, { "c/quiet", "q" }, { "c/plain", "p" },
		{ "c/chats", "g8" }, { "c/new\nline", "p2" }, { "c/forks", "f" } };
	AUTO_FREE char *said = NULL;
	AUTO_FREE char *pids = NULL;
	AUTO_JSON json_t *run = NULL;

	for (size_t i = 0; i < LENGTH(inputs); i++)
		put(inputs[i][0], inputs[i][1]);
	said = expect(2, "PID_FILE=$PWD/pids $triage crashes -t 1 c -- ../%s 2>&1", target);
	run = newest();
	assert_died(run, "hangs", 1, 1);
	assert_string_equal(kind_of(run, "c/hangs"), "timeout");
	assert_died(run, "closes-and-hangs", 1, 1);
	assert_string_equal(kind_of(run, "closes-and-hangs"), "timeout");
	assert_died(run, "c/closes", 3, 3);
	assert_string_equal(kind_of(run, "c/closes"), "ABRT");
	assert_died(run, "chats", 3, 3);
	assert_string_equal(kind_of(run, "chats"), "heap-buffer-overflow");
	assert_died(run, "forks", 3, 3);
	assert_died(run, "plain", 3, 3);
	assert_died(run, "new\\x0aline", 3, 3);
	assert_died(run, "quiet", 0, 3);
	assert_says(said, "Did not die in any of 3 runs (nothing is deleted):");
	assert_says(said, "c/new\\x0aline");
	assert_says(said, how);
	assert_int_equal(access("c/quiet", F_OK), 0);
	/* nobody of what was left behind is there any more */
	pids = expect(
		0, "for p in $(cat pids); do ! kill -0 $p 2>/dev/null || echo $p lives; done");
	assert_string_equal(pids, "");
}

static void test_processes(void **state)
{
	(void)state;
	misbehave("hostile", "a new process each");
}

static void test_forkserver(void **state)
{
	(void)state;
	misbehave("afl", "through the target's forkserver");
}

static void test_new_forkserver(void **state)
{
	(void)state;
	misbehave("served", "through the target's forkserver");
}

/* What is kept of gigabytes is bounded, and the report in them is found. */
static void test_gigabytes(void **state)
{
	AUTO_FREE char *said = NULL;
	AUTO_JSON json_t *run = NULL;
	const char *memory;

	(void)state;
	put("c/chats", full_tier ? "g1500" : "g30");
	said = expect(2,
		"command -v /usr/bin/time >/dev/null && exec /usr/bin/time -f 'peak %%M' $triage crashes -j 1 -t 60 c "
		"-- ../hostile 2>&1 || exec $triage crashes -t 60 c -- ../hostile 2>&1");
	run = newest();
	assert_died(run, "chats", 3, 3);
	assert_says(said, "behind_gigabytes");
	memory = strstr(said, "peak ");
	if (memory != NULL)
		assert_true(strtol(memory + 5, NULL, 10) < 64 * 1024);
}

static void test_memory(void **state)
{
	AUTO_FREE char *said = NULL;
	AUTO_JSON json_t *run = NULL;

	(void)state;
	put("c/hog", "m");
	said = expect(2, "$triage crashes -m 64 -t 30 c -- ../hostile");
	run = newest();
	assert_string_equal(kind_of(run, "hog"), "memory-limit");
	assert_says(said, "it went over the 64 MiB of -m; -m 0 lifts it");
}

static void test_flaky(void **state)
{
	AUTO_FREE char *said = NULL;
	AUTO_JSON json_t *run = NULL;

	(void)state;
	put("c/flaky", "F");
	said = expect(2, "COUNT_FILE=$PWD/count $triage crashes c -- ../hostile");
	run = newest();
	assert_died(run, "flaky", 2, 3);
	assert_says(said, "0 die in every run, 1 in some\n");
}

/* A target that kills who runs it takes down one worker, not the triage. */
static void test_kills_parent(void **state)
{
	AUTO_FREE char *said = NULL;
	AUTO_JSON json_t *run = NULL;

	(void)state;
	put("c/killer", "K");
	put("c/plain", "p");
	put("c/plain2", "p2");
	said = expect(1, "$triage crashes c -- ../hostile 2>&1");
	run = newest();
	assert_died(run, "plain", 3, 3);
	assert_died(run, "plain2", 3, 3);
	assert_string_equal(string(crash_named(run, "killer"), "state"), "waiting");
	assert_says(said, "1 files could not be run");
}

static void test_file_argument(void **state)
{
	AUTO_FREE char *with = NULL;
	AUTO_JSON json_t *run = NULL;

	(void)state;
	put("c/plain", "p");
	with = expect(2, "$triage crashes c -- ../hostile @@ </dev/null");
	run = newest();
	assert_died(run, "plain", 3, 3);
	assert_says(with, "reproduce: ../hostile c/plain");
	expect_says(2, "reproduce: ../hostile < c/plain", "$triage crashes c -- ../hostile");
}

/* ---- what directories do --------------------------------------------------------------------- */

static void test_deleted(void **state)
{
	AUTO_FREE char *said = NULL;
	AUTO_JSON json_t *run = NULL;

	(void)state;
	/* the first crash's run deletes the last one's file */
	put("c/a", "dc/z\n");
	put("c/z", "p");
	said = expect(2, "$triage crashes -j 1 c -- ../hostile");
	run = newest();
	assert_string_equal(string(crash_named(run, "c/z"), "state"), "gone");
	assert_says(said, "1 deleted meanwhile");
}

static void test_names(void **state)
{
	static const char *const files[] = {
		/* AFL++'s */
		"o/a/crashes/id:000000,sig:06",
		"o/a/crashes/README.txt",
		"o/b/crashes/id_000001",
		"o/b/crashes.2026-01-01-10:00:00/id:000002",
		"o/b/crashes/d41d8cd98f00b204e9800998ecf8427e",
		"o/b/queue/id:000003",
		"o/b/hangs/id:4",
		/* libFuzzer's */
		"l/crash-1",
		"l/oom-2",
		"l/timeout-3",
		"l/leak-4",
		"l/slow-unit-5",
		"l/seed",
		"l/Makefile",
		/* honggfuzz's */
		"h/SIGSEGV.PC.1.fuzz",
		"h/HONGGFUZZ.REPORT.TXT",
		/* anybody's */
		"p/poc1",
		"p/.hidden",
		"p/README.txt",
		"p/poc2",
	};
	static const struct {
		const char *directory;
		int found;
	} expected[] = { { "o", 4 }, { "o/b", 3 }, { "o/a/crashes", 1 }, { "l", 6 }, { "h", 1 },
		{ "p", 2 } };

	(void)state;
	free(expect(0,
		"mkdir -p o/a/crashes o/b/crashes o/b/crashes.2026-01-01-10:00:00 o/b/queue "
		"o/b/hangs l h p"));
	for (size_t i = 0; i < LENGTH(files); i++)
		put(files[i], "p");
	for (size_t i = 0; i < LENGTH(expected); i++) {
		AUTO_FREE char *said = expect(
			2, "$triage crashes %s -- ../hostile", expected[i].directory);
		AUTO_FREE char *words = format("%d crash file%s: %d die", expected[i].found,
			expected[i].found == 1 ? "" : "s", expected[i].found);

		assert_says(said, words);
	}
}

/* What AFL++ was told to run is what is run. */
static void test_cmdline(void **state)
{
	(void)state;
	free(expect(
		0, "mkdir -p o/default/crashes; printf '../hostile\\n@@\\n' > o/default/cmdline"));
	put("o/default/crashes/id:0", "p");
	expect_says(2, "reproduce: ../hostile o/default/crashes/id:0", "$triage crashes o");
	expect_says(2, "reproduce: ../afl o/default/crashes/id:0", "$triage crashes o -- ../afl");
}

static void test_fifty_thousand(void **state)
{
	AUTO_FREE char *said = NULL;
	AUTO_JSON json_t *run = NULL;
	AUTO_FREE char *words = NULL;
	long files = full_tier ? 50000 : 2000;

	(void)state;
	free(expect(0,
		"cd c && seq 1 %ld | awk '{ f = \"id:\" $1; print \"k\" ($1 %% 9) ($1 %% 9) ($1 %% 10) > f; close(f) }'",
		files));
	words = format("%ld crash files: %ld die in every run", files, files);
	said = expect(2, "$triage crashes c -- ../served");
	run = newest();
	assert_says(said, words);
	assert_int_equal(buckets(run), 9);
	assert_int_equal(json_array_size(json_object_get(run, "crashes")), (size_t)files);
}

/* ---- what machines and people do ------------------------------------------------------------- */

static void test_bad_target(void **state)
{
	static const struct {
		const char *target, *says;
	} rows[] = { { "./missing", "No such file" }, { "./text", "not an executable file" },
		{ "./c", "not an executable file" }, { "./garbage", "Exec format error" },
		{ "no-such-program", "no such program" } };

	(void)state;
	put("c/plain", "p");
	put("text", "#!/bin/sh\n");
	put("garbage", "\177garbage");
	free(expect(0, "chmod 755 garbage"));
	for (size_t i = 0; i < LENGTH(rows); i++) {
		bool runs = strcmp(rows[i].target, "./garbage") == 0;

		expect_says(runs ? 1 : 64, rows[i].says, "$triage crashes c -- %s 2>&1",
			rows[i].target);
	}
}

static void test_usage(void **state)
{
	static const struct {
		int code;
		const char *arguments, *says;
	} rows[] = { { 64, "", "no DIR given" }, { 64, "c --", "no TARGET after --" },
		{ 64, "c", "no TARGET given" }, { 64, "missing -- ../hostile", "No such file" },
		{ 64, "-t 0 c -- ../hostile", "must be a whole number" },
		{ 64, "-t 1x c -- ../hostile", "must be a whole number" },
		{ 64, "-j 0 c -- ../hostile", "must be a whole number" },
		{ 64, "-m -1 c -- ../hostile", "must be a whole number" },
		{ 64, "--frobnicate c -- ../hostile", "--help" },
		{ 64, "--json --html c -- ../hostile", "only one form" },
		{ 64, "--ignore=missing c -- ../hostile", "No such file" },
		{ 64, "--ignore=bad c -- ../hostile", "bad:2: must be" },
		{ 3, "empty -- ../hostile", "no crash files in empty" },
		{ 0, "--help", "Usage:" } };

	(void)state;
	put("c/plain", "p");
	put("bad", "# fine\nfrobnicate x\n");
	free(expect(0, "mkdir empty"));
	for (size_t i = 0; i < LENGTH(rows); i++)
		expect_says(
			rows[i].code, rows[i].says, "$triage crashes %s 2>&1", rows[i].arguments);
}

/* root may write anywhere, so runs/ is a file here. */
static void test_read_only(void **state)
{
	AUTO_FREE char *form = NULL;

	(void)state;
	put("c/plain", "p");
	put("runs", "");
	expect_says(1, "runs/ cannot be written to", "$triage crashes c -- ../hostile 2>&1");
	free(expect(0, "rm runs"));
	form = expect(1, "$triage crashes --html=/proc/none/x.html c -- ../hostile 2>&1");
	assert_says(form, "/proc/none/x.html: No such file");
	assert_says(form, "plain_bug");
}

/* One that is done when the signal comes is kept, and is not run again. */
static void test_interrupt(void **state)
{
	AUTO_FREE char *first = NULL;
	AUTO_FREE char *second = NULL;
	AUTO_FREE char *third = NULL;

	(void)state;
	put("c/a", "p");
	put("c/b", "h");
	put("c/c", "p2");
	first = expect(130,
		"$triage crashes -j 1 -t 60 c -- ../hostile 2>&1 & p=$!; "
		"until grep -q c/a runs/*/journal.jsonl 2>/dev/null; do sleep 0.05; done; "
		"kill -INT $p; wait $p");
	assert_says(first, "2 not run yet");
	assert_says(first, "what is done is kept");
	second = expect(2, "$triage crashes -t 1 c -- ../hostile 2>&1");
	assert_silent_of(second, "known from an earlier run"); /* another limit, another result */
	free(expect(0, "rm c/b"));
	third = expect(2, "$triage crashes -j 1 -t 60 c -- ../hostile 2>&1");
	assert_says(third, "2 crash files, 1 known from an earlier run");
	assert_says(third, ": 3 runs, ");
}

static void test_only_new(void **state)
{
	AUTO_FREE char *first = NULL;
	AUTO_FREE char *second = NULL;

	(void)state;
	put("c/a", "k11");
	put("c/b", "q");
	first = expect(2, "$triage crashes c -- ../hostile 2>&1");
	put("c/c", "k22");
	put("c/d", "k11");
	/* what was cut off in the middle of a line is as if it were not there */
	free(expect(0, "printf '{\"input\": \"c/x' >> $(ls runs/*/journal.jsonl)"));
	second = expect(2, "$triage crashes c -- ../hostile 2>&1");
	assert_says(second, "4 crash files, 2 known from an earlier run");
	assert_says(second, ": 6 runs, "); /* the new bug, and what did not die the last time */
	assert_says(second, "2 buckets");
	expect_says(2, ": 9 runs, ", "$triage crashes --again c -- ../hostile 2>&1");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST_OF_CRASHES(test_processes),
		TEST_OF_CRASHES(test_forkserver),
		TEST_OF_CRASHES(test_new_forkserver),
		TEST_OF_CRASHES(test_gigabytes),
		TEST_OF_CRASHES(test_memory),
		TEST_OF_CRASHES(test_flaky),
		TEST_OF_CRASHES(test_kills_parent),
		TEST_OF_CRASHES(test_file_argument),
		TEST_OF_CRASHES(test_deleted),
		TEST_OF_CRASHES(test_names),
		TEST_OF_CRASHES(test_cmdline),
		TEST_OF_CRASHES(test_fifty_thousand),
		TEST_OF_CRASHES(test_bad_target),
		TEST_OF_CRASHES(test_usage),
		TEST_OF_CRASHES(test_read_only),
		TEST_OF_CRASHES(test_interrupt),
		TEST_OF_CRASHES(test_only_new),
	};

	read_tier();
	return cmocka_run_group_tests_name("triage crashes", tests, compile_targets, tear_down);
}
