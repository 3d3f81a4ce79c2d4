/* SPDX-License-Identifier: Apache-2.0
 * Tests that triage crashes finds the place of a hang. Each loop below ends only when it is killed. */
#include "sandbox.h"

#include "testing/cases.h"
#include "testing/crash_facts.h"

static int compile_targets(void **state)
{
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
	free(expect(0,
		"clang -w -g -O1 -fsanitize=address -o asan hangs.c && "
		"clang -w -g -O1 -fsanitize=undefined -o ubsan hangs.c && "
		"clang -w -g -O1 -fsanitize=fuzzer -DFUZZED -o fuzzed hangs.c && "
		"AFL_QUIET=1 afl-clang-fast -w -g -O1 -fsanitize=address -o afl hangs.c && "
		"clang -w -g -O1 -o plain hangs.c && "
		"(echo '#!/bin/sh'; echo \"$PWD/asan\" '\"$@\"'; echo 'exit 0') > script && chmod +x script"));
	return 0;
}

/* clang-format off */
/* Beside how often it was, the names of the key: "site|caller". */
#define HANGS(name, times, key) "=" name ": " #times "/3 timeout", "=" name ": key timeout " key "\n"
#define HANGS_ONCE(name, key)   "=" name ": 1/1 timeout", "=" name ": key timeout " key "\n"
#define TWO_LOOPS(target) \
	{ 2, "$triage crashes -t 1 c -- ../" target " 2>&1", \
		{ HANGS("c/a", 3, "skip_blanks|decode"), HANGS("c/a2", 3, "skip_blanks|decode"), \
		  HANGS("c/b", 3, "count_items|decode"), "=2 buckets", "timeout in skip_blanks at ", \
		  "hangs in 3 of 3  c/a" } }

static const struct row rows[] = {
/* Two loops are two buckets, whatever runs the target and whoever prints the stack. */
CASE("test_two_loops"),
PUT("c/a", "A"), PUT("c/a2", "A2"), PUT("c/b", "B"),
TWO_LOOPS("asan"),
TWO_LOOPS("ubsan"),
TWO_LOOPS("fuzzed"),
TWO_LOOPS("afl"),
TWO_LOOPS("script @@"),

/* What a loop happens to call differs from run to run: the loop is the place. An earlier run knows it too. */
CASE("test_callee_by_turns"),
PUT("c/t", "T"),
{ 2, "COUNT_FILE=$PWD/count $triage crashes -t 1 c -- ../asan", { HANGS("c/t", 3, "rounds|decode") } },
{ 2, "$triage crashes -t 1 c -- ../asan 2>&1", { "1 known from an earlier run", HANGS("c/t", 3, "rounds|decode") } },

/* The thread that hangs, not the one that waits for it. */
CASE("test_thread"),
PUT("c/w", "W"),
{ 2, "$triage crashes -t 1 c -- ../asan", { HANGS("c/w", 3, "count_items|worker") } },

/* The second run ends by itself. */
CASE("test_now_and_then"),
PUT("c/f", "F"),
{ 2, "COUNT_FILE=$PWD/count $triage crashes -t 1 c -- ../asan",
	{ "flaky, hangs in 2 of 3  c/f", HANGS("c/f", 2, "skip_blanks|decode") } },

/* Nobody says where: not run again, and no place unless it can be traced. SIGABRT may be ignored. */
CASE("test_without_stack"),
PUT("c/a", "A"), PUT("c/b", "B"), PUT("c/i", "I"), PUT("c/w", "W"),
{ 2, "$triage crashes -t 1 c -- ../plain",
	{ HANGS_ONCE("c/a", "skip_blanks|decode"), HANGS_ONCE("c/b", "count_items|decode"),
	  HANGS_ONCE("c/i", "count_items|decode"), HANGS_ONCE("c/w", "count_items|worker") } },
{ 2, "rm c/w; ../refuse $triage crashes -t 1 --again c -- ../plain",
	{ "no stack, so crashes like these cannot be told apart", "=c/a: 1/1", "=c/i: 1/1", "=1 buckets" } },
CASES_END };
/* clang-format on */

int main(void)
{
	struct CMUnitTest tests[LENGTH(rows)];
	size_t count = cases_add(tests, rows, enter, NULL, crash_facts);

	read_tier();
	return _cmocka_run_group_tests(
		"triage crashes on hangs", tests, count, compile_targets, tear_down);
}
