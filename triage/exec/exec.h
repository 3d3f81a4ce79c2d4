/* SPDX-License-Identifier: Apache-2.0
 * Running a target on one input after the other, with everything that it does bounded: time, memory,
 * what is kept of its output, the processes it leaves behind. Where the target has AFL++'s forkserver an
 * input costs a fork (forkserver.h), else a new process.
 *
 * A process that uses a runner must call runner_adopt() first and have no children of its own: whatever
 * the target's processes leave behind becomes its child, and is killed. */
#ifndef FENCEPOST_EXEC_EXEC_H
#define FENCEPOST_EXEC_EXEC_H

#include "program.h"

#include <signal.h>
#include <stddef.h>
#include <stdint.h>

struct runner_limits {
	int timeout_ms;
	unsigned memory_mib; /* resident; 0: none */
};

#define RUNNER_WORDS 160

struct run_end {
	int wait_status;
	/* it was killed for that; of what timed out @text has what it said to SIGABRT, which came first */
	bool timed_out, out_of_memory;
	/* standard error, what its sanitizers reported, standard output; the runner's, until the next run */
	char *text;
	size_t size;
	char words[RUNNER_WORDS]; /* its last line, on standard error if there is one, as it came */
	uint64_t caught; /* signals it had handlers for, bit N - 1; only of a process of its own */
};

struct runner;

/* Makes this process the one that inherits orphans. 0 or -errno. */
int runner_adopt(void);

/* @directory, an absolute path, is for the input's file and reports; @stop ends a run early when a handler sets it. NULL: no memory or
 * descriptors. Says nothing of whether the target can be run. */
struct runner *runner_open(const struct target *target, struct runner_limits limits,
	const char *directory, const volatile sig_atomic_t *stop);
void runner_close(struct runner *runner);

/* Copies the file at @path, which is left alone, and runs the target on the copy. 0; -errno when @path
 * cannot be read (-ENOENT: it is gone), -ECANCELED when stopped, -ENOEXEC and its kin when the target
 * cannot be run. */
int runner_run(struct runner *runner, const char *path, struct run_end *ret);

/* The same in a process of its own, with the input's copy under the file's own name, unless the target has one
 * for it, and looking for leaks as the target has it, but not where the file's name says that it died of a
 * signal: for what did not crash in the usual way. */
int runner_run_alone(struct runner *runner, const char *path, struct run_end *ret);

/* From the next run on. */
void runner_limit_time(struct runner *runner, int timeout_ms);

/* Can that make a difference? Known after the first run. */
bool runner_alone_differs(const struct runner *runner);

/* Does it run through a forkserver? Known after the first run. */
bool runner_forks(const struct runner *runner);

#endif
