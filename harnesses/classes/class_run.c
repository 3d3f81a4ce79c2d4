/* SPDX-License-Identifier: Apache-2.0
 * Runs one plan: from the plan to the class code and back. */
#include "class_run.h"

#include "memory/heap.h"
#include "record/landing.h"
#include "verdict/detectors.h"

#define STACK_MAX ((uintptr_t)64 << 20) /* no stack of ours is larger */

uint8_t touch_buffer[WIDTH_MAX];

static const struct class_code *const codes[CLASS_COUNT] = {
#define CLASS(name, ...) &name##_code,
#include "classes.def"
#undef CLASS
};

struct commit {
	class_fault *fault;
	struct reach *reach;
};

static void commit(void *arg)
{
	const struct commit *what = arg;

	what->fault(what->reach);
}

void class_commit(class_fault *fault, struct reach *reach)
{
	struct commit what = { fault, reach };

	landing_around(commit, &what);
}

static void run_on(const struct stage *stage, void *arg)
{
	const struct plan *plan = arg;
	const struct class_code *code = codes[plan->class];
	bool view = way_is_view(plan->way) || code->pointer[plan->idiom] == NULL;

	code->run(plan, stage, view ? code->view[plan->idiom] : code->pointer[plan->idiom]);
}

void class_run(const struct plan *plan)
{
	struct truth truth = truth_of(plan);

	record_begin(plan, &truth);
	stage_enter(plan->region, plan->size, run_on, (void *)(uintptr_t)plan);
	memory_undo();
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

enum ground class_ground(const struct plan *plan, int64_t offset)
{
	int64_t last = offset + plan->width - 1;

	return stage_ground(plan->region, plan->size, last < plan->size ? offset : last);
}

static bool is_on_the_stack(const uint8_t *object)
{
	uintptr_t distance = (uintptr_t)object - (uintptr_t)__builtin_frame_address(0);

	return distance < STACK_MAX || -distance < STACK_MAX;
}

/* Null is no object: what lies at the targets belongs to others. */
static enum ground ground_from_null(const struct plan *plan, int64_t offset)
{
	enum ground ground;

	if (plan->distance < DISTANCE_LIVE)
		return GROUND_UNMAPPED;
	ground = stage_ground(plan->region, plan->size, offset);
	return ground == GROUND_OBJECT || ground == GROUND_BLOCK ? GROUND_LIVE : ground;
}

/* What lies at @offset from @object (from address 0 where it is NULL). */
static enum ground ground_of(
	const struct plan *plan, const struct stage *stage, const uint8_t *object, int64_t offset)
{
	if (object == NULL)
		return ground_from_null(plan, offset - (int64_t)(intptr_t)stage->object);
	if (plan->class == CLASS_use_after_return && is_on_the_stack(object))
		return GROUND_FRAME;
	if (object != stage->object) /* a block or a local of the plan's own */
		return GROUND_OBJECT;
	return class_ground(plan, offset);
}

struct reach class_reach(const struct plan *plan, const struct stage *stage, uint8_t *object)
{
	struct reach reach = { .plan = plan, .object = object, .violates = plan->breaks };

	span_of(plan, stage, &reach.span);
	if (object == NULL && !plan->breaks) /* a copy of no bytes */
		reach.span = (struct span){ 0, 0, plan->width };
	return reach;
}

/* Sanitizers bring an allocator of their own, whose headers lie in redzones. */
static bool malloc_is_glibc(void)
{
	return !(detector_self->tools & (BIT(TOOL_ASAN) | BIT(TOOL_MSAN)));
}

static void last_chance(void *arg)
{
	const struct plan *plan = arg;

	stage_last_chance(plan->region, plan->size);
}

void class_settle(const struct plan *plan, const struct stage *stage, const uint8_t *object)
{
	/* benign stores too: what alarms must have the chance to do so for them alike */
	if (plan->store && object == stage->object && malloc_is_glibc() && record->open)
		landing_around(last_chance, (void *)(uintptr_t)plan);
	memory_undo_but(stage->guarded, stage->guarded_end);
	heap_revive();
}

void class_run_on(
	const struct plan *plan, const struct stage *stage, uint8_t *object, class_fault *fault)
{
	struct reach reach = class_reach(plan, stage, object);
	int64_t low = span_low(&reach.span), end = span_end(&reach.span, plan);

	observe_access(
		object, reach.span.to, plan->width, ground_of(plan, stage, object, reach.span.to));
	if (plan->breaks && object == stage->object &&
		stage_is_undecided(plan->region, plan->size, reach.span.to))
		observe_layout();
	if (plan->store && is_mapped(plan) && (object != NULL || plan->breaks))
		memory_keep((uint8_t *)((uintptr_t)object + (uintptr_t)low), (size_t)(end - low));
	class_commit(fault, &reach);
	class_settle(plan, stage, object);
}

void class_run_on_stage(const struct plan *plan, const struct stage *stage, class_fault *fault)
{
	class_run_on(plan, stage, stage->object, fault);
}
