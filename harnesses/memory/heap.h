/* SPDX-License-Identifier: Apache-2.0
 * Restores the allocator, glibc's or ASan's, after a plan. */
#ifndef FENCEPOST_MEMORY_HEAP_H
#define FENCEPOST_MEMORY_HEAP_H

#include <stdbool.h>

/* Frees the stages' freed blocks again. Call it after stage_last_chance() and memory_undo(). */
void heap_revive(void);

/* Must this process stop running plans? There are two reasons. glibc freed a block with a size that a plan had
 * overwritten, without noticing, and its lists are damaged. Or so much was freed, by plans or by an engine in the same
 * process, that the stages' freed blocks have left ASan's quarantine. */
bool heap_is_lost(void);

#endif
