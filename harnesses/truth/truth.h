/* SPDX-License-Identifier: Apache-2.0
 * Truth: does a plan violate the rules of its idiom? It is computed from the plan alone. */
#ifndef FENCEPOST_TRUTH_TRUTH_H
#define FENCEPOST_TRUTH_TRUTH_H

#include "plan/plan.h"

enum truth_operation {
	TRUTH_READ,
	TRUTH_WRITE,
	TRUTH_FREE,
	TRUTH_MAKE,
	TRUTH_ACT_COUNT
};

struct truth {
	bool violation;
	enum plan_class class;
	enum truth_operation
		act; /* the last operation of the plan; TRUTH_MAKE: a slice is made but never used */
	bool both_ends; /* a copy with a bad length, which may overrun source and destination */
	bool leaves;    /* some touched byte is outside the object; false with both_ends */
	bool distance_known; /* false for the edge and for targets, which the stage places, and with both_ends */
	int64_t distance_bytes; /* of the farthest byte touched: beyond the end, or negative before the start;
	                           0 where nothing lies outside; in null-deref of the first byte from address 0 */
};

/* Returns the truth of @plan. */
struct truth truth_of(const struct plan *plan);

const char *truth_operation_slug(enum truth_operation act);

#endif
