/* SPDX-License-Identifier: Apache-2.0
 * The checks that Rust makes in release builds before it touches memory. */
#ifndef FENCEPOST_IDIOMS_RUST_H
#define FENCEPOST_IDIOMS_RUST_H

#include "idiom.h"

/* Functions for REACH (idiom.h). Views: s[i] panics unless i < len; get_unchecked does not check in release builds.
 * Pointers: nothing. */
bool rust_view_place(struct reach *reach, int64_t at);
bool rust_pointer_place(struct reach *reach, int64_t at);

#endif
