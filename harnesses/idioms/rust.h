/* SPDX-License-Identifier: Apache-2.0
 * What Rust checks in release builds before memory is touched. */
#ifndef FENCEPOST_IDIOMS_RUST_H
#define FENCEPOST_IDIOMS_RUST_H

#include "idiom.h"

/* As idiom.h has it. Views: s[i] panics unless i < len; get_unchecked does not check in release builds.
 * Pointers: nothing. */
bool rust_view_place(struct reach *reach, int64_t at);
bool rust_pointer_place(struct reach *reach, int64_t at);

#endif
