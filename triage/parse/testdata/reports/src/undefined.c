// SPDX-License-Identifier: Apache-2.0
// One undefined operation a case, chosen by argv[1]: the programs behind the ubsan goldens.
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

volatile int one = 1, zero, sink;
volatile unsigned int uone = 1;
volatile double big = 1e30;
static char bytes[64] __attribute__((aligned(16)));
struct pair {
	int a, b;
};

static void load_null(void)
{
	int *volatile p = NULL;

	sink = *p;
}

static void member_null(void)
{
	struct pair *volatile p = NULL;

	sink = p->b;
}

static void store_misaligned(void)
{
	int *volatile p = (int *)(bytes + one);

	*p = 1;
}

static void small_object(void)
{
	char local[2];
	int *p = (int *)local;

	sink = *p;
}

static void signed_add(void)
{
	sink = INT32_MAX + one;
}

static void signed_negate(void)
{
	sink = -(INT32_MIN + zero);
}

static void divide_zero(void)
{
	sink = one / zero;
}

static void divide_overflow(void)
{
	sink = (INT32_MIN + zero) / (zero - one);
}

static void shift_exponent(void)
{
	sink = one << (one + 39);
}

static void shift_negative(void)
{
	sink = (zero - one) << one;
}

static void index_bounds(void)
{
	int array[4] = { 0 };

	sink = array[one + 3];
}

static void offset_null(void)
{
	char *volatile p = NULL;
	char *volatile q = p + one;

	(void)q;
}

static void pointer_wrap(void)
{
	char *volatile p = bytes;
	char *volatile q = p + ((size_t)0 - (size_t)p / 2 - 1) * 1;
	char *volatile r = q + SIZE_MAX / 2;

	(void)r;
}

static void null_argument(void)
{
	void *volatile p = NULL;

	memcpy(bytes, p, (size_t)zero);
}

static void bad_bool(void)
{
	unsigned char raw = (unsigned char)(one + 1);
	bool *volatile p = (bool *)&raw;

	sink = *p;
}

static void float_cast(void)
{
	sink = (int)big;
}

static void negative_vla(void)
{
	int n = zero - one;
	char array[n];

	array[0] = 1;
	sink = array[0];
}

static void unreachable(void)
{
	if (one)
		__builtin_unreachable();
}

static void zero_builtin(void)
{
	sink = __builtin_clz((unsigned int)zero);
}

#ifdef __clang__
static void truncation_unsigned(void)
{
	uint8_t narrow = uone + 299;

	sink = narrow;
}

static void truncation_signed(void)
{
	int8_t narrow = one + 299;

	sink = narrow;
}

static void truncation_or_sign(void)
{
	int8_t narrow = uone + 199;

	sink = narrow;
}

static void sign_change(void)
{
	unsigned int u = zero - one;

	sink = (int)(u >> 1);
}

static int takes_int(int x)
{
	return x;
}

static void wrong_function(void)
{
	void (*volatile f)(char *) = (void (*)(char *))takes_int;

	f(bytes);
}

static void assume_aligned(void)
{
	char *volatile p = bytes + one;

	sink = *(char *)__builtin_assume_aligned(p, 16);
}
#endif

int main(int argc, char **argv)
{
	static const struct {
		const char *name;
		void (*run)(void);
	} cases[] = {
#define CASE(name) { #name, name }
		CASE(load_null), CASE(member_null), CASE(store_misaligned), CASE(small_object),
		CASE(signed_add), CASE(signed_negate), CASE(divide_zero), CASE(divide_overflow),
		CASE(shift_exponent), CASE(shift_negative), CASE(index_bounds), CASE(offset_null),
		CASE(pointer_wrap), CASE(null_argument), CASE(bad_bool), CASE(float_cast),
		CASE(negative_vla), CASE(unreachable), CASE(zero_builtin),
#ifdef __clang__
		CASE(truncation_unsigned), CASE(truncation_signed), CASE(truncation_or_sign),
		CASE(sign_change), CASE(wrong_function), CASE(assume_aligned),
#endif
	};

	for (size_t i = 0; argc > 1 && i < sizeof(cases) / sizeof(cases[0]); i++)
		if (strcmp(argv[1], cases[i].name) == 0)
			cases[i].run();
	return 0;
}
