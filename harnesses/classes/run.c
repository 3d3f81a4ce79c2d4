/* SPDX-License-Identifier: Apache-2.0
 * Runs one plan: from the plan to the class code and back. */
#include "class.h"

uint8_t touch_buffer[WIDTH_MAX];

static const struct class_code *const codes[CLASS_COUNT] = {
#define CLASS(name, ...) &name##_code,
#include "../classes.def"
#undef CLASS
};

void class_run(const struct plan *plan)
{
	const struct class_code *code = codes[plan->class];
	bool view = way_is_view(plan->way) || code->pointer[plan->idiom] == NULL;
	struct truth truth = truth_of(plan);

	record_begin(plan, &truth);
	code->run(plan, stage_of(plan->region, plan->size),
		view ? code->view[plan->idiom] : code->pointer[plan->idiom]);
	record_end();
}

/* Nothing is mapped near address 0, nor where the plan asks for an untouchable page. */
static bool is_mapped(const struct plan *plan)
{
	if (!plan->breaks)
		return true;
	if (plan->class == CLASS_null_deref)
		return plan->distance == DISTANCE_LIVE || plan->distance == DISTANCE_FREED ||
			plan->distance == DISTANCE_NEVER;
	return plan->distance != DISTANCE_UNMAPPED;
}

struct reach class_reach(const struct plan *plan, const struct stage *stage, uint8_t *object)
{
	struct reach reach = { .plan = plan, .object = object, .violates = plan->breaks };

	span_of(plan, stage, &reach.span);
	if (object == NULL && !plan->breaks) /* a copy of no bytes */
		reach.span = (struct span){ 0, 0, plan->width };
	return reach;
}

void class_run_on(
	const struct plan *plan, const struct stage *stage, uint8_t *object, class_fault *fault)
{
	struct reach reach = class_reach(plan, stage, object);
	int64_t low = span_low(&reach.span), end = span_end(&reach.span, plan);

	if (plan->store && is_mapped(plan) && (object != NULL || plan->breaks))
		memory_keep((uint8_t *)((uintptr_t)object + (uintptr_t)low), (size_t)(end - low));
	fault(&reach);
	memory_undo();
}

void class_run_on_stage(const struct plan *plan, const struct stage *stage, class_fault *fault)
{
	class_run_on(plan, stage, stage->object, fault);
}
