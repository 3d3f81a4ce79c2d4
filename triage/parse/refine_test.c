// SPDX-License-Identifier: Apache-2.0
// Signals inside allocators: which of them mean that a wrong pointer was freed.
#include "parse.h"
#include "refine.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

// clang-format off
#define ASAN(frames) \
	"==7==ERROR: AddressSanitizer: SEGV on unknown address 0x004141414130 (pc 0x10 bp 0x2 sp 0x3 T0)\n" \
	"==7==The signal is caused by a WRITE memory access.\n" frames "    #8 0x80 in drop /src/a.c:5:2\n"
#define GDB(frames) "Program received signal SIGSEGV, Segmentation fault.\n" frames "#8  0x80 in drop () at a.c:5\n"

static const struct row {
	const char *name, *text;
	bool freed;
} rows[] = {
	{ "free", ASAN("    #0 0x10 in __asan::Allocator::Deallocate(void*, unsigned long) (/x+0x1)\n"
		       "    #1 0x11 in free (/x+0x2)\n"), true },
	{ "interceptor", ASAN("    #0 0x10 in bool __sanitizer::atomic_compare_exchange_strong<__sanitizer::atomic_uint8_t>(int) a.h:8\n"
			      "    #1 0x11 in __asan::Allocator::AtomicallySetQuarantineFlagIfAllocated(int) /b/compiler-rt/lib/asan/a.cpp:9\n"
			      "    #2 0x12 in __interceptor_free /b/compiler-rt/lib/asan/a.cpp:9\n"), true },
	{ "no names above", ASAN("    #0 0x10  (/usr/lib/libasan.so.8+0x2b)\n    #1 0x11 in free (/usr/lib/libasan.so.8+0xbb)\n"), true },
	{ "delete", ASAN("    #0 0x10 in __asan::Allocator::Deallocate(void*) (/x+0x1)\n"
			 "    #1 0x11 in operator delete(void*, unsigned long) (/x+0x2)\n"), true },
	{ "delete[], mangled", ASAN("    #0 0x10 in _ZN6__asan9Allocator10DeallocateEPv (/x+0x1)\n    #1 0x11 in _ZdaPv (/x+0x2)\n"), true },
	{ "realloc", ASAN("    #0 0x10 in __asan::asan_realloc(void*, unsigned long) (/x+0x1)\n"
			  "    #1 0x11 in __interceptor_realloc (/x+0x2)\n"), true },
	{ "chunk of the quarantine", ASAN("    #0 0x10 in __asan::Allocator::QuarantineChunk(__asan::AsanChunk*) (/x+0x1)\n"
					  "    #1 0x11 in cfree (/x+0x2)\n"), true },
	{ "glibc", GDB("#0  __GI___libc_free (mem=0x10) at ./malloc/malloc.c:3362\n"), true },
	{ "glibc, deeper", GDB("#0  0x10 in _int_free (av=0x1, p=0x2) at malloc.c:4500\n#1  0x11 in __libc_free (mem=0x10) at malloc.c:3391\n"), true },
	{ "munmap_chunk", GDB("#0  0x10 in munmap_chunk (p=0x2) at malloc.c:2830\n#1  0x11 in free (mem=0x10) from /lib/libc.so.6\n"), true },
	{ "jemalloc", GDB("#0  0x10 in rtree_leaf_elm_lookup (x=1) at rtree.h:1\n#1  0x11 in je_free_default (p=1) at jemalloc.c:2\n#2  0x12 in free (p=1) at jemalloc.c:2\n"), true },
	{ "tcmalloc", GDB("#0  0x10 in tcmalloc::PageMap::get (k=1) at pagemap.h:1\n#1  0x11 in tc_free (p=1) at tcmalloc.cc:2\n"), true },
	{ "mimalloc", GDB("#0  0x10 in _mi_segment_page_of (p=1) at internal.h:1\n#1  0x11 in mi_free (p=1) at free.c:2\n"), true },

	{ "malloc over a spoilt heap", GDB("#0  0x10 in _int_malloc (av=0x1, bytes=8) at malloc.c:3900\n#1  0x11 in __libc_malloc (bytes=8) at malloc.c:3300\n"), false },
	{ "ASan's malloc", ASAN("    #0 0x10 in __asan::Allocator::Allocate(unsigned long) (/x+0x1)\n    #1 0x11 in malloc (/x+0x2)\n"), false },
	{ "realloc that allocates", GDB("#0  0x10 in _int_malloc (av=0x1) at malloc.c:3900\n#1  0x11 in _int_realloc (av=0x1) at malloc.c:4800\n#2  0x12 in realloc (p=1) at malloc.c:3400\n"), false },
	{ "realloc that copies", ASAN("    #0 0x10 in __asan_memcpy (/x+0x1)\n    #1 0x11 in __asan::Allocator::Reallocate(void*) (/x+0x2)\n    #2 0x12 in realloc (/x+0x2)\n"), false },
	{ "free of another block's neighbour", GDB("#0  0x10 in unlink_chunk (av=0x1) at malloc.c:1600\n#1  0x11 in _int_free (av=0x1) at malloc.c:4600\n#2  0x12 in free (p=1) at malloc.c:3400\n"), false },
	{ "free that puts old blocks together", GDB("#0  0x10 in malloc_consolidate (av=0x1) at malloc.c:4700\n#1  0x11 in _int_free (av=0x1) at malloc.c:4600\n#2  0x12 in free (p=1) at malloc.c:3400\n"), false },
	{ "a destructor below free", ASAN("    #0 0x10 in look /src/a.c:9:9\n    #1 0x11 in free (/x+0x2)\n"), false },
	{ "a function that is called so", ASAN("    #0 0x10 in free_list /src/a.c:9:9\n"), false },
	{ "its caller alone", ASAN(""), false },
	{ "copying", ASAN("    #0 0x10 in __asan_memcpy (/x+0x1)\n"), false },
};
// clang-format on

