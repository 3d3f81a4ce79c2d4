/* SPDX-License-Identifier: Apache-2.0
 * oob-read: reads past either end of an object. */
#include "class_run.h"

static NOINLINE void oob_read_go_view(struct reach *reach)
{
	REACH(go_view_place, reach); /* FAULT(oob-read) */
}

static NOINLINE void oob_read_go_pointer(struct reach *reach)
{
	REACH(go_pointer_place, reach); /* FAULT(oob-read) */
}

static NOINLINE void oob_read_rust_view(struct reach *reach)
{
	REACH(rust_view_place, reach); /* FAULT(oob-read) */
}

static NOINLINE void oob_read_rust_pointer(struct reach *reach)
{
	REACH(rust_pointer_place, reach); /* FAULT(oob-read) */
}

const struct class_code oob_read_code = {
	.run = class_run_on_stage,
	.view = { [IDIOM_go] = oob_read_go_view, [IDIOM_rust] = oob_read_rust_view },
	.pointer = { [IDIOM_go] = oob_read_go_pointer, [IDIOM_rust] = oob_read_rust_pointer },
};
