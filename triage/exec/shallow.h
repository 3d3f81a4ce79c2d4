/* SPDX-License-Identifier: Apache-2.0
 * Stops a looping thread where its stack is shortest: in the function that loops, not in a function that it calls, where
 * it spends most of its time. For that, ptrace(2) reads the stack pointer many times. */
#ifndef FENCEPOST_SHALLOW_H
#define FENCEPOST_SHALLOW_H

#include <stdbool.h>
#include <sys/types.h>

/* Returns the first thread of @pid that is running, not waiting; 0 when there is none. */
pid_t shallow_running(pid_t pid);

/* Stops @thread of a descendant process. The thread should be running, because stopping interrupts a system call. False
 * when the thread may not be traced or is gone. This takes at most about twice @patience_ms. If one round of the loop
 * takes longer, the thread may stop anywhere. */
bool shallow_hold(pid_t thread, int patience_ms);

/* Stops a thread that the caller traces in the same way; a waiting thread stops where it is. The thread stays stopped,
 * also when false says that no good place was found. */
bool shallow_stop(pid_t thread, int patience_ms);

/* Lets the thread go on, and delivers the signals that arrived meanwhile. */
void shallow_release(pid_t thread);

#endif
