/* SPDX-License-Identifier: Apache-2.0
 * triage crashes on targets that look as if they did not crash, or not of that: reports that go astray, handlers
 * that take signals away, leaks, names that decide, files that nobody expected, and limits of our own. */
#include "sandbox.h"

static int compile_targets(void **state)
{
	AUTO_FREE char *said = NULL;

	(void)state;
	assert_int_equal(enter_scratch(), 0);
	make_refuse();
	unsetenv("ASAN_OPTIONS");
	unsetenv("LSAN_OPTIONS");
	unsetenv("UBSAN_OPTIONS");
	put("fuzzed.c",
		"#include <stdint.h>\n#include <stdlib.h>\n#include <unistd.h>\n"
		"int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {\n"
		"	if (size > 0 && data[0] == 'c') close(2);\n"
		"	if (size > 0 && data[0] == 'h') for (;;) pause();\n"
		"	if (size > 0 && data[0] == 'a') exit(5);\n"
		"	volatile char *block = malloc(8); block[size + 7] = 1; free((void *)block); return 0; }\n");
	/* dies where a forkserver would start, and ends with a ruler */
	put("unforked.c",
		"#include <stdio.h>\n#include <stdlib.h>\n"
		"int main(void) { if (getenv(\"__AFL_DEFER_FORKSRV\")) abort();\n"
		"	__AFL_INIT(); int c = getchar(); puts(\"c was read\\n======\"); if (c == 'c') abort(); return c == 'x'; }\n");
	/* goes by a file that no argument names */
	put("opens.c",
		"#include <stdio.h>\n#include <stdlib.h>\n"
		"int main(void) { FILE *file = fopen(\"x.cfg\", \"r\"); if (file && fgetc(file) == 'c') abort(); return 0; }\n");
	said = expect(0,
		"wily=$home/triage/crashes/testdata/wily.c; "
		"clang -w -g -O1 -fsanitize=address -o asan $wily && "
		"clang -w -g -O1 -fsanitize=address -DDEFAULT_OPTIONS='\"detect_leaks=0\"' -o quiet $wily && "
		"clang -w -g -O1 -fsanitize=undefined -o ubsan $wily && "
		"clang -w -g -O1 -fsanitize=leak -o lsan $wily && "
		"clang -w -g -O1 -o plain $wily && "
		"AFL_QUIET=1 afl-clang-fast -w -g -O1 -fsanitize=address -o afl $wily && "
		"AFL_QUIET=1 afl-clang-fast -w -g -O1 -fsanitize=address -o unforked unforked.c && "
		"AFL_QUIET=1 afl-clang-fast -w -g -O1 -fsanitize=address -o opens opens.c && "
		"clang -w -g -O1 -fsanitize=fuzzer,address -o fuzzed fuzzed.c && "
		"clang -w -g -O1 -o hostile $home/triage/crashes/testdata/hostile.c");
	return 0;
}

/* Files named by the byte that they hold. */
static void put_bytes(const char *bytes)
{
	for (; *bytes != '\0'; bytes++) {
		AUTO_FREE char *name = format("c/%c", *bytes);
		char text[] = { *bytes, '\0' };

		put(name, text);
	}
}

static size_t reports_of(const json_t *run, const char *name)
{
	json_int_t report = number(crash_named(run, name), "report");

	return json_array_size(json_object_get(
		json_array_get(json_object_get(run, "reports"), (size_t)report), "reports"));
}

static const json_t *bucket_of(const json_t *run, const char *name)
{
	json_int_t report = number(crash_named(run, name), "report");
	size_t i, k;
	const json_t *bucket, *index;

	json_array_foreach(json_object_get(run, "buckets"), i, bucket) {
		json_array_foreach(json_object_get(bucket, "reports"), k, index)
			if (json_integer_value(index) == report)
				return bucket;
	}
	fail_msg("%s is in no bucket", name);
	return NULL;
}

