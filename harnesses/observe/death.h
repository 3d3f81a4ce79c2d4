/* SPDX-License-Identifier: Apache-2.0
 * Deaths that no sanitizer announces: hardware signals, and what glibc says when it aborts. */
#ifndef FENCEPOST_DEATH_H
#define FENCEPOST_DEATH_H

/* From now on hardware signals and abort() are observed before they end the process. */
void death_observe(void);

/* "invalid-free", "heap-corruption", "stack-smashing", "buffer-overflow" or "unknown". */
const char *glibc_abort_kind(const char *message);

#endif
