/* SPDX-License-Identifier: Apache-2.0
 * Tests the stages byte by byte, in every region and size: the places of the neighbours, the bytes in them and
 * between them, and the answers of stage_ground(). Built once for each row of detectors with stages of its own.
 * The expected places are computed here again, from the rules of the allocators and languages. */
#include "block.h"
#include "go_class.h"
#include "stage_group.h"

#include <string.h>

static enum model model(void)
{
	return detector_self->model;
}

static bool has_asan(void)
{
	return detector_self->tools & BIT(TOOL_ASAN);
}

/* Go's own heap: under -asan locals are moved there. */
static bool is_gos(enum plan_region region)
{
	return model_is_go(model()) &&
		(region == REGION_HEAP || (region == REGION_STACK && model() == MODEL_GO_ASAN));
}

static bool is_in_a_frame(enum plan_region region)
{
	return region == REGION_STACK && model() != MODEL_GO_ASAN;
}

static int64_t up_to(int64_t bytes, int64_t multiple)
{
	return (bytes + multiple - 1) / multiple * multiple;
}

/* ---- where neighbours lie ---------------------------------------------------------------------------- */

#define UNKNOWN 0 /* the detector's runtime decides: only that both sides are alike is known */

/* runtime/malloc.go, mallocgc: what is smaller than 16 bytes shares blocks of 16. Where in them, for @number
 * objects after (before, when negative) one that is the first of its block. */
static int64_t tiny_offset(int64_t size, int64_t number)
{
	int64_t align = size % 8 == 0 ? 8 : size % 4 == 0 ? 4 : size % 2 == 0 ? 2 : 1;
	int64_t at[16], count = 0, block;

	for (int64_t offset = 0; offset + size <= 16; offset = up_to(offset + size, align))
		at[count++] = offset;
	block = number >= 0 ? number / count : -((-number + count - 1) / count);
	return 16 * block + at[number - block * count];
}

static bool is_tiny(enum plan_region region, uint32_t size)
{
	return is_gos(region) && !has_asan() && size < 16;
}

static int64_t gos_stride(enum plan_region region, uint32_t size)
{
	int64_t align = 1;

	if (is_gos(region))
		return go_class_of(size, has_asan()).slot;
	if (region == REGION_GLOBAL && has_asan())
		return size + go_global_redzone(size);
	/* cmd/link/internal/ld/data.go, symalign: to a power of two, at most 32; the stack packs bytes */
	while (region == REGION_GLOBAL && align < 32 && 2 * align <= size)
		align *= 2;
	return up_to(size, align);
}

/* From one object to the next. */
static int64_t stride_of(enum plan_region region, uint32_t size)
{
	if (region == REGION_ARENA)
		return up_to(size, 16);
	if (model_is_go(model()) && region != REGION_FOREIGN)
		return gos_stride(region, size);
	if (has_asan())
		return UNKNOWN;
	if (region == REGION_STACK || region == REGION_GLOBAL)
		return up_to(size, 16);
	/* glibc's malloc.c, request2size: 8 bytes of header, MINSIZE 32, MALLOC_ALIGNMENT 16 */
	return size + 8 < 32 ? 32 : up_to(size + 8, 16);
}

static void check_place(
	int64_t is, int64_t expected, enum plan_region region, uint32_t size, const char *what)
{
	if (is != expected)
		fail_msg("%s, %u bytes: %s lies at %lld, not at %lld", plan_region_slug(region),
			size, what, (long long)is, (long long)expected);
}

static void check_neighbours(const struct stage *stage, enum plan_region region, uint32_t size)
{
	int64_t stride = stride_of(region, size), before = stage->previous - (int64_t)size;

	if (is_tiny(region, size)) {
		check_place(stage->next, tiny_offset(size, 1), region, size, "the next");
		check_place(before, tiny_offset(size, -1), region, size, "the previous");
		return;
	}
	if (stride == UNKNOWN) {
		stride = stage->next;
		assert_true(stride > (int64_t)size && stride % 16 == 0);
	}
	check_place(stage->next, stride, region, size, "the next");
	check_place(before, -stride, region, size, "the previous");
}

/* The freed blocks are next but one, where blocks can be freed; else they are those of the heap. */
static void check_freed(const struct stage *stage, enum plan_region region, uint32_t size)
{
	const struct stage *heap = stage_of(REGION_HEAP, size);
	int64_t stride = stage->next, from_heap = (intptr_t)heap->object - (intptr_t)stage->object;

	if (is_tiny(region, size)) {
		check_place(stage->freed[0], tiny_offset(size, 2), region, size, "the freed");
		check_place(stage->freed[1], tiny_offset(size, -2), region, size, "the freed");
	} else if (region == REGION_STACK || region == REGION_GLOBAL) {
		check_place(stage->freed[0], from_heap + heap->freed[0], region, size, "the freed");
		check_place(stage->freed[1], from_heap + heap->freed[1], region, size, "the freed");
	} else {
		check_place(stage->freed[0], 2 * stride, region, size, "the freed");
		check_place(stage->freed[1], -2 * stride, region, size, "the freed");
	}
}

/* ---- what is in them ----------------------------------------------------------------------------------- */

/* stage_fill: no size, state or pointer that an allocator would take for its own. */
static uint8_t filling(const uint8_t *at)
{
	return ((uintptr_t)at & 7) == 0 ? 0xf1 : 0xff;
}

#define FILLED 4096 /* bytes from either end that plans may come to, and so are filled */

