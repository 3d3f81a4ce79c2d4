/* SPDX-License-Identifier: Apache-2.0 */
#include "places.h"

#include "record.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>

static struct plan some_plan(void)
{
	static const uint8_t bytes[PLAN_BYTES] = { CLASS_oob_write, 0, 1 };

	return plan_decode(bytes, sizeof(bytes), PLAN_FREE);
}

static struct observation report(const char *kind, enum observed_access access)
{
	struct observation seen = { .tool = TOOL_ASAN, .access = access };

	strncpy(seen.kind, kind, sizeof(seen.kind) - 1);
	return seen;
}

static int forget(void **state)
{
	(void)state;
	*places = (struct places){ .magic = PLACES_MAGIC };
	record->plan = some_plan();
	record->verdict = VERDICT_RIGHT;
	record->seen = report("heap-buffer-overflow", OBSERVED_WRITE);
	return 0;
}

static struct place_name name_here(void)
{
	return place_name(&record->plan, &record->seen, CAUSE_NONE);
}

static void what_differs_by_a_part_is_another_place(void **state)
{
	struct place_name here = name_here(), there;

	(void)state;
	assert_true(name_here().key == here.key);
	record->plan.region = REGION_STACK;
	there = name_here();
	assert_true(there.key != here.key && there.bucket == here.bucket);
	record->plan = some_plan();
	record->plan.idiom = IDIOM_rust;
	there = name_here();
	assert_true(there.key != here.key && there.bucket != here.bucket);
	record->plan = some_plan();
	record->plan.way = WAY_RAW; /* its FAULT line is that of pointers */
	assert_true(name_here().key != here.key);
	record->plan = some_plan();
	record->seen = report("heap-buffer-overflow", OBSERVED_READ);
	assert_true(name_here().key != here.key);
	record->seen = report("global-buffer-overflow", OBSERVED_WRITE);
	assert_true(name_here().key != here.key);
}

/* Nor does what no place tells apart make one of its own. */
static void what_differs_by_nothing_else_is_the_same_place(void **state)
{
	struct place_name here = name_here();

	(void)state;
	record->plan.size = 64;
	record->plan.distance = DISTANCE_4K;
	record->seen.address = 1;
	assert_true(name_here().key == here.key);
}

static void a_silence_is_of_no_bucket(void **state)
{
	(void)state;
	record->seen = (struct observation){ .finished = true };
	assert_int_equal(place_name(&record->plan, &record->seen, CAUSE_SLACK).bucket, 0);
	assert_true(place_name(&record->plan, &record->seen, CAUSE_SLACK).key !=
		place_name(&record->plan, &record->seen, CAUSE_GRANULE).key);
}

static void every_input_is_counted_at_its_place(void **state)
{
	unsigned place = places_come(name_here());

	(void)state;
	assert_int_equal(places_come(name_here()), place);
	assert_int_equal(places->list[place].inputs, 2);
	record->seen = report("global-buffer-overflow", OBSERVED_WRITE);
	assert_int_not_equal(places_come(name_here()), place);
	assert_int_equal(places_buckets(places), 1);
}

static void too_many_places_are_none(void **state)
{
	(void)state;
	for (uint64_t i = 1; i <= PLACES_MAX; i++)
		assert_in_range(places_come((struct place_name){ i << 32, 0 }), 0, PLACES_MAX - 1);
	assert_int_equal(places_come((struct place_name){ 1000ull << 32, 0 }), PLACES_MAX);
	assert_in_range(places_come((struct place_name){ 7ull << 32, 0 }), 0, PLACES_MAX - 1);
}

/* Of 10,000 inputs each tenth of them is in the sample with about a tenth of it. */
static void the_sample_is_of_all_inputs_alike(void **state)
{
	unsigned place = places_come(name_here()), tenths[10] = { 0 };

	(void)state;
	for (uint32_t i = 0; i < 10000; i++) {
		record->plan.pick = (uint8_t)(i / 1000);
		places_count(place, CAUSE_NONE);
	}
	assert_int_equal(places->counted, 10000);
	for (size_t i = 0; i < PLACES_ANY; i++) {
		const struct counted *counted = &places->any[i];

		assert_true(counted->whole);
		assert_int_equal(counted->verdict, VERDICT_RIGHT);
		assert_string_equal(counted->kind, "heap-buffer-overflow");
		tenths[plan_decode(counted->plan, PLAN_BYTES, PLAN_FREE).pick]++;
	}
	for (size_t i = 0; i < 10; i++)
		assert_in_range(tenths[i], 5, 60);
	for (size_t i = 0; i < PLACE_KEPT; i++)
		assert_true(places->list[place].kept[i].whole);
}

int main(void)
{
#define ROW(test) cmocka_unit_test_setup(test, forget)
	const struct CMUnitTest tests[] = {
		ROW(what_differs_by_a_part_is_another_place),
		ROW(what_differs_by_nothing_else_is_the_same_place),
		ROW(a_silence_is_of_no_bucket),
		ROW(every_input_is_counted_at_its_place),
		ROW(too_many_places_are_none),
		ROW(the_sample_is_of_all_inputs_alike),
	};

	return cmocka_run_group_tests_name("places", tests, NULL, NULL);
}
