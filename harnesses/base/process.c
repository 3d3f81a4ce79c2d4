/* SPDX-License-Identifier: Apache-2.0
 * Running another program. */
#include "process.h"

#include "child.h"
#include "clock.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

/* What the child does: a program, or without one a function. */
struct task {
	char *const *argv, *const *environment;
	void (*call)(void *);
	void *arg;
};

static void perform(const struct task *task, int output, int failure)
{
	child_standard(-1, output, output);
	if (task->call == NULL)
		child_exec(task->argv[0], task->argv, task->environment, failure);
	close(failure);
	task->call(task->arg);
	exit(0);
}

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
static int spawn(const struct task *task, int timeout_ms, size_t most, struct process_result *ret)
{
	int output[2], failure[2], error = 0;
	int64_t until = clock_now_ms() + timeout_ms;
	pid_t child;

	if (pipe2(output, O_CLOEXEC) != 0)
		return -errno;
	if (pipe2(failure, O_CLOEXEC) != 0) {
		error = errno;
		close(output[0]);
		close(output[1]);
		return -error;
	}
	child = child_fork(CHILD_GROUP, SIGKILL);
	if (child == 0)
		perform(task, output[1], failure[1]);
	close(output[1]);
	close(failure[1]);
	error = child < 0 ? child : child_started(child, failure[0]);
	if (error == 0) {
		drain(output[0], until, most, ret);
		error = reap(child, until, ret);
	}
	close(output[0]);
	close(failure[0]);
	ret->output[ret->output_size] = '\0';
	return error;
}

int process_run(char *const argv[], char *const environment[], int timeout_ms, size_t most,
	struct process_result *ret)
{
	struct task task = { .argv = argv, .environment = environment };
	int error;

	*ret = (struct process_result){ .output = malloc(most + 1) };
	if (ret->output == NULL)
		return -ENOMEM;
	error = spawn(&task, timeout_ms, most, ret);
	/* most say little: many results may be kept at a time */
	ret->output = realloc(ret->output, ret->output_size + 1);
	return error;
}

int process_call(void (*child)(void *), void *arg, int timeout_ms, char *buffer, size_t most,
	struct process_result *ret)
{
	struct task task = { .call = child, .arg = arg };

	*ret = (struct process_result){ .output = buffer };
	return spawn(&task, timeout_ms, most, ret);
}

void process_free(struct process_result *result)
{
	free(result->output);
	result->output = NULL;
}
