/* SPDX-License-Identifier: Apache-2.0
 * A small parser in the manner of targets that are not ours, with planted bugs, each marked BUG(number).
 * An input is a list of records: a byte that chooses, modulo 16, then what that record needs. Some bugs
 * share helpers, some are reached in several ways, some recur; "SHARED" helpers hold no bug themselves.
 *
 * -DFUNCTION=INLINE inlines all functions, as far as recursion lets it. */
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define INLINE static inline __attribute__((always_inline))
#ifndef FUNCTION
#define FUNCTION static __attribute__((noinline))
#endif

struct reader {
	const uint8_t *bytes;
	size_t size, at;
	int depth;
};

struct node {
	struct node *left, *right;
	char name[16];
	void (*print)(const struct node *);
};

static uint8_t table[64];
static char title[24];
static struct node *kept;
static volatile int sink;

INLINE uint8_t next(struct reader *reader)
{
	return reader->at < reader->size ? reader->bytes[reader->at++] : 0;
}

/* SHARED: the callers' lengths are what is wrong. */
INLINE uint8_t byte_at(const uint8_t *bytes, size_t at)
{
	return bytes[at];
}

/* SHARED */
FUNCTION void copy_bytes(uint8_t *to, const uint8_t *from, size_t size)
{
	for (size_t i = 0; i < size; i++)
		to[i] = from[i];
}

FUNCTION void read_header(struct reader *reader)
{
	uint8_t *header = malloc(8);

	memset(header, next(reader), 8);
	sink = byte_at(header, 8 + next(reader) % 8); /* BUG(0) */
	free(header);
}

FUNCTION void read_index(struct reader *reader)
{
	table[next(reader) % 64] = 1;
	sink = byte_at(table, sizeof(table) + next(reader) % 16); /* BUG(1) */
}

FUNCTION void read_title(struct reader *reader)
{
	size_t length = sizeof(title) + 1 + next(reader) % 8;
	uint8_t *text = calloc(1, 64);

	copy_bytes((uint8_t *)title, text, length); /* BUG(2) */
	free(text);
}

FUNCTION void read_name(struct reader *reader)
{
	struct node *node = calloc(1, sizeof(*node));
	uint8_t *text = calloc(1, 256);

	copy_bytes((uint8_t *)node->name, text, sizeof(*node) + next(reader) % 16); /* BUG(3) */
	free(text);
	free(node);
}

/* One bug that is reached in two ways. */
FUNCTION void put_pixel(uint8_t *image, int x)
{
	*(volatile uint8_t *)&image[x] = 1; /* BUG(4); not even an optimiser may leave it out */
}

FUNCTION void draw_row(uint8_t *image, int x)
{
	put_pixel(image, 32 + x);
}

FUNCTION void draw(struct reader *reader, int by_row)
{
	uint8_t *image = malloc(32);
	int x = next(reader) % 8;

	if (by_row)
		draw_row(image, x);
	else
		put_pixel(image, 32 + x);
	free(image);
}

FUNCTION void drop_node(void)
{
	free(kept);
}

FUNCTION void use_node(void)
{
	kept = calloc(1, sizeof(*kept));
	drop_node();
	sink = kept->name[3]; /* BUG(5) */
}

FUNCTION void rename_node(void)
{
	kept = calloc(1, sizeof(*kept));
	drop_node();
	kept->name[next(&(struct reader){ 0 })] = 'x'; /* BUG(6) */
}

FUNCTION void drop_twice(void)
{
	kept = calloc(1, sizeof(*kept));
	drop_node();
	drop_node(); /* BUG(7) */
}

FUNCTION void drop_inside(void)
{
	kept = calloc(1, sizeof(*kept));
	free(kept->name); /* BUG(8) */
}

FUNCTION void no_node(struct reader *reader)
{
	struct node *node = next(reader) < 255 ? NULL : kept;

	sink = *(volatile char *)&node->name[2]; /* BUG(9) */
}

FUNCTION void check_magic(struct reader *reader)
{
	if (next(reader) != 0x7f)
		abort(); /* BUG(10) */
}

FUNCTION void divide(struct reader *reader)
{
	volatile int zero = 0;

	sink = next(reader) / zero; /* BUG(11) */
}

FUNCTION void local_copy(struct reader *reader)
{
	volatile uint8_t local[16];
	size_t end = 16 + next(reader) % 16;

	local[0] = 0;
	local[end] = 1; /* BUG(12) */
	sink = local[0];
}

/* One bad length, seen at two lines near each other: one place. */
FUNCTION void sum(struct reader *reader)
{
	uint8_t *numbers = calloc(1, 10);
	size_t at = 10 + next(reader) % 4;

	if (reader->size % 2 != 0)
		sink += numbers[at]; /* BUG(13) */
	else
		sink = numbers[at + 1] * 3; /* BUG(13) */
	free(numbers);
}

/* Recursion between two functions, at any depth: BUG(15) is at its end. */
FUNCTION void read_list(struct reader *reader);

FUNCTION void read_item(struct reader *reader)
{
	volatile uint8_t *item = malloc(4);

	if (reader->depth-- > 0)
		read_list(reader);
	else
		item[4] = 1; /* BUG(15) */
	free((void *)item);
}

FUNCTION void read_list(struct reader *reader)
{
	read_item(reader);
	sink++;
}

/* Recursion without end: BUG(16) */
FUNCTION void descend(int depth)
{
	volatile char frame[200];

	frame[0] = (char)depth;
	descend(depth + 1); /* BUG(16) */
	sink = frame[0];
}

static void read_record(struct reader *reader)
{
	switch (next(reader) % 17) {
	case 0: read_header(reader); break;
	case 1: read_index(reader); break;
	case 2: read_title(reader); break;
	case 3: read_name(reader); break;
	case 4: draw(reader, next(reader) % 2); break;
	case 5: use_node(); break;
	case 6: rename_node(); break;
	case 7: drop_twice(); break;
	case 8: drop_inside(); break;
	case 9: no_node(reader); break;
	case 10: check_magic(reader); break;
	case 11: divide(reader); break;
	case 12: local_copy(reader); break;
	case 13: sum(reader); break;
	case 14:
		reader->depth = next(reader) % 6;
		read_list(reader);
		break;
	case 15: descend(0); break;
	default: break;
	}
}

int main(int argc, char **argv)
{
	uint8_t bytes[256];
	int fd = argc > 1 ? open(argv[1], O_RDONLY) : STDIN_FILENO;
	ssize_t size = read(fd, bytes, sizeof(bytes));
	struct reader reader = { .bytes = bytes, .size = size > 0 ? (size_t)size : 0 };

	read_record(&reader);
	return 0;
}
