// SPDX-License-Identifier: Apache-2.0
// What glibc itself notices, chosen by argv[1]: the programs behind the glibc goldens.
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static volatile size_t eight = 8, hundred = 100;

static void double_free(void)
{
	char *volatile p = malloc(24);

	free(p);
	free(p);
}

static void double_free_fast(void)
{
	char *volatile p[9];

	for (int i = 0; i < 9; i++)
		p[i] = malloc(24);
	for (int i = 0; i < 9; i++)
		free(p[i]);
	free(p[8]);
}

static void double_free_big(void)
{
	char *volatile p = malloc(5000);
	char *volatile q = malloc(5000);

	free(p);
	free(p);
	free(q);
}

static void invalid_pointer(void)
{
	char *volatile p = malloc(24);

	free(p + eight);
}

static void invalid_size(void)
{
	size_t *volatile p = malloc(24);

	p[-1] = 8;
	free(p);
}

static void invalid_next_size(void)
{
	char *volatile p = malloc(2000);
	char *volatile q = malloc(2000);

	memset(p + 2000, 0x7f, 16);
	free(p);
	free(q);
}

static void munmap_chunk(void)
{
	size_t *volatile p = malloc(24);

	p[-1] |= 2;	// claims to be a mapping of its own
	free(p);
}

static void realloc_pointer(void)
{
	char *volatile p = malloc(24);

	free(realloc(p + eight, 100));
}

static void top_size(void)
{
	char *volatile p = malloc(24);
	char *volatile q;

	memset(p, 0x7f, 40);
	q = malloc(5000);
	free(q);
}

static void unsorted(void)
{
	char *volatile p = malloc(2000);
	char *volatile guard = malloc(24);

	free(p);
	memset(p - 8, 0x7f, 8);
	guard = malloc(3000);
	free(guard);
}

static void smash_stack(void)
{
	char local[8];
	char *volatile p = local;

	memset(p, 1, hundred);
}

static void fortify(void)
{
	char local[8];

	memset(local, 1, hundred);
	puts(local);
}

static void failed_assertion(void)
{
	assert(eight == 9 && "a: colon");
}

static void null_write(void)
{
	int *volatile p = NULL;

	*p = 1;
}

int main(int argc, char **argv)
{
	static const struct {
		const char *name;
		void (*run)(void);
	} cases[] = {
#define CASE(name) { #name, name }
		CASE(double_free), CASE(double_free_fast), CASE(double_free_big),
		CASE(invalid_pointer), CASE(invalid_size), CASE(invalid_next_size),
		CASE(munmap_chunk), CASE(realloc_pointer), CASE(top_size), CASE(unsorted),
		CASE(smash_stack), CASE(fortify), CASE(failed_assertion), CASE(null_write),
	};

	for (size_t i = 0; argc > 1 && i < sizeof(cases) / sizeof(cases[0]); i++)
		if (strcmp(argv[1], cases[i].name) == 0)
			cases[i].run();
	return 0;
}
