/* SPDX-License-Identifier: Apache-2.0
 * invalid-free: frees of a pointer that is not the start of a live heap block. */
#include "class_run.h"

#include <stdlib.h>

static NOINLINE void invalid_free_go(struct reach *reach)
{
	free(reach->object); /* FAULT(invalid-free) */
}

static NOINLINE void invalid_free_rust(struct reach *reach)
{
	free(reach->object); /* FAULT(invalid-free) */
}

static void run(const struct plan *plan, const struct stage *stage, class_fault *fault)
{
	bool has_block = plan->how != HOW_WRONG || !plan->breaks;
	struct block block = { NULL, NULL };
	struct reach reach = { .plan = plan, .violates = plan->breaks };

	if (has_block)
		block = memory_allocate(plan->breaks ? plan->region : REGION_HEAP, plan->size);
	reach.object = block.block;
	if (!plan->breaks || plan->how == HOW_TWICE)
		class_commit(fault, &reach);
	if (!plan->breaks)
		return;
	if (plan->how == HOW_WRONG)
		reach.object = stage->object;
	else if (plan->how == HOW_INTERIOR && plan->region == REGION_ARENA)
		reach.object = block.object;
	else if (plan->how == HOW_INTERIOR)
		reach.object += span_interior(plan);
	observe_triggered();
	class_commit(fault, &reach);
	if (plan->how != HOW_TWICE)
		memory_release(block);
}

const struct class_code invalid_free_code = {
	.run = run,
	.view = { [IDIOM_go] = invalid_free_go, [IDIOM_rust] = invalid_free_rust },
};
