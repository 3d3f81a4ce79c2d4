/* SPDX-License-Identifier: Apache-2.0
 * Handles interrupts: SIGINT, SIGTERM and SIGHUP. All handlers for these signals are here. */
#ifndef FENCEPOST_BASE_INTERRUPTS_H
#define FENCEPOST_BASE_INTERRUPTS_H

#include <signal.h>
#include <stdbool.h>

/* Counts interrupts from now on; they no longer end the process. A blocking system call then
 * returns EINTR. If make started this process, the death of make counts as an interrupt too.
 * Without this rule the process would run on alone. */
void interrupts_catch(void);

/* Restores the handlers from before interrupts_catch(). */
void interrupts_release(void);

/* Forgets the interrupts so far. They ended one piece of work, and the next piece shall run. */
void interrupts_forgive(void);

/* Has an interrupt come since interrupts_catch() or interrupts_forgive()? interrupts_ever() asks
 * for the whole life of the process. */
bool interrupts_came(void);
bool interrupts_ever(void);

/* Prepares a forked child whose parent stops it with SIGTERM. SIGTERM sets @stop. SIGINT and SIGHUP
 * are ignored, because the parent acts on them. */
void interrupts_by_parent(volatile sig_atomic_t *stop);

/* Ignores SIGPIPE: a write to a process that has ended returns EPIPE. */
void interrupts_ignore_pipes(void);

#endif
