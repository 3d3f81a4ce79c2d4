/* SPDX-License-Identifier: Apache-2.0
 * Tests of the samples: pure functions of seed, cell and number, and what they cover. */
#include "plan/sample.h"
#include "truth.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#define PLANS              20000
#define FINGERPRINT_SEED_1 0x1f40acab01136aeu

static const struct sample seed_1 = { SAMPLE_RANDOM, 1, PLANS };
static const struct sample grid = { .kind = SAMPLE_GRID };

static bool same_plan(const struct plan *a, const struct plan *b)
{
	uint8_t bytes_a[PLAN_BYTES], bytes_b[PLAN_BYTES];

	plan_encode(a, bytes_a);
	plan_encode(b, bytes_b);
	return memcmp(bytes_a, bytes_b, PLAN_BYTES) == 0;
}

/* Of the first 1000 plans of all cells, FNV-1a. */
static uint64_t fingerprint(const struct sample *sample)
{
	uint64_t hash = 0xcbf29ce484222325u;

	for (int class = 0; class < CLASS_COUNT; class ++)
		for (int idiom = 0; idiom < IDIOM_COUNT; idiom++)
			for (uint64_t i = 0; i < 1000; i++) {
				struct plan plan = sample_plan(
					sample, (enum plan_class) class, (enum plan_idiom)idiom, i);
				uint8_t bytes[PLAN_BYTES];

				plan_encode(&plan, bytes);
				for (int k = 0; k < PLAN_BYTES; k++)
					hash = (hash ^ bytes[k]) * 0x100000001b3u;
			}
	return hash;
}

/* Shards that were measured with another program add up only as long as this holds: who changes it
 * raises PLAN_VERSION. */
static void test_fingerprint(void **state)
{
	(void)state;
	assert_int_equal(PLAN_VERSION, 1);
	assert_int_equal(fingerprint(&seed_1), FINGERPRINT_SEED_1);
	assert_int_not_equal(
		fingerprint(&(struct sample){ SAMPLE_RANDOM, 2, PLANS }), FINGERPRINT_SEED_1);
}

static unsigned equal_plans(const struct sample *a, const struct sample *b, enum plan_class class,
	enum plan_idiom idiom, uint64_t shift)
{
	unsigned equal = 0;

	for (uint64_t i = 0; i < 1000; i++) {
		struct plan of_a = sample_plan(a, class, idiom, i);
		struct plan of_b = sample_plan(b, class, idiom, i + shift);

		equal += same_plan(&of_a, &of_b);
	}
	return equal;
}

static void test_seeds(void **state)
{
	static const struct sample seed_2 = { SAMPLE_RANDOM, 2, PLANS },
				   longer = { SAMPLE_RANDOM, 1, 10 * PLANS };

	(void)state;
	for (int class = 0; class < CLASS_COUNT; class ++)
		for (int idiom = 0; idiom < IDIOM_COUNT; idiom++) {
			enum plan_class c = (enum plan_class) class;
			enum plan_idiom i = (enum plan_idiom)idiom;

			/* however many follow */
			assert_int_equal(equal_plans(&seed_1, &longer, c, i, 0), 1000);
			/* chance alone makes some, most in the classes of few axes */
			assert_true(equal_plans(&seed_1, &seed_2, c, i, 0) < 20);
			assert_true(equal_plans(&seed_1, &seed_2, c, i, 1) < 20);
			assert_true(equal_plans(&seed_1, &seed_1, c, i, 1) < 20);
		}
}

/* Two cells do not have the same plans but for class and idiom. */
static void test_cells(void **state)
{
	unsigned equal = 0;

	(void)state;
	for (uint64_t i = 0; i < 1000; i++) {
		struct plan go = sample_plan(&seed_1, CLASS_oob_read, IDIOM_go, i);
		struct plan rust = sample_plan(&seed_1, CLASS_oob_read, IDIOM_rust, i);
		struct plan writes = sample_plan(&seed_1, CLASS_oob_write, IDIOM_go, i);

		assert_int_equal(go.idiom, IDIOM_go);
		assert_int_equal(rust.idiom, IDIOM_rust);
		assert_int_equal(writes.class, CLASS_oob_write);
		rust.idiom = go.idiom;
		writes.class = go.class;
		writes.store = go.store;
		equal += same_plan(&go, &rust) + same_plan(&go, &writes);
	}
	assert_true(equal < 20);
}

