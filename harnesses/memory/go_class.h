/* SPDX-License-Identifier: Apache-2.0
 * What an object occupies in Go 1.22's heap (runtime/sizeclasses.go, runtime/malloc.go). */
#ifndef FENCEPOST_MEMORY_GO_CLASS_H
#define FENCEPOST_MEMORY_GO_CLASS_H

#include <stdbool.h>
#include <stdint.h>

/* What an allocation of some bytes occupies. */
struct go_class {
	uint32_t slot;  /* bytes of a slot; the span's bytes for what is larger than any class */
	uint32_t span;  /* bytes of a span */
	uint32_t limit; /* bytes of a span that are of slots: mspan.limit */
};
/* @asan: with the redzone that -asan adds to each object. */
struct go_class go_class_of(uint32_t bytes, bool asan);

#endif
