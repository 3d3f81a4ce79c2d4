/* SPDX-License-Identifier: Apache-2.0
 * What a fuzzer has started must not outlive it. */
#ifndef FENCEPOST_DRIVERS_DIE_WITH_PARENT_H
#define FENCEPOST_DRIVERS_DIE_WITH_PARENT_H

#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

/* For the process itself, and behind __AFL_INIT again for the fork that runs inputs: @server is the process
 * from before, which may have died before its fork could ask for the signal. */
static inline void die_with_parent(pid_t server)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getpid() != server && getppid() != server)
		_exit(0);
}

#endif
