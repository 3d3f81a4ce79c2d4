/* SPDX-License-Identifier: Apache-2.0
 * Why a violation stayed silent: a pure function of the plan, its truth, the detector's row and what the
 * harness saw around the access. The fast way and every audit call it on evidence of their own. */
#ifndef FENCEPOST_VERDICT_CAUSE_H
#define FENCEPOST_VERDICT_CAUSE_H

#include "outcome.h"

/* What lies where an access goes, by the stage's geometry. */
enum ground {
	GROUND_UNKNOWN, /* nothing was touched */
	GROUND_OBJECT,  /* the plan's own object, alive or dead */
	GROUND_FRAME, /* the same, dead on the stack itself: the runtime keeps no fake stack for it */
	GROUND_BLOCK,  /* another part of the allocated block that the object is a part of */
	GROUND_SLACK,  /* what the allocator has rounded the object's size up to */
	GROUND_LIVE,   /* another live object */
	GROUND_MAPPED, /* memory of no object: never handed out, or between stack frames */
	GROUND_UNMAPPED,
	GROUND_COUNT
};

#define EVIDENCE_SHADOW 4 /* bytes; an unaligned access of 16 lies in three granules */

/* Of the access that is farthest from its object, taken before it was made. */
struct evidence {
	uintptr_t address; /* of its first byte */
	int64_t offset;    /* the same, from the object */
	enum ground ground;
	bool option_off; /* detect_stack_use_after_return is off in this process */
	/* The detector's shadow from the byte for @address on, as AddressSanitizer defines it: 0 all 8 bytes may
	 * be touched, 1 to 7 that many, else none. 0 bytes: the detector has no such shadow. */
	uint8_t shadow_count;
	uint8_t shadow[EVIDENCE_SHADOW];
};

/* CAUSE_NONE unless @truth is a violation. @detector: one of the rows. */
enum cause cause_of(const struct plan *plan, const struct truth *truth, int detector,
	const struct evidence *evidence);

#endif
