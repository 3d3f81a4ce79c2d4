/* SPDX-License-Identifier: Apache-2.0
 * The heap's stages: real blocks from the real malloc, taken in runs so that their order is known.
 *
 * Sizes that share a size class in any allocator of interest are built in one group, between two
 * fills of live blocks that reach STAGE_REACH to either side. */
#include "heap.h"

#include "block.h"
#include "internal.h"
#include "record/record.h"

#include <malloc.h>
#include <stdlib.h>
#include <sys/mman.h>

#define FILL_REACH (STAGE_REACH + (256 << 10))
#define RUN        5  /* freed, live, object, live, freed */
#define BATCH_MAX  48 /* blocks taken to find RUN of them side by side */

static const struct {
	unsigned first, end;
} groups[] = { { 0, 16 }, { 16, 17 }, { 17, 18 }, { 18, 19 }, { 19, 20 } };

/* Live blocks, never freed, until they reach FILL_REACH above @from (0: above the first of them). An
 * allocator may first hand out what was left over below. */
static bool fill(uint32_t size, uintptr_t from)
{
	uintptr_t high = from;

	for (unsigned i = 0; i < 4 * FILL_REACH / 16; i++) {
		uintptr_t block = (uintptr_t)malloc(size);

		if (block == 0)
			return false;
		if (from == 0)
			from = high = block;
		high = block > high ? block : high;
		if (high - from >= FILL_REACH)
			return true;
	}
	return false;
}

static uintptr_t higher(uintptr_t a, uintptr_t b)
{
	return a > b ? a : b;
}

static int compare_addresses(const void *a, const void *b)
{
	uintptr_t x = *(const uintptr_t *)a, y = *(const uintptr_t *)b;

	return (x > y) - (x < y);
}

/* The first of RUN blocks at equal, smallest distance; NULL when there are none. */
static uintptr_t *find_run(uintptr_t *blocks, unsigned count)
{
	uintptr_t stride = UINTPTR_MAX;

	qsort(blocks, count, sizeof(*blocks), compare_addresses);
	for (unsigned i = 1; i < count; i++)
		if (blocks[i] - blocks[i - 1] < stride)
			stride = blocks[i] - blocks[i - 1];
	for (unsigned i = 0, run = 1; i + 1 < count; i++) {
		run = blocks[i + 1] - blocks[i] == stride ? run + 1 : 1;
		if (run == RUN)
			return &blocks[i + 2 - RUN];
	}
	return NULL;
}

static bool build_one(uint32_t size, struct trio *ret, uint8_t *ret_freed[2])
{
	unsigned batch = size < 4096 ? BATCH_MAX : 12;
	uintptr_t blocks[BATCH_MAX], *run;

	for (unsigned i = 0; i < batch; i++) {
		blocks[i] = (uintptr_t)malloc(size);
		if (blocks[i] == 0)
			return false;
	}
	run = find_run(blocks, batch);
	if (run == NULL)
		return false;
	ret_freed[1] = (uint8_t *)run[0];
	*ret = (struct trio){ (uint8_t *)run[1], (uint8_t *)run[2], (uint8_t *)run[3] };
	ret_freed[0] = (uint8_t *)run[4];
	for (unsigned i = 0; i < RUN; i++)
		stage_fill((uint8_t *)run[i], size);
	return true;
}

/*
 * So that a block which is freed comes back to the next malloc of its size, the freed blocks of the
 * stages must not lie before it in glibc's lists: not in tcache, which these spares fill meanwhile and
 * leave empty, nor in the unsorted bin, which a larger request sorts (malloc/malloc.c, _int_malloc). A
 * block of over 64 KiB that is freed also ends the fastbins (FASTBIN_CONSOLIDATION_THRESHOLD).
 */
#define TCACHE_MAX   1032 /* bytes of the largest block: MAX_TCACHE_SIZE */
#define TCACHE_COUNT 7    /* blocks a size: TCACHE_FILL_COUNT */

static const uint32_t spare_sizes[] = { 16, 40,
	64 }; /* one for each size class of the smaller objects */
#define SPARE_SIZES (sizeof(spare_sizes) / sizeof(*spare_sizes))

