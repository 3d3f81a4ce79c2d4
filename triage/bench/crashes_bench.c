/* SPDX-License-Identifier: Apache-2.0
 * How fast triage crashes is, against a loop that runs each crash in a new process that symbolizes its own
 * report; and whether both see the same stacks.
 *
 * Usage: crashes_bench [CRASHES]     (default 500)
 *
 * The target is triage/crashes/testdata/planted.c under AFL++ and AddressSanitizer. The loop runs every crash
 * once; triage crashes runs it CRASH_RUNS times, groups, and writes its results. Its runs are spread over
 * the loop's time and the median counts, so that a machine whose speed drifts gives a fair ratio. */
#include "harnesses/base/process.h"
#include "base/progress.h"
#include "base/util.h"
#include "crashes/crash.h"
#include "exec/exec.h"
#include "harnesses/base/begin.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define ROUNDS 3
#define TIMES  20 /* to reach */

static char directory[] = "/tmp/fencepost-bench-XXXXXX";

static void run_or_exit(const char *command)
{
	if (system(command) != 0) {
		fprintf(stderr, "crashes_bench: %s\n", command);
		exit(1);
	}
}

/* Inputs of many bugs; those that do not crash are not among them. */
static void make_inputs(unsigned count)
{
	for (unsigned i = 0; i < count; i++) {
		AUTO_FREE char *path = format("%s/c/id:%06u", directory, i);
		uint8_t bytes[] = { (uint8_t)(i % 15), (uint8_t)(i / 15), (uint8_t)(i / 3840), 0 };

		if (bytes[0] == 10) /* its first byte is a magic number that must be wrong */
			bytes[1] |= 0x80;
		if (file_write(path, bytes, sizeof(bytes)) != 0)
			exit(1);
	}
}

