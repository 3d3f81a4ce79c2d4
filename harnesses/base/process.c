/* SPDX-License-Identifier: Apache-2.0
 * Running another program. */
#include "process.h"

#include "child.h"
#include "clock.h"

#include <errno.h>
#include <poll.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

/* Reads until everyone who holds the pipe is gone, or @until. False when time ran out. */
static bool drain(int fd, int64_t until, size_t most, struct process_result *result)
{
	char chunk[16384];

	for (;;) {
		int64_t left = until - clock_now_ms();
		struct pollfd poll_fd = { .fd = fd, .events = POLLIN };
		ssize_t got;
		int ready;

		if (left <= 0)
			return false;
		ready = poll(&poll_fd, 1, left > 1000 ? 1000 : (int)left);
		if (ready <= 0)
			continue;
		got = read(fd, chunk, sizeof(chunk));
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return true;
		for (ssize_t i = 0; i < got && result->output_size < most; i++)
			result->output[result->output_size++] = chunk[i];
		result->clipped = result->clipped || result->output_size == most;
	}
}

/* The child may live on with its pipe closed, or be dead with a grandchild that holds the pipe. */
static int reap(pid_t child, int64_t until, struct process_result *result)
{
	int error = child_wait(child, until);

	result->timed_out = error == -ETIMEDOUT;
	return child_finish(child, &result->wait_status, NULL);
}

/* Into ret->output, which has room for @most bytes and a NUL. */
static int run(const struct child_options *options, int timeout_ms, size_t most,
	struct process_result *ret)
{
	int64_t until = clock_now_ms() + timeout_ms;
	int ends[3], error = 0;
	pid_t child = child_spawn(options, ends);

	if (child > 0) {
		drain(ends[STDOUT_FILENO], until, most, ret);
		close(ends[STDOUT_FILENO]);
		error = reap(child, until, ret);
	}
	ret->output[ret->output_size] = '\0';
	return child > 0 ? error : child;
}

int process_run(char *const argv[], char *const environment[], int timeout_ms, size_t most,
	struct process_result *ret)
{
	const struct child_options options = { .argv = argv,
		.environment = environment,
		.standard = { CHILD_NULL, CHILD_PIPE, CHILD_SAME },
		.place = CHILD_GROUP };
	int error;

	*ret = (struct process_result){ .output = malloc(most + 1) };
	if (ret->output == NULL)
		return -ENOMEM;
	error = run(&options, timeout_ms, most, ret);
	/* most say little: many results may be kept at a time */
	ret->output = realloc(ret->output, ret->output_size + 1);
	return error;
}

int process_call(void (*child)(void *), void *arg, int timeout_ms, char *buffer, size_t most,
	struct process_result *ret)
{
	const struct child_options options = { .call = child,
		.arg = arg,
		.standard = { CHILD_NULL, CHILD_PIPE, CHILD_SAME },
		.place = CHILD_GROUP };

	*ret = (struct process_result){ .output = buffer };
	return run(&options, timeout_ms, most, ret);
}

void process_free(struct process_result *result)
{
	free(result->output);
	result->output = NULL;
}
