/* SPDX-License-Identifier: Apache-2.0
 * Runs another program, with limits on its time and output. */
#ifndef FENCEPOST_BASE_PROCESS_H
#define FENCEPOST_BASE_PROCESS_H

#include <stdbool.h>
#include <stddef.h>

struct process_result {
	int wait_status; /* as waitpid gives it */
	bool timed_out;  /* it was killed with its process group, at the time limit */
	bool clipped;    /* output beyond the limit was dropped */
	char *output; /* standard output and error in order; NUL-terminated; process_free() frees it */
	size_t output_size;
};

/* Runs @argv with @environment (NULL: our own) and /dev/null as standard input, in a process group of its own, for at
 * most @timeout_ms. Keeps the first @most bytes of its output, and drops the rest. 0; or -errno when it could not start
 * or its end cannot be learned (child.h). */
int process_run(char *const argv[], char *const environment[], int timeout_ms, size_t most,
	struct process_result *ret);

/* Runs @child in a fork of this process, which then exits with 0. The caller must have one thread. The output goes to
 * @buffer, which has room for @most bytes and a NUL. No memory is allocated, so process_free() is not needed. */
int process_call(void (*child)(void *), void *arg, int timeout_ms, char *buffer, size_t most,
	struct process_result *ret);

/* Frees the output. */
void process_free(struct process_result *result);

#endif
