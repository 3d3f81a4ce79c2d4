/* SPDX-License-Identifier: Apache-2.0
 * The idioms: what Go and Rust check in every build before memory is touched, and how they compute
 * addresses. Built without instrumentation: the faults themselves stand in classes/. */
#ifndef FENCEPOST_IDIOMS_IDIOM_H
#define FENCEPOST_IDIOMS_IDIOM_H

#include "access.h"
#include "truth/span.h"

/* What class code hands to an idiom: a plan, the object it is about, and the span in it; and what comes
 * back. Class code has no locals of its own whose address is taken: a detector would put redzones
 * around them, which a jump to a landing would leave behind. */
struct reach {
	const struct plan *plan;
	uint8_t *object; /* NULL when the base is null */
	struct span span;
	bool violates;
	struct place place; /* where the next access goes */
	int line; /* the FAULT line, and where it calls from: for checks that a model makes there */
	uintptr_t pc, frame;
	uint8_t *block; /* what class code allocated and nobody freed yet, or NULL */
};

/* In a function that a FAULT line calls. */
#define REACH_CALLED_FROM(reach) \
	do { \
		(reach)->pc = (uintptr_t)__builtin_return_address(0); \
		(reach)->frame = (uintptr_t)__builtin_frame_address(0); \
	} while (0)

/* Walks @reach.span; TOUCH on the line of the invocation. @place_of is a function of go.h or rust.h: it finds where
 * the access at offset @at goes, @reach->place, and is false when a check that the language makes in every build
 * refuses it; that has been observed then. */
#define REACH(place_of, reach) \
	do { \
		(reach)->line = __LINE__; \
		for (int64_t at = (reach)->span.from; place_of(reach, at); \
			at += (reach)->span.step) { \
			TOUCH((reach)->plan, (reach)->place); \
			if (at == (reach)->span.to) \
				break; \
		} \
	} while (0)

#endif
