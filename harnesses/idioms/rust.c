/* SPDX-License-Identifier: Apache-2.0
 * Rust's own checks, as in a release build, and address arithmetic. */
#include "rust.h"

#include "ub_checks.h"

#include "record/record.h"

/* Rust code that reads from any address says so: read_unaligned. What is read through a typed
 * pointer all the same is the subject of class misaligned. */
static bool is_unaligned(const struct plan *plan, int64_t at)
{
	return plan->class != CLASS_misaligned && at % plan->width != 0;
}

bool rust_view_place(struct reach *reach, int64_t at)
{
	const struct plan *plan = reach->plan;
	struct view view = view_of(reach, at);

	reach->place = (struct place){ view.base, view.index, TYPED_UNSIGNED,
		is_unaligned(plan, at), reach_copied(reach) };
	ub_check_slice(reach, at, &view);
	if (plan->way == WAY_FORGED)
		ub_check_index(reach, at, &view);
	if (plan->way != WAY_FORGED && reach->place.copied > 0 &&
		(uint64_t)view.index >= (uint64_t)view.length) {
		observe_refused();
		return false;
	}
	reach_observe(reach, at);
	return true;
}

bool rust_pointer_place(struct reach *reach, int64_t at)
{
	const struct plan *plan = reach->plan;
	enum arithmetic arithmetic = plan->way == WAY_ADD ? TYPED_UNSIGNED : TYPED_SIGNED;

	reach->place = (struct place){ reach->object, at / plan->width, arithmetic,
		is_unaligned(plan, at), reach_copied(reach) };
	if (at % plan->width != 0) { /* byte_add: the pointer is moved before it is cast */
		reach->place.base = (uint8_t *)((uintptr_t)reach->object + (uintptr_t)at);
		reach->place.index = 0;
	}
	ub_check_pointer(reach, at);
	reach_observe(reach, at);
	return true;
}
