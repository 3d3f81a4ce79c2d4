/* SPDX-License-Identifier: Apache-2.0
 * Go's size classes and redzones. */
#include "go_class.h"

#include <stddef.h>

#define SPAN_PAGE 8192  /* runtime/malloc.go, pageSize */
#define SMALL_MAX 32760 /* runtime/malloc.go, maxSmallSize - mallocHeaderSize */

/* runtime/sizeclasses.go: class_to_size, class_to_allocnpages. */
/* clang-format off */
static const struct {
	uint16_t size;
	uint8_t pages;
} classes[] = {
	{ 8, 1 }, { 16, 1 }, { 24, 1 }, { 32, 1 }, { 48, 1 }, { 64, 1 }, { 80, 1 }, { 96, 1 }, { 112, 1 }, { 128, 1 },
	{ 144, 1 }, { 160, 1 }, { 176, 1 }, { 192, 1 }, { 208, 1 }, { 224, 1 }, { 240, 1 }, { 256, 1 }, { 288, 1 },
	{ 320, 1 }, { 352, 1 }, { 384, 1 }, { 416, 1 }, { 448, 1 }, { 480, 1 }, { 512, 1 }, { 576, 1 }, { 640, 1 },
	{ 704, 1 }, { 768, 1 }, { 896, 1 }, { 1024, 1 }, { 1152, 1 }, { 1280, 1 }, { 1408, 2 }, { 1536, 1 },
	{ 1792, 2 }, { 2048, 1 }, { 2304, 2 }, { 2688, 1 }, { 3072, 3 }, { 3200, 2 }, { 3456, 3 }, { 4096, 1 },
	{ 4864, 3 }, { 5376, 2 }, { 6144, 3 }, { 6528, 4 }, { 6784, 5 }, { 6912, 6 }, { 8192, 1 }, { 9472, 7 },
	{ 9728, 6 }, { 10240, 5 }, { 10880, 4 }, { 12288, 3 }, { 13568, 5 }, { 14336, 7 }, { 16384, 2 }, { 18432, 9 },
	{ 19072, 7 }, { 20480, 5 }, { 21760, 8 }, { 24576, 3 }, { 27264, 10 }, { 28672, 7 }, { 32768, 4 },
};
/* clang-format on */

/* runtime/malloc.go, computeRZlog. */
static uint32_t redzone_of(uint32_t bytes)
{
	static const uint32_t most[] = { 64 - 16, 128 - 32, 512 - 64, 4096 - 128, (1 << 14) - 256,
		(1 << 15) - 512, (1 << 16) - 1024 };
	uint32_t log = 0;

	while (log < sizeof(most) / sizeof(*most) && bytes > most[log])
		log++;
	return 16u << log;
}

struct go_class go_class_of(uint32_t bytes, bool asan)
{
	uint32_t all = bytes + (asan ? redzone_of(bytes) : 0);
	uint32_t pages = (all + SPAN_PAGE - 1) / SPAN_PAGE * SPAN_PAGE;

	for (size_t i = 0; all <= SMALL_MAX && i < sizeof(classes) / sizeof(*classes); i++) {
		uint32_t slot = classes[i].size, span = classes[i].pages * SPAN_PAGE;

		if (slot >= all)
			return (struct go_class){ slot, span, span / slot * slot };
	}
	return (struct go_class){ pages, pages, all };
}

uint32_t go_global_redzone(uint32_t size)
{
	uint32_t redzone = size / 128 * 32;

	redzone = redzone < 32 ? 32 : redzone > 1 << 18 ? 1 << 18 : redzone;
	return redzone + (32 - size % 32) % 32;
}