static void assert_rated(
	const json_t *run, const char *name, const char *severity, const char *rule)
{
	assert_string_equal(string(bucket_of(run, name), "severity"), severity);
	assert_string_equal(string(bucket_of(run, name), "rule"), rule);
}

/* ---- reports --------------------------------------------------------------------------------- */

/* Descriptors closed, pointed elsewhere, left behind by a fork or an exec, a root of its own: the report
 * is there, once. */
static void assert_reported(const char *target, const char *bytes, const char *kind)
{
	AUTO_JSON json_t *run = NULL;

	put_bytes(bytes);
	free(expect(2, "$triage crashes c -- ../%s @@", target));
	run = newest();
	for (const char *byte = bytes; *byte != '\0'; byte++) {
		AUTO_FREE char *name = format("c/%c", *byte);

		assert_died(run, name, 3, 3);
		assert_string_equal(kind_of(run, name), kind);
		assert_int_equal(reports_of(run, name), 1);
	}
}

static void test_descriptors(void **state)
{
	(void)state;
	assert_reported("asan", "cnfxr", "heap-buffer-overflow");
}

static void test_descriptors_of_forks(void **state)
{
	(void)state;
	assert_reported("afl", "cnfr", "heap-buffer-overflow");
}

static void test_descriptors_of_ubsan(void **state)
{
	(void)state;
	assert_reported("ubsan", "cnf", "signed-integer-overflow");
}

/* libFuzzer writes to standard error, and its stacks must not go elsewhere. */
static void test_libfuzzer(void **state)
{
	AUTO_FREE char *said = NULL;
	AUTO_JSON json_t *run = NULL;

	(void)state;
	put("c/crash-c", "c");
	put("c/crash-a", "a");
	put("c/crash-o", "o");
	put("c/timeout-h", "h");
	said = expect(2, "$triage crashes -t 2 c -- ../fuzzed");
	run = newest();
	assert_string_equal(kind_of(run, "crash-c"), "heap-buffer-overflow");
	assert_string_equal(kind_of(run, "crash-o"), "heap-buffer-overflow");
	assert_string_equal(kind_of(run, "timeout-h"), "timeout");
	expect_says(2, "reproduce: ../fuzzed -timeout=2 -rss_limit_mb=0 c/timeout-h",
		"$triage crashes -m 0 -t 2 c/timeout-h -- ../fuzzed");
	expect_says(2, "reproduce: ../fuzzed -rss_limit_mb=4096 c/crash-a",
		"$triage crashes -m 4096 c/crash-a -- ../fuzzed @@");
	expect_says(2, "reproduce: ../fuzzed -rss_limit_mb=3000 c/crash-a",
		"$triage crashes -m 0 c/crash-a -- ../fuzzed -rss_limit_mb=3000 @@");
	/* that the target called exit() is libFuzzer's own finding, with the stack behind it */
	assert_says(said, "fuzz target exited in LLVMFuzzerTestOneInput at ");
	assert_says(said, "reproduce: ../fuzzed -timeout=2 c/timeout-h");
}

/* What a forkserver says when it dies at its start is not what the first input died of. */
static void test_dead_forkserver(void **state)
{
	AUTO_FREE char *said = NULL;
	AUTO_JSON json_t *run = NULL;

	(void)state;
	put_bytes("x");
	said = expect(0, "$triage crashes -j 1 c -- ../unforked 2>&1");
	assert_says(said, "a new process each");
	assert_says(said, "c/x: exit status 1, last words: \"c was read\"");
	put_bytes("c");
	free(expect(2, "$triage crashes -j 1 c -- ../unforked"));
	run = newest();
	assert_died(run, "c/x", 0, 3);
	assert_died(run, "c/c", 3, 3);
	assert_int_equal(reports_of(run, "c/c"), 1);
}

