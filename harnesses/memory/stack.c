/* SPDX-License-Identifier: Apache-2.0
 * The stack's stages: a chain of frames, one a size, each with the object and two neighbours.
 *
 * The frames live as long as the process runs plans, so an access never meets a frame whose place
 * depends on earlier plans. This file is built without ASan's fake stack, which would move the
 * locals to the heap, to a place that depends on earlier calls; redzones are as usual. Margins of
 * plain stack above and below hold everything within STAGE_REACH. */
#include "internal.h"

#define MARGIN (STAGE_REACH + (256 << 10))

struct chain {
	struct trio *trios;
	void (*body)(void *);
	void *arg;
};

static void enter(const struct chain *chain, unsigned index);

#define X(size) \
	static __attribute__((noinline)) void frame_##size( \
		const struct chain *chain, unsigned index) \
	{ \
		_Alignas(16) uint8_t a[size], b[size], c[size]; \
		chain->trios[index] = trio_sorted(a, b, c, size); \
		enter(chain, index + 1); \
		/* the locals must outlive the call: no tail call */ \
		__asm__ volatile("" : : "r"(a), "r"(b), "r"(c) : "memory"); \
	}
SIZES(X)
#undef X

/* Touches the pages below the frames, so that the stack has grown before a plan jumps there. */
static UNINSTRUMENTED void with_margin(
	void (*next)(const struct chain *), const struct chain *chain)
{
	uint8_t margin[MARGIN];

	stage_fill(margin, sizeof(margin));
	next(chain);
	__asm__ volatile("" : : "r"(margin) : "memory");
}

static void call_body(const struct chain *chain)
{
	chain->body(chain->arg);
}

static void enter(const struct chain *chain, unsigned index)
{
	static void (*const frames[SIZE_COUNT])(const struct chain *, unsigned) = {
#define X(size) frame_##size,
		SIZES(X)
#undef X
	};

	if (index < SIZE_COUNT)
		frames[index](chain, index);
	else
		with_margin(call_body, chain);
}

static void enter_first(const struct chain *chain)
{
	enter(chain, 0);
}

/* What the frames leave uninitialised, such as padding, must not hold what ran before. */
static UNINSTRUMENTED void wipe_stack_below(void)
{
	uint8_t below[2 * MARGIN + (1 << 20)];

	stage_fill(below, sizeof(below));
	__asm__ volatile("" : : "r"(below) : "memory");
}

void stack_build(struct trio ret[SIZE_COUNT], void (*body)(void *), void *arg)
{
	struct chain chain = { ret, body, arg };

	wipe_stack_below();
	with_margin(enter_first, &chain);
}
