/* SPDX-License-Identifier: Apache-2.0
 * null-deref: accesses through a null base, near address 0 or far from it. */
#include "class.h"

static NOINLINE void null_deref_go_view(struct reach *reach)
{
	REACH(go_view_place, reach); /* FAULT(null-deref) */
}

static NOINLINE void null_deref_go_pointer(struct reach *reach)
{
	REACH(go_pointer_place, reach); /* FAULT(null-deref) */
}

static NOINLINE void null_deref_rust_view(struct reach *reach)
{
	REACH(rust_view_place, reach); /* FAULT(null-deref) */
}

static NOINLINE void null_deref_rust_pointer(struct reach *reach)
{
	REACH(rust_pointer_place, reach); /* FAULT(null-deref) */
}

/* Within the rules a null base serves for copies of no bytes, except in from_raw_parts, which
 * allows no null at all (core/src/slice/raw.rs); every other benign plan uses the real object. */
static void run(const struct plan *plan, const struct stage *stage, class_fault *fault)
{
	bool allows_null = plan->access == ACCESS_COPY &&
		(plan->idiom == IDIOM_go || !way_is_view(plan->way));

	class_run_on(plan, stage, plan->breaks || allows_null ? NULL : stage->object, fault);
}

const struct class_code null_deref_code = {
	.run = run,
	.view = { [IDIOM_go] = null_deref_go_view, [IDIOM_rust] = null_deref_rust_view },
	.pointer = { [IDIOM_go] = null_deref_go_pointer, [IDIOM_rust] = null_deref_rust_pointer },
};
