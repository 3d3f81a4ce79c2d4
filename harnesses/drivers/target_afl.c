/* SPDX-License-Identifier: Apache-2.0
 * The AFL++ driver of a user's own target: persistent mode, with test cases in shared memory. Started by hand, the
 * program runs the files of its command line, or standard input, once. */
#include "base/begin.h"
#include "die_with_parent.h"
#include "record/mark.h"
#include "target.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LOOPS \
	10000 /* executions before AFL++ starts a fresh child: what a target leaks is bounded. FENCEPOST_LOOPS in
	         the environment says another number */

__AFL_FUZZ_INIT();

/* ---- telling crashes apart ------------------------------------------------------------------- */

/* A block of its own, and so for AFL++ an edge. What the assembler is told keeps blocks apart that do nothing. */
#define EDGE(group, n) \
	case n: \
		__asm__ volatile("nop # " #group " " #n); \
		break;
#define EDGES_8(group, n) \
	EDGE(group, n) \
	EDGE(group, n + 1) \
	EDGE(group, n + 2) \
	EDGE(group, n + 3) \
	EDGE(group, n + 4) \
	EDGE(group, n + 5) \
	EDGE(group, n + 6) \
	EDGE(group, n + 7)
#define EDGES_64(group) \
	EDGES_8(group, 0) \
	EDGES_8(group, 8) \
	EDGES_8(group, 16) \
	EDGES_8(group, 24) \
	EDGES_8(group, 32) \
	EDGES_8(group, 40) \
	EDGES_8(group, 48) \
	EDGES_8(group, 56)

/* AFL++ keeps a crash when it took an edge that no crash before it took. A report is none: a second bug on a way
 * that another crash went, and went on, would never be kept. So each report takes two of these, one of each
 * group: that both are another's is one chance in 4096. */
void fencepost_dying(uintptr_t hash)
{
	hash *= 0x9e3779b97f4a7c15u;
	switch (hash >> 58) {
		EDGES_64(first)
	default: break;
	}
	switch (hash >> 52 & 63) {
		EDGES_64(second)
	default: break;
	}
}

/* ---- running --------------------------------------------------------------------------------- */

/* In a block of its own of exactly its size, so that reading past the input's end is seen. One of no bytes
 * lies at the end of a block of one, for malloc(0) would make room for a byte. */
static void run_inputs(const uint8_t *input, size_t size)
{
	uint8_t *block = malloc(size > 0 ? size : 1), *copy = size > 0 ? block : block + 1;

	if (block == NULL)
		return;
	memcpy(copy, input, size);
	fencepost_execution_begin(input, size);
	LLVMFuzzerTestOneInput(copy, size);
	fencepost_execution_end();
	free(block);
}

static int run_file(const char *path)
{
	FILE *in = fopen(path, "rb");
	uint8_t *bytes = NULL;
	size_t size = 0, got = 1;

	for (size_t room = 0; in != NULL && got > 0; size += got) {
		if (size == room) {
			room = room > 0 ? 2 * room : 65536;
			bytes = realloc(bytes, room);
			if (bytes == NULL)
				abort();
		}
		got = fread(bytes + size, 1, room - size, in);
	}
	if (in == NULL || ferror(in)) {
		fprintf(stderr, "%s: %s\n", path, strerror(errno));
		return 1;
	}
	fclose(in);
	run_inputs(bytes, size);
	free(bytes);
	return 0;
}

static unsigned loops(void)
{
	const char *text = getenv("FENCEPOST_LOOPS");
	unsigned long number = text != NULL ? strtoul(text, NULL, 10) : 0;

	return number > 0 && number < INT_MAX ? (unsigned)number : LOOPS;
}

int main(int argc, char **argv)
{
	const uint8_t *input;
	unsigned left = loops();
	pid_t server;

	program_begin();
	/* a fuzzer that is killed must not leave its target behind */
	if (getenv("FENCEPOST_RECORD") != NULL)
		die_with_parent(getpid());
	if (LLVMFuzzerInitialize != NULL)
		LLVMFuzzerInitialize(&argc, &argv);
	fencepost_target_begin(true);
	for (int i = 1; i < argc; i++)
		if (run_file(argv[i]) != 0)
			return 1;
	if (argc > 1)
		return 0;
	server = getpid();
	__AFL_INIT();
	if (getenv("FENCEPOST_RECORD") != NULL)
		die_with_parent(server);
	input = __AFL_FUZZ_TESTCASE_BUF;
	while (__AFL_LOOP(left))
		run_inputs(input, (size_t)__AFL_FUZZ_TESTCASE_LEN);
	return 0;
}
