/* SPDX-License-Identifier: Apache-2.0
 * Where things lie around a plan's object, in numbers: memory/ builds it, and truth counts from it. */
#ifndef FENCEPOST_TRUTH_LAYOUT_H
#define FENCEPOST_TRUTH_LAYOUT_H

#include <stdint.h>

/* How far around an object the stage reaches, in bytes: the largest distance in plan/plan.h. */
#define STAGE_REACH (1 << 20)

/* Offsets in bytes from the object. [0]: for plans that leave after the end, [1]: before the start;
 * a zone that has no place on the asked side lies on the other one. */
struct stage {
	uint8_t *object;
	int64_t next;     /* the next neighbour's first byte */
	int64_t previous; /* the end of the previous neighbour: 0 or negative */
	int64_t freed[2];
	int64_t never[2];
	int64_t unmapped[2];
	/* What a check at the end of the object's function reads: NULL, or from the frame's locals to its saved
	 * registers. Such bytes must stay as the plan left them until stage_enter's body has returned. */
	uint8_t *guarded, *guarded_end;
};

#endif
