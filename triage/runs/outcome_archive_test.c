/* SPDX-License-Identifier: Apache-2.0
 * Tests of packing: the bytes come back, few symbols or many, and damage is seen. */
#include "outcome_archive.h"

#include "synthetic.h"

#include <errno.h>

#define PATH "plans.z"

static void assert_same(const struct plan_bytes_list *a, const struct plan_bytes_list *b)
{
	assert_int_equal(a->count, b->count);
	for (size_t i = 0; i < a->count; i++) {
		assert_int_equal(a->list[i].count, b->list[i].count);
		assert_memory_equal(&a->list[i].cell, &b->list[i].cell, sizeof(struct cell));
		assert_memory_equal(a->list[i].bytes, b->list[i].bytes, a->list[i].count);
	}
}

static void read_run(struct plan_bytes_list *ret)
{
	AUTO_FREE char *error = NULL;
	struct measurement run = synthetic_run("20261123-100000-a", 3000, 1, 1);

	synthetic_write(&run);
	assert_int_equal(plan_bytes_of_run(&run, ret, &error), 0);
	assert_int_equal(ret->count, 8);
	measurement_free(&run);
}

static void test_round_trip(void **state)
{
	struct plan_bytes_list cells, again;
	char hash[17], same[17];
	AUTO_FREE char *error = NULL;

	(void)state;
	read_run(&cells);
	assert_int_equal(outcome_archive_write(PATH, &cells), 0);
	assert_int_equal(outcome_archive_read(PATH, &again, &error), 0);
	assert_same(&cells, &again);
	plan_bytes_hash(&cells.list[3], hash);
	plan_bytes_hash(plan_bytes_find(&again, cells.list[3].cell), same);
	assert_string_equal(hash, same);
	again.list[3].bytes[17] ^= 1;
	plan_bytes_hash(&again.list[3], same);
	assert_string_not_equal(hash, same);
	plan_bytes_free(&cells);
	plan_bytes_free(&again);
}

/* More than 256 symbols: each plan has nearly one of its own. */
static void test_many_symbols(void **state)
{
	struct plan_bytes_list cells, again;
	AUTO_FREE char *error = NULL;

	(void)state;
	read_run(&cells);
	cells.count = 2;
	for (uint64_t p = 0; p < cells.list[0].count; p++)
		for (size_t d = 0; d < 2; d++)
			cells.list[d].bytes[p] = outcome_of(
				VERDICT_SILENT, (enum cause)(1 + (d == 0 ? p % 14 : p / 14 % 14)));
	for (uint64_t p = 0; p < cells.list[0].count; p += 3)
		cells.list[0].bytes[p] = outcome_of((enum verdict)(p / 3 % 4), CAUSE_NONE);
	assert_int_equal(outcome_archive_write(PATH, &cells), 0);
	assert_int_equal(outcome_archive_read(PATH, &again, &error), 0);
	assert_same(&cells, &again);
	plan_bytes_free(&again);
	cells.list[1].count--;
	assert_int_equal(outcome_archive_write(PATH, &cells), -EINVAL);
	cells.count = 8;
	plan_bytes_free(&cells);
}

/* Cut off anywhere, or changed anywhere: an error or other bytes, never a crash. */
static void test_damage(void **state)
{
	struct plan_bytes_list cells;
	AUTO_FREE uint8_t *whole = NULL;
	size_t size;

	(void)state;
	read_run(&cells);
	assert_int_equal(outcome_archive_write(PATH, &cells), 0);
	plan_bytes_free(&cells);
	assert_int_equal(file_read(PATH, 1 << 20, &whole, &size), 0);
	for (size_t keep = 0; keep < size; keep += 97) {
		AUTO_FREE char *error = NULL;

		assert_int_equal(file_write(PATH, whole, keep), 0);
		assert_int_equal(outcome_archive_read(PATH, &cells, &error), -EINVAL);
		assert_non_null(strstr(error, PATH ": truncated or damaged"));
		plan_bytes_free(&cells);
	}
	for (size_t at = 0; at < size; at += 61) {
		AUTO_FREE char *error = NULL;

		whole[at] ^= 0x55;
		assert_int_equal(file_write(PATH, whole, size), 0);
		outcome_archive_read(PATH, &cells, &error);
		plan_bytes_free(&cells);
		whole[at] ^= 0x55;
	}
}

static void test_no_file(void **state)
{
	struct plan_bytes_list cells;
	AUTO_FREE char *error = NULL;

	(void)state;
	assert_int_equal(outcome_archive_read("none.z", &cells, &error), -ENOENT);
	assert_non_null(error);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_many_symbols),
		cmocka_unit_test(test_damage),
		cmocka_unit_test(test_no_file),
	};

	return cmocka_run_group_tests_name("packed plans", tests, synthetic_enter, synthetic_leave);
}
