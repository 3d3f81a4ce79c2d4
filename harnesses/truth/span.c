/* SPDX-License-Identifier: Apache-2.0
 * From a plan's axes to the offsets that it touches. */
#include "span.h"

#include "layout.h"

#define GRANULE    8    /* bytes of memory a shadow byte: compiler-rt, asan_mapping.h */
#define FIRST_PAGE 4096 /* Go turns faults below it into nil panics: runtime/signal_unix.go */

/* Byte copies and Rust's read_unaligned may start anywhere; typed accesses, slices of a type and
 * *ptr may not, and an honest slice has whole elements only. */
static bool may_be_unaligned(const struct plan *plan)
{
	if (plan->way == WAY_INDEX)
		return false;
	return plan->access == ACCESS_COPY ||
		(plan->access == ACCESS_DIRECT && plan->idiom == IDIOM_rust &&
			plan->way == WAY_ADD);
}

static int64_t element_after(const struct plan *plan)
{
	return (int64_t)plan_elements(plan) * plan->width;
}

/* The access that ends with the last granule of the object, if that granule reaches beyond it;
 * where it does not, an unaligned access that leaves the object by one byte. */
static int64_t granule_after(const struct plan *plan)
{
	int64_t size = plan->size, width = plan->width;
	int64_t in_granule = (size + GRANULE - 1) / GRANULE * GRANULE - width;

	if (in_granule + width > size && (in_granule % width == 0 || may_be_unaligned(plan)))
		return in_granule;
	if (width > 1 && may_be_unaligned(plan))
		return size + 1 - width;
	return element_after(plan);
}

static int64_t distance_in_bytes(enum plan_distance distance)
{
	switch (distance) {
	case DISTANCE_16: return 16;
	case DISTANCE_64: return 64;
	case DISTANCE_256: return 256;
	case DISTANCE_4K: return 4096;
	default: return 1 << 20;
	}
}

static bool is_target(enum plan_distance distance)
{
	return distance >= DISTANCE_EDGE && distance <= DISTANCE_UNMAPPED &&
		!(distance >= DISTANCE_16 && distance <= DISTANCE_1M);
}

/* The multiple of the width that is at @offset or next below it: what a walk from the object comes to. */
static int64_t step_below(const struct plan *plan, int64_t offset)
{
	return offset & -(int64_t)plan->width;
}

static int64_t target_after(const struct plan *plan, const struct stage *stage)
{
	int64_t edge = step_below(plan, stage->next - plan->width), element = element_after(plan);

	switch (plan->distance) {
	case DISTANCE_EDGE: return edge > element ? edge : element;
	case DISTANCE_LIVE: return step_below(plan, stage->next + plan->width - 1);
	case DISTANCE_FREED: return stage->freed[0];
	case DISTANCE_NEVER: return stage->never[0];
	default: return stage->unmapped[0];
	}
}

static int64_t target_before(const struct plan *plan, const struct stage *stage)
{
	int64_t gap = -stage->previous / plan->width * plan->width;

	switch (plan->distance) {
	case DISTANCE_EDGE: return gap >= plan->width ? -gap : -(int64_t)plan->width;
	case DISTANCE_LIVE:
		return step_below(
			plan, stage->previous - plan->size + element_after(plan) - plan->width);
	case DISTANCE_FREED: return stage->freed[1];
	case DISTANCE_NEVER: return stage->never[1];
	default: return stage->unmapped[1];
	}
}

static int64_t offset_after(const struct plan *plan, const struct stage *stage)
{
	switch (plan->distance) {
	case DISTANCE_ELEMENT: return element_after(plan);
	case DISTANCE_GRANULE: return granule_after(plan);
	case DISTANCE_16:
	case DISTANCE_64:
	case DISTANCE_256:
	case DISTANCE_4K:
	case DISTANCE_1M:
		return ((plan->size + distance_in_bytes(plan->distance)) / plan->width - 1) *
			plan->width;
	default: return target_after(plan, stage);
	}
}

static int64_t offset_before(const struct plan *plan, const struct stage *stage)
{
	switch (plan->distance) {
	case DISTANCE_ELEMENT: return -(int64_t)plan->width;
	case DISTANCE_GRANULE: return may_be_unaligned(plan) ? -1 : -(int64_t)plan->width;
	case DISTANCE_16:
	case DISTANCE_64:
	case DISTANCE_256:
	case DISTANCE_4K:
	case DISTANCE_1M: return -distance_in_bytes(plan->distance);
	default: return target_before(plan, stage);
	}
}

