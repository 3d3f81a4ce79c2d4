/* SPDX-License-Identifier: Apache-2.0
 * Running another program, with everything it does bounded. */
#ifndef FENCEPOST_BASE_PROCESS_H
#define FENCEPOST_BASE_PROCESS_H

#include <stdbool.h>
#include <stddef.h>

struct process_result {
	int wait_status; /* as waitpid gives it */
	bool timed_out;  /* it was killed, with its process group */
	bool clipped;    /* it said more than was kept */
	char *output; /* standard output and error as they came; NUL-terminated; process_free frees it */
	size_t output_size;
};

/* Runs @argv with @environment (NULL: our own) and /dev/null as standard input, for at most
 * @timeout_ms, in a process group of its own; keeps at most @most bytes of what it says and reads
 * the rest away. 0; or -errno, when it could not be started or how it ended cannot be learned (child.h). */
int process_run(char *const argv[], char *const environment[], int timeout_ms, size_t most,
	struct process_result *ret);

/* The same for a fork of this process that calls @child and exits with 0. Only for a process that has
 * one thread. What it says is put into @buffer, which has room for @most bytes and a NUL; no memory is
 * allocated, so nothing is there for process_free. */
int process_call(void (*child)(void *), void *arg, int timeout_ms, char *buffer, size_t most,
	struct process_result *ret);

void process_free(struct process_result *result);

#endif
