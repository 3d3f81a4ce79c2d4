/* SPDX-License-Identifier: Apache-2.0
 * Spans: the bytes that a plan's accesses touch, as offsets from the object. */
#ifndef FENCEPOST_TRUTH_SPAN_H
#define FENCEPOST_TRUTH_SPAN_H

#include "plan/plan.h"

struct stage;

/* Offsets of the accesses: @from, @from + @step, ... @to, in bytes from the object's first byte or, for a violating
 * null-deref, from address 0. Every access has plan->width bytes. */
struct span {
	int64_t from, to, step;
};

/* Fills in the span of a plan. False when the span depends on the stage (distance edge and the four targets), but @stage
 * is NULL. Classes without an access at an offset (invalid-free, an unused bad-length) get offset 0. */
bool span_of(const struct plan *plan, const struct stage *stage, struct span *ret);

/* Is the base null? A benign plan uses a null base for copies of no bytes, but not in from_raw_parts, which forbids null
 * (core/src/slice/raw.rs). */
bool span_is_from_null(const struct plan *plan);

/* Returns the number of elements that a plan of class bad-length claims; the true number if it is benign. */
int64_t span_length(const struct plan *plan);

/* Returns the offset of the pointer that a plan frees inside a block, in bytes from the block's start. A block of one byte
 * is freed at its end. */
uint32_t span_interior(const struct plan *plan);

/* Returns the number of calls between a local's death and its use. */
unsigned span_calls(const struct plan *plan);

/* Return the offset of the lowest byte touched, and the end of the highest. */
static inline int64_t span_low(const struct span *span)
{
	return span->from < span->to ? span->from : span->to;
}

static inline int64_t span_end(const struct span *span, const struct plan *plan)
{
	return (span->from < span->to ? span->to : span->from) + plan->width;
}

#endif
