/* SPDX-License-Identifier: Apache-2.0
 * triage crashes on targets that hang: where. Each of the loops below ends only when somebody ends it. */
#include "sandbox.h"

static int compile_targets(void **state)
{
	AUTO_FREE char *said = NULL;

	(void)state;
	assert_int_equal(enter_scratch(), 0);
	make_refuse();
	put("hangs.c",
		"#include <fcntl.h>\n#include <pthread.h>\n#include <signal.h>\n#include <stddef.h>\n#include <stdint.h>\n"
		"#include <stdio.h>\n#include <stdlib.h>\n#include <unistd.h>\n"
		"static volatile int go = 1;\n"
		"#define APART __attribute__((noinline)) static\n"
		"APART void skip_blanks(void) { while (go) ; }\n"
		"APART void count_items(void) { while (go) ; }\n"
		"APART int first_step(void) { while (go) ; return 1; }\n"
		"APART int second_step(void) { while (go) ; return 2; }\n"
		/* how many runs there were before this one */
		"APART int turn(void) { const char *path = getenv(\"COUNT_FILE\");\n"
		"	int fd = open(path, O_WRONLY | O_CREAT | O_APPEND, 0644);\n"
		"	if (write(fd, \"x\", 1) != 1) abort();\n"
		"	return (int)lseek(fd, 0, SEEK_END) - 1; }\n"
		"APART void rounds(void) { int n = turn();\n"
		"	while (go) { if (n & 1) first_step(); else second_step(); } }\n"
		"APART void *worker(void *arg) { count_items(); return arg; }\n"
		"APART void wait_for_worker(void) { pthread_t thread;\n"
		"	pthread_create(&thread, NULL, worker, NULL); pthread_join(thread, NULL); }\n"
		"APART void decode(int c) {\n"
		"	if (c == 'A') skip_blanks();\n"
		"	if (c == 'B') count_items();\n"
		"	if (c == 'T') rounds();\n"
		"	if (c == 'W') wait_for_worker();\n"
		"	if (c == 'F') { if (turn() != 1) skip_blanks(); }\n"
		"	if (c == 'I') { signal(SIGABRT, SIG_IGN); count_items(); } }\n"
		"int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);\n"
		"int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {\n"
		"	if (size > 0) decode(data[0]); return 0; }\n"
		"#ifndef FUZZED\n"
		"int main(int argc, char **argv) { uint8_t c;\n"
		"	FILE *in = argc > 1 ? fopen(argv[1], \"r\") : stdin;\n"
		"	return LLVMFuzzerTestOneInput(&c, fread(&c, 1, 1, in)); }\n"
		"#endif\n");
	said = expect(0,
		"clang -w -g -O1 -fsanitize=address -o asan hangs.c && "
		"clang -w -g -O1 -fsanitize=undefined -o ubsan hangs.c && "
		"clang -w -g -O1 -fsanitize=fuzzer -DFUZZED -o fuzzed hangs.c && "
		"AFL_QUIET=1 afl-clang-fast -w -g -O1 -fsanitize=address -o afl hangs.c && "
		"clang -w -g -O1 -o plain hangs.c && "
		"(echo '#!/bin/sh'; echo \"$PWD/asan\" '\"$@\"'; echo 'exit 0') > script && chmod +x script");
	return 0;
}

/* The first two names of the key of the crash named @name, "site|caller". */
static char *place_of(const json_t *run, const char *name)
{
	json_int_t report = number(crash_named(run, name), "report");
	const json_t *of = json_array_get(json_object_get(run, "reports"), (size_t)report);

	return format("%s", string(of, "key_text"));
}

static void assert_hangs_of(
	const json_t *run, const char *name, const char *key, int times, int runs)
{
	AUTO_FREE char *found = place_of(run, name);

	assert_died(run, name, times, runs);
	assert_string_equal(kind_of(run, name), "timeout");
	assert_string_equal(found, key);
}

static void assert_hangs(const json_t *run, const char *name, const char *key, int times)
{
	assert_hangs_of(run, name, key, times, 3);
}

static void assert_hangs_once(const json_t *run, const char *name, const char *key)
{
	assert_hangs_of(run, name, key, 1, 1);
}

