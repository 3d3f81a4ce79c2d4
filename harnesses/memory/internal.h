/* SPDX-License-Identifier: Apache-2.0
 * What the files of memory/ share: the builders of stages, one a file. stage.h names the interface for everyone else. */
#ifndef FENCEPOST_MEMORY_INTERNAL_H
#define FENCEPOST_MEMORY_INTERNAL_H

#include "stage.h"

/* Objects and their neighbours in address order; a neighbour at both sides is a stage's minimum. */
struct trio {
	uint8_t *previous, *object, *next; /* first bytes; each of the object's size */
};

/* Each builds its trios, one a size in the order of plan_sizes. NULL, or what could not be built. */
const char *heap_build(struct trio ret_heap[SIZE_COUNT], uint8_t *ret_heap_freed[SIZE_COUNT][2],
	struct trio ret_foreign[SIZE_COUNT], uint8_t *ret_foreign_freed[SIZE_COUNT][2]);
/* See stage_last_chance. */
void heap_last_chance(const struct trio *trio, uint32_t size);
const char *arena_build(struct trio ret[SIZE_COUNT], uint8_t *ret_freed[SIZE_COUNT][2]);
/* The first byte of the block that @address is in, when that is the arenas', else 0. */
uintptr_t arena_base(uintptr_t address);
const char *global_build(struct trio ret[SIZE_COUNT]);

/* A stack object's surroundings, valid inside of stack_enter. */
struct frame {
	struct trio trio;
	uint8_t *guarded, *guarded_end; /* what the function's end checks; NULL: nothing */
};
void stack_build(void);
/* Calls @body inside a frame that holds objects of plan_sizes[@size_index], having filled in @frame. */
void stack_enter(unsigned size_index, struct frame *frame, void (*body)(void *), void *arg);

/* Puts three variables of @size bytes in address order, whatever the compiler made of them, and fills
 * them and all between them. */
struct trio trio_sorted(uint8_t *a, uint8_t *b, uint8_t *c, uint32_t size);

/* A zone: never-used memory between two untouchable guards. */
#define ZONE_GUARD (64 << 10)
#define ZONE_NEVER STAGE_CLIFF_BYTES
struct zone {
	uint8_t *never; /* first byte of ZONE_NEVER mapped bytes; guards lie before and behind */
};
/* One zone below everything else, one as high as the kernel puts a mapping. */
const char *zones_build(struct zone *ret_low, struct zone *ret_high);

#endif
