/* SPDX-License-Identifier: Apache-2.0
 * Spans: which bytes a plan's accesses touch, as offsets from the object. */
#ifndef FENCEPOST_TRUTH_SPAN_H
#define FENCEPOST_TRUTH_SPAN_H

#include "plan/plan.h"

struct stage;

/* Offsets in bytes from the object's first byte (from address 0 for a violating null-deref) of the
 * first byte of each access: @from, @from + @step, ... @to. Every access is plan->width bytes. */
struct span {
	int64_t from, to, step;
};

/* False when only the stage can tell (the edge and the four targets) and @stage is NULL. Classes that do
 * not touch memory at an offset (invalid-free, or bad-length that is never used) get offset 0. */
bool span_of(const struct plan *plan, const struct stage *stage, struct span *ret);

/* Is the base null? Within the rules a null base serves for copies of no bytes, except in from_raw_parts,
 * which allows no null at all (core/src/slice/raw.rs). */
bool span_is_from_null(const struct plan *plan);

/* Elements that a plan of class bad-length claims; the honest number where it is benign. */
int64_t span_length(const struct plan *plan);

/* Where an interior pointer is freed, in bytes from its block's start: inside the object wherever that has
 * an inside; a block of one byte is freed at its end. */
uint32_t span_interior(const struct plan *plan);

/* How many calls are made between a local's death and its use. */
unsigned span_calls(const struct plan *plan);

/* The lowest and the end of the highest byte touched. */
static inline int64_t span_low(const struct span *span)
{
	return span->from < span->to ? span->from : span->to;
}

static inline int64_t span_end(const struct span *span, const struct plan *plan)
{
	return (span->from < span->to ? span->to : span->from) + plan->width;
}

#endif
