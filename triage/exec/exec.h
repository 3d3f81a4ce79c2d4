/* SPDX-License-Identifier: Apache-2.0
 * Running a target on one input after the other, with everything that it does bounded: time, memory,
 * what is kept of its output, the processes it leaves behind. Where the target has AFL++'s forkserver an
 * input costs a fork (forkserver.h), else a new process.
 *
 * A process that uses a runner must call exec_adopt() first and have no children of its own: whatever
 * the target's processes leave behind becomes its child, and is killed. */
#ifndef FENCEPOST_EXEC_EXEC_H
#define FENCEPOST_EXEC_EXEC_H

#include "program.h"

#include <signal.h>
#include <stddef.h>
#include <stdint.h>

struct exec_limits {
	int timeout_ms;
	unsigned memory_mib; /* resident; 0: none */
};

#define EXEC_WORDS 160

struct exec_end {
	int wait_status;
	/* it was killed for that; of what timed out @text has what it said to SIGABRT, which came first */
	bool timed_out, out_of_memory;
	/* standard error, what its sanitizers reported, standard output; the runner's, until the next run */
	char *text;
	size_t size;
	char words[EXEC_WORDS]; /* its last line, on standard error if there is one, as it came */
	uint64_t caught; /* signals it had handlers for, bit N - 1; only of a process of its own */
};

struct exec;

/* Makes this process the one that inherits orphans. 0 or -errno. */
int exec_adopt(void);

/* @directory, an absolute path, is for the input's file and reports; @stop ends a run early when a handler sets it. NULL: no memory or
 * descriptors. Says nothing of whether the target can be run. */
struct exec *exec_open(const struct program *target, struct exec_limits limits,
	const char *directory, const volatile sig_atomic_t *stop);
void exec_close(struct exec *runner);

/* Copies the file at @path, which is left alone, and runs the target on the copy. 0; -errno when @path
 * cannot be read (-ENOENT: it is gone), -ECANCELED when stopped, -ENOEXEC and its kin when the target
 * cannot be run. */
int exec_run(struct exec *runner, const char *path, struct exec_end *ret);

/* The same in a process of its own, with the input's copy under the file's own name, unless the target has one
 * for it, and looking for leaks as the target has it: for what did not crash in the usual way. What is known to have
 * died @of_signal is not reproduced by a leak, unless leaks are what was asked for. */
int exec_run_alone(struct exec *runner, const char *path, bool of_signal, struct exec_end *ret);

/* Once more, traced, for the stack of what died of a signal or hung and left none: @alone as exec_run_alone(), else
 * as exec_run(). *ret_text is what trace.h writes, for free; NULL when it did not happen again. 0, or -EPERM where
 * tracing is refused. */
int exec_trace(struct exec *runner, const char *path, bool alone, char **ret_text);

/* From the next run on. */
void exec_limit_time(struct exec *runner, int timeout_ms);

/* Can that make a difference? Known after the first run. */
bool exec_alone_differs(const struct exec *runner);

/* Does it run through a forkserver? Known after the first run. */
bool exec_forks(const struct exec *runner);

#endif
