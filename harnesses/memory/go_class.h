/* SPDX-License-Identifier: Apache-2.0
 * What an object occupies in Go 1.22's heap (runtime/sizeclasses.go, runtime/malloc.go), and a global under -asan. */
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

/* Bytes that -asan puts behind a global of @size bytes: a quarter of it in whole 32, at least 32 and at most
 * 256 KiB, then up to a multiple of 32 (cmd/compile/internal/pkginit/initAsanGlobals.go,
 * GetRedzoneSizeForGlobal). */
uint32_t go_global_redzone(uint32_t size);

#endif
