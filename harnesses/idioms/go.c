/* SPDX-License-Identifier: Apache-2.0
 * Go 1.22's own checks and address arithmetic, and the additional checks of builds that the Go rows model. */
#include "go.h"

#include "checkptr.h"
#include "view.h"

#include "record/record.h"
#include "verdict/detectors.h"

#define NIL_PAGE 4096

static bool refuse(void)
{
	observe_refused();
	return false;
}

bool go_slice(const struct reach *reach, const uint8_t *base, int64_t length)
{
	uint8_t width = reach->plan->width;
	uint64_t bytes;

	checkptr_conversion(reach, (uintptr_t)base, width);
	if (length < 0 || __builtin_mul_overflow((uint64_t)length, (uint64_t)width, &bytes) ||
		bytes > -(uint64_t)(uintptr_t)base)
		return refuse();
	checkptr_slice(reach, (uintptr_t)base, bytes);
	return true;
}

bool go_is_near_nil(uintptr_t address)
{
	return address < NIL_PAGE;
}

bool go_address(uintptr_t address)
{
	return !go_is_near_nil(address) || refuse();
}

/* ---- -asan ------------------------------------------------------------------------------------------ */

/* Present only in programs that are linked with ASan's runtime. The latter is what __asan_report_error
 * calls (compiler-rt/lib/asan/asan_report.cpp), by the name under which observe/fast_asan.c intercepts it. */
__attribute__((weak)) void *__asan_region_is_poisoned(void *memory, size_t bytes);
__attribute__((weak)) void _ZN6__asan18ReportGenericErrorEmmmmbmjb(uintptr_t pc, uintptr_t bp,
	uintptr_t sp, uintptr_t address, bool is_write, size_t bytes, uint32_t experiment,
	bool fatal);

/* The runtime's CHECK_LT(beg, end) of a range that wraps (asan_poisoning.cpp), for drivers that must live. */
static bool wraps(uintptr_t address, size_t bytes)
{
	return address + bytes < address && address + bytes < ((uintptr_t)1 << 47);
}

static __attribute__((noinline)) void asan_check(
	const struct reach *reach, uintptr_t address, size_t bytes, bool is_write)
{
	if (wraps(address, bytes) && observe_then == OBSERVE_THEN_LAND) {
		observe_triggered();
		observe_decision(TOOL_ASAN, "CHECK failed", OBSERVED_UNKNOWN, 0);
	}
	if (__asan_region_is_poisoned((void *)address, bytes) == NULL)
		return;
	if (reach->violates)
		observe_triggered();
	/* as if called from the FAULT line: that is this function's caller's caller */
	_ZN6__asan18ReportGenericErrorEmmmmbmjb(
		reach->pc, reach->frame, reach->frame, address, is_write, bytes, 0, true);
}

void go_touches(const struct reach *reach, uintptr_t address, size_t bytes, bool is_write)
{
	/* no code is generated for atomics but the instruction itself: ssagen/ssa.go, sync/atomic */
	if (detector_self->model == MODEL_GO_ASAN && reach->plan->access != ACCESS_ATOMIC)
		asan_check(reach, address, bytes, is_write);
}

/* ---- places ------------------------------------------------------------------------------------------- */

static bool nil_checked(const struct reach *reach, int64_t at)
{
	const struct place *place = &reach->place;
	const struct plan *plan = reach->plan;
	uintptr_t address = place_address(place, plan->width);

	if (place->copied == 0) /* a copy of no bytes touches nothing */
		return true;
	if (!go_address(address))
		return false;
	reach_observe(reach, at);
	go_touches(reach, address, plan->width, plan->store);
	return true;
}

bool go_view_place(struct reach *reach, int64_t at)
{
	const struct plan *plan = reach->plan;
	struct view view = view_of(reach, at);

	REACH_CALLED_FROM(reach);
	if (plan->way != WAY_FORGED && !go_slice(reach, view.base, view.length))
		return false;
	reach->place = (struct place){ view.base, view.index, TYPED_SIGNED, false,
		reach_copied(reach) };
	if (reach->place.copied == 0)
		return true;
	if ((uint64_t)view.index >= (uint64_t)view.length)
		return refuse();
	return nil_checked(reach, at);
}

bool go_pointer_place(struct reach *reach, int64_t at)
{
	enum arithmetic arithmetic = reach->plan->way == WAY_ADD ? BYTES : INTEGER;
	uintptr_t object = (uintptr_t)reach->object, address = object + (uintptr_t)at;

	REACH_CALLED_FROM(reach);
	reach->place = (struct place){ reach->object, at, arithmetic, false, reach_copied(reach) };
	if (arithmetic == INTEGER)
		checkptr_arithmetic(reach, address, object);
	if (reach->plan->access == ACCESS_COPY) /* of unsafe.Slice((*byte)(p), n) */
		checkptr_slice(reach, address, reach->place.copied);
	else
		checkptr_conversion(reach, address, reach->plan->width);
	return nil_checked(reach, at);
}
