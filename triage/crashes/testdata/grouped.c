/* SPDX-License-Identifier: Apache-2.0
 * A target whose bugs share helpers, as those of real programs do. Reads standard input; the first byte says
 * which bug. */
#include <assert.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#define NOINLINE __attribute__((noinline))

static volatile int sink;

/* What every decoder reads with. */
static inline uint16_t get_be16(const uint8_t *at)
{
	return (uint16_t)(at[0] << 8 | at[1]);
}

NOINLINE static void decode_mail(const uint8_t *in)
{
	sink = get_be16(in + 8);
}

NOINLINE static void decode_time(const uint8_t *in)
{
	sink = get_be16(in + 10) * 3;
}

/* One missing check, met at three lines. */
NOINLINE static void decode_name(const uint8_t *in, int at)
{
	if (at == 0)
		sink = get_be16(in + 12);
	if (at == 1)
		sink = in[9];
	if (at == 2)
		sink = in[11] + 1;
}

/* What every check ends in. */
NOINLINE static void report_fatal(const char *text)
{
	fprintf(stderr, "fatal: %s\n", text);
	abort();
}

NOINLINE static void check_size(int size)
{
	if (size < 200)
		report_fatal("size");
	sink++;
}

NOINLINE static void check_kind(int kind)
{
	if (kind != 7)
		report_fatal("kind");
	sink++;
}

/* A bound that is asserted for two callers. */
NOINLINE static int *row_at(int i)
{
	static int rows[4];

	assert(i >= 0 && i < 4);
	return &rows[i];
}

NOINLINE static void load_row(void)
{
	sink = *row_at(9);
}

NOINLINE static void store_row(void)
{
	*row_at(-3) = 7;
}

/* A count that is wrong for reasons long past. */
NOINLINE static void engine_cleanup(int left)
{
	if (left > 0)
		report_fatal("something is left");
	sink++;
}

NOINLINE static void follow(volatile int *volatile null)
{
	sink = *null;
}

int main(void)
{
	uint8_t *in = malloc(8);

	if (in == NULL || fread(in, 1, 8, stdin) == 0)
		return 0;
	switch (in[0]) {
	case 'm': decode_mail(in); break;
	case 't': decode_time(in); break;
	case '0': decode_name(in, 0); break;
	case '1': decode_name(in, 1); break;
	case '2': decode_name(in, 2); break;
	case 's': check_size(in[0]); break;
	case 'k': check_kind(in[0]); break;
	case 'l': load_row(); break;
	case 'w': store_row(); break;
	case 'c': engine_cleanup(1); break;
	case 'n': follow(NULL); break;
	case 'i': __builtin_trap();
	default: break;
	}
	free(in);
	return 0;
}
