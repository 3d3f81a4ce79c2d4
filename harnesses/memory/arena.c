/* SPDX-License-Identifier: Apache-2.0
 * The arena's stages: objects inside one large heap block, packed as an arena allocator packs them. */
#include "block.h"
#include "internal.h"

#include <stdlib.h>

#define MARGIN (STAGE_REACH + (256 << 10))

static uintptr_t block, block_end;

uintptr_t arena_base(uintptr_t address)
{
	return address >= block && address < block_end ? block : 0;
}

static uint32_t stride_of(uint32_t size)
{
	return (size + 15) / 16 * 16;
}

const char *arena_build(struct trio ret[SIZE_COUNT], uint8_t *ret_freed[SIZE_COUNT][2])
{
	size_t bytes = 2 * MARGIN;
	uint8_t *at;

	for (unsigned i = 0; i < SIZE_COUNT; i++)
		bytes += 5 * (size_t)stride_of(plan_sizes[i]);
	at = calloc(1, bytes);
	if (at == NULL)
		return "arena: no memory";
	block = (uintptr_t)at;
	block_end = block + bytes;
	at += MARGIN;
	for (unsigned i = 0; i < SIZE_COUNT; i++) {
		uint32_t stride = stride_of(plan_sizes[i]);

		stage_fill(at, 5 * (size_t)stride);
		ret_freed[i][1] = at;
		ret[i] = (struct trio){ at + stride, at + 2 * stride, at + 3 * stride };
		ret_freed[i][0] = at + 4 * stride;
		at += 5 * stride;
	}
	return NULL;
}
