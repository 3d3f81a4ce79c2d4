/* SPDX-License-Identifier: Apache-2.0
 * The cause of a silent violation: a pure function of the plan, its truth, the detector's row and the evidence, which is
 * the memory around the access. The fast way and the audits collect the evidence independently. */
#ifndef FENCEPOST_VERDICT_CAUSE_H
#define FENCEPOST_VERDICT_CAUSE_H

#include "outcome.h"

/* The memory at an access, by the layout of the stage. */
enum ground {
	GROUND_UNKNOWN, /* nothing was touched */
	GROUND_OBJECT,  /* the plan's own object, alive or dead */
	GROUND_FRAME, /* the same, dead on the stack itself: the runtime keeps no fake stack for it */
	GROUND_BLOCK,  /* another part of the allocated block that the object is a part of */
	GROUND_SLACK,  /* the rest up to the size that the allocator rounded to */
	GROUND_LIVE,   /* another live object */
	GROUND_MAPPED, /* memory of no object: never handed out, or between stack frames */
	GROUND_UNMAPPED,
	GROUND_COUNT
};

#define EVIDENCE_SHADOW 4 /* bytes; an unaligned access of 16 lies in three granules */

/* The evidence of the access farthest from its object, taken before the access. */
struct evidence {
	uintptr_t address; /* of its first byte */
	int64_t offset;    /* the same, from the object */
	enum ground ground;
	bool option_off; /* detect_stack_use_after_return is off in this process */
	/* The detector's shadow from the byte for @address on. In AddressSanitizer's shadow, 0 allows all 8 bytes, 1 to 7 that
	 * many, any other value none. @shadow_count 0: the detector has no such shadow. */
	uint8_t shadow_count;
	uint8_t shadow[EVIDENCE_SHADOW];
};

/* Returns the cause; CAUSE_NONE unless @truth is a violation. @detector is a row of detectors.def. */
enum cause cause_of(const struct plan *plan, const struct truth *truth, int detector,
	const struct evidence *evidence);

#endif
