/* SPDX-License-Identifier: Apache-2.0
 * AddressSanitizer's decisions, taken where it makes them: the compiled-in checks, the interceptors of
 * libc and the allocator all call these functions of compiler-rt/lib/asan/asan_report.cpp. */
#include "fast.h"

#include <stddef.h>

/* The kinds by the shadow byte that decides: compiler-rt, asan_internal.h (kAsan...Magic) and
 * asan_errors.cpp (ErrorGeneric). */
static const char *kind_of_shadow(uint8_t shadow)
{
	switch (shadow) {
	case 0xfa:
	case 0xac: return "heap-buffer-overflow";
	case 0xfd: return "heap-use-after-free";
	case 0xf1: return "stack-buffer-underflow";
	case 0xf2:
	case 0xf3: return "stack-buffer-overflow";
	case 0xf5: return "stack-use-after-return";
	case 0xf6: return "initialization-order-fiasco";
	case 0xf7: return "use-after-poison";
	case 0xf8: return "stack-use-after-scope";
	case 0xf9: return "global-buffer-overflow";
	case 0xbb: return "intra-object-overflow";
	case 0xca:
	case 0xcb: return "dynamic-stack-buffer-overflow";
	case 0xfc: return "container-overflow";
	default: return "unknown-crash";
	}
}

static const char *kind_at(uintptr_t address, size_t bytes)
{
	uint8_t shadow[EVIDENCE_SHADOW] = { 0 };
	unsigned i = 0;

	if (observe_shadow(address, 3 * 8 - 1 - address % 8, shadow) == 0)
		return "unknown-crash";
	if (shadow[i] == 0 && bytes > 8)
		i++;
	if (shadow[i] > 0 && shadow[i] < 128)
		i++;
	return kind_of_shadow(shadow[i]);
}

WRAP(_ZN6__asan18ReportGenericErrorEmmmmbmjb, uintptr_t pc, uintptr_t bp, uintptr_t sp,
	uintptr_t address, bool is_write, size_t bytes, uint32_t experiment, bool fatal)
{
	(void)pc;
	(void)bp;
	(void)sp;
	(void)experiment;
	(void)fatal;
	observe_decision(TOOL_ASAN, kind_at(address, bytes),
		is_write ? OBSERVED_WRITE : OBSERVED_READ, address);
}

WRAP(_ZN6__asan16ReportDoubleFreeEmPN11__sanitizer18BufferedStackTraceE, uintptr_t address,
	void *stack)
{
	(void)stack;
	observe_decision(TOOL_ASAN, "double-free", OBSERVED_UNKNOWN, address);
}

WRAP(_ZN6__asan21ReportFreeNotMallocedEmPN11__sanitizer18BufferedStackTraceE, uintptr_t address,
	void *stack)
{
	(void)stack;
	observe_decision(TOOL_ASAN, "bad-free", OBSERVED_UNKNOWN, address);
}

WRAP(_ZN6__asan20ReportCallocOverflowEmmPN11__sanitizer18BufferedStackTraceE, size_t count,
	size_t size, void *stack)
{
	(void)count;
	(void)size;
	(void)stack;
	observe_decision(TOOL_ASAN, "calloc-overflow", OBSERVED_UNKNOWN, 0);
}

WRAP(_ZN6__asan26ReportAllocationSizeTooBigEmmmPN11__sanitizer18BufferedStackTraceE, size_t size,
	size_t total, size_t most, void *stack)
{
	(void)size;
	(void)total;
	(void)most;
	(void)stack;
	observe_decision(TOOL_ASAN, "allocation-size-too-big", OBSERVED_UNKNOWN, 0);
}

WRAP(_ZN6__asan32ReportStringFunctionSizeOverflowEmmPN11__sanitizer18BufferedStackTraceE,
	uintptr_t address, size_t size, void *stack)
{
	(void)size;
	(void)stack;
	observe_decision(TOOL_ASAN, "negative-size-param", OBSERVED_UNKNOWN, address);
}

WRAP(_ZN6__asan39ReportStringFunctionMemoryRangesOverlapEPKcS1_mS1_mPN11__sanitizer18BufferedStackTraceE,
	const char *function, uintptr_t a, size_t a_bytes, uintptr_t b, size_t b_bytes, void *stack)
{
	(void)function;
	(void)a_bytes;
	(void)b;
	(void)b_bytes;
	(void)stack;
	observe_decision(TOOL_ASAN, "memcpy-param-overlap", OBSERVED_UNKNOWN, a);
}