/* The design wants 30 to 70 %; a decoder fed with random bytes gives half. */
static void test_half_violates(void **state)
{
	(void)state;
	for (int class = 0; class < CLASS_COUNT; class ++)
		for (int idiom = 0; idiom < IDIOM_COUNT; idiom++) {
			unsigned violations = 0;

			assert_int_equal(sample_count(&seed_1, (enum plan_class) class), PLANS);
			for (uint64_t i = 0; i < PLANS; i++) {
				struct plan plan = sample_plan(&seed_1, (enum plan_class) class,
					(enum plan_idiom)idiom, i);

				violations += truth_of(&plan).violation;
			}
			/* 5 standard deviations */
			assert_in_range(violations, PLANS / 2 - 354, PLANS / 2 + 354);
		}
}

/* ---- the grid -------------------------------------------------------------------------------------- */

static int compare_bytes(const void *a, const void *b)
{
	return memcmp(a, b, PLAN_BYTES);
}

struct seen {
	unsigned sizes[SIZE_COUNT], widths[WIDTH_MAX + 1], regions[REGION_COUNT];
	unsigned distances[DISTANCE_COUNT], sides[2];
};

static void see(struct seen *seen, const struct plan *plan)
{
	for (int s = 0; s < SIZE_COUNT; s++)
		seen->sizes[s] += plan_sizes[s] == plan->size;
	seen->widths[plan->width]++;
	seen->regions[plan->region]++;
	seen->distances[plan->distance]++;
	seen->sides[plan->before]++;
}

/* Every combination of what can vary, once. */
static void check_seen(const struct seen *seen, uint64_t count)
{
	uint64_t fitting = 0;

	for (int s = 0; s < SIZE_COUNT; s++)
		for (int w = 0; w < WIDTH_COUNT; w++)
			fitting += plan_widths[w] <= plan_sizes[s];
	assert_int_equal(count, fitting * REGION_COUNT * 12 * 2);
	for (int s = 0; s < SIZE_COUNT; s++)
		assert_true(seen->sizes[s] >= REGION_COUNT * 12 * 2);
	for (int w = 0; w < WIDTH_COUNT; w++)
		assert_true(seen->widths[plan_widths[w]] > 0);
	for (int r = 0; r < REGION_COUNT; r++)
		assert_int_equal(seen->regions[r], count / REGION_COUNT);
	for (int d = 0; d < DISTANCE_COUNT; d++)
		assert_int_equal(seen->distances[d], BIT(d) & DISTANCE_SPATIAL ? count / 12 : 0);
	assert_int_equal(seen->sides[0], count / 2);
	assert_int_equal(seen->sides[1], count / 2);
}

static void check_grid(enum plan_class class, enum plan_idiom idiom)
{
	uint64_t count = sample_count(&grid, class);
	uint8_t(*all)[PLAN_BYTES] = calloc(count, PLAN_BYTES);
	struct seen seen = { 0 };

	assert_non_null(all);
	for (uint64_t i = 0; i < count; i++) {
		struct plan plan = sample_plan(&grid, class, idiom, i), decoded;

		plan_encode(&plan, all[i]);
		decoded = plan_decode(all[i], PLAN_BYTES, PLAN_FREE);
		assert_memory_equal(&decoded, &plan, sizeof(plan));
		assert_int_equal(plan.class, class);
		assert_int_equal(plan.idiom, idiom);
		assert_true(truth_of(&plan).violation);
		assert_int_equal(plan.store, class == CLASS_oob_write);
		assert_int_equal(plan.access, ACCESS_DIRECT);
		assert_int_equal(plan.way, WAY_ADD);
		assert_false(plan.bump);
		see(&seen, &plan);
	}
	check_seen(&seen, count);
	qsort(all, count, PLAN_BYTES, compare_bytes);
	for (uint64_t i = 1; i < count; i++)
		assert_memory_not_equal(all[i - 1], all[i], PLAN_BYTES);
	free(all);
}

static void test_grid(void **state)
{
	(void)state;
	for (int idiom = 0; idiom < IDIOM_COUNT; idiom++) {
		check_grid(CLASS_oob_read, (enum plan_idiom)idiom);
		check_grid(CLASS_oob_write, (enum plan_idiom)idiom);
	}
	for (int class = 0; class < CLASS_COUNT; class ++)
		if (class != CLASS_oob_read && class != CLASS_oob_write)
			assert_int_equal(sample_count(&grid, (enum plan_class) class), 0);
}

static void test_names(void **state)
{
	(void)state;
	assert_string_equal(sample_slug(SAMPLE_RANDOM), "random");
	assert_string_equal(sample_slug(SAMPLE_GRID), "grid");
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_fingerprint),
		cmocka_unit_test(test_seeds),
		cmocka_unit_test(test_cells),
		cmocka_unit_test(test_half_violates),
		cmocka_unit_test(test_grid),
		cmocka_unit_test(test_names),
	};

	return cmocka_run_group_tests_name("sample", tests, NULL, NULL);
}
