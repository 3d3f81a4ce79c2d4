/* SPDX-License-Identifier: Apache-2.0
 * The stack's stages: a frame with the object and two neighbours, between margins of plain stack.
 *
 * A plan's frame is entered for the plan and left after it, so that the checks a compiler puts at a
 * function's end see what the plan did. Everything lies at the same depth for every plan of a process,
 * whatever the size, so no frame of an earlier plan is within reach. This file is built without ASan's
 * fake stack, which would move the locals to the heap, to a place that depends on earlier calls;
 * redzones are as usual. */
#include "internal.h"

#include "block.h"
#include "record/landing.h"

#include <stdlib.h>

#define MARGIN (STAGE_REACH + (256 << 10))
#define FRAMES (1 << 20) /* more than the largest frame takes, redzones included */

/* The kernel puts a stack at any multiple of 16; here a frame always lies alike in its page, because MSan takes
 * a pointer to a page's start for one of its own blocks and reads what lies before it. */
#define PAGE  4096
#define PHASE 16

struct entry {
	unsigned size_index;
	struct frame *frame;
	void (*body)(void *);
	void *arg;
	uintptr_t depth; /* where the margin below the frame ends */
};

static void with_margin_below(const struct entry *entry);

/* With a stack protector, what lies from the locals up to the saved frame pointer, its canary among it,
 * must stay as the plan left it until the function has returned. */
#ifdef __SSP_STRONG__
#define GUARDED(trio) ((trio).previous)
#define GUARDED_END   ((uint8_t *)__builtin_frame_address(0))
#else
#define GUARDED(trio) NULL
#define GUARDED_END   NULL
#endif

/* Here, so that a frame holds no temporary of its own: ASan would put redzones around it too. */
static UNINSTRUMENTED void found(
	struct frame *frame, uint8_t *a, uint8_t *b, uint8_t *c, uint32_t size)
{
	frame->trio = trio_sorted(a, b, c, size);
}

#define X(size) \
	static __attribute__((noinline)) void frame_##size(const struct entry *entry) \
	{ \
		_Alignas(16) uint8_t a[size], b[size], c[size]; \
		found(entry->frame, a, b, c, size); \
		entry->frame->guarded = GUARDED(entry->frame->trio); \
		entry->frame->guarded_end = GUARDED_END; \
		with_margin_below(entry); \
		/* the locals must outlive the call: no tail call */ \
		__asm__ volatile("" : : "r"(a), "r"(b), "r"(c) : "memory"); \
	}
SIZES(X)
#undef X

static UNINSTRUMENTED void with_margin_below(const struct entry *entry)
{
	uintptr_t here = (uintptr_t)__builtin_frame_address(0);
	volatile uint8_t *margin;

	if (here < entry->depth + MARGIN)
		abort();
	margin = __builtin_alloca(here - entry->depth);
	/* the compiler must believe that the margin is used, before and after the call */
	__asm__ volatile("" : : "r"(margin) : "memory");
	entry->body(entry->arg);
	__asm__ volatile("" : : "r"(margin) : "memory");
}

/* Does not return as functions do: a plan may have changed the registers that the frame had saved. */
static UNINSTRUMENTED void with_margin_above(void *arg)
{
	static void (*const frames[SIZE_COUNT])(const struct entry *) = {
#define X(size) frame_##size,
		SIZES(X)
#undef X
	};
	uint8_t margin[MARGIN];
	volatile uint8_t *phase;
	struct entry entry = *(const struct entry *)arg;

	phase = __builtin_alloca(((uintptr_t)margin & (PAGE - 1)) + PHASE);
	__asm__ volatile("" : : "r"(phase) : "memory");
	entry.depth = (uintptr_t)margin - FRAMES - MARGIN;
	__asm__ volatile("" : : "r"(margin) : "memory");
	frames[entry.size_index](&entry);
	landing_jump();
}

void stack_enter(unsigned size_index, struct frame *frame, void (*body)(void *), void *arg)
{
	struct entry entry = { size_index, frame, body, arg, 0 };

	landing_around(with_margin_above, &entry);
}

/* Touches the pages that the frames will take, so that the stack has grown, and gives them content:
 * what frames leave uninitialised, such as padding, must not hold what ran before. */
static UNINSTRUMENTED void wipe_stack_below(void)
{
	uint8_t below[2 * MARGIN + FRAMES + (1 << 20)];

	stage_fill(below, sizeof(below));
	__asm__ volatile("" : : "r"(below) : "memory");
}

void stack_build(void)
{
	wipe_stack_below();
}
