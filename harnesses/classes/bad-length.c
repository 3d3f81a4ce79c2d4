/* SPDX-License-Identifier: Apache-2.0
 * bad-length: lengths that are negative, wrap when multiplied, or exceed the address space, and the
 * slices and blocks made from them. */
#include "class_run.h"

#include "idioms/ub_checks.h"

#include <stdlib.h>

/* As both languages make slices usable: the end is computed, typed, from base and length. */
#define END_OF(T, base, length) \
	do { \
		T *end = (T *)(base) + (length); \
		__asm__ volatile("" : : "r"(end)); \
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
	MOVE((plan)->store ? (base) : copy_other_end(plan), \
		(plan)->store ? copy_other_end(plan) : (base), copy_bytes(plan, length))

static NOINLINE void place_element(struct reach *reach, uint8_t *base, enum arithmetic arithmetic)
{
	const struct plan *plan = reach->plan;

	reach->place = (struct place){ base, reach->span.to / plan->width, arithmetic, false,
		plan->width };
	if (is_allocation(plan))
		reach->block = base;
	else
		observe_access(
			base, reach->span.to, plan->width, class_ground(plan, reach->span.to));
}

static bool refuse_null(const uint8_t *block)
{
	if (block == NULL)
		observe_refused();
	return block == NULL;
}

/* What is read of it may not depend on what malloc returns; its size, where the length wraps as well. */
static void initialise(const struct plan *plan, uint8_t *block)
{
	if (plan->way == WAY_MALLOC && block != NULL)
		memory_initialise(block, plan_elements(plan) * plan->width);
}

static void trigger(const struct reach *reach)
{
	if (reach->violates)
		observe_triggered();
}

/* A block of the plan's own: what a store behind it overwrites is put back before it is freed. */
static void keep_behind(const struct reach *reach)
{
	const struct plan *plan = reach->plan;

	if (reach->block != NULL && plan->store)
		memory_keep((uint8_t *)place_address(&reach->place, plan->width), plan->width);
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

/* Where a copy from or to nil faults first: at nil, which is a panic, or at its far end, which is not. memmove
 * reads the far end of a source before it writes, unless source and destination overlap (runtime/memmove_amd64.s);
 * a length beyond the address space makes them do so. */
static bool faults_at_nil(const struct plan *plan, size_t bytes)
{
	bool is_long = bytes > plan->size;

	return plan->store ? !is_long : is_long || go_is_near_nil(bytes - 1);
}

/* copy() looks at the source, then at the destination (runtime/slice.go, slicecopy). */
static NOINLINE bool go_may_copy(struct reach *reach, uint8_t *base, int64_t length)
{
	const struct plan *plan = reach->plan;
	uint8_t *other = copy_other_end(plan);

	REACH_CALLED_FROM(reach);
	if (base == NULL && faults_at_nil(plan, copy_bytes(plan, length)) && !go_address(0))
		return false;
	go_touches(reach, (uintptr_t)(plan->store ? other : base), copy_bytes(plan, length), false);
	go_touches(reach, (uintptr_t)(plan->store ? base : other), copy_bytes(plan, length), true);
	return true;
}

static NOINLINE bool go_may_touch(struct reach *reach)
{
	uintptr_t address = place_address(&reach->place, reach->plan->width);

	REACH_CALLED_FROM(reach);
	if (!go_address(address))
		return false;
	go_touches(reach, address, reach->plan->width, reach->plan->store);
	keep_behind(reach);
	return true;
}

static NOINLINE void bad_length_go(struct reach *reach)
{
	const struct plan *plan = reach->plan;
	int64_t length = span_length(plan);
	uint8_t *base = is_allocation(plan) ? go_allocate(reach, length) : reach->object;

	place_element(reach, base, TYPED_SIGNED);
	if (plan->way == WAY_MALLOC && refuse_null(base))
		return;
	initialise(plan, base);
	reach->line = __LINE__ + 1;
	if (plan->way == WAY_SLICE && !go_slice(reach, base, length)) /* FAULT(bad-length) */
		return;
	trigger(reach);
	if (!is_allocation(plan))
		MAKE(plan->width, base, (ptrdiff_t)length);                  /* FAULT(bad-length) */
	if (plan->access == ACCESS_COPY && go_may_copy(reach, base, length)) /* FAULT(bad-length) */
		COPY_ALL(plan, base, length);                                /* FAULT(bad-length) */
	if (plan->access == ACCESS_DIRECT && go_may_touch(reach))            /* FAULT(bad-length) */
		TOUCH(plan, reach->place);                                   /* FAULT(bad-length) */
}

/* Allocation failure is checked: handle_alloc_error ends the program. */
static NOINLINE uint8_t *rust_allocate(struct reach *reach, int64_t length)
{
	const struct plan *plan = reach->plan;

	trigger(reach);
	if (plan->way == WAY_CALLOC)
		return calloc((size_t)length, plan->width); /* FAULT(bad-length) */
	reach->line = __LINE__ + 1;
	ub_check_product(reach, length); /* FAULT(bad-length) */
	if (!rust_layout(reach, length))
		return NULL;
	return malloc((size_t)length * plan->width); /* FAULT(bad-length) */
}

static NOINLINE void rust_checks_slice(const struct reach *reach, uint8_t *base, int64_t length)
{
	struct view view = { base, length, 0 };

	ub_check_slice(reach, reach->span.to, &view);
}

static NOINLINE void bad_length_rust(struct reach *reach)
{
	const struct plan *plan = reach->plan;
	int64_t length = span_length(plan);
	uint8_t *base = is_allocation(plan) ? rust_allocate(reach, length) : reach->object;

	place_element(reach, base, TYPED_UNSIGNED);
	if (is_allocation(plan) && refuse_null(base))
		return;
	initialise(plan, base);
	trigger(reach);
	if (!is_allocation(plan)) {
		reach->line = __LINE__ + 1;
		rust_checks_slice(reach, base, length);  /* FAULT(bad-length) */
		MAKE(plan->width, base, (size_t)length); /* FAULT(bad-length) */
	}
	if (plan->access == ACCESS_COPY)
		COPY_ALL(plan, base, length); /* FAULT(bad-length) */
	if (plan->access == ACCESS_DIRECT) {
		keep_behind(reach);
		TOUCH(plan, reach->place); /* FAULT(bad-length) */
	}
}

/* All that a copy or the access behind the object can overwrite. memmove copies a negative length
 * backwards: what lies before the object, until the other end comes to the start of its zone. */
static void keep(const struct plan *plan, const struct stage *stage)
{
	size_t below = plan->how == HOW_NEGATIVE && plan->access == ACCESS_COPY ?
		STAGE_CLIFF_BYTES :
		0;

	if (plan->store && !is_allocation(plan))
		memory_keep(stage->object - below, below + plan->size + WIDTH_MAX);
}

static void run(const struct plan *plan, const struct stage *stage, class_fault *fault)
{
	struct reach reach = class_reach(plan, stage, stage->object);

	keep(plan, stage);
	class_commit(fault, &reach);
	/* calloc and free of this class's own blocks stir glibc's lists: no last chance, which needs them */
	class_settle(plan, stage, NULL);
	free(reach.block);
}

const struct class_code bad_length_code = {
	.run = run,
	.view = { [IDIOM_go] = bad_length_go, [IDIOM_rust] = bad_length_rust },
};