static void check_bytes(const struct stage *stage, int64_t from, int64_t end,
	enum plan_region region, uint32_t size, const char *what)
{
	for (int64_t i = from; i < end; i++)
		if (stage->object[i] != filling(stage->object + i) &&
			(i - from < FILLED || (end - i <= FILLED && is_in_a_frame(region))))
			fail_msg("%s, %u bytes: %s holds %#x at %lld of %lld",
				plan_region_slug(region), size, what, stage->object[i],
				(long long)(i - from), (long long)(end - from));
}

/* Of a wide one, what is next to the object behind it. */
static void check_gap(const struct stage *stage, int64_t from, int64_t end, enum plan_region region,
	uint32_t size, const char *what)
{
	check_bytes(stage, end - from > FILLED ? end - FILLED : from, end, region, size, what);
}

static void check_content(const struct stage *stage, enum plan_region region, uint32_t size)
{
	int64_t before = stage->previous - (int64_t)size;
	/* where Go would have them, C's compiler and linker have not put any: go_neighbours */
	bool is_imagined = model_is_go(model()) && !has_asan() &&
		(region == REGION_STACK || region == REGION_GLOBAL);
	bool one_piece = region == REGION_ARENA ||
		(!model_is_go(model()) && (region == REGION_STACK || region == REGION_GLOBAL));

	check_bytes(stage, 0, size, region, size, "the object");
	if (!is_imagined) {
		check_bytes(stage, before, stage->previous, region, size, "the previous");
		check_bytes(stage, stage->next, stage->next + size, region, size, "the next");
	}
	if (one_piece) {
		check_gap(stage, stage->previous, 0, region, size, "the gap before");
		check_gap(stage, size, stage->next, region, size, "the gap behind");
	}
	/* glibc's header of the next block: its size, and that the one before it is in use */
	if ((region == REGION_FOREIGN || (region == REGION_HEAP && !is_gos(region))) &&
		!has_asan()) {
		uint64_t header;

		memcpy(&header, stage->object + stage->next - 8, sizeof(header));
		assert_int_equal(header, stride_of(region, size) | 1);
	}
}

/* ---- what it is called --------------------------------------------------------------------------------- */

static enum ground expected_ground(
	const struct stage *stage, enum plan_region region, uint32_t size, int64_t offset)
{
	struct go_class class = go_class_of(is_tiny(region, size) ? 16 : size, has_asan());
	/* in a span for one object, what lies behind mspan.limit is of no slot */
	int64_t slot = class.limit < class.slot ? class.limit : class.slot;

	if (offset >= 0 && offset < size)
		return GROUND_OBJECT;
	if (region == REGION_ARENA)
		return GROUND_BLOCK;
	if (is_gos(region) && offset >= size && offset < slot)
		return GROUND_SLACK;
	if (is_in_a_frame(region) &&
		(offset < stage->previous - (int64_t)size || offset >= stage->next + size))
		return GROUND_MAPPED;
	return GROUND_LIVE;
}

static void check_ground_at(
	const struct stage *stage, enum plan_region region, uint32_t size, int64_t offset)
{
	enum ground is = stage_ground(region, size, offset),
		    expected = expected_ground(stage, region, size, offset);

	if (is != expected)
		fail_msg("%s, %u bytes: ground %d at %lld, not %d", plan_region_slug(region), size,
			(int)is, (long long)offset, (int)expected);
}

/* All bytes of small stages, those at the ends of large ones. */
static void check_ground(const struct stage *stage, enum plan_region region, uint32_t size)
{
	int64_t from = stage->previous - (int64_t)size - 8, end = stage->next + size + 8;
	int64_t ends[] = { from, stage->previous, 0, size, stage->next, end };

	for (size_t i = 0; i < sizeof(ends) / sizeof(*ends); i++)
		for (int64_t at = ends[i] - 64; at < ends[i] + 64; at++)
			check_ground_at(stage, region, size, at);
	for (int64_t at = from; size <= 64 && at < end; at++)
		check_ground_at(stage, region, size, at);
	for (int side = 0; side < 2; side++) {
		assert_int_equal(stage_ground(region, size, stage->never[side]), GROUND_MAPPED);
		assert_int_equal(
			stage_ground(region, size, stage->unmapped[side]), GROUND_UNMAPPED);
	}
}

/* ---- the list of tests --------------------------------------------------------------------------------- */

/* A visit of one stage: the stack's are only there while it lasts. */
struct look {
	enum plan_region region;
	uint32_t size;
	void (*check)(const struct stage *stage, enum plan_region region, uint32_t size);
};

static void look(const struct stage *stage, void *arg)
{
	const struct look *at = arg;

	at->check(stage, at->region, at->size);
}

static void check_all(void check(const struct stage *stage, enum plan_region region, uint32_t size))
{
	for (int region = 0; region < REGION_COUNT; region++)
		for (unsigned i = 0; i < SIZE_COUNT; i++) {
			struct look at = { (enum plan_region)region, plan_sizes[i], check };

			stage_enter(at.region, at.size, look, &at);
		}
}

static void test_neighbours(void **state)
{
	(void)state;
	check_all(check_neighbours);
}

static void test_freed(void **state)
{
	(void)state;
	check_all(check_freed);
}

static void test_content(void **state)
{
	(void)state;
	check_all(check_content);
}

static void test_ground(void **state)
{
	(void)state;
	check_all(check_ground);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_neighbours),
		cmocka_unit_test(test_freed), cmocka_unit_test(test_content),
		cmocka_unit_test(test_ground) };

	return stage_group_run(tests, sizeof(tests) / sizeof(*tests));
}