static void take_spares(void)
{
	void *spares[SPARE_SIZES][TCACHE_COUNT];

	for (unsigned i = 0; i < SPARE_SIZES; i++)
		for (unsigned k = 0; k < TCACHE_COUNT; k++)
			spares[i][k] = malloc(spare_sizes[i]);
	for (unsigned i = 0; i < SPARE_SIZES; i++)
		for (unsigned k = 0; k < TCACHE_COUNT; k++)
			free(spares[i][k]);
}

static void return_spares(void)
{
	for (unsigned i = 0; i < SPARE_SIZES; i++)
		for (unsigned k = 0; k < TCACHE_COUNT; k++)
			memory_launder(malloc(spare_sizes[i]));
	for (unsigned round = 0; round < 2; round++)
		free(memory_launder(malloc(200 << 10)));
}

/* ASan's quarantine (asan_internal.h, kAsanHeapFreeMagic) gives back first what was freed first. */
static const uint8_t *first_freed; /* of the stages' blocks; NULL: there is no quarantine */

/* The references have stages without a recorder. */
extern __typeof__(observe_shadow) observe_shadow __attribute__((weak));

static bool is_quarantined(const uint8_t *block)
{
	uint8_t shadow[EVIDENCE_SHADOW];

	return observe_shadow != NULL && observe_shadow((uintptr_t)block, 1, shadow) == 1 &&
		shadow[0] == 0xfd;
}

const char *heap_build(struct trio ret_heap[SIZE_COUNT], uint8_t *ret_heap_freed[SIZE_COUNT][2],
	struct trio ret_foreign[SIZE_COUNT], uint8_t *ret_foreign_freed[SIZE_COUNT][2])
{
	/* All blocks of plans come from the heap and stay mapped when freed, however many there were. */
	mallopt(M_MMAP_THRESHOLD, 1 << 20);
	mallopt(M_TRIM_THRESHOLD, 1 << 30);
	for (unsigned g = 0; g < sizeof(groups) / sizeof(*groups); g++) {
		uint32_t largest = plan_sizes[groups[g].end - 1];
		uintptr_t highest = 0;

		if (!fill(largest, 0))
			return "heap: no memory for the fill below the objects";
		for (unsigned i = groups[g].first; i < groups[g].end; i++) {
			if (!build_one(plan_sizes[i], &ret_heap[i], ret_heap_freed[i]) ||
				!build_one(plan_sizes[i], &ret_foreign[i], ret_foreign_freed[i]))
				return "heap: the allocator gave no five blocks side by side";
			highest = higher(highest,
				higher((uintptr_t)ret_heap_freed[i][0],
					(uintptr_t)ret_foreign_freed[i][0]));
		}
		if (!fill(largest, highest))
			return "heap: no memory for the fill above the objects";
	}
	take_spares();
	for (unsigned i = 0; i < SIZE_COUNT; i++)
		for (unsigned side = 0; side < 2; side++) {
			free(ret_heap_freed[i][side]);
			free(ret_foreign_freed[i][side]);
		}
	first_freed = is_quarantined(ret_heap_freed[0][0]) ? ret_heap_freed[0][0] : NULL;
	return_spares();
	return NULL;
}

/* ---- the last chance of glibc's allocator ------------------------------------------------------------ */

/* volatile: to the compiler, free and malloc always return and look at nothing of ours */
static volatile uintptr_t dead;
static volatile uint32_t dead_size;

static bool lost;

bool heap_is_lost(void)
{
	return lost || (first_freed != NULL && !is_quarantined(first_freed));
}

/* A block of the same size comes back to who freed the last one: from tcache, or from the unsorted bin. Not
 * so when glibc took a size for true that a plan had written. */
static void take_again(void)
{
	if (dead != 0 && (uintptr_t)malloc(dead_size) != dead)
		lost = true;
	dead = 0;
}

static void free_and_take(uint8_t *block, uint32_t size)
{
	free(block);
	dead = (uintptr_t)block;
	dead_size = size;
	take_again();
}

void heap_last_chance(const struct trio *trio, uint32_t size)
{
	free_and_take(trio->object, size);
	if (lost)
		return;
	/* tcache looks at no header but the block's own; other blocks are merged with freed neighbours */
	if (size > TCACHE_MAX)
		return;
	free_and_take(trio->next, size);
	if (!lost)
		free_and_take(trio->previous, size);
}

void heap_revive(void)
{
	take_again();
}
