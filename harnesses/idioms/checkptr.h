/* SPDX-License-Identifier: Apache-2.0
 * What -d=checkptr checks, which -asan asks for too: conversions of unsafe.Pointer, never accesses.
 * Sources: Go 1.22, runtime/checkptr.go, runtime/unsafe.go, cmd/compile/internal/walk/convert.go.
 *
 * Each returns when the conversion passes, or when this program's row has no checkptr; else the plan is over. */
#ifndef FENCEPOST_IDIOMS_CHECKPTR_H
#define FENCEPOST_IDIOMS_CHECKPTR_H

#include "idiom.h"

/* (*T)(p): [p, p + @bytes) may not straddle two allocations. nil and single bytes pass. */
void checkptr_conversion(const struct reach *reach, uintptr_t p, uint64_t bytes);

/* unsafe.Slice(p, n), after its panics: @bytes = n * size. */
void checkptr_slice(const struct reach *reach, uintptr_t p, uint64_t bytes);

/* unsafe.Pointer(uintptr(@original) + ...): @p must be in no allocation at all, or in @original's. */
void checkptr_arithmetic(const struct reach *reach, uintptr_t p, uintptr_t original);

#endif
