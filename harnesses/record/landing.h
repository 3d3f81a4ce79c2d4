/* SPDX-License-Identifier: Apache-2.0
 * Landings: a plan that a detector stops can jump to its landing, so that the process need not die.
 *
 * A jump leaves no poisoned stack behind, because no function between a landing and a fault has instrumented locals: see
 * struct reach in idioms/idiom.h. We do not call __asan_handle_no_return, which would also clear the redzones of the
 * stack's stages. */
#ifndef FENCEPOST_RECORD_LANDING_H
#define FENCEPOST_RECORD_LANDING_H

#include <stdbool.h>

/* Calls @run(@arg). Returns when @run returns or calls landing_jump(). Landings nest. */
void landing_around(void (*run)(void *), void *arg);

/* Is landing_around running? */
bool landing_is_there(void);

/* Jumps to the end of the innermost landing_around(), which must exist. */
_Noreturn void landing_jump(void);

#endif