/* Two loops are two buckets, whatever runs the target and whoever prints the stack. */
static void test_two_loops(void **state)
{
	static const char *const targets[] = { "asan", "ubsan", "fuzzed", "afl", "script @@" };

	(void)state;
	put("c/a", "A");
	put("c/a2", "A2");
	put("c/b", "B");
	for (size_t i = 0; i < LENGTH(targets); i++) {
		AUTO_FREE char *said = expect(
			2, "$triage crashes -t 1 c -- ../%s 2>&1", targets[i]);
		AUTO_JSON json_t *run = newest();

		assert_hangs(run, "c/a", "timeout skip_blanks|decode", 3);
		assert_hangs(run, "c/a2", "timeout skip_blanks|decode", 3);
		assert_hangs(run, "c/b", "timeout count_items|decode", 3);
		assert_int_equal(buckets(run), 2);
		assert_says(said, "timeout in skip_blanks at ");
		assert_says(said, "hangs in 3 of 3  c/a");
	}
}

/* What a loop happens to call differs from run to run: the loop is the place. An earlier run knows it too. */
static void test_callee_by_turns(void **state)
{
	AUTO_FREE char *said = NULL;
	AUTO_JSON json_t *run = NULL;
	AUTO_JSON json_t *again = NULL;

	(void)state;
	put("c/t", "T");
	free(expect(2, "COUNT_FILE=$PWD/count $triage crashes -t 1 c -- ../asan"));
	run = newest();
	assert_hangs(run, "c/t", "timeout rounds|decode", 3);
	said = expect(2, "$triage crashes -t 1 c -- ../asan 2>&1");
	assert_says(said, "1 known from an earlier run");
	again = newest();
	assert_hangs(again, "c/t", "timeout rounds|decode", 3);
}

/* The thread that hangs, not the one that waits for it. */
static void test_thread(void **state)
{
	AUTO_JSON json_t *run = NULL;

	(void)state;
	put("c/w", "W");
	free(expect(2, "$triage crashes -t 1 c -- ../asan"));
	run = newest();
	assert_hangs(run, "c/w", "timeout count_items|worker", 3);
}

/* The second run ends by itself. */
static void test_now_and_then(void **state)
{
	AUTO_FREE char *said = NULL;
	AUTO_JSON json_t *run = NULL;

	(void)state;
	put("c/f", "F");
	said = expect(2, "COUNT_FILE=$PWD/count $triage crashes -t 1 c -- ../asan");
	assert_says(said, "flaky, hangs in 2 of 3  c/f");
	run = newest();
	assert_hangs(run, "c/f", "timeout skip_blanks|decode", 2);
}

/* Nobody says where: not run again, and no place unless it can be traced. SIGABRT may be ignored. */
static void test_without_stack(void **state)
{
	AUTO_FREE char *said = NULL;
	AUTO_JSON json_t *traced = NULL;
	AUTO_JSON json_t *run = NULL;

	(void)state;
	put("c/a", "A");
	put("c/b", "B");
	put("c/i", "I");
	put("c/w", "W");
	free(expect(2, "$triage crashes -t 1 c -- ../plain"));
	traced = newest();
	assert_hangs_once(traced, "c/a", "timeout skip_blanks|decode");
	assert_hangs_once(traced, "c/b", "timeout count_items|decode");
	assert_hangs_once(traced, "c/i", "timeout count_items|decode");
	assert_hangs_once(traced, "c/w", "timeout count_items|worker");
	free(expect(0, "rm c/w"));
	said = expect(2, "../refuse $triage crashes -t 1 --again c -- ../plain");
	assert_says(said, "no stack, so crashes like these cannot be told apart");
	run = newest();
	assert_died(run, "c/a", 1, 1);
	assert_died(run, "c/i", 1, 1);
	assert_int_equal(buckets(run), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST_OF_CRASHES(test_two_loops),
		TEST_OF_CRASHES(test_callee_by_turns),
		TEST_OF_CRASHES(test_thread),
		TEST_OF_CRASHES(test_now_and_then),
		TEST_OF_CRASHES(test_without_stack),
	};

	read_tier();
	return cmocka_run_group_tests_name(
		"triage crashes on hangs", tests, compile_targets, tear_down);
}
