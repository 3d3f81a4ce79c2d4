/* SPDX-License-Identifier: Apache-2.0
 * The checks of Go's -d=checkptr, which -asan includes: conversions of unsafe.Pointer, never accesses.
 * Sources: Go 1.22, runtime/checkptr.go, runtime/unsafe.go, cmd/compile/internal/walk/convert.go.
 *
 * Each function returns when the conversion passes, or when this program's row has no checkptr. Otherwise the plan ends. */
#ifndef FENCEPOST_IDIOMS_CHECKPTR_H
#define FENCEPOST_IDIOMS_CHECKPTR_H

#include "idiom.h"

/* (*T)(p): [p, p + @bytes) may not straddle two allocations. nil and single bytes pass. */
void checkptr_conversion(const struct reach *reach, uintptr_t p, uint64_t bytes);

/* unsafe.Slice(p, n), after its panics: @bytes = n * size. */
void checkptr_slice(const struct reach *reach, uintptr_t p, uint64_t bytes);

/* unsafe.Pointer(uintptr(@original) + ...): @p must be in the allocation of @original, or in none. */
void checkptr_arithmetic(const struct reach *reach, uintptr_t p, uintptr_t original);

#endif