/* The element in which @address is. From null a view comes to whole elements only, for a moved base would be no
 * null base. */
static int64_t element_at(const struct plan *plan, int64_t address)
{
	return step_below(plan, address);
}

static int64_t offset_from_null(const struct plan *plan, const struct stage *stage)
{
	int64_t object = stage != NULL ? (int64_t)(intptr_t)stage->object : 0;

	switch (plan->distance) {
	case DISTANCE_ELEMENT: return 0;
	case DISTANCE_GRANULE: return plan->width < GRANULE ? GRANULE - plan->width : plan->width;
	case DISTANCE_EDGE: return FIRST_PAGE - plan->width;
	case DISTANCE_16:
	case DISTANCE_64:
	case DISTANCE_256:
	case DISTANCE_4K:
	case DISTANCE_1M: return distance_in_bytes(plan->distance);
	case DISTANCE_LIVE: return element_at(plan, object);
	case DISTANCE_FREED: return element_at(plan, object + stage->freed[0]);
	case DISTANCE_NEVER: return element_at(plan, object + stage->never[0]);
	default: return element_at(plan, object + stage->unmapped[0]);
	}
}

/* Inside: any offset that the type does not allow. Straddle: 1 to width - 1 bytes stay inside. */
static int64_t offset_misaligned(const struct plan *plan)
{
	int64_t size = plan->size, width = plan->width, inside;

	if (plan->how == HOW_INSIDE) {
		inside = 1 + plan->pick % (size - width);
		return inside % width != 0 ? inside : inside - 1;
	}
	inside = 1 + plan->pick % (width - 1);
	return size - (inside < size ? inside : size);
}

static int64_t element_inside(const struct plan *plan)
{
	return (int64_t)(plan->pick % plan_elements(plan)) * plan->width;
}

static int64_t violating_offset(const struct plan *plan, const struct stage *stage)
{
	switch (plan->class) {
	case CLASS_oob_read:
	case CLASS_oob_write:
		return plan->before ? offset_before(plan, stage) : offset_after(plan, stage);
	case CLASS_null_deref: return offset_from_null(plan, stage);
	case CLASS_misaligned: return offset_misaligned(plan);
	case CLASS_bad_length: return element_after(plan);
	default: return element_inside(plan);
	}
}

static bool needs_stage(const struct plan *plan)
{
	if (!plan->breaks || !(BIT(plan->distance) & DISTANCE_SPATIAL))
		return false;
	if (plan->class == CLASS_null_deref && plan->distance == DISTANCE_EDGE)
		return false;
	return is_target(plan->distance);
}

bool span_of(const struct plan *plan, const struct stage *stage, struct span *ret)
{
	int64_t last = element_after(plan) - plan->width;

	if (needs_stage(plan) && stage == NULL)
		return false;
	ret->to = plan->breaks ? violating_offset(plan, stage) : element_inside(plan);
	ret->from = ret->to;
	ret->step = plan->width;
	if (plan->bump)
		ret->from = plan->breaks && !plan->before ? last : 0;
	if (ret->from > ret->to)
		ret->step = -ret->step;
	return true;
}

bool span_is_from_null(const struct plan *plan)
{
	bool allows_null = plan->access == ACCESS_COPY &&
		(plan->idiom == IDIOM_go || plan->way == WAY_ADD || plan->way == WAY_RAW);

	return plan->class == CLASS_null_deref && (plan->breaks || allows_null);
}

int64_t span_length(const struct plan *plan)
{
	static const unsigned huge_log2[] = { 47, 56,
		62 }; /* 2^47: the first byte beyond user space */
	int64_t elements = plan_elements(plan);

	if (!plan->breaks)
		return elements;
	switch (plan->how) {
	case HOW_NEGATIVE:
		return plan->pick % 3 == 0  ? -1 :
			plan->pick % 3 == 1 ? -elements :
					      INT64_MIN / plan->width;
	case HOW_WRAPS: /* times the width is the object's length modulo 2^64 */
		return (int64_t)((uint64_t)1 << (64 - __builtin_ctz(plan->width))) + elements;
	default: return (int64_t)(((uint64_t)1 << huge_log2[plan->pick % 3]) / plan->width);
	}
}

uint32_t span_interior(const struct plan *plan)
{
	return plan->size > 1 ? 1 + plan->pick % (plan->size - 1) : 1;
}

unsigned span_calls(const struct plan *plan)
{
	switch (plan->distance) {
	case DISTANCE_CALLS_1: return 1;
	case DISTANCE_CALLS_4: return 4;
	case DISTANCE_CALLS_16: return 16;
	default: return 0;
	}
}
