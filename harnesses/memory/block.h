/* SPDX-License-Identifier: Apache-2.0
 * Memory of a plan's own, for class code, and how what a plan wrote is put back. */
#ifndef FENCEPOST_MEMORY_BLOCK_H
#define FENCEPOST_MEMORY_BLOCK_H

#include "stage.h"

/* Fills with a pattern that is no plausible heap header: see memory/stage.c. */
void stage_fill(void *memory, size_t bytes);

/* Gives an object that is not on the stages the bytes that a plan may read of it. */
void memory_initialise(uint8_t *object, uint32_t size);

/* Memory of a plan's own, for the classes that free it. */
struct block {
	uint8_t *block;  /* what free() takes */
	uint8_t *object; /* the plan's object; inside the block when region is REGION_ARENA */
};
struct block memory_allocate(enum plan_region region, uint32_t size);
void memory_release(struct block block);
/* As append and Vec::push do when the capacity is used up: a larger block, the old one freed. By a quarter, as
 * Go grows what is large (runtime/slice.go, nextslicecap). */
struct block memory_grow(struct block block, enum plan_region region, uint32_t size);

/* Returns @pointer, and hides from the compiler that it does: else the address of a dead local becomes
 * NULL. A function, because ASan makes no fake stack where a function holds inline assembly. */
uint8_t *memory_launder(uint8_t *pointer);

/* Keeps @bytes from @memory for memory_undo, which writes them back. At most UNDO_MAX bytes. */
#define UNDO_MAX (2 * STAGE_CLIFF_BYTES)
void memory_keep(uint8_t *memory, size_t bytes);
void memory_undo(void);
/* The same, but for the bytes from @low to before @end, which the next memory_undo puts back. */
void memory_undo_but(const uint8_t *low, const uint8_t *end);

#endif
