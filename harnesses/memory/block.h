/* SPDX-License-Identifier: Apache-2.0
 * Memory that a plan allocates itself, for class code; and the undo of a plan's writes. */
#ifndef FENCEPOST_MEMORY_BLOCK_H
#define FENCEPOST_MEMORY_BLOCK_H

#include "stage.h"

/* Fills memory with a pattern that is no plausible heap header: see memory/stage.c. */
void stage_fill(void *memory, size_t bytes);

/* Initialises the bytes that a plan may read of an object outside the stages. */
void memory_initialise(uint8_t *object, uint32_t size);

/* A block that a plan allocates and frees itself. */
struct block {
	uint8_t *block;  /* the pointer for free() */
	uint8_t *object; /* the plan's object; inside the block when region is REGION_ARENA */
};
/* Allocate and free a block. */
struct block memory_allocate(enum plan_region region, uint32_t size);
void memory_release(struct block block);
/* Returns a block larger by a quarter, and frees the old one, as append and Vec::push do when the capacity is used up. Go
 * grows large slices by a quarter (runtime/slice.go, nextslicecap). */
struct block memory_grow(struct block block, enum plan_region region, uint32_t size);

/* Returns @pointer unchanged but opaque to the optimiser, which would otherwise fold the address of a dead local to NULL.
 * It is a function because ASan makes no fake stack in functions with inline assembly. */
uint8_t *memory_launder(uint8_t *pointer);

/* Save @bytes of @memory, at most UNDO_MAX, and write them back. */
#define UNDO_MAX (2 * STAGE_CLIFF_BYTES)
void memory_keep(uint8_t *memory, size_t bytes);
void memory_undo(void);
/* Writes them back, except the bytes from @low up to @end, which the next memory_undo() restores. */
void memory_undo_but(const uint8_t *low, const uint8_t *end);

#endif
