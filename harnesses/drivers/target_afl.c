/* SPDX-License-Identifier: Apache-2.0
 * A target of a user's own under AFL++: persistent mode, test cases in shared memory. Started by hand it runs
 * the files that it is given, else standard input, once. */
#include "../observe/mark.h"
#include "target.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#define LOOPS \
	10000 /* executions before AFL++ starts a fresh child: what a target leaks is bounded */

__AFL_FUZZ_INIT();

/* In a block of its own of exactly its size, so that reading past the input's end is seen. One of no bytes
 * lies at the end of a block of one, for malloc(0) would make room for a byte. */
static void run(const uint8_t *input, size_t size)
{
	uint8_t *block = malloc(size > 0 ? size : 1), *copy = size > 0 ? block : block + 1;

	if (block == NULL)
		return;
	memcpy(copy, input, size);
	fencepost_execution_begin();
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
	run(bytes, size);
	free(bytes);
	return 0;
}

int main(int argc, char **argv)
{
	const uint8_t *input;

	/* a fuzzer that is killed must not leave its target behind */
	if (getenv("FENCEPOST_RECORD") != NULL)
		prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (LLVMFuzzerInitialize != NULL)
		LLVMFuzzerInitialize(&argc, &argv);
	fencepost_target_begin(true);
	for (int i = 1; i < argc; i++)
		if (run_file(argv[i]) != 0)
			return 1;
	if (argc > 1)
		return 0;
	__AFL_INIT();
	if (getenv("FENCEPOST_RECORD") != NULL)
		prctl(PR_SET_PDEATHSIG, SIGKILL); /* the fork, below its server */
	input = __AFL_FUZZ_TESTCASE_BUF;
	while (__AFL_LOOP(LOOPS))
		run(input, (size_t)__AFL_FUZZ_TESTCASE_LEN);
	return 0;
}
