/* SPDX-License-Identifier: Apache-2.0
 * The idioms: the checks that Go and Rust make in every build before they touch memory, and their address computation.
 * This code is not instrumented; the faults themselves are in classes/. */
#ifndef FENCEPOST_IDIOMS_IDIOM_H
#define FENCEPOST_IDIOMS_IDIOM_H

#include "access.h"
#include "truth/span.h"

/* The arguments of class code to an idiom (a plan, its object, the span), and the results. Class code takes the address of
 * no local variable: a detector would put redzones around it, and a jump to a landing would leave them behind. */
struct reach {
	const struct plan *plan;
	uint8_t *object; /* NULL when the base is null */
	struct span span;
	bool violates;
	struct place place; /* where the next access goes */
	int line;           /* the FAULT line, and below its call site, for the checks of models */
	uintptr_t pc, frame;
	uint8_t *block; /* a block that class code allocated and that is not freed yet, or NULL */
};

/* Stores the call site; for a function that a FAULT line calls. */
#define REACH_CALLED_FROM(reach) \
	do { \
		(reach)->pc = (uintptr_t)__builtin_return_address(0); \
		(reach)->frame = (uintptr_t)__builtin_frame_address(0); \
	} while (0)

/* Walks @reach.span, with a TOUCH on the line that uses this macro. @place_of is a function of go.h or rust.h: it fills in
 * @reach->place for the access at offset @at. It returns false, and has told the record, when a check that the language
 * makes in every build refuses the access. */
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
