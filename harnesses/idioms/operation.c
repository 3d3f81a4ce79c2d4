/* SPDX-License-Identifier: Apache-2.0
 * Turns a plan into the numbers of an operation. */
#include "operation.h"

#include "view.h"

#include <stdio.h>

static struct reach reach_of(const struct plan *plan, const struct stage *stage)
{
	struct reach reach = { .plan = plan, .violates = plan->breaks };

	span_of(plan, stage, &reach.span);
	if (!span_is_from_null(plan))
		reach.object = stage->object;
	else if (!plan->breaks) /* a copy of no bytes */
		reach.span = (struct span){ 0, 0, plan->width };
	return reach;
}

struct operation operation_of(const struct plan *plan, const struct stage *stage)
{
	struct reach reach = reach_of(plan, stage);
	struct operation act = {
		.plan = plan,
		.null = reach.object == NULL,
		.length = plan_elements(plan),
		.first = reach.span.from,
		.last = reach.span.to,
		.step = reach.span.step,
		.copied = reach_copied(&reach),
		.elements = plan_elements(plan),
		.calls = span_calls(plan),
		.interior = span_interior(plan),
	};
	struct view first, last;

	if (plan->class == CLASS_bad_length) {
		act.length = span_length(plan);
		act.first = act.last = reach.span.to / plan->width;
		act.step = 1;
	} else if (way_is_view(plan->way)) {
		first = view_of(&reach, reach.span.from);
		last = view_of(&reach, reach.span.to);
		act.moved = (int64_t)((intptr_t)first.base - (intptr_t)reach.object);
		act.length = first.length;
		act.first = first.index;
		act.last = last.index;
		act.step = act.step < 0 ? -1 : 1;
	}
	return act;
}

void operation_line(const struct operation *act, char ret[OPERATION_LINE_MAX])
{
	const struct plan *plan = act->plan;

	snprintf(ret, OPERATION_LINE_MAX,
		"act %s %s %s %s %d %u %d %d %lld %lld %lld %lld %lld %zu %u %u %u\n",
		plan_classes[plan->class].slug, plan_how_slug(plan->how),
		plan_way_slug(plan->idiom, plan->way), plan_access_slug(plan->access), plan->store,
		plan->width, plan->breaks, act->null, (long long)act->moved, (long long)act->length,
		(long long)act->first, (long long)act->last, (long long)act->step, act->copied,
		act->elements, act->calls, act->interior);
}
