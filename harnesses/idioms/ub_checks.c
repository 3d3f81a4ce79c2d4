/* SPDX-License-Identifier: Apache-2.0
 * Rust's checks of unsafe code, in the rows that model builds which have them. */
#include "ub_checks.h"

#include "record/language_abort.h"
#include "verdict/detectors.h"

#include <stdio.h>

static bool is_debug(void)
{
	return detector_self->model == MODEL_RUST_DEBUG;
}

static _Noreturn void stop(const struct reach *reach, const char *kind)
{
	char source[64];

	snprintf(source, sizeof(source), "harnesses/classes/%s.c",
		plan_classes[reach->plan->class].slug);
	language_abort(TOOL_RUST, kind, source, reach->line);
}

/* Copies are of bytes: [u8; N] and u8 go anywhere. */
static unsigned alignment(const struct plan *plan)
{
	return plan->access == ACCESS_COPY ? 1 : plan->width;
}

void ub_check_slice(const struct reach *reach, int64_t at, const struct view *view)
{
	const struct plan *plan = reach->plan;

	if (!is_debug() ||
		(view->base != NULL && (uintptr_t)view->base % alignment(plan) == 0 &&
			(uint64_t)view->length <= (uint64_t)INT64_MAX / plan->width))
		return;
	reach_observe(reach, at);
	stop(reach, "from_raw_parts");
}

void ub_check_index(const struct reach *reach, int64_t at, const struct view *view)
{
	if (!is_debug() || (uint64_t)view->index < (uint64_t)view->length)
		return;
	reach_observe(reach, at);
	stop(reach, "get_unchecked");
}

static const char *found_by_pointer(const struct reach *reach)
{
	const struct plan *plan = reach->plan;
	uintptr_t address = place_address(&reach->place, plan->width);

	if (plan->access == ACCESS_COPY)
		return address == 0 && reach->place.copied > 0 ? "copy_nonoverlapping" : NULL;
	if (plan->way == WAY_ADD)
		return address == 0 && reach->place.unaligned ? "copy_nonoverlapping" : NULL;
	if (address == 0)
		return "null pointer dereference occurred";
	return address % plan->width != 0 ? "misaligned pointer dereference" : NULL;
}

void ub_check_pointer(const struct reach *reach, int64_t at)
{
	const char *kind = is_debug() ? found_by_pointer(reach) : NULL;

	if (kind == NULL)
		return;
	reach_observe(reach, at);
	stop(reach, kind);
}

static bool product(const struct reach *reach, int64_t length, uint64_t *ret_bytes)
{
	return !__builtin_mul_overflow((uint64_t)length, (uint64_t)reach->plan->width, ret_bytes);
}

void ub_check_product(const struct reach *reach, int64_t length)
{
	uint64_t bytes;

	if (is_debug() && !product(reach, length, &bytes))
		stop(reach, "attempt to multiply with overflow");
}

bool rust_layout(const struct reach *reach, int64_t length)
{
	bool is_rust = detector_self->model == MODEL_RUST ||
		detector_self->model == MODEL_RUST_DEBUG;
	uint64_t bytes;

	product(reach, length, &bytes);
	if (!is_rust || bytes <= (uint64_t)INT64_MAX - (reach->plan->width - 1u))
		return true;
	observe_refused();
	return false;
}
