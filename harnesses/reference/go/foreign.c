/* SPDX-License-Identifier: Apache-2.0
 * C's own memory: the sources of the harnesses, so that its stages exist once. */
#include "foreign.h"

#include "memory/block.c"
#include "memory/heap.c"
#include "memory/zones.c"
#include "plan/plan.c"

static struct trio trios[2][SIZE_COUNT];

const char *foreign_build(uint32_t size, struct trio *ret, uint8_t *ret_freed[2])
{
	static uint8_t *freed[2][SIZE_COUNT][2];
	const char *error = heap_build(trios[0], freed[0], trios[1], freed[1]);

	for (unsigned i = 0; i < SIZE_COUNT; i++)
		if (plan_sizes[i] == size) {
			*ret = trios[1][i];
			ret_freed[0] = freed[1][i][0];
			ret_freed[1] = freed[1][i][1];
		}
	return error;
}

void foreign_last_chance(uint32_t size)
{
	for (unsigned i = 0; i < SIZE_COUNT; i++)
		if (plan_sizes[i] == size)
			heap_last_chance(&trios[1][i], size);
}