/* Nobody knows what it died of: that is not harmless. */
static void test_no_report(void **state)
{
	AUTO_FREE char *said = NULL;
	AUTO_JSON json_t *sanitized = NULL;
	AUTO_JSON json_t *plain = NULL;
	AUTO_JSON json_t *traced = NULL;
	AUTO_JSON json_t *traced_plain = NULL;

	(void)state;
	put_bytes("ka");
	said = expect(2, "ASAN_OPTIONS=handle_abort=0 ../refuse $triage crashes c -- ../asan");
	sanitized = newest();
	assert_rated(sanitized, "c/k", "UNDEFINED", "sent");
	assert_rated(sanitized, "c/a", "UNDEFINED", "report-lost");
	assert_says(said, "no report of it reached us: not rated");
	assert_says(said, "for a stack: ASAN_OPTIONS=abort_on_error=1 gdb -batch -ex 'run < c/a'");
	free(expect(2, "ASAN_OPTIONS=handle_abort=0 $triage crashes --again c -- ../asan"));
	traced = newest();
	assert_rated(traced, "c/a", "UNDEFINED", "report-lost");
	free(expect(2, "../refuse $triage crashes c -- ../plain"));
	plain = newest();
	assert_rated(plain, "c/a", "UNDEFINED", "no-report");
	free(expect(2, "$triage crashes --again c -- ../plain"));
	traced_plain = newest();
	assert_rated(traced_plain, "c/a", "NOT_EXPLOITABLE", "stopped-by-check");
	free(expect(2, "rm c/k; $triage crashes c -- ../asan"));
}

/* A target that becomes another user, or may write no file. */
static void test_no_right_to_report(void **state)
{
	AUTO_JSON json_t *run = NULL;
	AUTO_JSON json_t *forked = NULL;
	bool root = geteuid() == 0;

	(void)state;
	put_bytes(root ? "uzZ" : "zZ");
	free(expect(2, "$triage crashes c -- ../asan"));
	run = newest();
	free(expect(2, "$triage crashes c -- ../afl"));
	forked = newest();
	if (root) {
		assert_string_equal(kind_of(run, "c/u"), "heap-buffer-overflow");
		assert_string_equal(kind_of(forked, "c/u"), "heap-buffer-overflow");
	}
	/* the report is lost, and the signal that our file brought about is not the program's */
	assert_rated(run, "c/z", "UNDEFINED", "report-lost");
	assert_rated(forked, "c/z", "UNDEFINED", "report-lost");
	assert_string_equal(kind_of(run, "c/Z"), "SIGXFSZ");
	assert_rated(run, "c/Z", "UNDEFINED", "sent");
}

/* What has no options of ours ends as its maker has it: that is no proof of health. */
static void test_no_options(void **state)
{
	AUTO_FREE char *said = NULL;
	AUTO_JSON json_t *run = NULL;

	(void)state;
	put_bytes("iy");
	said = expect(0, "$triage crashes c -- ../asan");
	run = newest();
	assert_says(said, ", 1 unknown, 1 did not die\n");
	assert_says(said, "Unknown whether a sanitizer found something; next: keep ASAN_OPTIONS ");
	assert_says(said,
		"c/i: exit status 1; a sanitizer's runtime without our options ends like that");
	assert_says(said, "(nothing is deleted):\n     c/y");
	assert_true(json_is_true(json_object_get(crash_named(run, "c/i"), "unknown")));
	assert_true(json_is_false(json_object_get(crash_named(run, "c/y"), "unknown")));
	free(expect(0, "$triage crashes --junit=- c -- ../asan | grep 'errors=\"1\"'"));
}

/* ---- signals --------------------------------------------------------------------------------- */

