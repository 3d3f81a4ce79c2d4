/* SPDX-License-Identifier: Apache-2.0
 * Size classes and redzones, at the ends of their ranges. */
#include "go_class.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

/* By runtime/sizeclasses.go and computeRZlog in runtime/malloc.go of Go 1.22. */
static const struct {
	uint32_t bytes;
	struct go_class plain, asan;
} rows[] = {
	{ 1, { 8, 8192, 8192 }, { 24, 8192, 8184 } },
	{ 8, { 8, 8192, 8192 }, { 24, 8192, 8184 } },
	{ 16, { 16, 8192, 8192 }, { 32, 8192, 8192 } },
	{ 40, { 48, 8192, 8160 }, { 64, 8192, 8192 } },
	{ 48, { 48, 8192, 8160 }, { 64, 8192, 8192 } },
	{ 49, { 64, 8192, 8192 }, { 96, 8192, 8160 } },
	{ 96, { 96, 8192, 8160 }, { 128, 8192, 8192 } },
	{ 97, { 112, 8192, 8176 }, { 176, 8192, 8096 } },
	{ 448, { 448, 8192, 8064 }, { 512, 8192, 8192 } },
	{ 449, { 480, 8192, 8160 }, { 640, 8192, 7680 } },
	{ 3968, { 4096, 8192, 8192 }, { 4096, 8192, 8192 } },
	{ 3969, { 4096, 8192, 8192 }, { 4864, 24576, 24320 } },
	{ 4096, { 4096, 8192, 8192 }, { 4864, 24576, 24320 } },
	{ 16128, { 16384, 16384, 16384 }, { 16384, 16384, 16384 } },
	{ 16129, { 16384, 16384, 16384 }, { 18432, 73728, 73728 } },
	{ 32760, { 32768, 32768, 32768 }, { 40960, 40960, 33784 } },
	{ 65536, { 65536, 65536, 65536 }, { 73728, 73728, 67584 } },
};

static void check(struct go_class is, struct go_class expected)
{
	assert_int_equal(is.slot, expected.slot);
	assert_int_equal(is.span, expected.span);
	assert_int_equal(is.limit, expected.limit);
}

static void test_classes(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		check(go_class_of(rows[i].bytes, false), rows[i].plain);
		check(go_class_of(rows[i].bytes, true), rows[i].asan);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_classes) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
