/* SPDX-License-Identifier: Apache-2.0
 * Running another program. */
#include "spawn.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

static int64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* What the child does: a program, or without one a function. */
struct task {
	char *const *argv, *const *environment;
	void (*call)(void *);
	void *arg;
};

static void perform(const struct task *task, int output, int failure)
{
	int null = open("/dev/null", O_RDONLY), error;

	setpgid(0, 0);
	dup2(null, STDIN_FILENO);
	dup2(output, STDOUT_FILENO);
	dup2(output, STDERR_FILENO);
	/* a fork that hangs must not outlive who would end it */
	if (task->call != NULL)
		prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (task->call != NULL) {
		close(failure);
		task->call(task->arg);
		exit(0);
	}
	execve(task->argv[0], task->argv, task->environment != NULL ? task->environment : environ);
	error = errno;
	if (write(failure, &error, sizeof(error)) != sizeof(error))
		_exit(126);
	_exit(127);
}

/* False when the pipe was closed by a successful execve. */
static bool read_error(int fd, int *ret)
{
	ssize_t got;

	do
		got = read(fd, ret, sizeof(*ret));
	while (got < 0 && errno == EINTR);
	return got == sizeof(*ret);
}

/* Reads until everyone who holds the pipe is gone, or @until. False when time ran out. */
static bool drain(int fd, int64_t until, size_t most, struct spawn_result *result)
{
	char chunk[16384];

	for (;;) {
		int64_t left = until - now_ms();
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
static void reap(pid_t child, int64_t until, struct spawn_result *result)
{
	useconds_t pause_us = 20; /* who has closed the pipe is mostly about to end */

	while (waitpid(child, &result->wait_status, WNOHANG) == 0) {
		if (now_ms() >= until) {
			result->timed_out = true;
			kill(-child, SIGKILL);
			while (waitpid(child, &result->wait_status, 0) < 0 && errno == EINTR)
				;
			break;
		}
		usleep(pause_us);
		pause_us = pause_us < 1000 ? 2 * pause_us : pause_us;
	}
	kill(-child, SIGKILL);
}

/* Into ret->output, which has room for @most bytes and a NUL. */
static int spawn(const struct task *task, int timeout_ms, size_t most, struct spawn_result *ret)
{
	int output[2], failure[2], error = 0;
	int64_t until = now_ms() + timeout_ms;
	pid_t child;

	if (pipe2(output, O_CLOEXEC) != 0)
		return -errno;
	if (pipe2(failure, O_CLOEXEC) != 0) {
		error = errno;
		close(output[0]);
		close(output[1]);
		return -error;
	}
	child = fork();
	if (child == 0)
		perform(task, output[1], failure[1]);
	close(output[1]);
	close(failure[1]);
	if (child < 0)
		error = errno;
	else if (!read_error(failure[0], &error))
		error = 0;
	if (child > 0 && error == 0)
		drain(output[0], until, most, ret);
	if (child > 0)
		reap(child, until, ret);
	close(output[0]);
	close(failure[0]);
	ret->output[ret->output_size] = '\0';
	return -error;
}

int spawn_run(char *const argv[], char *const environment[], int timeout_ms, size_t most,
	struct spawn_result *ret)
{
	struct task task = { .argv = argv, .environment = environment };
	int error;

	*ret = (struct spawn_result){ .output = malloc(most + 1) };
	if (ret->output == NULL)
		return -ENOMEM;
	error = spawn(&task, timeout_ms, most, ret);
	/* most say little: many results may be kept at a time */
	ret->output = realloc(ret->output, ret->output_size + 1);
	return error;
}

int spawn_call(void (*child)(void *), void *arg, int timeout_ms, char *buffer, size_t most,
	struct spawn_result *ret)
{
	struct task task = { .call = child, .arg = arg };

	*ret = (struct spawn_result){ .output = buffer };
	return spawn(&task, timeout_ms, most, ret);
}

void spawn_free(struct spawn_result *result)
{
	free(result->output);
	result->output = NULL;
}
