/* SPDX-License-Identifier: Apache-2.0
 * Locals that outlive their frame or scope: deliberately wrong code.
 *
 * Built with the detector's flags and, where the detector has one, with ASan's fake stack. */
#include "local.h"

#include "block.h"
#include "stage.h"

#define GAP 4096 /* bytes of stack between a dead frame and the frames that use it afterwards */

struct local_functions {
	uint8_t *(*returned)(void);
	void (*out_of_scope)(unsigned calls, void (*use)(uint8_t *, void *), void *arg);
	void (*alive)(unsigned calls, void (*use)(uint8_t *, void *), void *arg);
};

static void make_calls(unsigned calls, uint8_t *(*callee)(void));

#define X(size) \
	static __attribute__((noinline)) uint8_t *returned_##size(void) \
	{ \
		_Alignas(16) uint8_t local[size]; \
		memory_initialise(local, size); \
		return memory_launder(local); \
	} \
	static __attribute__((noinline)) void out_of_scope_##size( \
		unsigned calls, void (*use)(uint8_t *, void *), void *arg) \
	{ \
		uint8_t *escaped; \
		{ \
			_Alignas(16) uint8_t local[size]; \
			memory_initialise(local, size); \
			escaped = memory_launder(local); \
		} \
		make_calls(calls, returned_##size); \
		use(escaped, arg); \
		memory_launder(escaped); \
	} \
	static __attribute__((noinline)) void alive_##size( \
		unsigned calls, void (*use)(uint8_t *, void *), void *arg) \
	{ \
		_Alignas(16) uint8_t local[size]; \
		memory_initialise(local, size); \
		make_calls(calls, returned_##size); \
		use(memory_launder(local), arg); \
		memory_launder(local); \
	}
SIZES(X)
#undef X

static const struct local_functions functions[SIZE_COUNT] = {
#define X(size) { returned_##size, out_of_scope_##size, alive_##size },
	SIZES(X)
#undef X
};

/* Calls far enough down the stack that the caller's next calls do not run in the dead frame. */
static UNINSTRUMENTED uint8_t *call_below_gap(uint8_t *(*callee)(void))
{
	uint8_t gap[GAP];
	uint8_t *result;

	/* the compiler must believe that all of the gap is used, before and after the call */
	__asm__ volatile("" : : "r"(gap) : "memory");
	result = callee();
	__asm__ volatile("" : : "r"(gap) : "memory");
	return result;
}

static void make_calls(unsigned calls, uint8_t *(*callee)(void))
{
	while (calls-- > 0)
		call_below_gap(callee);
}

void memory_with_local(enum local_state state, uint32_t size, unsigned calls,
	void (*use)(uint8_t *local, void *arg), void *arg)
{
	const struct local_functions *function = functions;
	uint8_t *dead;

	while (plan_sizes[function - functions] != size)
		function++;
	switch (state) {
	case LOCAL_ALIVE: function->alive(calls, use, arg); return;
	case LOCAL_OUT_OF_SCOPE: function->out_of_scope(calls, use, arg); return;
	case LOCAL_RETURNED:
		dead = call_below_gap(function->returned);
		make_calls(calls, function->returned);
		use(dead, arg);
		return;
	}
}
