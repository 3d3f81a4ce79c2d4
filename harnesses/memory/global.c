/* SPDX-License-Identifier: Apache-2.0
 * The stages of global variables: three of a size, defined side by side, between two large ones.
 *
 * The section keeps them in order and in memory that costs no bytes in the file. Its name holds a
 * dot because ASan leaves globals alone whose section is a valid C identifier
 * (llvm/lib/Transforms/Instrumentation/AddressSanitizer.cpp, shouldInstrumentGlobal). */
#include "internal.h"

/* Neither static nor tentative: compilers put those out in an order of their own. */
#define STAGED __attribute__((section(".bss.fencepost"), aligned(16), visibility("hidden")))

uint8_t margin_low[STAGE_REACH + (256 << 10)] STAGED = { 0 };
#define X(size) \
	uint8_t previous_##size[size] STAGED = { 0 }; \
	uint8_t object_##size[size] STAGED = { 0 }; \
	uint8_t next_##size[size] STAGED = { 0 };
SIZES(X)
#undef X
uint8_t margin_high[STAGE_REACH + (256 << 10)] STAGED = { 0 };

static bool between_margins(const uint8_t *p)
{
	uintptr_t at = (uintptr_t)p, low = (uintptr_t)margin_low, high = (uintptr_t)margin_high;

	return low < high ? at > low && at < high : at > high && at < low;
}

const char *global_build(struct trio ret[SIZE_COUNT])
{
	unsigned i = 0;

#define X(size) ret[i++] = trio_sorted(previous_##size, object_##size, next_##size, size);
	SIZES(X)
#undef X
	for (i = 0; i < SIZE_COUNT; i++)
		if (!between_margins(ret[i].object))
			return "global: the linker moved the objects away from their margins";
	return NULL;
}
