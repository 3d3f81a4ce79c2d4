/* SPDX-License-Identifier: Apache-2.0
 * Runs a target on one input after another. A target is the program whose crashes are triaged.
 *
 * The runner limits the target's time, its memory, the output that is stored, and the processes
 * that it leaves behind. If the target contains AFL++'s forkserver, each input costs a fork
 * (forkserver.h). Otherwise each input costs a new process.
 *
 * A process that uses a runner must call exec_adopt() first, and must have no other children.
 * Processes that the target leaves behind become children of this process, and the runner kills
 * them. */
#ifndef FENCEPOST_EXEC_EXEC_H
#define FENCEPOST_EXEC_EXEC_H

#include "program.h"

#include <signal.h>
#include <stddef.h>
#include <stdint.h>

struct exec_limits {
	int timeout_ms;
	unsigned memory_mib; /* limit of the resident memory; 0: no limit */
};

#define EXEC_WORDS 160

struct exec_end {
	int wait_status;
	/* Reasons for which the runner killed the target. At a timeout the runner first sends
	 * SIGABRT, so that the target can print a report into @text. */
	bool timed_out, out_of_memory;
	/* Standard error, then sanitizer reports, then standard output. The runner owns the text
	 * until its next run. */
	char *text;
	size_t size;
	/* the last line of standard error, or else of standard output; unescaped */
	char words[EXEC_WORDS];
	/* Signals for which the target has handlers: bit N - 1 stands for signal N. 0 with a
	 * forkserver, where they are unknown. */
	uint64_t caught;
};

struct exec;

/* Makes this process the parent of its orphaned descendants. Returns 0 or -errno. */
int exec_adopt(void);

/* Returns a new runner, which the caller ends with exec_close(). Returns NULL if memory or
 * descriptors run out.
 *
 * @directory is an absolute path; the runner keeps the input's copy and the reports there. A signal
 * handler may set @stop to end a run early. The target starts with the first run only, so
 * exec_open() does not notice a target that cannot run. */
struct exec *exec_open(const struct program *target, struct exec_limits limits,
	const char *directory, const volatile sig_atomic_t *stop);
void exec_close(struct exec *runner);

/* Runs the target on a copy of the file at @path. Returns 0, or one of these errors:
 *
 *   -ENOENT     the file at @path is gone; other -errno: the file cannot be read
 *   -ECANCELED  @stop was set
 *   -ENOEXEC    the target cannot run; other -errno of exec() are possible */
int exec_run(struct exec *runner, const char *path, struct exec_end *ret);

/* Runs the target in a new process, on an input that did not crash in exec_run(). The copy of the
 * input keeps the file's own name, unless the user chose a name.
 *
 * The target's own setting decides whether leaks count. If the input is known to die of a signal,
 * @of_signal is true. A leak then does not reproduce the crash, unless the user asked for leaks. */
int exec_run_alone(struct exec *runner, const char *path, bool of_signal, struct exec_end *ret);

/* Runs the target again under ptrace(2), to get the stack of a signal or a hang that left none.
 * With @alone the input runs as in exec_run_alone(), otherwise as in exec_run().
 *
 * *ret_text is the text that trace.h describes; the caller frees it. *ret_text is NULL if the crash
 * did not happen again. Returns 0, or -EPERM where tracing is forbidden. */
int exec_trace(struct exec *runner, const char *path, bool alone, char **ret_text);

/* Changes the time limit of all later runs. */
void exec_limit_time(struct exec *runner, int timeout_ms);

/* Can exec_run_alone() give another result than exec_run()? The answer is known after the first
 * run. */
bool exec_alone_differs(const struct exec *runner);

/* Does the target run through a forkserver? The answer is known after the first run. */
bool exec_forks(const struct exec *runner);

#endif
