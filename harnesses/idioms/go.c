/* SPDX-License-Identifier: Apache-2.0
 * Go 1.22's own checks and address arithmetic. */
#include "view.h"

#include "../observe/record.h"

#define NIL_PAGE 4096

static bool refuse(void)
{
	observe_refused();
	return false;
}

bool go_slice(const uint8_t *base, int64_t length, uint8_t width)
{
	uint64_t bytes;

	if (length < 0 || __builtin_mul_overflow((uint64_t)length, (uint64_t)width, &bytes) ||
		bytes > -(uint64_t)(uintptr_t)base)
		return refuse();
	return true;
}

bool go_address(uintptr_t address)
{
	return address >= NIL_PAGE || refuse();
}

static bool nil_checked(const struct reach *reach, int64_t at)
{
	const struct place *place = &reach->place;

	if (place->copied == 0) /* a copy of no bytes touches nothing */
		return true;
	if (!go_address(place_address(place, reach->plan->width)))
		return false;
	reach_observe(reach, at);
	return true;
}

bool go_view_place(struct reach *reach, int64_t at)
{
	const struct plan *plan = reach->plan;
	struct view view = view_of(reach, at);

	if (plan->way != WAY_FORGED && !go_slice(view.base, view.length, plan->width))
		return false;
	reach->place = (struct place){ view.base, view.index, TYPED_SIGNED, false,
		reach_copied(reach) };
	if (reach->place.copied == 0)
		return true;
	if ((uint64_t)view.index >= (uint64_t)view.length)
		return refuse();
	return nil_checked(reach, at);
}

bool go_pointer_place(struct reach *reach, int64_t at)
{
	enum arithmetic arithmetic = reach->plan->way == WAY_ADD ? BYTES : INTEGER;

	reach->place = (struct place){ reach->object, at, arithmetic, false, reach_copied(reach) };
	return nil_checked(reach, at);
}
