/* SPDX-License-Identifier: Apache-2.0
 * Stops a looping thread at the point where its stack is shortest. That point is in the function
 * that loops. Most of the time the thread is in a function that the loop calls. ptrace(2) reads the
 * stack pointer many times to find the point. */
#ifndef FENCEPOST_SHALLOW_H
#define FENCEPOST_SHALLOW_H

#include <stdbool.h>
#include <sys/types.h>

/* Returns the first thread of process @pid that runs and does not wait. Returns 0 if every thread
 * waits. */
pid_t shallow_running(pid_t pid);

/* Stops @thread, which belongs to a descendant process. The thread should be running, because the
 * stop interrupts a system call.
 *
 * The search takes at most about twice @patience_ms. If one round of the loop takes longer than the
 * search, the thread may stop at any point. Returns false if the thread may not be traced or is
 * gone. */
bool shallow_hold(pid_t thread, int patience_ms);

/* Stops a thread that the caller traces already. A waiting thread stops where it is. Returns false
 * if no good point was found; the thread is stopped in that case too. */
bool shallow_stop(pid_t thread, int patience_ms);

/* Lets the thread go on, and delivers the signals that arrived while it was stopped. */
void shallow_release(pid_t thread);

#endif
