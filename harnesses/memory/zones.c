/* SPDX-License-Identifier: Apache-2.0
 * Memory whose nature no allocator decides: mapped but never handed out, and untouchable. */
#include "internal.h"

#include <sys/mman.h>

#define ZONE_BYTES (2 * ZONE_GUARD + ZONE_NEVER)
#define LOW_FIRST  0x20000000ul /* below every allocator, image and mapping of a 64-bit process */
#define LOW_STEP   0x1000000ul
#define LOW_TRIES  64

static uint8_t *map(uintptr_t where)
{
	int flags = MAP_PRIVATE | MAP_ANONYMOUS | (where != 0 ? MAP_FIXED_NOREPLACE : 0);
	void *mapped = mmap((void *)where, ZONE_BYTES, PROT_NONE, flags, -1, 0);

	if (mapped == MAP_FAILED)
		return NULL;
	if (where != 0 && mapped != (void *)where) { /* a kernel before 4.17 took it as a hint */
		munmap(mapped, ZONE_BYTES);
		return NULL;
	}
	if (mprotect((uint8_t *)mapped + ZONE_GUARD, ZONE_NEVER, PROT_READ | PROT_WRITE) != 0)
		return NULL;
	return (uint8_t *)mapped + ZONE_GUARD;
}

const char *zones_build(struct zone *ret_low, struct zone *ret_high)
{
	ret_high->never = map(0);
	ret_low->never = NULL;
	for (unsigned i = 0; i < LOW_TRIES && ret_low->never == NULL; i++)
		ret_low->never = map(LOW_FIRST + i * LOW_STEP);
	return ret_low->never != NULL && ret_high->never != NULL ? NULL : "zones: mmap failed";
}
