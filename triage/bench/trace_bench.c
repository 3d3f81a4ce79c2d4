/* SPDX-License-Identifier: Apache-2.0
 * How fast triage crashes finds the stack of what dies without a word, against one gdb a crash.
 *
 * Usage: trace_bench [CRASHES]     (default 30)
 *
 * The target is triage/crashes/testdata/grouped.c as gcc builds it, without a sanitizer. triage crashes runs each
 * crash CRASH_RUNS times and once more traced, one after the other (-j 1), groups, and writes its results. */
#include "base/progress.h"
#include "base/util.h"
#include "harnesses/base/begin.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define TIMES 10 /* to reach */

static char directory[] = "/tmp/fencepost-bench-XXXXXX";

/* Seconds by the clock of a shell command that works in the directory. */
static double seconds(const char *command)
{
	AUTO_FREE char *whole = format("cd %s && %s", directory, command);
	int64_t began = clock_now_ms();

	if (system(whole) != 0) {
		fprintf(stderr, "trace_bench: %s\n", command);
		exit(1);
	}
	return (double)(clock_now_ms() - began) / 1000;
}

static void prepare(unsigned count)
{
	AUTO_FREE char *here = realpath(".", NULL);
	AUTO_FREE char *command = format(
		"mkdir c && ln -s '%s/build/bin/triage' . && gcc -w -g -O1 -o target "
		"'%s/triage/crashes/testdata/grouped.c'",
		here, here);

	if (mkdtemp(directory) == NULL)
		exit(1);
	seconds(command);
	for (unsigned i = 0; i < count; i++) {
		AUTO_FREE char *path = format("%s/c/id:%06u", directory, i);
		AUTO_FREE char *text = format("n%u", i);

		if (file_write(path, text, strlen(text)) != 0)
			exit(1);
	}
}

int main(int argc, char **argv)
{
	unsigned count = argc > 1 ? (unsigned)strtoul(argv[1], NULL, 10) : 30;
	AUTO_FREE char *gdb = file_find_program("gdb");
	double theirs, ours;

	program_begin();
	if (gdb == NULL) {
		puts("trace_bench: skipped, for there is no gdb: apt-get install gdb");
		return 0;
	}
	prepare(count);
	ours = seconds(
		"./triage crashes -j 1 c -- ./target > said 2>&1; test $? = 2 && grep -q '#0' said");
	theirs = seconds(
		"for f in c/*; do gdb -batch -nx -ex \"run < $f\" -ex bt ./target > bt 2>/dev/null && "
		"grep -q '^#1' bt || exit 1; done");
	printf("%u crashes without a report: triage crashes %.1f s, one gdb each %.1f s: %.1f times as fast (to reach: %d)\n",
		count, ours, theirs, theirs / ours, TIMES);
	file_remove_tree(directory);
	return theirs / ours >= TIMES ? 0 : 2;
}
