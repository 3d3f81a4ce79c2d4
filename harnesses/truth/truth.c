/* SPDX-License-Identifier: Apache-2.0
 * The truth about a plan. No address enters here. */
#include "truth.h"

#include "span.h"

const char *truth_operation_slug(enum truth_operation act)
{
	static const char *const slugs[TRUTH_ACT_COUNT] = { "read", "write", "free", "make" };

	return slugs[act];
}

static enum truth_operation operation_of(const struct plan *plan)
{
	if (plan->class == CLASS_invalid_free)
		return TRUTH_FREE;
	if (plan->access == ACCESS_NONE)
		return TRUTH_MAKE;
	return plan->store ? TRUTH_WRITE : TRUTH_READ;
}

/* Signed distance of the farthest byte of [low, end) outside an object of @size bytes. */
static int64_t distance_outside(int64_t low, int64_t end, int64_t size)
{
	if (end > size)
		return end - size;
	return low < 0 ? low : 0;
}

struct truth truth_of(const struct plan *plan)
{
	struct truth truth = {
		.violation = plan->breaks, .class = plan->class, .act = operation_of(plan)
	};
	struct span span;

	truth.both_ends = plan->breaks && plan->class == CLASS_bad_length &&
		plan->access == ACCESS_COPY;
	if (truth.both_ends)
		return truth;
	truth.distance_known = span_of(plan, NULL, &span);
	if (!truth.distance_known) {
		truth.leaves = true;
		return truth;
	}
	if (truth.act == TRUTH_FREE || truth.act == TRUTH_MAKE)
		return truth;
	truth.distance_bytes = distance_outside(span_low(&span), span_end(&span, plan), plan->size);
	truth.leaves = truth.distance_bytes != 0;
	switch (plan->class) {
	case CLASS_oob_read:
	case CLASS_oob_write: truth.violation = truth.leaves; break;
	case CLASS_misaligned: truth.violation = truth.leaves || span.to % plan->width != 0; break;
	case CLASS_null_deref:
		truth.leaves = plan->breaks;
		truth.distance_bytes = plan->breaks ? span.to : 0;
		break;
	default: break;
	}
	return truth;
}
