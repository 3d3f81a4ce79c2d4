/* SPDX-License-Identifier: Apache-2.0
 * Tests the memory that an access half inside its object meets: that of its outer part. */
#include "class.h"

#include "class_run.h"
#include "memory/stage_group.h"

#define SIZE 40

static struct plan access_of(enum plan_region region, uint8_t width)
{
	return (struct plan){ .class = CLASS_misaligned,
		.region = region,
		.size = SIZE,
		.width = width,
		.breaks = true };
}

/* By where its first byte lies, of an access of 8 bytes. On Go's heap 8 bytes of slack follow, then a neighbour. */
static const struct {
	int64_t offset;
	enum ground c, arena, go;
} rows[] = {
	{ -8, GROUND_LIVE, GROUND_BLOCK, GROUND_LIVE },
	{ -7, GROUND_LIVE, GROUND_BLOCK, GROUND_LIVE },
	{ -1, GROUND_LIVE, GROUND_BLOCK, GROUND_LIVE },
	{ 0, GROUND_OBJECT, GROUND_OBJECT, GROUND_OBJECT },
	{ 32, GROUND_OBJECT, GROUND_OBJECT, GROUND_OBJECT },
	{ 33, GROUND_LIVE, GROUND_BLOCK, GROUND_SLACK },
	{ 36, GROUND_LIVE, GROUND_BLOCK, GROUND_SLACK },
	{ 39, GROUND_LIVE, GROUND_BLOCK, GROUND_SLACK },
	{ 40, GROUND_LIVE, GROUND_BLOCK, GROUND_SLACK },
	{ 41, GROUND_LIVE, GROUND_BLOCK, GROUND_LIVE },
	{ 47, GROUND_LIVE, GROUND_BLOCK, GROUND_LIVE },
	{ 48, GROUND_LIVE, GROUND_BLOCK, GROUND_LIVE },
};

static enum ground expected(enum plan_region region, size_t row)
{
	if (region == REGION_ARENA)
		return rows[row].arena;
	return region == REGION_HEAP && model_is_go(detector_self->model) ? rows[row].go :
									    rows[row].c;
}

static void check_region(const struct stage *stage, void *arg)
{
	const enum plan_region *region = arg;
	struct plan plan = access_of(*region, 8);

	(void)stage;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		if (class_ground(&plan, rows[i].offset) != expected(*region, i))
			fail_msg("%s, access at %lld: ground %d, not %d", plan_region_slug(*region),
				(long long)rows[i].offset, (int)class_ground(&plan, rows[i].offset),
				(int)expected(*region, i));
}

static void test_straddling(void **state)
{
	(void)state;
	for (int r = 0; r < REGION_COUNT; r++) {
		enum plan_region region = (enum plan_region)r;

		stage_enter(region, SIZE, check_region, &region);
	}
}

/* The last byte of a wide access lies beyond the neighbour on the stack, its first in it. */
static void check_far(const struct stage *stage, void *arg)
{
	struct plan plan = access_of(REGION_STACK, 16);

	(void)arg;
	assert_int_equal(class_ground(&plan, stage->next + SIZE - 16), GROUND_LIVE);
	assert_int_equal(class_ground(&plan, stage->next + SIZE - 8), GROUND_MAPPED);
	assert_int_equal(class_ground(&plan, stage->previous - SIZE), GROUND_LIVE);
	assert_int_equal(class_ground(&plan, stage->previous - SIZE - 8), GROUND_MAPPED);
}

static void test_beyond_neighbours(void **state)
{
	(void)state;
	stage_enter(REGION_STACK, SIZE, check_far, NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_straddling),
		cmocka_unit_test(test_beyond_neighbours) };

	return stage_group_run(tests, sizeof(tests) / sizeof(*tests));
}
