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
