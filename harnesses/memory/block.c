/* SPDX-License-Identifier: Apache-2.0
 * Heap blocks that a plan allocates itself, and the undo of a plan's writes. */
#include "block.h"

#include <stdlib.h>

/*
 * Eight bytes that no allocator takes for a header of its own: as glibc's size field a size that
 * wraps around the address space (malloc.c, _int_free: "free(): invalid pointer"), neither mmapped
 * nor of another arena; as ASan's chunk state none that exists (asan_allocator.cpp, CHUNK_*).
 */
void stage_fill(void *memory, size_t bytes)
{
	volatile uint8_t *at =
		memory; /* volatile: the compiler must not call an intercepted memset */

	for (size_t i = 0; i < bytes; i++) {
		if (((uintptr_t)&at[i] & 7) == 0 && bytes - i >= 8) {
			*(volatile uint64_t *)&at[i] = 0xfffffffffffffff1;
			i += 7;
		} else {
			at[i] = ((uintptr_t)&at[i] & 7) == 0 ? 0xf1 : 0xff;
		}
	}
}

/* Of the largest objects' neighbours: MSan's allocator unmaps what is larger than 128 KiB when it is
 * freed, and then a plan's bytes cannot be kept. */
#define BESIDE_MAX 4096

/* The first bytes are all that any detector could take for a header; MSan, for which alone this file is
 * instrumented, minds each byte that a plan reads. */
#ifdef UNDER_MSAN
#define FILLED REACHED_INSIDE
#else
#define FILLED 256
#endif

void memory_initialise(uint8_t *object, uint32_t size)
{
	stage_fill(object, size < FILLED ? size : FILLED);
}

struct block memory_allocate(enum plan_region region, uint32_t size)
{
	struct block block;
	uint32_t stride = (size + 15) / 16 * 16, bytes = size;
	uint32_t beside = stride < BESIDE_MAX ? stride : BESIDE_MAX;

	/* in an arena the object lies between two others of the same block */
	if (region == REGION_ARENA)
		bytes = stride + 2 * beside;
	block.block = malloc(bytes);
	if (block.block == NULL)
		abort();
	memory_initialise(block.block, bytes);
	block.object = block.block;
	if (region == REGION_ARENA) {
		block.object += beside;
		stage_fill(block.object - 16, 16);
		memory_initialise(block.object, size);
	}
	return block;
}

void memory_release(struct block block)
{
	free(block.block);
}

struct block memory_grow(struct block block, enum plan_region region, uint32_t size)
{
	struct block grown = memory_allocate(region, size + size / 4);

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
