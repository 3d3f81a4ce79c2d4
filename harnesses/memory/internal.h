/* SPDX-License-Identifier: Apache-2.0
 * Shared by the files of memory/: each file has one builder of stages. Others include stage.h. */
#ifndef FENCEPOST_MEMORY_INTERNAL_H
#define FENCEPOST_MEMORY_INTERNAL_H

#include "stage.h"

/* An object and its two neighbours in address order, which every stage has. */
struct trio {
	uint8_t *previous, *object, *next; /* first bytes; each of the object's size */
};

/* Build the trios of a region, one for each size in the order of plan_sizes. Return NULL, or the name of the part that
 * could not be built. */
const char *heap_build(struct trio ret_heap[SIZE_COUNT], uint8_t *ret_heap_freed[SIZE_COUNT][2],
	struct trio ret_foreign[SIZE_COUNT], uint8_t *ret_foreign_freed[SIZE_COUNT][2]);
/* See stage_last_chance. */
void heap_last_chance(const struct trio *trio, uint32_t size);
const char *arena_build(struct trio ret[SIZE_COUNT], uint8_t *ret_freed[SIZE_COUNT][2]);
/* Returns the start of the arena block that contains @address, or 0. */
uintptr_t arena_base(uintptr_t address);
const char *global_build(struct trio ret[SIZE_COUNT]);

/* The memory around a stack object, valid inside stack_enter(). */
struct frame {
	struct trio trio;
	uint8_t *guarded, *guarded_end; /* bytes that the function checks at its end, or NULL */
};
void stack_build(void);
/* Fills in @frame and calls @body inside a frame with objects of plan_sizes[@size_index]. */
void stack_enter(unsigned size_index, struct frame *frame, void (*body)(void *), void *arg);

/* Sorts three variables of @size bytes by address, because the compiler may reorder them, and fills them and the bytes
 * between them. */
struct trio trio_sorted(uint8_t *a, uint8_t *b, uint8_t *c, uint32_t size);

/* A zone: never-used memory between two untouchable guards. */
#define ZONE_GUARD (64 << 10)
#define ZONE_NEVER STAGE_CLIFF_BYTES
struct zone {
	uint8_t *never; /* ZONE_NEVER mapped bytes, with a guard before and after */
};
/* Builds one zone below all other memory, and one at the highest address that the kernel gives. Returns as above. */
const char *zones_build(struct zone *ret_low, struct zone *ret_high);

#endif
