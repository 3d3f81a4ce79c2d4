/* SPDX-License-Identifier: Apache-2.0
 * TOUCH: the load or store of a plan. It is a macro, so that its instructions and checks have the line of the class
 * code that uses it: the FAULT line. */
#ifndef FENCEPOST_IDIOMS_ACCESS_H
#define FENCEPOST_IDIOMS_ACCESS_H

#include "plan/plan.h"

#include <string.h>

enum arithmetic {
	TYPED_SIGNED,   /* (T *)base + ptrdiff_t: Go's index, Rust's offset */
	TYPED_UNSIGNED, /* (T *)base + size_t: Rust's add, get_unchecked and index */
	BYTES,          /* (char *)base + ptrdiff_t: unsafe.Add */
	INTEGER,        /* (T *)(uintptr_t + n): uintptr arithmetic */
};

/* The target of one access, and the arithmetic that leads to it. */
struct place {
	uint8_t *base;
	int64_t index; /* elements, or bytes for BYTES and INTEGER */
	enum arithmetic arithmetic;
	bool unaligned; /* read_unaligned, write_unaligned */
	size_t copied;  /* bytes of a copy: the width, or 0 */
};

static inline uintptr_t place_address(const struct place *place, uint8_t width)
{
	bool typed = place->arithmetic == TYPED_SIGNED || place->arithmetic == TYPED_UNSIGNED;

	return (uintptr_t)place->base + (uintptr_t)place->index * (typed ? width : 1u);
}

typedef unsigned __int128 u128;
#define UNALIGNED(T) T __attribute__((aligned(1)))

#define POINTER(T, place) \
	((place).arithmetic == TYPED_SIGNED ? \
			(T *)(place).base + (ptrdiff_t)(place).index : \
			(place).arithmetic == TYPED_UNSIGNED ? \
			(T *)(place).base + (size_t)(place).index : \
			(place).arithmetic == BYTES ? \
			(T *)((place).base + (ptrdiff_t)(place).index) : \
			(T *)((uintptr_t)(place).base + (uintptr_t)(place).index))
/* The same for a copy, in bytes. */
#define BYTE_POINTER(plan, place) \
	((place).arithmetic == TYPED_SIGNED ? \
			(place).base + (ptrdiff_t)((place).index * (plan)->width) : \
			(place).arithmetic == TYPED_UNSIGNED ? \
			(place).base + (size_t)(place).index * (plan)->width : \
			POINTER(uint8_t, place))

/* Inline assembly uses the value and may see the store, so the access happens once and in its full width. It is not
 * volatile, because clang's UBSan does not check volatile accesses (clang/lib/CodeGen/CGExpr.cpp, EmitTypeCheck). The
 * comment before the access keeps the optimiser from merging aligned and unaligned accesses. The comment after a load
 * keeps the load in place; otherwise clang moves it behind MSan's check, where it has no line. */
#define LOAD_OR_STORE(T, pointer, store, comment) \
	do { \
		__asm__ volatile("/* " comment " */" : : : "memory"); \
		if (store) { \
			*(pointer) = (T)0x5a; \
			__asm__ volatile("/* " comment " stored */" : : : "memory"); \
		} else { \
			u128 loaded = *(pointer); \
			__asm__ volatile("/* " comment " loaded */" : : : "memory"); \
			__asm__ volatile("" \
					 : \
					 : "r"((uint64_t)loaded), "r"((uint64_t)(loaded >> 64))); \
		} \
	} while (0)

#define TOUCH_DIRECT(T, plan, place) \
	do { \
		if ((place).unaligned) { \
			typedef UNALIGNED(T) unaligned_type; \
			LOAD_OR_STORE( \
				T, POINTER(unaligned_type, place), (plan)->store, "unaligned"); \
		} else { \
			LOAD_OR_STORE(T, POINTER(T, place), (plan)->store, "aligned"); \
		} \
	} while (0)

/* Acquire and release are plain moves on x86-64, so an access across a cache line needs no bus lock. */
#define TOUCH_ATOMIC(T, plan, place) \
	do { \
		if ((plan)->store) { \
			__atomic_store_n(POINTER(T, place), (T)0x5a, __ATOMIC_RELEASE); \
		} else { \
			uint64_t loaded = __atomic_load_n(POINTER(T, place), __ATOMIC_ACQUIRE); \
			__asm__ volatile("/* atomic loaded */" : : "r"(loaded)); \
		} \
	} while (0)

#define TOUCH_DIRECT_OR_ATOMIC(T, plan, place) \
	do { \
		if ((plan)->access == ACCESS_ATOMIC) \
			TOUCH_ATOMIC(T, plan, place); \
		else \
			TOUCH_DIRECT(T, plan, place); \
	} while (0)

/* Go's runtime checks a range before a copy, and then moves bytes without checks (runtime/slice.go, slicecopy). In the
 * rows of Go, no interceptor of libc's functions may check again. */
#ifdef GO_RUNTIME
#define MOVE_BYTES(to, from, bytes) \
	({ \
		void *to_ = (to); \
		const void *from_ = (from); \
		size_t bytes_ = (bytes); \
		__asm__ volatile("rep movsb" : "+D"(to_), "+S"(from_), "+c"(bytes_) : : "memory"); \
		to_; \
	})
#define COPY MOVE_BYTES
#define MOVE MOVE_BYTES
#else
#define COPY memcpy
#define MOVE memmove
#endif

/* The length is no constant, so that the compiler calls the library. It is one expression, because the compiler would
 * merge two calls in two blocks into one without a line. */
#define TOUCH_COPY(plan, place) \
	((plan)->store ? COPY(BYTE_POINTER(plan, place), touch_buffer, (place).copied) : \
			 COPY(touch_buffer, BYTE_POINTER(plan, place), (place).copied))

#define TOUCH(plan, place) \
	do { \
		if ((plan)->access == ACCESS_COPY) { \
			TOUCH_COPY(plan, place); \
			break; \
		} \
		switch ((plan)->width) { \
		case 1: TOUCH_DIRECT(uint8_t, plan, place); break; \
		case 2: TOUCH_DIRECT(uint16_t, plan, place); break; \
		case 4: TOUCH_DIRECT_OR_ATOMIC(uint32_t, plan, place); break; \
		case 8: TOUCH_DIRECT_OR_ATOMIC(uint64_t, plan, place); break; \
		default: TOUCH_DIRECT(u128, plan, place); break; \
		} \
	} while (0)

/* The other end of copies, outside all stages. */
extern uint8_t touch_buffer[WIDTH_MAX];

#endif
