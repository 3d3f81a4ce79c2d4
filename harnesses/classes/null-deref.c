/* SPDX-License-Identifier: Apache-2.0
 * null-deref: accesses through a null base, near address 0 or far from it. */
#include "class_run.h"

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

static void run(const struct plan *plan, const struct stage *stage, class_fault *fault)
{
	class_run_on(plan, stage, span_is_from_null(plan) ? NULL : stage->object, fault);
}

const struct class_code null_deref_code = {
	.run = run,
	.view = { [IDIOM_go] = null_deref_go_view, [IDIOM_rust] = null_deref_rust_view },
	.pointer = { [IDIOM_go] = null_deref_go_pointer, [IDIOM_rust] = null_deref_rust_pointer },
};
