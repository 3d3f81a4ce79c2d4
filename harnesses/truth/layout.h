/* SPDX-License-Identifier: Apache-2.0
 * The layout of memory around a plan's object, in numbers: memory/ builds it, and truth uses it. */
#ifndef FENCEPOST_TRUTH_LAYOUT_H
#define FENCEPOST_TRUTH_LAYOUT_H

#include <stdint.h>

/* The bytes around an object that belong to its stage: the largest distance in plan/plan.h. */
#define STAGE_REACH (1 << 20)

/* Offsets in bytes from the object. [0] is for plans that leave after the end, [1] for plans that leave before the start.
 * A zone without room on one side lies on the other. */
struct stage {
	uint8_t *object;
	int64_t next;     /* the next neighbour's first byte */
	int64_t previous; /* the end of the previous neighbour: 0 or negative */
	int64_t freed[2];
	int64_t never[2];
	int64_t unmapped[2];
	/* The bytes that a check at the end of the object's function reads, from the frame's locals to its saved registers; or
	 * NULL. They must stay as the plan left them until the body of stage_enter() has returned. */
	uint8_t *guarded, *guarded_end;
};

#endif
