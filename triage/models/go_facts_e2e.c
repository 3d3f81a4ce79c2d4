/* SPDX-License-Identifier: Apache-2.0
 * What real Go does with the acts that the models of Go are made after: each claim about it is asked of the
 * references build/bin/reference-go-*. Skipped where there is no Go, or one of another release: Go 1.24 puts large
 * locals on the heap, and -asan poisons less of a slot. */
#include "harnesses/base/process.h"
#include "base/util.h"
#include "harnesses/idioms/operation.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

enum {
	PLAIN = 1,
	CHECKPTR = 2,
	ASAN = 4,
	EVERY = 7
};
static const char *const builds[] = { "plain", "checkptr", "asan" };

#define SILENT "done\n"

/* An act is what follows "act " in a dialogue (harnesses/idioms/operation.h): CLASS HOW WAY ACCESS STORE WIDTH VIOLATES
 * NULL MOVED LENGTH FIRST LAST STEP COPIED ELEMENTS CALLS INTERIOR. */
struct fact {
	const char *name;
	int builds;
	const char *stage, *act;
	const char *says; /* among what the process prints */
};

/* clang-format off */
static const struct fact facts[] = {
	/* language checks */
	{ "unsafe.Slice(nil, 10) panics in plain Go", PLAIN, "heap 16",
	  "null-deref plain slice direct 0 1 1 1 0 10 0 0 1 1 16 0 0",
	  "panic: runtime error: unsafe.Slice: ptr is nil and len is not zero" },
	{ "unsafe.Slice(nil, 10) is fatal under checkptr and -asan", CHECKPTR | ASAN, "heap 16",
	  "null-deref plain slice direct 0 1 1 1 0 10 0 0 1 1 16 0 0",
	  "fatal error: unsafe.Slice: ptr is nil and len is not zero" },
	{ "unsafe.Slice(nil, 0) is a nil slice", EVERY, "heap 16",
	  "null-deref plain slice copy 0 1 0 1 0 0 0 0 1 0 16 0 0", SILENT },
	{ "a forged header of nil is a nil panic, also under -asan", EVERY, "heap 16",
	  "null-deref plain header direct 1 1 1 1 0 10 0 0 1 1 16 0 0",
	  "panic: runtime error: invalid memory address or nil pointer dereference" },
	{ "an unmapped address beyond the first page is a fault", EVERY, "heap 16",
	  "null-deref plain add direct 0 1 1 1 0 10 4096 4096 1 1 16 0 0",
	  "unexpected fault address 0x1000" },
	{ "unsafe.Slice of a negative length", EVERY, "heap 16",
	  "bad-length negative slice none 0 4 1 0 0 -1 4 4 1 4 4 0 0", "unsafe.Slice: len out of range" },
	{ "unsafe.Slice of a length that wraps", EVERY, "heap 16",
	  "bad-length wraps slice none 0 4 1 0 0 4611686018427387908 4 4 1 4 4 0 0",
	  "unsafe.Slice: len out of range" },
	{ "unsafe.Slice takes 2^47 bytes of a block of 64", PLAIN, "heap 64",
	  "bad-length huge slice none 0 1 1 0 0 140737488355328 64 64 1 1 64 0 0", SILENT },
	{ "a negative length in a forged header passes for a large one", PLAIN | CHECKPTR, "heap 16",
	  "bad-length negative header direct 0 4 1 0 0 -1 4 4 1 4 4 0 0", SILENT },
	{ "C.malloc does not return nil", PLAIN | CHECKPTR, "heap 16",
	  "bad-length huge malloc none 0 1 1 0 0 140737488355328 16 16 1 1 16 0 0", "C malloc failed" },
	{ "C.calloc does", PLAIN | CHECKPTR, "heap 16",
	  "bad-length huge calloc none 0 1 1 0 0 140737488355328 16 16 1 1 16 0 0", SILENT },

	/* checkptr */
	{ "checkptr does not see unsafe.Add", PLAIN | CHECKPTR, "heap 64",
	  "oob-read plain add direct 0 1 1 0 0 64 64 64 1 1 64 0 0", SILENT },
	{ "checkptr sees the same by uintptr", CHECKPTR | ASAN, "heap 64",
	  "oob-read plain uintptr direct 0 1 1 0 0 64 96 96 1 1 64 0 0",
	  "checkptr: pointer arithmetic result points to invalid allocation" },
	{ "checkptr does not see a forged header", CHECKPTR, "heap 64",
	  "oob-write plain header direct 1 1 1 0 0 65 64 64 1 1 64 0 0", SILENT },
	{ "checkptr does not see a slot's slack", CHECKPTR, "heap 40",
	  "oob-write plain slice direct 1 1 1 0 0 48 47 47 1 1 40 0 0", SILENT },
	{ "checkptr sees a slice that ends in the next slot", CHECKPTR, "heap 40",
	  "oob-write plain slice direct 1 1 1 0 0 49 48 48 1 1 40 0 0",
	  "checkptr: unsafe.Slice result straddles multiple allocations" },
	{ "checkptr does not see a whole element in the next slot", CHECKPTR, "heap 64",
	  "oob-write plain slice direct 1 8 1 0 64 1 0 0 1 8 8 0 0", SILENT },
	{ "checkptr sees an element that straddles slots", CHECKPTR, "heap 64",
	  "misaligned straddle add direct 0 8 1 0 0 8 60 60 8 8 8 0 0",
	  "checkptr: converted pointer straddles multiple allocations" },
	{ "checkptr takes a stack for one allocation", CHECKPTR, "stack 64",
	  "oob-write plain slice direct 1 1 1 0 0 320 319 319 1 1 64 0 0", SILENT },
	{ "checkptr knows nothing of variables without pointers", CHECKPTR, "global 64",
	  "oob-write plain slice direct 1 1 1 0 0 128 127 127 1 1 64 0 0", SILENT },
	{ "checkptr knows nothing of C's memory", CHECKPTR, "foreign 64",
	  "oob-read plain uintptr direct 0 1 1 0 0 64 64 64 1 1 64 0 0", SILENT },
	{ "checkptr does not see a freed slot", CHECKPTR, "heap 64",
	  "use-after-free freed slice direct 1 8 1 0 0 8 0 0 1 8 8 0 0", SILENT },
	{ "checkptr sees a freed span", CHECKPTR, "heap 65536",
	  "use-after-free freed slice direct 1 8 1 0 0 8192 0 0 1 8 8192 0 0", "found bad pointer in Go heap" },
	{ "checkptr sees what is not 0 and below the first page's end", CHECKPTR | ASAN, "heap 16",
	  "null-deref plain uintptr direct 0 1 1 1 0 16 16 16 1 1 16 0 0",
	  "checkptr: pointer arithmetic computed bad pointer value" },

	/* -asan */
	{ "-asan poisons the rest of a slot", ASAN, "heap 40",
	  "oob-write plain header direct 1 1 1 0 0 41 40 40 1 1 40 0 0", "use-after-poison" },
	{ "-asan sees one byte before, in the previous slot's rest", ASAN, "heap 40",
	  "oob-read plain add direct 0 1 1 0 0 40 -1 -1 1 1 40 0 0", "use-after-poison" },
	{ "-asan does not see the next object itself", ASAN, "heap 64",
	  "oob-write plain add direct 1 1 1 0 0 64 96 96 1 1 64 0 0", SILENT },
	{ "-asan switches on checkptr", ASAN, "heap 64",
	  "oob-read plain slice direct 0 1 1 0 -1 65 0 0 1 1 64 0 0",
	  "checkptr: unsafe.Slice result straddles multiple allocations" },
	{ "-asan is exact to the byte at any alignment", ASAN, "heap 64",
	  "misaligned straddle header direct 0 8 1 0 63 1 0 0 1 8 8 0 0", "unknown-crash" },
	{ "-asan sees 16 bytes as one access", ASAN, "heap 64",
	  "misaligned straddle header direct 1 16 1 0 63 1 0 0 1 16 4 0 0", "WRITE of size 16" },
	{ "-asan does not see an atomic load", ASAN, "heap 64",
	  "oob-read plain header atomic 0 8 1 0 0 9 8 8 1 8 8 0 0", SILENT },
	{ "-asan does not see an atomic store", ASAN, "foreign 64",
	  "oob-write plain add atomic 1 4 1 0 0 16 64 64 4 4 16 0 0", SILENT },
	{ "-asan sees what a copy reads", ASAN, "heap 64",
	  "oob-read plain header copy 0 8 1 0 0 9 8 8 1 8 8 0 0", "READ of size 8" },
	{ "-asan sees what a copy writes", ASAN, "heap 64",
	  "oob-write plain add copy 1 8 1 0 0 8 64 64 8 8 8 0 0", "WRITE of size 8" },
	{ "-asan poisons what a collection frees", ASAN, "heap 40",
	  "use-after-free freed header direct 0 8 1 0 0 5 0 0 1 8 5 0 0", "use-after-poison" },
	{ "-asan poisons the old block of an append", ASAN, "arena 40",
	  "use-after-free grown add direct 0 8 1 0 0 5 0 0 8 8 5 0 0", "use-after-poison" },
	{ "-asan has no quarantine", ASAN, "heap 40",
	  "use-after-free reused header direct 1 8 1 0 0 5 0 0 1 8 5 0 0", SILENT },
	{ "-asan moves locals to the heap when their address is converted", ASAN, "stack 40",
	  "oob-write plain header direct 1 1 1 0 0 41 40 40 1 1 40 0 0", "use-after-poison" },
	{ "no build sees a local after its function's return", EVERY, "stack 40",
	  "use-after-return return header direct 1 8 1 0 0 5 0 0 1 8 5 4 0", SILENT },
	{ "-asan has redzones behind globals", ASAN, "global 40",
	  "oob-write plain header direct 1 1 1 0 0 41 40 40 1 1 40 0 0", "global-buffer-overflow" },
	{ "-asan has C's redzones", ASAN, "foreign 40",
	  "oob-write plain header direct 1 1 1 0 0 41 40 40 1 1 40 0 0", "heap-buffer-overflow" },
	{ "-asan sees C's freed memory", ASAN, "foreign 40",
	  "use-after-free reused header direct 1 8 1 0 0 5 0 0 1 8 5 0 0", "heap-use-after-free" },
	{ "-asan sees a double free", ASAN, "heap 40",
	  "invalid-free twice free none 0 8 1 0 0 5 0 0 1 8 5 0 0", "attempting double-free" },
	{ "-asan sees a free of Go's memory", ASAN, "global 40",
	  "invalid-free wrong free none 0 8 1 0 0 5 0 0 1 8 5 0 0",
	  "attempting free on address which was not malloc()-ed" },
	{ "without -asan none of that is seen", PLAIN, "heap 40",
	  "oob-write plain slice direct 1 1 1 0 0 49 48 48 1 1 40 0 0", SILENT },
};
/* clang-format on */

