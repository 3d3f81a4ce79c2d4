/* SPDX-License-Identifier: Apache-2.0
 * misaligned: typed accesses at addresses that the type does not allow, or across the object's end. */
#include "class_run.h"

static NOINLINE void misaligned_go_view(struct reach *reach)
{
	REACH(go_view_place, reach); /* FAULT(misaligned) */
}

static NOINLINE void misaligned_go_pointer(struct reach *reach)
{
	REACH(go_pointer_place, reach); /* FAULT(misaligned) */
}

static NOINLINE void misaligned_rust_view(struct reach *reach)
{
	REACH(rust_view_place, reach); /* FAULT(misaligned) */
}

static NOINLINE void misaligned_rust_pointer(struct reach *reach)
{
	REACH(rust_pointer_place, reach); /* FAULT(misaligned) */
}

const struct class_code misaligned_code = {
	.run = class_run_on_stage,
	.view = { [IDIOM_go] = misaligned_go_view, [IDIOM_rust] = misaligned_rust_view },
	.pointer = { [IDIOM_go] = misaligned_go_pointer, [IDIOM_rust] = misaligned_rust_pointer },
};
