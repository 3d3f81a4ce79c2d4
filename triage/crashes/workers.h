/* SPDX-License-Identifier: Apache-2.0
 * Replays crashes on a target with several workers. */
#ifndef FENCEPOST_CRASHES_WORKERS_H
#define FENCEPOST_CRASHES_WORKERS_H

#include "crash.h"
#include "exec/exec.h"

struct workers {
	const struct program *target;
	struct exec_limits limits;
	unsigned jobs;
	bool insists; /* also run alone the inputs that do not die (exec_run_alone), if that may differ */
	struct cache *journal;
	uint64_t executions; /* runs of the target, for the rate */
	size_t refused;      /* crashes without a stack whose tracing was forbidden */
	bool forks;          /* a worker used the forkserver */
	char *why; /* the reason why the target could not run; the caller of workers_replay() frees it */
};

/* Runs every waiting crash CRASH_RUNS times; crashes with the same content run once and share the result. 0; 1 when
 * interrupted (base/interrupts.h); or -errno with replay->why (the journal, memory, the target). */
int workers_replay(struct workers *replay, struct crashes *crashes);

#endif