#define FACTS (sizeof(facts) / sizeof(*facts))

#define RELEASE "go1.22."

static bool has_go(void)
{
	char *argv[] = { "build/bin/reference-go-asan", "--version", NULL };
	struct process_result result;
	bool is_ours;

	if (access(argv[0], X_OK) != 0 || process_run(argv, NULL, 20000, 256, &result) != 0)
		return false;
	is_ours = strncmp(result.output, RELEASE, strlen(RELEASE)) == 0;
	process_free(&result);
	return is_ours;
}

/* All that a dialogue makes the reference say; the caller frees. */
static char *converse(const char *build, const char *stage, const char *act)
{
	AUTO_FREE char *command = format(
		"printf 'stage %s\\nact %s\\n' | GOMAXPROCS=1 build/bin/reference-go-%s", stage,
		act, build);
	char *argv[] = { "/bin/sh", "-c", command, NULL };
	struct process_result result = { 0 };

	for (int try = 0; try < OPERATION_STAGE_TRIES; try++) {
		process_free(&result);
		assert_int_equal(process_run(argv, NULL, 20000, 64 << 10, &result), 0);
		assert_false(result.timed_out);
		if (!WIFEXITED(result.wait_status) ||
			WEXITSTATUS(result.wait_status) != OPERATION_EXIT_STAGE)
			break;
	}
	return result.output;
}