static void test_handlers(void **state)
{
	AUTO_JSON json_t *run = NULL;
	AUTO_JSON json_t *users = NULL;

	(void)state;
	put_bytes("hj");
	free(expect(2, "$triage crashes c -- ../asan"));
	run = newest();
	assert_string_equal(kind_of(run, "c/h"), "SEGV");
	assert_string_equal(kind_of(run, "c/j"), "SEGV");
	/* what the user says holds, whichever variable it is said in */
	free(expect(0,
		"ASAN_OPTIONS=handle_segv=1:allow_user_segv_handler=1 $triage crashes c -- ../asan"));
	users = newest();
	assert_died(users, "c/h", 0, 3);
}

/* Without a sanitizer the end is all there is. */
static void test_how_it_ended(void **state)
{
	static const char ended[] =
		"exit status 3, last words: \"caught\\x09a signal,\\x1b[31m leaving\"; it catches SIGSEGV, SIGFPE itself";
	AUTO_FREE char *said = NULL;
	AUTO_JSON json_t *run = NULL;

	(void)state;
	put_bytes("hs");
	said = expect(2, "$triage crashes c -- ../plain");
	run = newest();
	assert_says(said, ended);
	assert_says(said, "'-- TARGET @@' gives it as an argument");
	assert_string_equal(string(crash_named(run, "c/h"), "ended"), ended);
	assert_string_equal(kind_of(run, "c/s"), "SIGSEGV");
}

/* ---- leaks ----------------------------------------------------------------------------------- */

static void test_leaks(void **state)
{
	static const struct {
		const char *target, *file, *environment;
		bool found;
	} rows[] = { { "asan", "c/poc", "", true }, { "lsan", "c/poc", "", true },
		{ "asan", "c/leak-1", "", true },
		{ "asan", "c/poc", "ASAN_OPTIONS=detect_leaks=0", false },
		{ "lsan", "c/poc", "LSAN_OPTIONS=detect_leaks=0", false },
		{ "quiet", "c/poc", "", false },
		{ "quiet", "c/poc", "ASAN_OPTIONS=verbosity=0:detect_leaks=1", true },
		{ "quiet", "c/poc", "LSAN_OPTIONS=detect_leaks=1", true },
		{ "quiet", "c/id:000000,sig:00,src:000000,op:x", "", true },
		{ "afl", "c/id:000000,sig:00,src:000000,op:x", "", true },
		/* what died of a signal does so no longer when it only leaks */
		{ "asan", "c/id:000000,sig:06,src:000000,op:x", "", false },
		{ "asan", "c/id:000000,sig:06,src:000000,op:x", "ASAN_OPTIONS=detect_leaks=1",
			true },
		{ "plain", "c/poc", "", false } };

	(void)state;
	for (size_t i = 0; i < LENGTH(rows); i++) {
		AUTO_JSON json_t *run = NULL;

		free(expect(0, "rm -rf c; mkdir c"));
		put(rows[i].file, "l");
		free(expect(rows[i].found ? 2 : 0, "%s $triage crashes --again c -- ../%s",
			rows[i].environment, rows[i].target));
		run = newest();
		assert_died(run, rows[i].file, rows[i].found ? 3 : 0, 3);
		if (rows[i].found)
			assert_rated(run, rows[i].file, "NOT_EXPLOITABLE", "leak");
	}
}

/* The campaign says so, and the same bytes have one answer under every name. */
static void test_leaks_of_campaign(void **state)
{
	AUTO_JSON json_t *run = NULL;

	(void)state;
	free(expect(0, "mkdir -p o/m/crashes"));
	put("o/m/crashes/id:000000,sig:06", "l");
	put("o/m/crashes/another", "l");
	put("o/m/fuzzer_setup",
		"# environment variables:\nAFL_USE_LSAN=1\nAFL_PRELOAD=/nowhere.so\n# command line:\n'afl-fuzz' '--' './t'\n");
	expect_says(
		2, "taken from the campaign: AFL_USE_LSAN\n", "$triage crashes o -- ../quiet 2>&1");
	run = newest();
	assert_died(run, "another", 3, 3);
	assert_died(run, "sig:06", 3, 3);
	assert_string_equal(string(run, "from_campaign"), "AFL_USE_LSAN");
}

