/* SPDX-License-Identifier: Apache-2.0
 * Go's checks of conversions, on Go's memory. */
#include "checkptr.h"

#include "memory/go.h"
#include "record/language_abort.h"
#include "verdict/detectors.h"

#include <stdio.h>

#define MIN_LEGAL_POINTER 4096 /* runtime/malloc.go, minLegalPointer */

static _Noreturn void throw(const struct reach *reach, const char *kind)
{
	char source[64];

	if (reach->violates)
		observe_triggered();
	snprintf(source, sizeof(source), "harnesses/classes/%s.c",
		plan_classes[reach->plan->class].slug);
	language_abort(TOOL_CHECKPTR, kind, source, reach->line);
}

static uintptr_t base_of(const struct reach *reach, uintptr_t p)
{
	uintptr_t base = go_base(p);

	if (base == GO_BAD_POINTER)
		throw(reach, "found bad pointer in Go heap (incorrect use of unsafe or cgo?)");
	return base;
}

static bool straddles(const struct reach *reach, uintptr_t p, uint64_t bytes)
{
	if (bytes <= 1)
		return false;
	return p >= -(bytes - 1) || base_of(reach, p) != base_of(reach, p + bytes - 1);
}

void checkptr_conversion(const struct reach *reach, uintptr_t p, uint64_t bytes)
{
	if (model_has_checkptr(detector_self->model) && p != 0 && straddles(reach, p, bytes))
		throw(reach, "checkptr: converted pointer straddles multiple allocations");
}

void checkptr_slice(const struct reach *reach, uintptr_t p, uint64_t bytes)
{
	if (model_has_checkptr(detector_self->model) && straddles(reach, p, bytes))
		throw(reach, "checkptr: unsafe.Slice result straddles multiple allocations");
}

void checkptr_arithmetic(const struct reach *reach, uintptr_t p, uintptr_t original)
{
	uintptr_t base;

	if (!model_has_checkptr(detector_self->model))
		return;
	if (p > 0 && p < MIN_LEGAL_POINTER)
		throw(reach, "checkptr: pointer arithmetic computed bad pointer value");
	base = base_of(reach, p);
	if (base != 0 && base != base_of(reach, original))
		throw(reach, "checkptr: pointer arithmetic result points to invalid allocation");
}
