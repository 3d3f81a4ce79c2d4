/* SPDX-License-Identifier: Apache-2.0
 * Gets a stack for a crash without a report. ptrace(2) follows a process and its descendants until one is about to die
 * of a signal, or until the caller says that the process hangs. The result is a text for the parser (SPEAKER(TRACE, ...)
 * in parse/speakers.def).
 *
 * The caller must be a process that ends once it has the text: then all traced processes end with it. */
#ifndef FENCEPOST_EXEC_TRACE_H
#define FENCEPOST_EXEC_TRACE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct trace {
	int gate[2]; /* a pipe at which the process waits until it is traced */
	pid_t main;  /* somebody else waits for its end */
	size_t count;
	pid_t *list; /* threads */
	int refused; /* -errno of tracing */
	char *text;  /* the result, once there is one */
};

/* Prepares tracing; call it before the fork. 0 or -errno. */
int trace_open(struct trace *trace);
/* Waits until this process is traced; call it in the child, before exec. Ends the child if tracing fails. */
void trace_wait(const struct trace *trace);
/* Begins to trace @child; call it in the parent. 0, or -errno where tracing is forbidden. */
int trace_seize(struct trace *trace, pid_t child);

/* Handles new events and lets the traced threads go on; call it often. True once there is a text: a thread is stopped at
 * the signal of which it would die. */
bool trace_follow(struct trace *trace);

/* Stops the thread that hangs, in its loop (shallow.h) or where it waits. True when there is a text. */
bool trace_stop(struct trace *trace);

#endif
