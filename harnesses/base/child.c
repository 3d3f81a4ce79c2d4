/* SPDX-License-Identifier: Apache-2.0
 * Child processes. */
#include "child.h"

#include "clock.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

/* The child's ends of its descriptors, and ours of those that are pipes. */
struct ends {
	int theirs[3], ours[3];
};

static void close_end(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

static int open_pipes(const int standard[3], struct ends *ret)
{
	*ret = (struct ends){ { -1, -1, -1 }, { -1, -1, -1 } };
	for (int i = 0; i < 3; i++) {
		int both[2];

		if (standard[i] != CHILD_PIPE)
			continue;
		if (pipe2(both, O_CLOEXEC) != 0)
			return -errno;
		ret->theirs[i] = both[i != STDIN_FILENO];
		ret->ours[i] = both[i == STDIN_FILENO];
	}
	return 0;
}

/* In the child: its place, and that it does not outlive us, even if we are gone already. */
static void settle(const struct child_options *options, pid_t parent)
{
	if (options->place == CHILD_GROUP)
		setpgid(0, 0);
	else if (options->place == CHILD_SESSION)
		setsid();
	prctl(PR_SET_PDEATHSIG, options->death_signal != 0 ? options->death_signal : SIGKILL);
	if (getppid() != parent)
		_exit(127);
}

static void set_standard(const int standard[3], struct ends *ends)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	for (int i = 0; i < 3; i++) {
		int from = standard[i] == CHILD_NULL ? null :
			standard[i] == CHILD_PIPE    ? ends->theirs[i] :
			standard[i] == CHILD_SAME    ? i - 1 :
						       standard[i];

		dup2(from, i);
	}
	/* a reader must be able to learn that we are gone */
	for (int i = 0; i < 3; i++)
		close_end(&ends->ours[i]);
}

/* Every signal as a program expects it. */
static void release_signals(void)
{
	sigset_t none;

	for (int i = 1; i < NSIG; i++)
		signal(i, SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

/* In the child. What keeps it from running is written to @failure, which closes on exec. */
static void become(const struct child_options *options, struct ends *ends, int failure)
{
	const struct rlimit none = { 0, 0 };
	int error;

	if (options->no_core)
		setrlimit(RLIMIT_CORE, &none);
	set_standard(options->standard, ends);
	error = options->directory != NULL && chdir(options->directory) != 0 ? errno : 0;
	if (error == 0 && options->call != NULL)
		options->call(options->arg);
	if (options->argv == NULL)
		exit(error == 0 ? 0 : 127);
	if (error == 0) {
		release_signals();
		execve(options->program != NULL ? options->program : options->argv[0],
			options->argv,
			options->environment != NULL ? options->environment : environ);
		error = errno;
	}
	_exit(write(failure, &error, sizeof(error)) == sizeof(error) ? 127 : 126);
}

/* 0, or -errno of what kept the program from running. */
static int hear_failure(int failure)
{
	int error;
	ssize_t got;

	do
		got = read(failure, &error, sizeof(error));
	while (got < 0 && errno == EINTR);
	return got == sizeof(error) ? -error : 0;
}

static pid_t start(const struct child_options *options, struct ends *ends, int failure[2])
{
	pid_t parent = getpid(), child = fork();
	int error;

	if (child < 0)
		return -errno;
	if (child == 0) {
		settle(options, parent);
		become(options, ends, failure[1]);
	}
	/* in both: whoever comes first, the group can be ended */
	if (options->place == CHILD_GROUP)
		setpgid(child, child);
	close_end(&failure[1]);
	error = options->started != NULL ? options->started(child, options->arg) : 0;
	if (error == 0 && options->argv != NULL)
		error = hear_failure(failure[0]);
	if (error != 0)
		child_finish(child, NULL, NULL);
	return error != 0 ? error : child;
}

pid_t child_spawn(const struct child_options *options, int ret_ends[3])
{
	int failure[2] = { -1, -1 };
	struct ends ends;
	pid_t child = open_pipes(options->standard, &ends);

	if (child == 0 && options->argv != NULL && pipe2(failure, O_CLOEXEC) != 0)
		child = -errno;
	if (child == 0)
		child = start(options, &ends, failure);
	for (int i = 0; i < 3; i++) {
		close_end(&ends.theirs[i]);
		if (child > 0 && ret_ends != NULL)
			ret_ends[i] = ends.ours[i];
		else
			close_end(&ends.ours[i]);
	}
	close_end(&failure[0]);
	close_end(&failure[1]);
	return child;
}

/* Not pidfd_open(): where that is forbidden, there would have to be a second way. */
int child_wait(pid_t child, int64_t until_ms)
{
	int options = WEXITED | WNOWAIT | (until_ms == CHILD_FOREVER ? 0 : WNOHANG);
	useconds_t pause_us = 20; /* who has closed its pipes is mostly about to end */

	for (;;) {
		siginfo_t info = { 0 };

		if (waitid(P_PID, (id_t)child, &info, options) == 0) {
			/* its tracer learns of stops as well, asked for or not */
			if (info.si_pid == child && info.si_code != CLD_TRAPPED)
				return 0;
			if (clock_now_ms() >= until_ms)
				return -ETIMEDOUT;
			usleep(pause_us);
			pause_us = pause_us < 1000 ? 2 * pause_us : pause_us;
		} else if (errno != EINTR) {
			return -errno;
		}
	}
}

int child_finish(pid_t child, int *ret_status, struct rusage *ret_usage)
{
	int status, error = child_wait(child, 0);
	pid_t got;

	if (error != 0 && error != -ETIMEDOUT)
		return error;
	kill(-child, SIGKILL);
	kill(child, SIGKILL);
	do
		got = wait4(child, &status, 0, ret_usage);
	while (got < 0 && errno == EINTR);
	if (got < 0)
		return -errno;
	if (ret_status != NULL)
		*ret_status = status;
	return 0;
}

int child_join(pid_t child, int *ret_status)
{
	int error = child < 0 ? child : child_wait(child, CHILD_FOREVER);

	return error != 0 ? error : child_finish(child, ret_status, NULL);
}

const char *child_error(int error)
{
	return error == -ECHILD ? "how it ended was lost: something reaps this process's children" :
				  strerror(-error);
}
