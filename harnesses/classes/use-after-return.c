/* SPDX-License-Identifier: Apache-2.0
 * use-after-return: accesses to a local whose frame or scope has ended. */
#include "class_run.h"

static NOINLINE void use_after_return_go_view(struct reach *reach)
{
	REACH(go_view_place, reach); /* FAULT(use-after-return) */
}

static NOINLINE void use_after_return_go_pointer(struct reach *reach)
{
	REACH(go_pointer_place, reach); /* FAULT(use-after-return) */
}

static NOINLINE void use_after_return_rust_view(struct reach *reach)
{
	REACH(rust_view_place, reach); /* FAULT(use-after-return) */
}

static NOINLINE void use_after_return_rust_pointer(struct reach *reach)
{
	REACH(rust_pointer_place, reach); /* FAULT(use-after-return) */
}

struct use {
	const struct plan *plan;
	const struct stage *stage;
	class_fault *fault;
};

static void use(uint8_t *local, void *arg)
{
	const struct use *use = arg;

	class_run_on(use->plan, use->stage, local, use->fault);
}

static void run(const struct plan *plan, const struct stage *stage, class_fault *fault)
{
	enum local_state state = plan->how == HOW_SCOPE ? LOCAL_OUT_OF_SCOPE : LOCAL_RETURNED;
	struct use what = { plan, stage, fault };

	memory_with_local(
		plan->breaks ? state : LOCAL_ALIVE, plan->size, span_calls(plan), use, &what);
}

const struct class_code use_after_return_code = {
	.run = run,
	.view = { [IDIOM_go] = use_after_return_go_view,
		[IDIOM_rust] = use_after_return_rust_view },
	.pointer = { [IDIOM_go] = use_after_return_go_pointer,
		[IDIOM_rust] = use_after_return_rust_pointer },
};
