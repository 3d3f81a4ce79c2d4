/* SPDX-License-Identifier: Apache-2.0
 * use-after-free: accesses through a view of a heap block that was freed, reused or grown. */
#include "class_run.h"

#include "memory/go.h"
#include "verdict/detectors.h"

static NOINLINE void use_after_free_go_view(struct reach *reach)
{
	REACH(go_view_place, reach); /* FAULT(use-after-free) */
}

static NOINLINE void use_after_free_go_pointer(struct reach *reach)
{
	REACH(go_pointer_place, reach); /* FAULT(use-after-free) */
}

static NOINLINE void use_after_free_rust_view(struct reach *reach)
{
	REACH(rust_view_place, reach); /* FAULT(use-after-free) */
}

static NOINLINE void use_after_free_rust_pointer(struct reach *reach)
{
	REACH(rust_pointer_place, reach); /* FAULT(use-after-free) */
}

/* What Go's allocator owns dies when nothing points to it and a collection has run: dropped, or left behind
 * when append moves on. */
static void run_collected(const struct plan *plan, const struct stage *stage, class_fault *fault)
{
	struct block block = go_allocate(plan->region, plan->size);

	if (plan->breaks)
		go_collect(block);
	if (plan->breaks && plan->how == HOW_REUSED)
		go_take_again(block);
	class_run_on(plan, stage, block.object, fault);
}

/* How the block dies. What it leaves behind to be released is returned. */
static struct block end_life(struct block block, const struct plan *plan)
{
	if (plan->how == HOW_GROWN)
		return memory_grow(block, plan->region, plan->size);
	memory_release(block);
	if (plan->how == HOW_REUSED)
		return memory_allocate(plan->region, plan->size);
	return (struct block){ NULL, NULL };
}

static void run_freed(const struct plan *plan, const struct stage *stage, class_fault *fault)
{
	struct block block = memory_allocate(plan->region, plan->size);
	uint8_t *object = block.object;

	if (plan->breaks)
		block = end_life(block, plan);
	class_run_on(plan, stage, object, fault);
	memory_release(block);
}

static void run(const struct plan *plan, const struct stage *stage, class_fault *fault)
{
	if (model_is_go(detector_self->model) && plan->region != REGION_FOREIGN)
		run_collected(plan, stage, fault);
	else
		run_freed(plan, stage, fault);
}

const struct class_code use_after_free_code = {
	.run = run,
	.view = { [IDIOM_go] = use_after_free_go_view, [IDIOM_rust] = use_after_free_rust_view },
	.pointer = { [IDIOM_go] = use_after_free_go_pointer,
		[IDIOM_rust] = use_after_free_rust_pointer },
};
