/* SPDX-License-Identifier: Apache-2.0
 * Ends a process with its fuzzer. */
#ifndef FENCEPOST_DRIVERS_DIE_WITH_PARENT_H
#define FENCEPOST_DRIVERS_DIE_WITH_PARENT_H

#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

/* Call this first in the process and, after __AFL_INIT, again in the fork that runs inputs. @server is the process from
 * before the fork: it may have died before the fork asked for the signal. */
static inline void die_with_parent(pid_t server)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getpid() != server && getppid() != server)
		_exit(0);
}

#endif
