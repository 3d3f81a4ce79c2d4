/* SPDX-License-Identifier: Apache-2.0
 * UndefinedBehaviorSanitizer's decisions, taken where instrumented code calls its handlers
 * (compiler-rt/lib/ubsan/ubsan_handlers.cpp). Kinds in the words of ubsan_checks.inc. A handler that is
 * not here reports as it does without us, and observe/ubsan.c hears it: slower, once a source line. */
#include "fast.h"

/* ubsan_value.h, ubsan_handlers.h: what the compiler passes to handle_type_mismatch_v1. */
struct type_mismatch {
	const char *file;
	uint32_t line, column;
	const void *type;
	uint8_t log_alignment, check_kind;
};

_Noreturn static void decide(const char *kind, uintptr_t address)
{
	observe_decision(TOOL_UBSAN, kind, OBSERVED_UNKNOWN, address);
}

WRAP(__ubsan_handle_type_mismatch_v1, const struct type_mismatch *data, uintptr_t pointer)
{
	uintptr_t alignment = (uintptr_t)1 << data->log_alignment;

	decide(pointer == 0                              ? "null-pointer-use" :
			(pointer & (alignment - 1)) != 0 ? "misaligned-pointer-use" :
							   "insufficient-object-size",
		pointer);
}

WRAP(__ubsan_handle_pointer_overflow, const void *data, uintptr_t base, uintptr_t result)
{
	(void)data;
	if (base == 0)
		decide(result == 0 ? "nullptr-with-offset" : "nullptr-with-nonzero-offset", base);
	decide(result == 0 ? "nullptr-after-nonzero-offset" : "pointer-overflow", base);
}

WRAP(__ubsan_handle_out_of_bounds, const void *data, uintptr_t index)
{
	(void)data;
	decide("out-of-bounds-index", index);
}

WRAP(__ubsan_handle_nonnull_arg, const void *data)
{
	(void)data;
	decide("invalid-null-argument", 0);
}

WRAP(__ubsan_handle_add_overflow, const void *data, uintptr_t a, uintptr_t b)
{
	(void)data;
	(void)b;
	decide("signed-integer-overflow", a);
}

WRAP(__ubsan_handle_sub_overflow, const void *data, uintptr_t a, uintptr_t b)
{
	(void)data;
	(void)b;
	decide("signed-integer-overflow", a);
}

WRAP(__ubsan_handle_mul_overflow, const void *data, uintptr_t a, uintptr_t b)
{
	(void)data;
	(void)b;
	decide("signed-integer-overflow", a);
}

WRAP(__ubsan_handle_negate_overflow, const void *data, uintptr_t a)
{
	(void)data;
	decide("signed-integer-overflow", a);
}

WRAP(__ubsan_handle_divrem_overflow, const void *data, uintptr_t a, uintptr_t b)
{
	(void)data;
	(void)a;
	(void)b;
	decide("integer-divide-by-zero", 0);
}

WRAP(__ubsan_handle_shift_out_of_bounds, const void *data, uintptr_t a, uintptr_t b)
{
	(void)data;
	(void)a;
	(void)b;
	decide("invalid-shift-exponent", 0);
}

WRAP(__ubsan_handle_load_invalid_value, const void *data, uintptr_t value)
{
	(void)data;
	decide("invalid-bool-load", value);
}
