/* SPDX-License-Identifier: Apache-2.0
 * MemorySanitizer's decisions, taken where instrumented code (compiler-rt/lib/msan/msan.cpp, __msan_warning),
 * the interceptors of libc (PrintWarningWithOrigin) and the allocator make them. */
#include "fast.h"

#include <stddef.h>
#include <string.h>

_Noreturn static void decide(const char *kind)
{
	observe_decision(TOOL_MSAN, kind, OBSERVED_UNKNOWN, 0);
}

WRAP(__msan_warning, void)
{
	decide("use-of-uninitialized-value");
}

WRAP(__msan_warning_with_origin, uint32_t origin)
{
	(void)origin;
	decide("use-of-uninitialized-value");
}

WRAP(_ZN6__msan22PrintWarningWithOriginEmmj, uintptr_t pc, uintptr_t bp, uint32_t origin)
{
	(void)pc;
	(void)bp;
	(void)origin;
	decide("use-of-uninitialized-value");
}

WRAP(_ZN11__sanitizer20ReportCallocOverflowEmmPKNS_10StackTraceE, size_t count, size_t size,
	const void *stack)
{
	(void)count;
	(void)size;
	(void)stack;
	decide("calloc-overflow");
}

WRAP(_ZN11__sanitizer26ReportAllocationSizeTooBigEmmPKNS_10StackTraceE, size_t size, size_t most,
	const void *stack)
{
	(void)size;
	(void)most;
	(void)stack;
	decide("allocation-size-too-big");
}

/* What its allocator says of a pointer that it never gave out. */
WRAP(_ZN11__sanitizer11CheckFailedEPKciS1_yy, const char *file, int line, const char *condition,
	uint64_t left, uint64_t right)
{
	(void)file;
	(void)line;
	(void)left;
	(void)right;
	/* sanitizer_allocator_secondary.h, Deallocate, looks at chunks_ with its lock held */
	observe_lost = observe_lost || strstr(condition, "chunks") != NULL;
	decide("CHECK failed");
}
