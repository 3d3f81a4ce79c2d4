/* SPDX-License-Identifier: Apache-2.0
 * Being told to stop: the one set of handlers, for SIGINT, SIGTERM and SIGHUP. */
#ifndef FENCEPOST_BASE_INTERRUPTS_H
#define FENCEPOST_BASE_INTERRUPTS_H

#include <signal.h>
#include <stdbool.h>

/* From now on they are counted instead of ending the process. Nothing that blocks is started again. */
void interrupts_catch(void);

/* They do again what they did before. */
void interrupts_release(void);

/* Those that came so far ended what went before, and not what comes now. */
void interrupts_forgive(void);

/* Has one come since interrupts_catch() or interrupts_forgive()? Has one ever? */
bool interrupts_came(void);
bool interrupts_ever(void);

/* In a fork that its parent stops by SIGTERM, which sets @stop; the others are the parent's to act upon. */
void interrupts_by_parent(volatile sig_atomic_t *stop);

/* From now on, to write to a process that is gone is an error and no signal. */
void interrupts_ignore_pipes(void);

#endif
