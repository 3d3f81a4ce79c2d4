/* SPDX-License-Identifier: Apache-2.0
 * The checks of Rust 1.95 besides bounds: in every build the size of a Layout; with debug assertions the preconditions
 * of unsafe functions (core/src/ub_checks.rs), and the compiler's checks before `*ptr`.
 *
 * ptr.read, ptr.write, AtomicU32::from_ptr and ptr.add have no checks here: the shipped std is compiled without its own
 * cfg(debug_assertions), or has no check. read_unaligned and write_unaligned copy, and copies are checked. */
#ifndef FENCEPOST_IDIOMS_UB_CHECKS_H
#define FENCEPOST_IDIOMS_UB_CHECKS_H

#include "view.h"

/* Each returns when the check passes, or in a build without the check. Otherwise it records the violation and stops as
 * Rust does, on @reach->line. @at is the offset of the access, as for rust_view_place(). */

/* slice::from_raw_parts(_mut): base aligned and not null, even for no elements; at most isize::MAX bytes
 * (core/src/slice/raw.rs). */
void ub_check_slice(const struct reach *reach, int64_t at, const struct view *view);
/* get_unchecked(_mut): the index lies within the slice (core/src/slice/index.rs). */
void ub_check_index(const struct reach *reach, int64_t at, const struct view *view);
/* `*ptr` and `&*ptr`: not null and aligned (rustc_mir_transform, check_null.rs and check_alignment.rs); a copy
 * of bytes: not null, if there are any (ptr::copy_nonoverlapping, core/src/ptr/mod.rs). */
void ub_check_pointer(const struct reach *reach, int64_t at);
/* n * size: overflow checks come with debug assertions. */
void ub_check_product(const struct reach *reach, int64_t length);

/* Layout::from_size_align(@length * width, width) is an error in every build when the size, rounded up, exceeds
 * isize::MAX (core/src/alloc/layout.rs). unwrap() then panics: false, and the record knows. True in rows that do not
 * model Rust. */
bool rust_layout(const struct reach *reach, int64_t length);

#endif
