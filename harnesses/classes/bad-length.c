/* SPDX-License-Identifier: Apache-2.0
 * bad-length: lengths that are negative, wrap when multiplied, or exceed the address space, and the
 * slices and blocks made from them. */
#include "class.h"

#include <stdlib.h>

/* As both languages make slices usable: the end is computed, typed, from base and length. */
#define END_OF(T, base, length) \
	do { \
		T *volatile end = (T *)(base) + (length); \
		(void)end; \
	} while (0)

#define MAKE(width, base, length) \
	do { \
		switch (width) { \
		case 1: END_OF(uint8_t, base, length); break; \
		case 2: END_OF(uint16_t, base, length); break; \
		case 4: END_OF(uint32_t, base, length); break; \
		case 8: END_OF(uint64_t, base, length); break; \
		default: END_OF(u128, base, length); break; \
		} \
	} while (0)

static int64_t length_of(const struct plan *plan)
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

static bool is_allocation(const struct plan *plan)
{
	return plan->way == WAY_MALLOC || plan->way == WAY_CALLOC;
}

/* One end lies on the object, the other before a page that may not be touched: a copy that is too
 * long ends there. memmove, because Go's copy and Rust's ptr::copy are it. */
static size_t copy_bytes(const struct plan *plan, int64_t length)
{
	return (size_t)length * plan->width;
}

static uint8_t *copy_other_end(const struct plan *plan)
{
	return stage_cliff(plan_elements(plan) * plan->width);
}

#define COPY_ALL(plan, base, length) \
	memmove((plan)->store ? (base) : copy_other_end(plan), \
		(plan)->store ? copy_other_end(plan) : (base), copy_bytes(plan, length))

static struct place element(const struct reach *reach, uint8_t *base, enum arithmetic arithmetic)
{
	return (struct place){ base, reach->span.to / reach->plan->width, arithmetic, false,
		reach->plan->width };
}

static bool refuse_null(const uint8_t *block)
{
	if (block == NULL)
		observe_refused();
	return block == NULL;
}

static void trigger(const struct reach *reach)
{
	if (reach->violates)
		observe_triggered();
}

/* A block of the plan's own: what a store behind it overwrites is put back before it is freed. */
static void keep_behind(const struct plan *plan, const struct place *place)
{
	if (is_allocation(plan) && plan->store && place->base != NULL)
		memory_keep((uint8_t *)place_address(place, plan->width), plan->width);
}

static void release(const struct plan *plan, uint8_t *base)
{
	if (!is_allocation(plan))
		return;
	memory_undo();
	free(base);
}

/* C.malloc panics rather than return nil (cmd/cgo/out.go, _cgoPREFIX_Cfunc__CMalloc); C.calloc does not. */
static NOINLINE uint8_t *go_allocate(const struct reach *reach, int64_t length)
{
	const struct plan *plan = reach->plan;

	trigger(reach);
	if (plan->way == WAY_CALLOC)
		return calloc((size_t)length, plan->width); /* FAULT(bad-length) */
	return malloc((size_t)length * plan->width);        /* FAULT(bad-length) */
}

static NOINLINE void bad_length_go(const struct reach *reach)
{
	const struct plan *plan = reach->plan;
	int64_t length = length_of(plan);
	uint8_t *base = is_allocation(plan) ? go_allocate(reach, length) : reach->object;
	struct place place = element(reach, base, TYPED_SIGNED);

	if (plan->way == WAY_MALLOC && refuse_null(base))
		return;
	if (plan->way == WAY_SLICE && !go_slice(base, length, plan->width))
		return;
	trigger(reach);
	if (!is_allocation(plan))
		MAKE(plan->width, base, (ptrdiff_t)length); /* FAULT(bad-length) */
	if (plan->access == ACCESS_COPY && (base != NULL || go_address(0)))
		COPY_ALL(plan, base, length); /* FAULT(bad-length) */
	if (plan->access == ACCESS_DIRECT && go_address(place_address(&place, plan->width))) {
		keep_behind(plan, &place);
		TOUCH(plan, place); /* FAULT(bad-length) */
	}
	release(plan, base);
}

/* Allocation failure is checked: handle_alloc_error ends the program. */
static NOINLINE uint8_t *rust_allocate(const struct reach *reach, int64_t length)
{
	const struct plan *plan = reach->plan;

	trigger(reach);
	if (plan->way == WAY_CALLOC)
		return calloc((size_t)length, plan->width); /* FAULT(bad-length) */
	return malloc((size_t)length * plan->width);        /* FAULT(bad-length) */
}

static NOINLINE void bad_length_rust(const struct reach *reach)
{
	const struct plan *plan = reach->plan;
	int64_t length = length_of(plan);
	uint8_t *base = is_allocation(plan) ? rust_allocate(reach, length) : reach->object;
	struct place place = element(reach, base, TYPED_UNSIGNED);

	if (is_allocation(plan) && refuse_null(base))
		return;
	trigger(reach);
	if (!is_allocation(plan))
		MAKE(plan->width, base, (size_t)length); /* FAULT(bad-length) */
	if (plan->access == ACCESS_COPY)
		COPY_ALL(plan, base, length); /* FAULT(bad-length) */
	if (plan->access == ACCESS_DIRECT) {
		keep_behind(plan, &place);
		TOUCH(plan, place); /* FAULT(bad-length) */
	}
	release(plan, base);
}

static void run(const struct plan *plan, const struct stage *stage, class_fault *fault)
{
	struct reach reach = class_reach(plan, stage, stage->object);

	/* all that a copy or the access behind the object can overwrite */
	if (plan->store && !is_allocation(plan))
		memory_keep(stage->object, plan->size + WIDTH_MAX);
	fault(&reach);
	memory_undo();
}

const struct class_code bad_length_code = {
	.run = run,
	.view = { [IDIOM_go] = bad_length_go, [IDIOM_rust] = bad_length_rust },
};
