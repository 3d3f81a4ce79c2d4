/* SPDX-License-Identifier: Apache-2.0
 * Replaying crashes on a target with several workers. */
#ifndef FENCEPOST_CRASHES_WORKERS_H
#define FENCEPOST_CRASHES_WORKERS_H

#include "crash.h"
#include "exec/exec.h"

struct workers {
	const struct program *target;
	struct exec_limits limits;
	unsigned jobs;
	bool insists; /* what does not die is run alone too (exec_run_alone), where that may differ */
	struct cache *journal;
	uint64_t executions; /* of the target, for the rate */
	size_t refused;      /* crashes without a stack that may not be traced */
	bool forks;          /* some worker ran through the forkserver */
	char *why;           /* the target could not be run; workers_replay's caller frees */
};

/* Runs every crash that is waiting, one of each content, CRASH_RUNS times. 0, 1 when interrupted (base/interrupts.h), or
 * -errno with replay->why (the journal, memory, the target). Crashes of the same content share what was
 * found. */
int workers_replay(struct workers *replay, struct crashes *crashes);

#endif