static void test_row(void **state)
{
	const struct row *row = *state;
	struct reports *reports = NULL;
	struct report *r;

	assert_int_equal(parse_report(row->text, strlen(row->text), NULL, &reports), 0);
	assert_int_equal(reports->count, 1);
	r = &reports->list[0];
	assert_string_not_equal(r->kind, "bad-free");
	for (int again = 0; again < 2; again++) {
		parse_refine(r);
		assert_int_equal(strcmp(r->kind, "bad-free") == 0, row->freed);
		assert_int_equal(report_is_invalid_free(r), row->freed);
		if (r->tool == REPORT_ASAN)
			assert_int_equal(r->access, row->freed ? REPORT_ACCESS_NONE : REPORT_WRITE);
		assert_true(r->kind_known);
		assert_non_null(strstr(row->text, r->headline)); // what was printed stays
	}
	reports_free(reports);
}

// Other kinds inside free() have been explained by the tool.
static void test_other_kinds(void **state)
{
	static const char text[] =
		"==7==ERROR: AddressSanitizer: attempting double-free on 0x10 in "
		"thread T0:\n    #0 0x1 in free (/x+0x1)\n    #1 0x2 in f a.c:1\n";
	struct reports *reports = NULL;

	(void)state;
	assert_int_equal(parse_report(text, strlen(text), NULL, &reports), 0);
	parse_refine(&reports->list[0]);
	assert_string_equal(reports->list[0].kind, "double-free");
	reports_free(reports);
}

int main(void)
{
	enum {
		ROWS = sizeof(rows) / sizeof(rows[0])
	};
	static struct CMUnitTest units[ROWS];
	const struct CMUnitTest others[] = { cmocka_unit_test(test_other_kinds) };
	int failed;

	for (size_t i = 0; i < ROWS; i++)
		units[i] = (struct CMUnitTest){ rows[i].name, test_row, NULL, NULL,
			(void *)(uintptr_t)&rows[i] };
	failed = _cmocka_run_group_tests("report_refine", units, ROWS, NULL, NULL);
	return failed + cmocka_run_group_tests_name("report_refine_others", others, NULL, NULL);
}
