/* SPDX-License-Identifier: Apache-2.0
 * Gets a stack for a crash that left no report. ptrace(2) follows a process and its descendants.
 * The tracing ends when a process is about to die of a signal, or when the caller says that the
 * process hangs. The result is a text for the parser (SPEAKER(TRACE, ...) in parse/speakers.def).
 *
 * The caller must be a process that ends once it has the text. All traced processes end with the
 * caller. */
#ifndef FENCEPOST_EXEC_TRACE_H
#define FENCEPOST_EXEC_TRACE_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct trace {
	int gate[2]; /* a pipe at which the process waits until it is traced */
	pid_t main;  /* the traced process; other code waits for its end */
	size_t count;
	pid_t *list;    /* identifiers of the threads */
	int refused;    /* -errno of a tracing that was refused */
	char *text;     /* the result, or NULL as long as there is none */
	pid_t handled;  /* the thread whose last signal went to a handler of its own, or 0 */
	siginfo_t info; /* that signal */
};

/* Prepares tracing. The caller calls this before the fork. Returns 0 or -errno. */
int trace_open(struct trace *trace);
/* Waits until this process is traced. The child calls this before exec. Ends the child if tracing
 * fails. */
void trace_wait(const struct trace *trace);
/* Begins to trace @child. The parent calls this. Returns 0, or -errno where tracing is forbidden.
 */
int trace_seize(struct trace *trace, pid_t child);

/* Handles new events and lets the traced threads go on. The caller calls this often. Returns true
 * once there is a text: a thread is then stopped at the signal that would kill it. */
bool trace_follow(struct trace *trace);

/* Stops the thread that hangs, in its loop (shallow.h) or where it waits. Returns true if there is
 * a text. */
bool trace_stop(struct trace *trace);

#endif
