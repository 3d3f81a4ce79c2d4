/* SPDX-License-Identifier: Apache-2.0
 * Landings: where a plan's code goes on when what it ran was stopped, so that the process need not die.
 *
 * Jumps leave no stale stack poison behind because no function between a landing and a fault has
 * instrumented locals: see struct reach in idioms/idiom.h. No __asan_handle_no_return then, which
 * would clear the redzones of the stack's stages too. */
#ifndef FENCEPOST_RECORD_LANDING_H
#define FENCEPOST_RECORD_LANDING_H

#include <stdbool.h>

/* Calls @run(@arg) and returns when it did, or when landing_jump was called in it. Landings nest. */
void landing_around(void (*run)(void *), void *arg);

/* Is landing_around running? */
bool landing_is_there(void);

/* Goes on behind the innermost landing_around, of which there must be one. */
_Noreturn void landing_jump(void);

#endif
