/* SPDX-License-Identifier: Apache-2.0
 * Replays crashes on a target with several workers at a time. */
#ifndef FENCEPOST_CRASHES_WORKERS_H
#define FENCEPOST_CRASHES_WORKERS_H

#include "crash.h"
#include "exec/exec.h"

struct workers {
	const struct program *target;
	struct exec_limits limits;
	unsigned jobs;
	/* Inputs that do not die are also run alone (exec_run_alone), if that may give another
	 * result. */
	bool insists;
	struct cache *journal;
	uint64_t executions; /* number of runs of the target, for the rate */
	size_t refused;      /* number of crashes without a stack because tracing was forbidden */
	bool forks;          /* a worker used AFL++'s forkserver */
	/* the reason for which the target could not run, or NULL; the caller of workers_replay()
	 * frees it */
	char *why;
};

/* Runs every waiting crash CRASH_RUNS times. Crashes with the same content run once and share the
 * result. Returns 0, or 1 after an interrupt (base/interrupts.h). Returns -errno with a reason in
 * replay->why if the journal, the memory or the target fails. */
int workers_replay(struct workers *replay, struct crashes *crashes);

#endif
