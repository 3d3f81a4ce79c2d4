/* SPDX-License-Identifier: Apache-2.0
 * What each of our programs does first: a program inherits more than its arguments. */
#ifndef FENCEPOST_BASE_BEGIN_H
#define FENCEPOST_BASE_BEGIN_H

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

/* Undoes what a supervisor may have left behind:
 *
 * a closed descriptor 0, 1 or 2   is /dev/null, so that no file of ours gets its number. It is opened the other
 *                                 way round: reading standard input, and writing the others, still fails
 * SIGCHLD that is ignored         is not: the kernel would forget how our children ended
 * signals that are blocked        are not
 *
 * Only for a process that has one thread. */
static inline void program_begin(void)
{
	sigset_t none;

	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (fcntl(fd, F_GETFD) < 0 &&
			open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY) != fd)
			_exit(1);
	signal(SIGCHLD, SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

#endif
