/* SPDX-License-Identifier: Apache-2.0
 * Child processes. */
#include "child.h"

#include "clock.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

pid_t child_fork(enum child_place place, int death_signal)
{
	pid_t parent = getpid(), child = fork();

	if (child < 0)
		return -errno;
	if (child > 0) {
		/* in both: whoever comes first, the group can be ended */
		if (place == CHILD_GROUP)
			setpgid(child, child);
		return child;
	}
	if (place == CHILD_GROUP)
		setpgid(0, 0);
	else if (place == CHILD_SESSION)
		setsid();
	prctl(PR_SET_PDEATHSIG, death_signal);
	if (getppid() != parent)
		_exit(127);
	return 0;
}

void child_standard(int in, int out, int err)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	dup2(in >= 0 ? in : null, STDIN_FILENO);
	dup2(out >= 0 ? out : null, STDOUT_FILENO);
	dup2(err >= 0 ? err : null, STDERR_FILENO);
}

void child_exec(const char *program, char *const argv[], char *const environment[], int failure)
{
	sigset_t none;
	int error;

	for (int i = 1; i < NSIG; i++)
		signal(i, SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	execve(program, argv, environment != NULL ? environment : environ);
	error = errno;
	if (failure >= 0 && write(failure, &error, sizeof(error)) != sizeof(error))
		_exit(126);
	_exit(127);
}

int child_started(pid_t child, int failure)
{
	int error;
	ssize_t got;

	do
		got = read(failure, &error, sizeof(error));
	while (got < 0 && errno == EINTR);
	if (got != sizeof(error))
		return 0;
	child_finish(child, NULL, NULL);
	return -error;
}

/* Not pidfd_open(): where that is forbidden, there would have to be a second way. */
int child_wait(pid_t child, int64_t until_ms)
{
	useconds_t pause_us = 20; /* who has closed its pipes is mostly about to end */

	for (;;) {
		siginfo_t info = { 0 };

		if (waitid(P_PID, (id_t)child, &info, WEXITED | WNOWAIT | WNOHANG) == 0) {
			if (info.si_pid == child)
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

const char *child_error(int error)
{
	return error == -ECHILD ? "how it ended was lost: something reaps this process's children" :
				  strerror(-error);
}
