/* SPDX-License-Identifier: Apache-2.0
 * The checks that Go makes in every build before it touches memory. */
#ifndef FENCEPOST_IDIOMS_GO_H
#define FENCEPOST_IDIOMS_GO_H

#include "idiom.h"

/* Functions for REACH (idiom.h). Views: unsafe.Slice panics on a negative or overflowing length and on nil with a length
 * (runtime/unsafe.go, unsafeslice); s[i] panics unless 0 <= i < len; a forged header only has the
 * latter. An access below address 4096 is a nil panic (runtime/signal_unix.go, sigpanic).
 * Pointers: unsafe.Add and uintptr arithmetic have the nil panic only. */
bool go_view_place(struct reach *reach, int64_t at);
bool go_pointer_place(struct reach *reach, int64_t at);

/* Makes unsafe.Slice(@base, @length) of elements of the plan's width; false when it panics. */
bool go_slice(const struct reach *reach, const uint8_t *base, int64_t length);
/* Checks @bytes at @address before they are touched, as Go's runtime does with -asan. */
void go_touches(const struct reach *reach, uintptr_t address, size_t bytes, bool is_write);
/* Does Go turn a fault at @address into a nil panic? */
bool go_is_near_nil(uintptr_t address);
/* Makes the nil panic: false when @address is in the first page. */
bool go_address(uintptr_t address);

#endif
