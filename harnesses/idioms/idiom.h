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

/*
 * Finds where the access at offset @at goes: @reach->place. False when a check that the language makes in every build
 * refuses it; that has been observed then.
 *
 * Go, views: unsafe.Slice panics on a negative or overflowing length and on nil with a length
 * (runtime/unsafe.go, unsafeslice); s[i] panics unless 0 <= i < len; a forged header only has the
 * latter. An access below address 4096 is a nil panic (runtime/signal_unix.go, sigpanic).
 * Go, pointers: unsafe.Add and uintptr arithmetic have the nil panic only.
 * Rust, views: s[i] panics unless i < len; get_unchecked does not check in release builds.
 * Rust, pointers: nothing.
 */
bool go_view_place(struct reach *reach, int64_t at);
bool go_pointer_place(struct reach *reach, int64_t at);
bool rust_view_place(struct reach *reach, int64_t at);
bool rust_pointer_place(struct reach *reach, int64_t at);

/* In a function that a FAULT line calls. */
#define REACH_CALLED_FROM(reach) \
	do { \
		(reach)->pc = (uintptr_t)__builtin_return_address(0); \
		(reach)->frame = (uintptr_t)__builtin_frame_address(0); \
	} while (0)

/* unsafe.Slice(@base, @length) of elements of the plan's width: false when it panics. */
bool go_slice(const struct reach *reach, const uint8_t *base, int64_t length);
/* Go's runtime looks at @bytes from @address before they are touched; under -asan only. */
void go_touches(const struct reach *reach, uintptr_t address, size_t bytes, bool is_write);
/* Is a fault at @address a nil panic? */
bool go_is_near_nil(uintptr_t address);
/* The nil panic: false when @address lies below the first page's end. */
bool go_address(uintptr_t address);

/* Walks @reach.span; TOUCH on the line of the invocation. @place_of is one of the four above. */
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
