/* SPDX-License-Identifier: Apache-2.0
 * Runs a target on one input after another. Time, memory, stored output and left-over processes are all limited. With
 * AFL++'s forkserver in the target, an input costs a fork (forkserver.h); otherwise a new process.
 *
 * A process that uses a runner must call exec_adopt() first, and must have no children of its own: processes that the
 * target leaves behind become its children, and are killed. */
#ifndef FENCEPOST_EXEC_EXEC_H
#define FENCEPOST_EXEC_EXEC_H

#include "program.h"

#include <signal.h>
#include <stddef.h>
#include <stdint.h>

struct exec_limits {
	int timeout_ms;
	unsigned memory_mib; /* resident; 0: no limit */
};

#define EXEC_WORDS 160

struct exec_end {
	int wait_status;
	/* it was killed for this reason; before a timeout kills, SIGABRT lets the target print a report into @text */
	bool timed_out, out_of_memory;
	/* standard error, reports of sanitizers, standard output; the runner owns it until the next run */
	char *text;
	size_t size;
	char words[EXEC_WORDS]; /* its last line, of standard error if that has one, unescaped */
	uint64_t
		caught; /* signals with handlers, signal N as bit N - 1; unknown (0) with a forkserver */
};

struct exec;

/* Makes this process inherit orphans. 0 or -errno. */
int exec_adopt(void);

/* Returns a runner, for exec_close(); NULL without memory or descriptors. @directory, an absolute path, gets the input's
 * copy and the reports. A run ends early when a signal handler sets @stop. The target is not started yet, so a target
 * that cannot run is no error here. */
struct exec *exec_open(const struct program *target, struct exec_limits limits,
	const char *directory, const volatile sig_atomic_t *stop);
void exec_close(struct exec *runner);

/* Runs the target on a copy of the file at @path. 0; -errno when @path cannot be read (-ENOENT: it is gone); -ECANCELED
 * when stopped; -ENOEXEC or the like when the target cannot run. */
int exec_run(struct exec *runner, const char *path, struct exec_end *ret);

/* Runs an input that did not crash in exec_run() in a new process. The copy has the file's own name, unless the user
 * chose a name, and the target's own setting decides about leaks. @of_signal: the input is known to die of a signal, so
 * a leak does not reproduce it, unless leaks were asked for. */
int exec_run_alone(struct exec *runner, const char *path, bool of_signal, struct exec_end *ret);

/* Runs an input again under ptrace, to get the stack of a signal or a hang that left none. @alone: as exec_run_alone(),
 * else as exec_run(). *ret_text is the text of trace.h, for the caller to free; NULL when it did not happen again. 0, or
 * -EPERM where tracing is forbidden. */
int exec_trace(struct exec *runner, const char *path, bool alone, char **ret_text);

/* Changes the time limit, from the next run on. */
void exec_limit_time(struct exec *runner, int timeout_ms);

/* Can exec_run_alone() differ from exec_run()? Known after the first run. */
bool exec_alone_differs(const struct exec *runner);

/* Does the target run through a forkserver? Known after the first run. */
bool exec_forks(const struct exec *runner);

#endif
