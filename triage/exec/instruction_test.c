/* SPDX-License-Identifier: Apache-2.0
 * Instructions as GNU as assembles them, and what they do to memory. */
#include "instruction.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#if defined(__x86_64__)
#define NONE   INSTRUCTION_NONE
#define READS  INSTRUCTION_READS
#define WRITES INSTRUCTION_WRITES
#define COPIES INSTRUCTION_COPIES

static const struct {
	const char *text; /* for people */
	enum instruction_access access;
	size_t size;
	const char *code;
} rows[] = {
	{ "mov %eax,(%rdi)", WRITES, 2, "\x89\x07" },
	{ "mov (%rdi),%eax", READS, 2, "\x8b\x07" },
	{ "movb $1,(%rax)", WRITES, 3, "\xc6\x00\x01" },
	{ "mov %rax,8(%rdi)", WRITES, 4, "\x48\x89\x47\x08" },
	{ "mov %ax,%gs:(%r8)", WRITES, 5, "\x65\x66\x41\x89\x00" },
	{ "add %eax,(%rdi)", WRITES, 2, "\x01\x07" },
	{ "add (%rdi),%eax", READS, 2, "\x03\x07" },
	{ "cmp %eax,(%rdi)", READS, 2, "\x39\x07" },
	{ "cmpl $1,(%rdi)", READS, 3, "\x83\x3f\x01" },
	{ "addl $1,(%rdi)", WRITES, 3, "\x83\x07\x01" },
	{ "testb $1,(%rdi)", READS, 3, "\xf6\x07\x01" },
	{ "negl (%rdi)", WRITES, 2, "\xf7\x1f" },
	{ "incl (%rdi)", WRITES, 2, "\xff\x07" },
	{ "call *(%rdi)", READS, 2, "\xff\x17" },
	{ "call f", WRITES, 5, "\xe8\x00\x00\x00\x00" },
	{ "push %rbp", WRITES, 1, "\x55" },
	{ "pop %rbp", READS, 1, "\x5d" },
	{ "ret", READS, 1, "\xc3" },
	{ "rep movsb", COPIES, 2, "\xf3\xa4" },
	{ "rep stosq", WRITES, 3, "\xf3\x48\xab" },
	{ "lock cmpxchg %ecx,(%rdi)", WRITES, 4, "\xf0\x0f\xb1\x0f" },
	{ "movzbl (%rdi),%eax", READS, 3, "\x0f\xb6\x07" },
	{ "sete (%rdi)", WRITES, 3, "\x0f\x94\x07" },
	{ "btsl $1,(%rdi)", WRITES, 4, "\x0f\xba\x2f\x01" },
	{ "btl $1,(%rdi)", READS, 4, "\x0f\xba\x27\x01" },
	{ "movups %xmm0,(%rdi)", WRITES, 3, "\x0f\x11\x07" },
	{ "movups (%rdi),%xmm0", READS, 3, "\x0f\x10\x07" },
	{ "movq %xmm0,(%rdi)", WRITES, 4, "\x66\x0f\xd6\x07" },
	{ "movd %xmm0,(%rdi)", WRITES, 4, "\x66\x0f\x7e\x07" },
	{ "movq (%rdi),%xmm0", READS, 4, "\xf3\x0f\x7e\x07" },
	{ "movbe %eax,(%rdi)", WRITES, 4, "\x0f\x38\xf1\x07" },
	{ "pextrb $1,%xmm0,(%rdi)", WRITES, 6, "\x66\x0f\x3a\x14\x07\x01" },
	{ "vmovdqu %ymm0,(%rdi)", WRITES, 4, "\xc5\xfe\x7f\x07" },
	{ "vmovdqu (%rdi),%ymm0", READS, 4, "\xc5\xfe\x6f\x07" },
	{ "vmovdqu %ymm8,(%r8)", WRITES, 5, "\xc4\x41\x7e\x7f\x00" },
	{ "vmovdqu64 %ymm16,(%rdi)", WRITES, 6, "\x62\xe1\xfe\x28\x7f\x07" },
	{ "vmovdqu64 (%rdi),%ymm16", READS, 6, "\x62\xe1\xfe\x28\x6f\x07" },
	{ "vextracti128 $1,%ymm0,(%rdi)", WRITES, 6, "\xc4\xe3\x7d\x39\x07\x01" },
	{ "fstpl (%rdi)", WRITES, 2, "\xdd\x1f" },
	{ "fldl (%rdi)", READS, 2, "\xdd\x07" },
	{ "hlt", NONE, 1, "\xf4" },
	{ "nothing can be read there", NONE, 0, "" },
};

static void test_accesses(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		enum instruction_access access = instruction_access(
			(const uint8_t *)rows[i].code, rows[i].size);

		if (access != rows[i].access)
			fail_msg("%s: %d instead of %d", rows[i].text, (int)access,
				(int)rows[i].access);
	}
}

/* Cut off anywhere it is some answer, from within the bytes. */
static void test_cut(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		for (size_t size = 0; size <= rows[i].size; size++) {
			uint8_t exact[INSTRUCTION_MAX];

			for (size_t k = 0; k < size; k++)
				exact[k] = (uint8_t)rows[i].code[k];
			assert_true(instruction_access(exact, size) <= INSTRUCTION_COPIES);
		}
}
#endif

int main(void)
{
	const struct CMUnitTest tests[] = {
#if defined(__x86_64__)
		cmocka_unit_test(test_accesses),
		cmocka_unit_test(test_cut),
#endif
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