/* ---- names ----------------------------------------------------------------------------------- */

static void test_name(void **state)
{
	static const char command[] = "reproduce: cp c/e x.cfg && ../asan x.cfg";
	AUTO_FREE char *said = NULL;
	AUTO_JSON json_t *own = NULL;
	AUTO_JSON json_t *chosen = NULL;

	(void)state;
	put_bytes("e");
	put("c/own.cfg", "e ");
	said = expect(2, "$triage crashes c -- ../asan @@");
	own = newest();
	assert_died(own, "own.cfg", 3, 3);
	assert_died(own, "c/e", 0, 3);
	assert_string_equal(string(crash_named(own, "c/e"), "ended"),
		"exit status 2, last words: \"e: not a .cfg\"");
	assert_says(said, "c/e: exit status 2, last words: \"e: not a .cfg\"");
	assert_says(said, "--name='*.png' gives it another");
	expect_says(2, command, "$triage crashes --name=x.cfg c/e -- ../asan @@");
	expect_says(
		2, "cp c/e x.cfg && ../afl x.cfg", "$triage crashes --name=x.cfg c/e -- ../afl @@");
	free(expect(2, "$triage crashes '--name=*.cfg' c -- ../afl @@"));
	chosen = newest();
	assert_died(chosen, "c/e", 3, 3);
	expect_says(64, "--name=a/b: must be", "$triage crashes --name=a/b c -- ../asan @@ 2>&1");
}

/* The same bytes are the same crash, whichever name it needs. */
static void test_twins(void **state)
{
	AUTO_FREE char *fixed = NULL;
	AUTO_JSON json_t *run = NULL;

	(void)state;
	put_bytes("e");
	put("c/z.cfg", "e");
	put("c/f.png", "e");
	free(expect(2, "$triage crashes c -- ../asan @@"));
	run = newest();
	assert_died(run, "c/e", 3, 3);
	assert_died(run, "z.cfg", 3, 3);
	assert_died(run, "f.png", 3, 3);
	fixed = expect(0, "rm c/z.cfg; $triage crashes --again c -- ../asan @@");
	assert_says(fixed, "2 crash files: 0 die in every run, 2 did not die");
}

static void test_name_of_campaign(void **state)
{
	AUTO_JSON json_t *run = NULL;

	(void)state;
	free(expect(0, "mkdir -p o/m/crashes; printf '../afl\\n@@\\n' > o/m/cmdline"));
	put("o/m/crashes/id:000000,sig:06", "e");
	put("o/m/fuzzer_setup",
		"# command line:\n'afl-fuzz' '-i' 'in' '-e' 'cfg' '--' '../afl' '@@'\n");
	expect_says(2, "input.cfg && ../afl input.cfg", "$triage crashes o");
	run = newest();
	assert_died(run, "sig:06", 3, 3);
}

/* AFL++ put it where the target looks: our copy stands in for that, and nothing is written there. */
static void test_file_of_campaign(void **state)
{
	(void)state;
	free(expect(0,
		"mkdir -p o/m/crashes; printf '../asan\n%%s/x.cfg\n' $PWD > o/m/cmdline; "
		"printf \"# command line:\n'afl-fuzz' '-f' '%%s/x.cfg' '--' '../asan'\n\" $PWD > o/m/fuzzer_setup"));
	put("o/m/crashes/id:000000,sig:06", "e");
	expect_says(2, "sig:06 x.cfg && ../asan x.cfg", "$triage crashes o");
	assert_int_not_equal(access("x.cfg", F_OK), 0);
}

