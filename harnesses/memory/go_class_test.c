/* SPDX-License-Identifier: Apache-2.0
 * Size classes one by one, and redzones at the ends of their ranges. */
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

/* runtime/sizeclasses.go of Go 1.22 as it is printed there: class_to_size and class_to_allocnpages, the same from
 * Go 1.16 on. The first is for what is larger than any class. */
/* clang-format off */
static const uint16_t class_to_size[68] = { 0, 8, 16, 24, 32, 48, 64, 80, 96, 112, 128, 144, 160, 176, 192, 208, 224,
	240, 256, 288, 320, 352, 384, 416, 448, 480, 512, 576, 640, 704, 768, 896, 1024, 1152, 1280, 1408, 1536, 1792,
	2048, 2304, 2688, 3072, 3200, 3456, 4096, 4864, 5376, 6144, 6528, 6784, 6912, 8192, 9472, 9728, 10240, 10880,
	12288, 13568, 14336, 16384, 18432, 19072, 20480, 21760, 24576, 27264, 28672, 32768 };
static const uint8_t class_to_allocnpages[68] = { 0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
	1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2, 1, 2, 1, 2, 1, 3, 2, 3, 1, 3, 2, 3, 4, 5, 6, 1, 7, 6, 5, 4, 3, 5, 7, 2, 9,
	7, 5, 8, 3, 10, 7, 4 };
/* clang-format on */

#define LARGEST 32760 /* runtime/malloc.go: maxSmallSize - mallocHeaderSize */

/* Every size that has a class is in the smallest that holds it, and each class has such a size. */
static void test_every_class(void **state)
{
	uint32_t sizes = 0, pages = 0;
	unsigned class = 1;

	(void)state;
	for (uint32_t bytes = 1; bytes <= LARGEST; bytes++) {
		uint32_t size, span;

		class += bytes > class_to_size[class];
		size = class_to_size[class];
		span = 8192u * class_to_allocnpages[class];
		check(go_class_of(bytes, false),
			(struct go_class){ size, span, span / size * size });
		if (bytes == (uint32_t)class_to_size[class - 1] + 1) {
			sizes += size;
			pages += class_to_allocnpages[class];
		}
	}
	assert_int_equal(class, 67);
	assert_int_equal(sizes, 372768);
	assert_int_equal(pages, 168);
}

/* By hand from cmd/compile/internal/pkginit/initAsanGlobals.go, at the ends of its ranges. */
static void test_global_redzones(void **state)
{
	static const struct {
		uint32_t size, redzone;
	} globals[] = {
		{ 1, 63 },
		{ 31, 33 },
		{ 32, 32 },
		{ 33, 63 },
		{ 40, 56 },
		{ 64, 32 },
		{ 128, 32 },
		{ 255, 33 },
		{ 256, 64 },
		{ 257, 95 },
		{ 4096, 1024 },
		{ 65536, 16384 },
		{ 1 << 20, 1 << 18 },
		{ (1 << 20) + 128, 1 << 18 },
		{ (1 << 20) + 129, (1 << 18) + 31 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(globals) / sizeof(*globals); i++)
		assert_int_equal(go_global_redzone(globals[i].size), globals[i].redzone);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_classes),
		cmocka_unit_test(test_every_class), cmocka_unit_test(test_global_redzones) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
