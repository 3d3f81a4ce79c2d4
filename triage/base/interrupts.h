/* SPDX-License-Identifier: Apache-2.0
 * Interrupts: SIGINT, SIGTERM and SIGHUP, and the only handlers for them. */
#ifndef FENCEPOST_BASE_INTERRUPTS_H
#define FENCEPOST_BASE_INTERRUPTS_H

#include <signal.h>
#include <stdbool.h>

/* Makes interrupts count instead of ending the process. A system call that blocks then returns EINTR. Under make, its
 * death is an interrupt too: nobody else would end us. */
void interrupts_catch(void);

/* Restores the handlers from before interrupts_catch(). */
void interrupts_release(void);

/* Lets the next piece of work ignore the interrupts so far: they ended the piece before it. */
void interrupts_forgive(void);

/* Has an interrupt come since interrupts_catch() or interrupts_forgive()? Or at any time? */
bool interrupts_came(void);
bool interrupts_ever(void);

/* For a fork that its parent stops by SIGTERM: the signal sets @stop. SIGINT and SIGHUP are ignored, because the
 * parent acts on them. */
void interrupts_by_parent(volatile sig_atomic_t *stop);

/* Ignores SIGPIPE: a write to a process that has ended returns EPIPE. */
void interrupts_ignore_pipes(void);

#endif