/* Seconds of processor time of all that has ended. */
static double spent_s(void)
{
	struct rusage usage;

	getrusage(RUSAGE_CHILDREN, &usage);
	return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
		(double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

/* Seconds by the clock. */
static double triage_all(const char *jobs)
{
	AUTO_FREE char *command = format(
		"cd %s && rm -rf runs && ./triage crashes %s c -- ./target > said "
		"2>&1; test $? = 2",
		directory, jobs);
	int64_t began = clock_now_ms();

	run_or_exit(command);
	return (double)(clock_now_ms() - began) / 1000;
}

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash != NULL ? slash + 1 : path;
}

/* "function file:line:column" of every frame of the crash's stack that has a file, a line each. */
static char *stack_text(const struct report *report)
{
	const struct report_stack *stack = report != NULL ? report_crash_stack(report) : NULL;
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (out == NULL)
		abort();
	for (size_t i = 0; stack != NULL && i < stack->frame_count; i++) {
		const struct report_frame *frame = &stack->frames[i];

		if (frame->file != NULL && frame->function != NULL)
			fprintf(out, "%s %s:%" PRIu64 ":%" PRIu64 "\n", frame->function,
				base_name(frame->file), frame->line.value, frame->column.value);
	}
	fclose(out);
	return text;
}

/* One crash as the loop runs it. What it says is its stack; the caller frees. */
static char *run_alone(unsigned i)
{
	AUTO_FREE char *path = format("%s/c/id:%06u", directory, i);
	AUTO_FREE char *program = format("%s/target", directory);
	char *argv[] = { program, path, NULL };
	char *environment[] = {
		(char *)(uintptr_t) "ASAN_OPTIONS=symbolize=1:handle_abort=1:abort_on_"
				    "error=1:detect_leaks=0",
		(char *)(uintptr_t) "PATH=/usr/local/bin:/usr/bin:/bin", NULL
	};
	struct process_result result;
	struct reports *reports = NULL;
	char *text;

	if (process_run(argv, environment, 60000, 1 << 20, &result) != 0 ||
		parse_report(result.output, result.output_size, NULL, &reports) != 0)
		exit(1);
	text = stack_text(key_report(reports));
	process_free(&result);
	reports_free(reports);
	return text;
}

/* The same of what triage crashes has written. */
static char *stack_in(const json_t *run, unsigned i)
{
	const json_t *crash = json_array_get(json_object_get(run, "crashes"), i);
	const json_t *report = json_array_get(json_object_get(run, "reports"),
		(size_t)json_integer_value(json_object_get(crash, "report")));
	const json_t *parsed = json_array_get(json_object_get(report, "reports"), 0);
	const json_t *stack = json_array_get(json_object_get(parsed, "stacks"), 0), *frame;
	char *text = NULL;
	size_t size, f;
	FILE *out = open_memstream(&text, &size);

	if (out == NULL)
		abort();
	json_array_foreach(json_object_get(stack, "frames"), f, frame) {
		const char *function = json_string_value(json_object_get(frame, "function"));
		const char *file = json_string_value(json_object_get(frame, "file"));

		if (function != NULL && file != NULL)
			fprintf(out, "%s %s:%lld:%lld\n", function, base_name(file),
				(long long)json_integer_value(json_object_get(frame, "line")),
				(long long)json_integer_value(json_object_get(frame, "column")));
	}
	fclose(out);
	return text;
}

static json_t *read_run(void)
{
	AUTO_FREE char *command = format(
		"mv %s/runs/*/crashes.json %s/crashes.json", directory, directory);
	AUTO_FREE char *path = format("%s/crashes.json", directory);
	json_t *run;

	run_or_exit(command);
	run = json_load_file(path, 0, NULL);
	if (run == NULL)
		exit(1);
	return run;
}

static int compare_doubles(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double median(double list[ROUNDS])
{
	qsort(list, ROUNDS, sizeof(*list), compare_doubles);
	return list[ROUNDS / 2];
}

static void prepare(unsigned count)
{
	AUTO_FREE char *here = realpath(".", NULL);
	AUTO_FREE char *command = NULL;

	if (mkdtemp(directory) == NULL)
		exit(1);
	command = format("mkdir %s/c && ln -s '%s/build/bin/triage' %s/triage && AFL_QUIET=1 "
			 "afl-clang-fast -w -g -O1 -fsanitize=address -o %s/target "
			 "triage/crashes/testdata/planted.c",
		directory, here, directory, directory);
	run_or_exit(command);
	make_inputs(count);
}

int main(int argc, char **argv)
{
	unsigned count = argc > 1 ? (unsigned)strtoul(argv[1], NULL, 10) : 500, same = 0;
	double all[ROUNDS], one[ROUNDS], loop = 0, ours, spent[ROUNDS], loop_spent = 0, before;
	json_t *run = NULL;

	program_begin();
	if (exec_adopt() != 0)
		return 1;
	prepare(count);
	for (unsigned i = 0, round = 0; i < count; i++) {
		AUTO_FREE char *theirs = NULL;
		AUTO_FREE char *known = NULL;
		int64_t began;

		if (round < ROUNDS && i >= round * count / ROUNDS) {
			one[round] = triage_all("-j 1");
			before = spent_s();
			all[round] = triage_all("");
			spent[round] = spent_s() - before;
			round++;
			json_decref(run);
			run = read_run();
		}
		began = clock_now_ms();
		before = spent_s();
		theirs = run_alone(i);
		loop += (double)(clock_now_ms() - began) / 1000;
		/* the symbolizer outlives who asked it, and its time counts once it has ended */
		while (waitpid(-1, NULL, 0) > 0)
			;
		loop_spent += spent_s() - before;
		known = stack_in(run, i);
		if (strcmp(theirs, known) == 0)
			same++;
		else if (getenv("VERBOSE") != NULL)
			fprintf(stderr, "%u:\n%s\n%s\n", i, theirs, known);
	}
	json_decref(run);
	ours = median(all);
	printf("%u crashes, AddressSanitizer, through AFL++'s forkserver, each %d times\n", count,
		CRASH_RUNS);
	printf("a new process each, symbolizing itself, once: %.1f s\n", loop);
	printf("triage crashes: %.1f s, %.1f times as fast (to reach: %d); with one job %.1f s, %.1f times\n",
		ours, loop / ours, TIMES, median(one), loop / median(one));
	printf("processor time: %.1f s against %.1f s, %.1f times less\n", loop_spent,
		median(spent), loop_spent / median(spent));
	printf("same stacks: %u of %u\n", same, count);
	printf("figure\ttriage-times\t%.1f\n", loop / ours);
	file_remove_tree(directory);
	return loop / ours >= TIMES && same == count ? 0 : 2;
}