static void expect(const char *name, const char *build, const char *said, const char *wanted)
{
	if (strstr(said, wanted) != NULL)
		return;
	fail_msg("%s: %s: expected \"%s\" in:\n%.600s", name, build, wanted, said);
}

static void test_fact(void **state)
{
	const struct fact *fact = *state;

	if (!has_go())
		skip();
	for (size_t i = 0; i < 3; i++) {
		AUTO_FREE char *said = NULL;

		if (!(fact->builds & 1 << i))
			continue;
		said = converse(builds[i], fact->stage, fact->act);
		expect(fact->name, builds[i], said, fact->says);
	}
}

/* Of every stage the object can be read, and is where the stage says. */
static void test_stages(void **state)
{
	static const char *const regions[] = { "heap", "stack", "global", "arena", "foreign" };
	static const char *const sizes[] = { "1", "5", "8", "12", "16", "40", "64", "4096",
		"65536" };

	(void)state;
	if (!has_go())
		skip();
	for (size_t b = 0; b < 3; b++)
		for (size_t r = 0; r < 5; r++)
			for (size_t s = 0; s < sizeof(sizes) / sizeof(*sizes); s++) {
				AUTO_FREE char *stage = format("%s %s", regions[r], sizes[s]);
				AUTO_FREE char *said = converse(builds[b], stage,
					"oob-write plain add direct 1 1 0 0 0 1 0 0 1 1 1 0 0");
				long long next = 0, previous = 1;

				expect(stage, builds[b], said, SILENT);
				assert_int_equal(
					sscanf(said, "stage %*u %lld %lld", &next, &previous), 2);
				assert_true(next >= atoll(sizes[s]) && previous <= 0);
			}
}