/* Where no argument names it either, our copy lies in the target's working directory. */
static void test_file_without_argument(void **state)
{
	(void)state;
	free(expect(0,
		"mkdir -p o/m/crashes; printf '../opens\\n' > o/m/cmdline; "
		"printf \"# command line:\\n'afl-fuzz' '-f' 'x.cfg' '--' '../opens'\\n\" > o/m/fuzzer_setup"));
	put("o/m/crashes/id:000000,sig:06", "c");
	expect_says(2, "/opens", "$triage crashes o");
	expect_says(2, "sig:06 x.cfg && ", "$triage crashes --again o");
	assert_int_not_equal(access("x.cfg", F_OK), 0);
	free(expect(0, "$triage crashes --again --cwd=. o"));
}

static void test_directory(void **state)
{
	(void)state;
	put_bytes("w");
	free(expect(0, "mkdir there; : > there/beside; $triage crashes c -- ../asan"));
	expect_says(2, "reproduce: cd there && ", "$triage crashes --cwd=there c -- ../asan");
	expect_says(2, "1 dies in every run", "cd there; $triage crashes ../c -- ../../asan @@");
	expect_says(64, "--cwd=nowhere: no such directory",
		"$triage crashes --cwd=nowhere c -- ../asan 2>&1");
}

/* ---- limits ---------------------------------------------------------------------------------- */

static void test_limits(void **state)
{
	static const char *const forms[] = { "text", "json", "sarif", "junit", "html" };
	AUTO_JSON json_t *run = NULL;

	(void)state;
	put("c/hog", "m");
	put("c/hangs", "h");
	free(expect(2,
		"$triage crashes -m 64 -t 3 --json=json --sarif=sarif --junit=junit --html=html c -- ../hostile > text"));
	run = newest();
	assert_rated(run, "c/hangs", "UNDEFINED", "time-limit");
	assert_rated(run, "c/hog", "UNDEFINED", "memory-limit");
	for (size_t i = 0; i < LENGTH(forms); i++)
		free(expect(0,
			"grep -q 'it went over the 64 MiB of -m; -m 0 lifts it' %s && "
			"grep -q 'it ran into our 3 s; --timeout=N gives it more' %s && "
			"! grep -q out-of-memory %s",
			forms[i], forms[i], forms[i]));
	expect_says(0, "0 die in every run, 2 stopped by our limits\n", "cat text");
	expect_says(0, "reproduce: timeout -s ABRT 3 ../hostile < c/hangs", "cat text");
}

/* ---- results that are kept ------------------------------------------------------------------- */

/* Flaky is flaky the next time too; what did not die is run again. */
static void test_flaky_and_quiet(void **state)
{
	AUTO_FREE char *second = NULL;
	AUTO_FREE char *third = NULL;
	AUTO_JSON json_t *run = NULL;

	(void)state;
	put("c/flaky", "F");
	put("c/late", "L");
	expect_says(2, "flaky, dies in 2 of 3  c/flaky",
		"COUNT_FILE=$PWD/count LATE_FILE=$PWD/late $triage crashes c -- ../hostile");
	run = newest();
	assert_died(run, "late", 0, 3);
	second = expect(2, "LATE_FILE=$PWD/late $triage crashes c -- ../hostile 2>&1");
	assert_says(second, "2 crash files, 1 known from an earlier run");
	assert_says(second, "1 dies in every run, 1 in some\n");
	assert_says(second, "flaky, dies in 2 of 3  c/flaky");
	third = expect(2, "$triage crashes c -- ../hostile 2>&1");
	assert_says(third, "2 crash files, 2 known from an earlier run");
}

/* ---- files ----------------------------------------------------------------------------------- */

static size_t passed(const json_t *run, const char *reason)
{
	size_t i;
	const json_t *entry;

	json_array_foreach(json_object_get(run, "passed_over"), i, entry)
		if (strcmp(string(entry, "reason"), reason) == 0)
			return (size_t)number(entry, "count");
	return 0;
}

