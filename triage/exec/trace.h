/* SPDX-License-Identifier: Apache-2.0
 * A stack where there is none: a process and whatever it starts are followed by ptrace(2), until one of them is
 * about to die of a signal, or until the caller says that it hangs. What is then known is a text that the
 * parser reads (SPEAKER(TRACE, ...) in parse/speakers.def).
 *
 * The caller is a process of its own, which ends once it has the text: it takes all that is traced with it. */
#ifndef FENCEPOST_EXEC_TRACE_H
#define FENCEPOST_EXEC_TRACE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct trace {
	int gate[2]; /* the process waits at it until it is traced */
	pid_t main;  /* its end is for others to learn */
	size_t count, capacity;
	pid_t *list; /* threads */
	int refused; /* -errno of that */
	char *text;  /* once it is known */
};

/* Before the fork. 0 or -errno. */
int trace_open(struct trace *trace);
/* In the child, before it executes: waits until it is traced; ends it if it cannot be. */
void trace_wait(const struct trace *trace);
/* In the parent. 0, or -errno where tracing is refused. */
int trace_seize(struct trace *trace, pid_t child);

/* Takes what has happened since and lets those that are traced go on. True once there is a text: one of them
 * is stopped at the signal that it would die of. To be called often. */
bool trace_follow(struct trace *trace);

/* Stops the thread that hangs where it loops (shallow.h), or one that waits. True when there is a text. */
bool trace_stop(struct trace *trace);

#endif
