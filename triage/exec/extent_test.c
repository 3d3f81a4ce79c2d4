/* SPDX-License-Identifier: Apache-2.0
 * Tests that functions are found in tables of our own making, whole and damaged, in the memory of a process. */
#include "extent.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <cmocka.h>

#define HEADER 0x2000 /* where things are in that memory */
#define FRAMES 0x2100
#define TEXT   0x1000
#define SIZE   0x3000

struct memory {
	uint8_t bytes[SIZE];
};

static const struct {
	int32_t start, size;
} functions[] = { { 0x1000, 0x10 }, { 0x1010, 0x30 }, { 0x1040, 0x80 }, { 0x1100, 0x20 } };

#define COUNT (sizeof(functions) / sizeof(*functions))

static void put32(struct memory *memory, size_t at, int32_t value)
{
	memcpy(memory->bytes + at, &value, sizeof(value));
}

/* The first of the functions is a part of the third, which jumps to it. */
static void make(struct memory *memory)
{
	static const uint8_t begin[] = { 1, 0x1b, 0x03, 0x3b };

	memset(memory, 0x90, sizeof(*memory));
	memcpy(memory->bytes + HEADER, begin, sizeof(begin));
	put32(memory, HEADER + 8, COUNT);
	for (size_t i = 0; i < COUNT; i++) {
		int32_t at = FRAMES + 0x20 * (int32_t)i;

		put32(memory, HEADER + 12 + 8 * i, functions[i].start - HEADER);
		put32(memory, HEADER + 16 + 8 * i, at - HEADER);
		put32(memory, (size_t)at, 0x1c);
		put32(memory, (size_t)at + 8, functions[i].start - (at + 8));
		put32(memory, (size_t)at + 12, functions[i].size);
	}
	memory->bytes[0x1050] = 0x0f; /* jne 0x1004 */
	memory->bytes[0x1051] = 0x85;
	put32(memory, 0x1052, 0x1004 - 0x1056);
}

static bool find(const struct memory *memory, uint64_t pc, uint64_t *ret_start)
{
	struct extent_module module = { memfd_create("memory", MFD_CLOEXEC), HEADER, TEXT, 0x1000 };
	bool found;

	assert_int_equal(write(module.memory, memory, sizeof(*memory)), sizeof(*memory));
	found = extent_find(&module, pc, ret_start);
	close(module.memory);
	return found;
}

static void assert_start(const struct memory *memory, uint64_t pc, uint64_t start)
{
	uint64_t found = 0;

	assert_true(find(memory, pc, &found));
	assert_int_equal(found, start);
}

static void test_functions(void **state)
{
	static struct memory memory;
	uint64_t start;

	(void)state;
	make(&memory);
	assert_start(&memory, 0x1010, 0x1010);
	assert_start(&memory, 0x103f, 0x1010);
	assert_start(&memory, 0x10bf, 0x1040);
	assert_start(&memory, 0x111f, 0x1100);
	assert_false(find(&memory, 0xfff, &start));
	assert_false(find(&memory, 0x10c0, &start)); /* between two */
	assert_false(find(&memory, 0x1120, &start));
}

#if defined(__x86_64__)
/* What was moved out of a function is that function, unless it is called, or others jump to it. */
static void test_parts(void **state)
{
	static struct memory memory;

	(void)state;
	make(&memory);
	assert_start(&memory, 0x1004, 0x1040);
	memory.bytes[0x1110] = 0xe8;
	put32(&memory, 0x1111, 0x1000 - 0x1115);
	assert_start(&memory, 0x1004, 0x1000);
	memory.bytes[0x110f] = 0x0f;
	memory.bytes[0x1110] = 0x84;
	assert_start(&memory, 0x1004, 0x1000);
}
#endif

/* Every byte of the table wrong in turn, at random, and cut off: any answer, from within the memory. */
static void test_damaged(void **state)
{
	static struct memory memory;
	uint64_t start;

	(void)state;
	for (size_t at = HEADER; at < FRAMES + 0x20 * COUNT; at++) {
		make(&memory);
		memory.bytes[at] ^= 0xff;
		find(&memory, 0x1010, &start);
	}
	srand(1);
	for (int i = 0; i < 2000; i++) {
		make(&memory);
		for (size_t at = HEADER + 4; at < FRAMES + 0x20 * COUNT; at++)
			memory.bytes[at] = (uint8_t)rand();
		find(&memory, 0x1010, &start);
	}
	make(&memory);
	memory.bytes[HEADER] = 2; /* of another version */
	assert_false(find(&memory, 0x1010, &start));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_functions),
#if defined(__x86_64__)
		cmocka_unit_test(test_parts),
#endif
		cmocka_unit_test(test_damaged),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
