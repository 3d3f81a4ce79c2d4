/* SPDX-License-Identifier: Apache-2.0
 * Heap blocks of a plan's own, and the undoing of what a plan wrote. */
#include "stage.h"

#include <stdlib.h>

struct block memory_allocate(enum plan_region region, uint32_t size)
{
	struct block block;
	uint32_t stride = (size + 15) / 16 * 16, bytes = size;

	/* in an arena the object lies between two others of the same block */
	if (region == REGION_ARENA)
		bytes = 3 * stride;
	block.block = malloc(bytes);
	if (block.block == NULL)
		abort();
	/* the object's first bytes are all that any detector could take for a header */
	stage_fill(block.block, bytes < 256 ? bytes : 256);
	block.object = block.block;
	if (region == REGION_ARENA) {
		block.object += stride;
		stage_fill(block.object - 16, 16);
	}
	return block;
}

void memory_release(struct block block)
{
	free(block.block);
}

struct block memory_grow(struct block block, enum plan_region region, uint32_t size)
{
	struct block grown = memory_allocate(region, 2 * size);

	free(block.block);
	return grown;
}

uint8_t *memory_launder(uint8_t *pointer)
{
	__asm__ volatile("" : "+r"(pointer) : : "memory");
	return pointer;
}

static uint8_t kept[UNDO_MAX];
static uint8_t *kept_from;
static size_t kept_bytes;

/* Not memcpy: an intercepted one would report the poisoned bytes that a plan wrote over. volatile
 * keeps the compiler from calling it all the same. */
static void copy(uint8_t *to, const uint8_t *from, size_t bytes)
{
	typedef uint64_t __attribute__((aligned(1), may_alias)) word;
	size_t i = 0;

	for (; i + sizeof(word) <= bytes; i += sizeof(word))
		*(volatile word *)&to[i] = *(const volatile word *)&from[i];
	for (; i < bytes; i++)
		((volatile uint8_t *)to)[i] = ((const volatile uint8_t *)from)[i];
}

void memory_keep(uint8_t *memory, size_t bytes)
{
	if (bytes > UNDO_MAX)
		abort();
	kept_from = memory;
	kept_bytes = bytes;
	copy(kept, memory, bytes);
}

void memory_undo(void)
{
	copy(kept_from, kept, kept_bytes);
	kept_bytes = 0;
}

static size_t clamp(uintptr_t address)
{
	uintptr_t from = (uintptr_t)kept_from;

	return address < from ? 0 : address - from < kept_bytes ? address - from : kept_bytes;
}

void memory_undo_but(const uint8_t *low, const uint8_t *end)
{
	size_t first = clamp((uintptr_t)low), last = clamp((uintptr_t)end);

	copy(kept_from, kept, first);
	copy(kept_from + last, kept + last, kept_bytes - last);
	copy(kept, kept + first, last - first);
	kept_from += first;
	kept_bytes = last - first;
}
