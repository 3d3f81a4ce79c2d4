/* SPDX-License-Identifier: Apache-2.0
 * The state of the allocator, glibc's or ASan's, after a plan. */
#ifndef FENCEPOST_MEMORY_HEAP_H
#define FENCEPOST_MEMORY_HEAP_H

#include <stdbool.h>

/* After stage_last_chance and memory_undo: the blocks that were freed are free again, as they were. */
void heap_revive(void);

/* Must this process run no other plan? A block was freed with a size that a plan had written, and nobody noticed:
 * glibc's lists are beyond repair. Or so much was freed, by plans or by an engine that shares the process, that the
 * stages' freed blocks have left ASan's quarantine. */
bool heap_is_lost(void);

#endif