static void test_passed_over(void **state)
{
	static const char *const taken[] = { "d/crash-1", "d/minimized-from-2", "d/testcase",
		"d/poc.json", "d/0123456789abcdef0123", "d/clusterfuzz-testcase-3",
		"d/SIGABRT.PC.1.fuzz", "d/deep/er/oom-4" };
	static const char *const left[][2] = { { "d/README.md", "read-me" },
		{ "d/HONGGFUZZ.REPORT.TXT", "read-me" }, { "d/.hidden", "hidden" },
		{ "d/x.dict", "dictionary" }, { "d/fuzz.c", "source" },
		{ "d/crash-1.txt", "report" }, { "d/queue/id:1", "corpus" },
		{ "d/corpus/a/b", "corpus" }, { "d/.git/x/y", "hidden" },
		{ "d/1/2/3/4/5/6/7/8/9/crash-9", "depth" } };
	AUTO_FREE char *said = NULL;
	AUTO_FREE char *nothing = NULL;
	AUTO_FREE char *compiler = NULL;
	AUTO_JSON json_t *run = NULL;

	(void)state;
	free(expect(0,
		"mkdir -p d/deep/er d/queue d/corpus/a d/.git/x d/1/2/3/4/5/6/7/8/9 e k; mkfifo d/fifo; "
		"ln -s /nowhere d/link; ln -s .. d/up; ln -s crash-1 d/again; cp ../plain d/prog"));
	for (size_t i = 0; i < LENGTH(taken); i++)
		put(taken[i], "p");
	for (size_t i = 0; i < LENGTH(left); i++)
		put(left[i][0], "p");
	said = expect(2, "$triage crashes d -- ../hostile");
	run = newest();
	assert_int_equal(json_array_size(json_object_get(run, "crashes")), LENGTH(taken) + 1);
	for (size_t i = 0; i < LENGTH(taken); i++)
		assert_died(run, taken[i], 3, 3);
	assert_died(run, "d/again", 3, 3);
	for (size_t i = 0; i < LENGTH(left); i++)
		assert_true(passed(run, left[i][1]) > 0);
	assert_int_equal(passed(run, "no-file"), 3);
	assert_int_equal(passed(run, "source"), 2);
	assert_int_equal(passed(run, "corpus"), 2);
	assert_says(said, "14 files passed over:");
	assert_says(said, "d/fifo, d/link, d/up");
	assert_says(said, "d/corpus/, d/queue/");
	put("e/README", "x");
	nothing = expect(3, "$triage crashes e -- ../hostile 2>&1");
	assert_says(nothing, "e/README");
	/* where all are sources, they are a compiler's crashes */
	put("k/a.c", "p");
	put("k/b.c", "p");
	compiler = expect(2, "$triage crashes k -- ../hostile");
	assert_says(compiler, "2 crash files");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST_OF_CRASHES(test_descriptors),
		TEST_OF_CRASHES(test_descriptors_of_forks),
		TEST_OF_CRASHES(test_descriptors_of_ubsan),
		TEST_OF_CRASHES(test_libfuzzer),
		TEST_OF_CRASHES(test_dead_forkserver),
		TEST_OF_CRASHES(test_no_report),
		TEST_OF_CRASHES(test_no_right_to_report),
		TEST_OF_CRASHES(test_no_options),
		TEST_OF_CRASHES(test_handlers),
		TEST_OF_CRASHES(test_how_it_ended),
		TEST_OF_CRASHES(test_leaks),
		TEST_OF_CRASHES(test_leaks_of_campaign),
		TEST_OF_CRASHES(test_name),
		TEST_OF_CRASHES(test_twins),
		TEST_OF_CRASHES(test_name_of_campaign),
		TEST_OF_CRASHES(test_file_of_campaign),
		TEST_OF_CRASHES(test_file_without_argument),
		TEST_OF_CRASHES(test_directory),
		TEST_OF_CRASHES(test_limits),
		TEST_OF_CRASHES(test_flaky_and_quiet),
		TEST_OF_CRASHES(test_passed_over),
	};

	read_tier();
	return cmocka_run_group_tests_name(
		"triage crashes on targets", tests, compile_targets, tear_down);
}
