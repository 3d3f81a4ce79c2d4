// SPDX-License-Identifier: Apache-2.0
// One memory error a case, chosen by argv[1]: the programs behind the asan, hwasan and valgrind
// goldens. The function that errs carries the name of its case.
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

volatile size_t ten = 10;
volatile int sink;
char small_global[10];

__attribute__((noinline)) void heap_read(void)
{
	char *p = malloc(10);

	sink = p[ten];
	free(p);
}

__attribute__((noinline)) void heap_write(void)
{
	int *p = malloc(40);

	p[ten] = 1;
	free(p);
}

__attribute__((noinline)) void heap_before(void)
{
	char *p = malloc(10);

	p[ten - 12] = 1;
	free(p);
}

__attribute__((noinline)) void after_free(void)
{
	char *p = malloc(100);

	free(p);
	sink = p[ten];
}

__attribute__((noinline)) void double_free(void)
{
	char *p = malloc(10);

	free(p);
	free(p);
}

__attribute__((noinline)) void bad_free(void)
{
	char *p = malloc(20);

	free(p + ten);
}

__attribute__((noinline)) void stack_write(void)
{
	char local[10];

	memset(local, 0, sizeof(local));
	local[ten] = 1;
	sink = local[ten - 1];
}

__attribute__((noinline)) void global_read(void)
{
	sink = small_global[ten + 2];
}

__attribute__((noinline)) char *local_address(void)
{
	char local[10];
	char *volatile escaped = local;

	local[0] = 1;
	return escaped;
}

__attribute__((noinline)) void after_return(void)
{
	sink = *local_address();
}

__attribute__((noinline)) void after_scope(void)
{
	char *volatile p;

	{
		char inner[10];

		p = inner;
	}
	*p = 1;
}

__attribute__((noinline)) void null_write(void)
{
	int *volatile p = NULL;

	*p = 1;
}

__attribute__((noinline)) void null_index(void)
{
	int *volatile p = NULL;

	sink = p[ten];
}

__attribute__((noinline)) void wild_read(void)
{
	char *volatile p = (char *)(uintptr_t)0x123456789abcULL;

	sink = *p;
}

__attribute__((noinline)) int recurse(volatile char *above)
{
	volatile char local[4096];

	local[0] = above[0];
	return recurse(local) + local[0];
}

__attribute__((noinline)) void stack_overflow(void)
{
	char c = 0;

	sink = recurse(&c);
}

__attribute__((noinline)) void negative_size(void)
{
	char *p = malloc(20);

	memmove(p, p + 1, ten - 11);
	free(p);
}

__attribute__((noinline)) void overlap(void)
{
	char *p = malloc(20);
	void *(*volatile copy)(void *, const void *, size_t) = memcpy;

	copy(p, p + 1, ten);
	free(p);
}

__attribute__((noinline)) void huge_malloc(void)
{
	void *volatile p = malloc((size_t)0 - ten);

	free(p);
}

__attribute__((noinline)) void huge_calloc(void)
{
	void *volatile p = calloc((size_t)0 - ten, ten);

	free(p);
}

__attribute__((noinline)) void divide(void)
{
	sink = sink / (int)(ten - 10);
}

__attribute__((noinline)) void do_abort(void)
{
	abort();
}

__attribute__((noinline)) void unset_branch(void)
{
	int *p = malloc(40);

	if (p[ten - 1])
		puts("set");
	free(p);
}

__attribute__((noinline)) void unset_index(void)
{
	int local[10];
	int *volatile p = local;

	sink = small_global[p[ten - 1] & 7];
}

__attribute__((noinline)) void unset_write(void)
{
	char *p = malloc(10);

	fwrite(p, 1, ten, stderr);
	fflush(stderr);
	free(p);
}

void *volatile lost;

__attribute__((noinline)) void lose(void)
{
	lost = malloc(24);
	*(void **)lost = malloc(7);
	lost = NULL;
}

__attribute__((noinline)) void leak(void)
{
	volatile char copies_on_the_stack[4096];

	lose();
	for (size_t i = 0; i < sizeof(copies_on_the_stack); i++)
		copies_on_the_stack[i] = 0;
}

int main(int argc, char **argv)
{
	static const struct {
		const char *name;
		void (*run)(void);
	} cases[] = {
#define CASE(name) { #name, name }
		CASE(heap_read), CASE(heap_write), CASE(heap_before), CASE(after_free),
		CASE(double_free), CASE(bad_free), CASE(stack_write), CASE(global_read),
		CASE(after_return), CASE(after_scope), CASE(null_write), CASE(null_index),
		CASE(wild_read), CASE(stack_overflow), CASE(negative_size), CASE(overlap),
		CASE(huge_malloc), CASE(huge_calloc), CASE(divide), CASE(do_abort),
		CASE(unset_branch), CASE(unset_index), CASE(unset_write), CASE(leak),
	};

	for (size_t i = 0; argc > 1 && i < sizeof(cases) / sizeof(cases[0]); i++)
		if (strcmp(argv[1], cases[i].name) == 0)
			cases[i].run();
	return 0;
}
