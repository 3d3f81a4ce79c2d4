/* SPDX-License-Identifier: Apache-2.0
 * The first step of each of our programs: resets state that a supervisor may have left behind. */
#ifndef FENCEPOST_BASE_BEGIN_H
#define FENCEPOST_BASE_BEGIN_H

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

/* Resets three things:
 *
 * closed descriptors 0, 1, 2   become /dev/null, so that no file of ours gets their number. They are opened in the
 *                              wrong direction: reading standard input, and writing the others, still fails
 * an ignored SIGCHLD           is restored; otherwise the kernel would forget how our children ended
 * blocked signals              are unblocked
 *
 * The process must have one thread. */
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
