/* SPDX-License-Identifier: Apache-2.0
 * Slices with true and with false lengths. */
#include "view.h"

#include "record/record.h"

struct view view_of(const struct reach *reach, int64_t at)
{
	const struct plan *plan = reach->plan;
	int64_t width = plan->width, low = span_low(&reach->span),
		end = span_end(&reach->span, plan);
	int64_t moved = 0;
	struct view view;

	if (plan->way == WAY_INDEX && reach->violates)
		return (struct view){ reach->object, plan_elements(plan), at / width };
	if (low < 0 || low % width != 0)
		moved = low;
	view.base = (uint8_t *)((uintptr_t)reach->object + (uintptr_t)moved);
	view.index = (at - moved) / width;
	view.length = (int64_t)((uint64_t)(end - moved) / (uint64_t)width);
	if (!reach->violates && moved == 0)
		view.length = plan_elements(plan);
	else if (plan->idiom == IDIOM_rust && plan->way == WAY_FORGED && moved == 0)
		view.length = plan_elements(plan); /* get_unchecked: it is the index that is bad */
	else if (plan->way == WAY_CAST)            /* as many elements as the object has bytes */
		view.length = plan->size;
	if (reach->object == NULL && !reach->violates)
		view.length = 0;
	return view;
}

size_t reach_copied(const struct reach *reach)
{
	return reach->object == NULL && !reach->violates ? 0 : reach->plan->width;
}

void reach_observe(const struct reach *reach, int64_t at)
{
	const struct plan *plan = reach->plan;
	bool spatial = plan->class == CLASS_oob_read || plan->class == CLASS_oob_write;

	if (reach->violates && !(spatial && at >= 0 && at + plan->width <= plan->size))
		observe_triggered();
}
