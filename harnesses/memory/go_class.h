/* SPDX-License-Identifier: Apache-2.0
 * The room that an object takes in Go 1.22's heap (runtime/sizeclasses.go, runtime/malloc.go), and a global with -asan. */
#ifndef FENCEPOST_MEMORY_GO_CLASS_H
#define FENCEPOST_MEMORY_GO_CLASS_H

#include <stdbool.h>
#include <stdint.h>

/* The room of an allocation. */
struct go_class {
	uint32_t
		slot; /* bytes of a slot; for objects larger than any class, the bytes of the span */
	uint32_t span;  /* bytes of a span */
	uint32_t limit; /* bytes of all slots of a span: mspan.limit */
};
/* Returns the room of an allocation of @bytes; @asan adds the redzone of -asan. */
struct go_class go_class_of(uint32_t bytes, bool asan);

/* Returns the bytes that -asan adds after a global of @size bytes: a quarter of it in whole 32, at least 32 and at most
 * 256 KiB, then rounded up to a multiple of 32 (cmd/compile/internal/pkginit/initAsanGlobals.go,
 * GetRedzoneSizeForGlobal). */
uint32_t go_global_redzone(uint32_t size);

#endif
