/* SPDX-License-Identifier: Apache-2.0
 * Naming bare program counters by the mappings of this very process. */
#include "base/util.h"
#include "memory_map.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

static void test_frames(void **state)
{
	struct memory_map *modules = memory_map_read(getpid());
	unsigned long own = (unsigned long)(uintptr_t)test_frames,
		      libc = (unsigned long)(uintptr_t)&getpid;
	AUTO_FREE char *self = realpath("/proc/self/exe", NULL);
	AUTO_FREE char *text = format(
		"x\n    #0 0x%lx\n    #1 0x%lx\n  #2 0x12 in f\n    #3 0x\n#4 0x1\n", own, libc);
	AUTO_FREE char *whole = NULL;
	AUTO_FREE char *expected = NULL;
	AUTO_FREE char *frame = NULL;
	size_t size;
	bool is_whole;

	(void)state;
	assert_non_null(modules);
	whole = memory_map_name(modules, text, strlen(text), &size, &is_whole);
	assert_true(is_whole);
	assert_int_equal(strlen(whole), size);
	expected = format("x\n    #0 0x%lx  (%s+0x", own, self);
	assert_memory_equal(whole, expected, strlen(expected));
	assert_non_null(strstr(whole, "\n  #2 0x12 in f\n    #3 0x\n#4 0x1\n"));
	frame = format("    #1 0x%lx  (/", libc);
	assert_non_null(strstr(whole, frame));
	memory_map_free(modules);
}

static void test_unknown(void **state)
{
	static const char text[] = "    #0 0x10\n    #1 0x20";
	struct memory_map *modules = memory_map_read(getpid());
	AUTO_FREE char *same = NULL;
	size_t size;
	bool is_whole;

	(void)state;
	same = memory_map_name(modules, text, sizeof(text) - 1, &size, &is_whole);
	assert_false(is_whole);
	assert_string_equal(same, text);
	memory_map_free(modules);
	assert_null(memory_map_read(0x7ffffff));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_frames),
		cmocka_unit_test(test_unknown),
	};

	return cmocka_run_group_tests_name("modules", tests, NULL, NULL);
}
