/* SPDX-License-Identifier: Apache-2.0
 * Stopping a thread that is in a loop where its stack is shortest: in the function that loops, and not in one that
 * it calls, in which it spends most of the time. Its stack pointer is looked at often, by ptrace(2). */
#ifndef FENCEPOST_SHALLOW_H
#define FENCEPOST_SHALLOW_H

#include <stdbool.h>
#include <sys/types.h>

/* The first thread of @pid that runs and does not wait; 0 when there is none. */
pid_t shallow_running(pid_t pid);

/* Stops @thread, of a process below this one. It should be running: of one that waits, a call would be interrupted,
 * and might fail. False when it is not held: it may not be traced, or is gone. Takes little more than twice
 * @patience_ms, or less; a round of the loop that takes longer, one instruction after the other, may be stopped
 * anywhere. */
bool shallow_hold(pid_t thread, int patience_ms);

/* The same of a thread that the caller traces; one that waits is stopped where it is. It stays stopped, also when
 * false says that it is not where it should be. */
bool shallow_stop(pid_t thread, int patience_ms);

/* Lets it go on, from where signals of its own that have come meanwhile are taken. */
void shallow_release(pid_t thread);

#endif