/* How many reports build/bin/beside-go-asan makes, which does not stop at the first. */
static unsigned reports_beside(char *side)
{
	char *argv[] = { "/usr/bin/env",
		"ASAN_OPTIONS=detect_leaks=0:symbolize=0:halt_on_error=0:suppress_equal_pcs=0",
		"build/bin/beside-go-asan", side, NULL };
	struct process_result result;
	unsigned count = 0;

	assert_int_equal(process_run(argv, NULL, 60000, 4 << 20, &result), 0);
	assert_false(result.clipped);
	for (char *at = result.output; (at = strstr(at, "ERROR: AddressSanitizer")) != NULL; at++)
		count++;
	process_free(&result);
	return count;
}

static void test_after_every_size(void **state)
{
	(void)state;
	if (!has_go())
		skip();
	assert_int_equal(reports_beside("after"), 519);
}

static void test_before_lone_objects(void **state)
{
	unsigned seen;

	(void)state;
	if (!has_go())
		skip();
	seen = reports_beside("before");
	assert_in_range(seen, 1, 32); /* of 33 */
}

int main(void)
{
	struct CMUnitTest tests[FACTS + 3] = {
		cmocka_unit_test(test_stages),
		cmocka_unit_test(test_after_every_size),
		cmocka_unit_test(test_before_lone_objects),
	};

	for (size_t i = 0; i < FACTS; i++)
		tests[3 + i] = (struct CMUnitTest){ facts[i].name, test_fact, NULL, NULL,
			(void *)(uintptr_t)&facts[i] };
	setenv("ASAN_OPTIONS", "detect_leaks=0:symbolize=0", 1);
	if (getenv("FENCEPOST_ONLY") != NULL) /* a pattern of test names */
		cmocka_set_test_filter(getenv("FENCEPOST_ONLY"));
	return _cmocka_run_group_tests(
		"go_facts", tests, sizeof(tests) / sizeof(*tests), NULL, NULL);
}
