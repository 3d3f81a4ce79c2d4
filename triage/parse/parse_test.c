// SPDX-License-Identifier: Apache-2.0
// The report parser on goldens: what real tools printed about the programs in
// testdata/reports/src. The expectations below come from those programs, not from the parser: the
// line that a stack names must hold the text of the error in the source.
#include "parse.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define GOLDENS "triage/parse/testdata/reports/"

// NONE: the number must be missing; ANY: it may be anything.
enum {
	NONE = -1,
	ANY = -2
};

struct golden {
	const char *path;     // TOOL/CASE
	const char *variants; // words
	enum report_tool tool;
	const char *kind;
	enum report_access access;
	int size_bytes;
	int near_null;
	int relation; // enum report_relation or ANY
	int distance_bytes, region_bytes;
	const char *function; // in the crash stack, NULL when there is no such stack
	const char *source;   // file under src/ that holds it
	const char *text;     // in the line that the frame names
	int other_stacks;     // stacks beside the one of the crash
};

#define ASAN_ALL  "gcc clang-14 clang-19 clang-22"
#define ASAN_RAW  "gcc clang-14 clang-19 clang-22 gcc.raw clang-14.raw clang-19.raw clang-22.raw"
#define NO_REGION REPORT_RELATION_NONE, NONE, NONE
#define ASAN(name, variants, kind, access, size, near, ...) \
	{ \
		"asan/" name, variants, REPORT_ASAN, kind, access, size, near, __VA_ARGS__ \
	}
#define UBSAN(name, variants, kind, access, near, text) \
	{ \
		"ubsan/" name, variants, REPORT_UBSAN, kind, access, NONE, near, NO_REGION, name, \
			"undefined.c", text, 0 \
	}
#define UB_ALL   "gcc clang-14 clang-19 clang-22"
#define UB_CLANG "clang-14 clang-19 clang-22"
#define GLIBC(name, kind) \
	{ \
		"glibc/" name, "gcc", REPORT_GLIBC, kind, REPORT_ACCESS_NONE, NONE, NONE, \
			NO_REGION, NULL, NULL, NULL, 0 \
	}
#define GO(name, variant, kind, near, function, text, others) \
	{ \
		"go/" name, variant, REPORT_GO, kind, REPORT_ACCESS_NONE, NONE, near, NO_REGION, \
			function, "go/main.go", text, others \
	}
#define RUST(name, variants, kind, near, text) \
	{ \
		"rust/" name, variants, REPORT_RUST, kind, REPORT_ACCESS_NONE, NONE, near, \
			NO_REGION, "panic::" name, "panic.rs", text, 0 \
	}
#define FUZZ(name, kind, function, text) \
	{ \
		"libfuzzer/" name, "clang-14 clang-22", REPORT_LIBFUZZER, kind, \
			REPORT_ACCESS_NONE, NONE, NONE, NO_REGION, function, "target.c", text, 0 \
	}
#define VALGRIND(name, kind, access, size, near, ...) \
	{ \
		"valgrind/" name, "gcc", REPORT_VALGRIND, kind, access, size, near, __VA_ARGS__ \
	}
#define READ      REPORT_READ
#define WRITE     REPORT_WRITE
#define NO_ACCESS REPORT_ACCESS_NONE

// clang-format off
static const struct golden goldens[] = {
	ASAN("heap_read", ASAN_RAW, "heap-buffer-overflow", READ, 1, 0, REPORT_AFTER, 0, 10,
	     "heap_read", "memory.c", "p[ten]", 1),
	ASAN("heap_write", "clang-19", "heap-buffer-overflow", WRITE, 4, 0, REPORT_AFTER, 0, 40,
	     "heap_write", "memory.c", "p[ten] = 1", 1),
	ASAN("heap_before", "clang-19", "heap-buffer-overflow", WRITE, 1, 0, REPORT_BEFORE, 2, 10,
	     "heap_before", "memory.c", "p[ten - 12]", 1),
	ASAN("after_free", ASAN_ALL, "heap-use-after-free", READ, 1, 0, REPORT_INSIDE, 10, 100,
	     "after_free", "memory.c", "p[ten]", 2),
	ASAN("double_free", ASAN_RAW, "double-free", NO_ACCESS, NONE, 0, REPORT_INSIDE, 0, 10,
	     "double_free", "memory.c", "free(p)", 2),
	ASAN("bad_free", ASAN_ALL, "bad-free", NO_ACCESS, NONE, 0, REPORT_INSIDE, 10, 20,
	     "bad_free", "memory.c", "free(p + ten)", 1),
	ASAN("stack_write", ASAN_ALL, "stack-buffer-overflow", WRITE, 1, 0, REPORT_AFTER, 0, 10,
	     "stack_write", "memory.c", "local[ten] = 1", 1),
	ASAN("global_read", ASAN_ALL, "global-buffer-overflow", READ, 1, 0, ANY, ANY, ANY,
	     "global_read", "memory.c", "small_global[ten + 2]", 0),
	ASAN("after_return", "clang-19", "stack-use-after-return", READ, 1, 0, REPORT_INSIDE, 0,
	     10, "after_return", "memory.c", "*local_address()", 1),
	ASAN("after_scope", "clang-19", "stack-use-after-scope", WRITE, 1, 0, REPORT_INSIDE, 0, 10,
	     "after_scope", "memory.c", "*p = 1", 1),
	ASAN("null_write", "clang-19", "SEGV", WRITE, NONE, 1, NO_REGION, "null_write", "memory.c",
	     "*p = 1", 0),
	ASAN("null_index", ASAN_ALL, "SEGV", READ, NONE, 1, NO_REGION, "null_index", "memory.c",
	     "p[ten]", 0),
	ASAN("wild_read", "clang-19", "SEGV", READ, NONE, 0, NO_REGION, "wild_read", "memory.c",
	     "= *p", 0),
	ASAN("stack_overflow", "clang-19", "stack-overflow", NO_ACCESS, NONE, 0, NO_REGION,
	     "recurse", "memory.c", NULL, 0),
	ASAN("negative_size", "clang-19", "negative-size-param", NO_ACCESS, NONE, NONE,
	     REPORT_INSIDE, 1, 20, "negative_size", "memory.c", "memmove", 1),
	ASAN("overlap", "clang-19", "memcpy-param-overlap", NO_ACCESS, NONE, NONE, REPORT_INSIDE, 0,
	     20, "overlap", "memory.c", "copy(p", 2),
	ASAN("huge_malloc", "clang-19", "allocation-size-too-big", NO_ACCESS, NONE, NONE, NO_REGION,
	     "huge_malloc", "memory.c", "malloc(", 0),
	ASAN("huge_calloc", "clang-19", "calloc-overflow", NO_ACCESS, NONE, NONE, NO_REGION,
	     "huge_calloc", "memory.c", "calloc(", 0),
	ASAN("divide", "clang-19", "FPE", NO_ACCESS, NONE, 0, NO_REGION, "divide", "memory.c",
	     "sink / ", 0),
	ASAN("do_abort", "clang-19", "ABRT", NO_ACCESS, NONE, NONE, NO_REGION, "do_abort",
	     "memory.c", "abort()", 0),
	{ "go/after_free", "asan", REPORT_ASAN, "use-after-poison", READ, 1, 0, NO_REGION,
	  "main.poison", "go/main.go", "(unsafe.Pointer(&u))", 0 },

	{ "lsan/leak", "gcc clang-14 clang-19 clang-19.raw", REPORT_LSAN, "detected memory leaks",
	  NO_ACCESS, NONE, NONE, NO_REGION, "lose", "memory.c", "lost = malloc(24)", 1 },

	UBSAN("load_null", UB_ALL, "null-pointer-use", READ, 1, "= *p"),
	UBSAN("load_null", "clang-22-segv", "null-pointer-use", READ, 1, "= *p"),
	UBSAN("member_null", UB_ALL, "null-pointer-use", NO_ACCESS, 1, "p->b"),
	UBSAN("store_misaligned", UB_ALL, "misaligned-pointer-use", WRITE, 0, "*p = 1"),
	UBSAN("signed_add", UB_ALL, "signed-integer-overflow", NO_ACCESS, NONE, "+ one"),
	UBSAN("signed_add", "clang-14.raw clang-19.raw clang-22.raw", "signed-integer-overflow",
	      NO_ACCESS, NONE, NULL),
	UBSAN("signed_negate", UB_ALL, "signed-integer-overflow", NO_ACCESS, NONE, "-(INT32"),
	UBSAN("divide_zero", UB_ALL, "integer-divide-by-zero", NO_ACCESS, NONE, "/ zero"),
	UBSAN("divide_overflow", UB_ALL, "signed-integer-overflow", NO_ACCESS, NONE, ") / ("),
	UBSAN("shift_exponent", UB_ALL, "invalid-shift-exponent", NO_ACCESS, NONE, "<< (one"),
	UBSAN("shift_negative", UB_ALL, "invalid-shift-base", NO_ACCESS, NONE, ") << one"),
	UBSAN("index_bounds", UB_ALL, "out-of-bounds-index", NO_ACCESS, NONE, "array[one"),
	UBSAN("offset_null", UB_CLANG, "nullptr-with-nonzero-offset", NO_ACCESS, NONE, "p + one"),
	UBSAN("pointer_wrap", UB_CLANG, "pointer-overflow", NO_ACCESS, ANY, "p + ("),
	UBSAN("null_argument", UB_ALL " clang-22-typed", "invalid-null-argument", NO_ACCESS, NONE,
	      "memcpy"),
	UBSAN("bad_bool", UB_ALL, "invalid-bool-load", READ, NONE, "= *p"),
	UBSAN("float_cast", UB_ALL, "float-cast-overflow", NO_ACCESS, NONE, "(int)big"),
	UBSAN("negative_vla", UB_ALL, "non-positive-vla-index", NO_ACCESS, NONE, "array[n]"),
	UBSAN("unreachable", UB_ALL, "unreachable-call", NO_ACCESS, NONE, "__builtin_unreachable"),
	UBSAN("zero_builtin", UB_ALL, "invalid-builtin-use", NO_ACCESS, NONE, "__builtin_clz"),
	UBSAN("truncation_unsigned", UB_CLANG, "implicit-unsigned-integer-truncation", NO_ACCESS,
	      NONE, "uint8_t"),
	UBSAN("truncation_signed", UB_CLANG, "implicit-signed-integer-truncation", NO_ACCESS, NONE,
	      "int8_t"),
	UBSAN("truncation_or_sign", UB_CLANG, "implicit-signed-integer-truncation-or-sign-change",
	      NO_ACCESS, NONE, "int8_t"),
	UBSAN("sign_change", UB_CLANG, "implicit-integer-sign-change", NO_ACCESS, NONE, "zero - one"),
	UBSAN("assume_aligned", UB_CLANG, "alignment-assumption", NO_ACCESS, NONE, "aligned(p, 16)"),
	UBSAN("wrong_function", "clang-19 clang-22", "function-type-mismatch", NO_ACCESS, NONE,
	      "f(bytes)"),
	{ "ubsan/signed_add", "clang-22-minimal", REPORT_UBSAN, "add-overflow", NO_ACCESS, NONE,
	  NONE, NO_REGION, NULL, NULL, NULL, 0 },

	{ "msan/unset_branch", "clang-14 clang-19 clang-14.raw clang-19.raw", REPORT_MSAN,
	  "use-of-uninitialized-value", NO_ACCESS, NONE, NONE, NO_REGION, "unset_branch",
	  "memory.c", "if (p[", 1 },
	{ "msan/unset_index", "clang-14 clang-19", REPORT_MSAN, "use-of-uninitialized-value",
	  NO_ACCESS, NONE, NONE, NO_REGION, "unset_index", "memory.c", "small_global[p[", 1 },
	{ "msan/unset_write", "clang-14 clang-19", REPORT_MSAN, "use-of-uninitialized-value",
	  NO_ACCESS, NONE, NONE, NO_REGION, "unset_write", "memory.c", "fwrite", 1 },
	{ "msan/null_write", "clang-14 clang-19", REPORT_MSAN, "SEGV", WRITE, NONE, 1, NO_REGION,
	  "null_write", "memory.c", "*p = 1", 0 },

	{ "tsan/data_race", "gcc clang-14 clang-19 gcc.raw clang-14.raw clang-19.raw", REPORT_TSAN,
	  "data race", WRITE, 4, 0, REPORT_INSIDE, 0, 4, NULL, "race.c", NULL, 3 },
	{ "tsan/thread_leak", "gcc clang-14 clang-19", REPORT_TSAN, "thread leak", NO_ACCESS, NONE,
	  NONE, NO_REGION, "thread_leak", "race.c", "pthread_create", 0 },
	{ "tsan/lock_order", "gcc clang-14 clang-19", REPORT_TSAN,
	  "lock-order-inversion (potential deadlock)", NO_ACCESS, NONE, NONE, NO_REGION,
	  "lock_order", "race.c", "pthread_mutex_lock", 3 },
	{ "tsan/after_free", "gcc clang-14 clang-19", REPORT_TSAN, "heap-use-after-free", WRITE, 4,
	  0, NO_REGION, "after_free", "race.c", "*heap = 1", 1 },
	{ "tsan/null_write", "gcc clang-14 clang-19", REPORT_TSAN, "SEGV", WRITE, NONE, 1,
	  NO_REGION, "null_write", "race.c", "*p = 1", 0 },

	{ "hwasan/heap_read", "clang-19 clang-22", REPORT_HWASAN, "tag-mismatch", READ, 1, 0,
	  REPORT_AFTER, 0, 10, "heap_read", "memory.c", "p[ten]", 1 },
	{ "hwasan/after_free", "clang-19 clang-22", REPORT_HWASAN, "tag-mismatch", READ, 1, 0,
	  REPORT_INSIDE, 10, 100, "after_free", "memory.c", "p[ten]", 2 },
	{ "hwasan/double_free", "clang-19 clang-22", REPORT_HWASAN, "invalid-free", NO_ACCESS, NONE,
	  0, REPORT_INSIDE, 0, 10, "double_free", "memory.c", "free(p)", 2 },

	{ "typesan/float_as_int", "clang-22", REPORT_TYPESAN, "type-aliasing-violation", READ, 4, 0,
	  NO_REGION, "read_int", "alias.c", "*p", 0 },

	{ "gwp-asan/after_free", "clang-22", REPORT_GWPASAN, "Use After Free", NO_ACCESS, NONE, 0,
	  ANY, ANY, 100, "after_free", NULL, NULL, 2 },
	{ "gwp-asan/double_free", "clang-22", REPORT_GWPASAN, "Double Free", NO_ACCESS, NONE, 0,
	  NO_REGION, "double_free", NULL, NULL, 2 },
	{ "gwp-asan/bad_free", "clang-22", REPORT_GWPASAN, "Invalid (Wild) Free", NO_ACCESS, NONE,
	  0, ANY, ANY, 20, "bad_free", NULL, NULL, 1 },

	FUZZ("input_t", "timeout", "hang", NULL),
	FUZZ("input_m", "out-of-memory", NULL, NULL),
	FUZZ("input_b", "out-of-memory", "LLVMFuzzerTestOneInput", "malloc(1 << 30)"),
	FUZZ("input_a", "deadly signal", "LLVMFuzzerTestOneInput", "abort()"),
	FUZZ("input_e", "fuzz target exited", "LLVMFuzzerTestOneInput", "exit(0)"),
	FUZZ("input_w", "overwrites-const-input", NULL, NULL),

	VALGRIND("heap_read", "Invalid read", READ, 1, 0, REPORT_AFTER, 0, 10, "heap_read",
		 "memory.c", "p[ten]", 1),
	VALGRIND("heap_write", "Invalid write", WRITE, 4, 0, REPORT_AFTER, 0, 40, "heap_write",
		 "memory.c", "p[ten] = 1", 1),
	VALGRIND("heap_before", "Invalid write", WRITE, 1, 0, REPORT_BEFORE, 2, 10, "heap_before",
		 "memory.c", "p[ten - 12]", 1),
	VALGRIND("after_free", "Invalid read", READ, 1, 0, REPORT_INSIDE, 10, 100, "after_free",
		 "memory.c", "p[ten]", 2),
	VALGRIND("double_free", "Invalid free() / delete / delete[] / realloc()", NO_ACCESS, NONE,
		 0, REPORT_INSIDE, 0, 10, "double_free", "memory.c", "free(p)", 2),
	VALGRIND("bad_free", "Invalid free() / delete / delete[] / realloc()", NO_ACCESS, NONE, 0,
		 REPORT_INSIDE, 10, 20, "bad_free", "memory.c", "free(p + ten)", 1),
	VALGRIND("null_write", "Invalid write", WRITE, 4, 1, NO_REGION, "null_write", "memory.c",
		 "*p = 1", 0),
	VALGRIND("huge_malloc", "has a fishy (possibly negative) value", NO_ACCESS, NONE, NONE,
		 NO_REGION, "huge_malloc", "memory.c", "malloc(", 0),
	VALGRIND("unset_branch", "Conditional jump or move depends on uninitialised value(s)",
		 NO_ACCESS, NONE, NONE, NO_REGION, "unset_branch", "memory.c", "if (p[", 1),
	VALGRIND("unset_index", "Use of uninitialised value", NO_ACCESS, NONE, NONE, NO_REGION,
		 "unset_index", "memory.c", "small_global[p[", 1),
	VALGRIND("unset_write", "Syscall param", NO_ACCESS, NONE, 0, REPORT_INSIDE, 0, 10,
		 "unset_write", "memory.c", "fwrite", 2),
	VALGRIND("leak", "definitely lost", NO_ACCESS, NONE, NONE, NO_REGION, "lose", "memory.c",
		 "lost = malloc(24)", 0),

	GLIBC("double_free", "free-double-free-detected-in-tcache"),
	GLIBC("double_free_fast", "double-free-or-corruption"),
	GLIBC("double_free_big", "double-free-or-corruption"),
	GLIBC("invalid_pointer", "free-invalid-pointer"),
	GLIBC("invalid_size", "free-invalid-size"),
	GLIBC("invalid_next_size", "free-invalid-next-size"),
	GLIBC("munmap_chunk", "munmap-chunk-invalid-pointer"),
	GLIBC("realloc_pointer", "realloc-invalid-pointer"),
	GLIBC("top_size", "malloc-corrupted-top-size"),
	GLIBC("unsorted", "malloc-invalid-size-unsorted"),
	GLIBC("smash_stack", "stack-smashing-detected"),
	GLIBC("fortify", "buffer-overflow-detected"),
	{ "glibc/failed_assertion", "gcc", REPORT_GLIBC, "assertion-failed", NO_ACCESS, NONE, NONE,
	  NO_REGION, "failed_assertion", "heap.c", "assert(", 0 },

	GO("index_range", "plain", "index out of range", NONE, "main.indexRange", "words[five]", 0),
	GO("index_range", "system", "index out of range", NONE, "main.indexRange", "words[five]",
	   ANY),
	GO("slice_bounds", "plain", "slice bounds out of range", NONE, "main.sliceBounds",
	   "words[five:]", 0),
	GO("nil_pointer", "plain", "invalid memory address or nil pointer dereference", 1,
	   "main.(*thing).get", "t.next", 0),
	GO("divide_zero", "plain", "integer divide by zero", NONE, "main.divideZero", "sink / ", 0),
	GO("negative_make", "plain", "makeslice: len out of range", NONE, "main.negativeMake",
	   "make([]byte", 0),
	GO("slice_len", "plain", "unsafe.Slice: len out of range", NONE, "main.sliceLen",
	   "unsafe.Slice(", 0),
	GO("slice_len", "checkptr", "unsafe.Slice: len out of range", NONE, "main.sliceLen",
	   "unsafe.Slice(", ANY),
	GO("slice_nil", "plain", "unsafe.Slice: ptr is nil and len is not zero", NONE,
	   "main.sliceNil", "(nil)", 0),
	GO("straddle", "checkptr", "checkptr: unsafe.Slice result straddles multiple allocations",
	   NONE, "main.straddle", "unsafe.Slice(", ANY),
	GO("misaligned", "checkptr", "checkptr: misaligned pointer conversion", NONE,
	   "main.misaligned", "(**thing)(", ANY),
	GO("arithmetic", "checkptr",
	   "checkptr: pointer arithmetic result points to invalid allocation", NONE,
	   "main.arithmetic", "uintptr(five)", ANY),
	GO("wild_pointer", "plain", "unexpected fault address", 0, "main.wildPointer", "**(**int)",
	   ANY),
	GO("custom", "plain", "panic", NONE, "main.custom", "panic(", 0),
	GO("deadlock", "plain", "all goroutines are asleep - deadlock!", NONE, "main.deadlock",
	   "<-make", 0),
	GO("goroutine", "plain", "index out of range", NONE, "main.indexRange", "words[five]", ANY),

	RUST("index_bounds", "rustc full short", "index out of bounds", NONE, "v[black_box(5)]"),
	RUST("range_end", "rustc", "range end index", NONE, "v[..black"),
	RUST("add_overflow", "rustc", "attempt to add with overflow", NONE, "n + black"),
	RUST("unwrap_none", "rustc", "called `Option::unwrap()` on a `None` value", NONE,
	     ".unwrap()"),
	RUST("unwrap_err", "rustc", "called `Result::unwrap()` on an `Err` value", NONE,
	     ".unwrap()"),
	RUST("assert_eq_fails", "rustc", "assertion `left == right` failed", NONE, "assert_eq!"),
	RUST("custom", "rustc", "panic", NONE, "panic!"),
	RUST("raw_parts_null", "rustc", "unsafe precondition(s) violated", NONE, "from_raw_parts"),
	RUST("unchecked_index", "rustc", "unsafe precondition(s) violated", NONE, "get_unchecked"),
	RUST("misaligned", "rustc", "misaligned pointer dereference", 0, "*p"),
	RUST("null_read", "rustc", "null pointer dereference occurred", 1, "*p"),
	RUST("alloc_fails", "rustc", "out-of-memory", NONE, "handle_alloc_error"),
	{ "rust/thread", "rustc", REPORT_RUST, "index out of bounds", NO_ACCESS, NONE, NONE,
	  NO_REGION, "panic::index_bounds", "panic.rs", "v[black_box(5)]", 0 },
	{ "rust/stack_overflow", "rustc", REPORT_RUST, "stack overflow", NO_ACCESS, NONE, NONE,
	  NO_REGION, NULL, NULL, NULL, 0 },
};
// clang-format on

struct golden_test {
	const struct golden *golden;
	char path[160];
	bool is_raw, has_stack;
};

static char *read_file(const char *path, size_t *n)
{
	FILE *file = fopen(path, "rbe");
	char *text;
	long size;

	if (!file)
		fail_msg("%s cannot be read; run %smake-goldens", path, GOLDENS);
	fseek(file, 0, SEEK_END);
	size = ftell(file);
	rewind(file);
	text = malloc((size_t)size + 1);
	assert_non_null(text);
	*n = fread(text, 1, (size_t)size, file);
	text[*n] = '\0';
	fclose(file);
	return text;
}

static void assert_number(const char *what, struct report_number number, int expected)
{
	if (expected == ANY)
		return;
	if (expected == NONE ? number.known :
			       !number.known || number.value != (unsigned int)expected)
		fail_msg("%s is %llu%s, not %d", what, (unsigned long long)number.value,
			number.known ? "" : " (missing)", expected);
}

// The frame's line in the source must hold the words of the error.
static void assert_line_holds(const struct golden *golden, const struct report_frame *frame)
{
	char path[160];
	size_t n;
	char *text, *line;
	uint64_t number = 1;

	snprintf(path, sizeof(path), GOLDENS "src/%s", golden->source);
	text = read_file(path, &n);
	for (line = strtok(text, ""); line && number < frame->line.value; number++) {
		line = strchr(line, '\n');
		line = line ? line + 1 : NULL;
	}
	assert_non_null(line);
	line[strcspn(line, "\n")] = '\0';
	if (!strstr(line, golden->text))
		fail_msg("line %llu is \"%s\", without \"%s\"",
			(unsigned long long)frame->line.value, line, golden->text);
	free(text);
}

static const struct report_frame *find_frame(const struct report_stack *stack, const char *function)
{
	for (size_t i = 0; i < stack->frame_count; i++)
		if (stack->frames[i].function && strcmp(stack->frames[i].function, function) == 0)
			return &stack->frames[i];
	fail_msg("no frame of %s", function);
	return NULL;
}

static void check_stack(const struct golden_test *test, const struct report *report)
{
	const struct golden *golden = test->golden;
	const struct report_stack *stack = report_crash_stack(report);
	const struct report_frame *frame;

	assert_non_null(stack);
	assert_true(stack->frame_count > 0);
	if (test->is_raw) {
		for (size_t i = 0; i < stack->frame_count; i++) {
			assert_null(stack->frames[i].file);
			assert_non_null(stack->frames[i].module);
			assert_true(stack->frames[i].offset.known);
		}
		return;
	}
	// A stack that the report only implies (it was told not to print one) has no function.
	if (stack->frame_count == 1 && !stack->frames[0].function) {
		frame = &stack->frames[0];
	} else {
		frame = find_frame(stack, golden->function);
	}
	if (!golden->source)
		return;
	assert_non_null(frame->file);
	assert_non_null(strstr(frame->file,
		strrchr(golden->source, '/') ? strrchr(golden->source, '/') + 1 : golden->source));
	assert_true(frame->line.known);
	if (golden->text)
		assert_line_holds(golden, frame);
}

// What UBSan says in the same words of several checks, unless it is told to name them.
static bool is_ambiguous(const struct golden_test *test)
{
	static const char *const paths[] = { "ubsan/divide_zero", "ubsan/truncation_signed",
		"ubsan/truncation_or_sign" };

	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++)
		if (strcmp(test->golden->path, paths[i]) == 0)
			return !strstr(test->path, "-typed");
	return false;
}

static void test_golden(void **state)
{
	const struct golden_test *test = *state;
	const struct golden *golden = test->golden;
	struct reports *reports = NULL;
	const struct report *report;
	size_t n;
	char *text = read_file(test->path, &n);

	assert_int_equal(parse_report(text, n, NULL, &reports), 0);
	assert_true(reports->count > 0);
	report = &reports->list[0];
	assert_string_equal(report->tool_name, report_tool_slug(golden->tool));
	assert_int_equal(report->tool, golden->tool);
	assert_non_null(report->kind);
	assert_string_equal(report->kind, golden->kind);
	assert_int_equal(report->kind_known, !is_ambiguous(test));
	assert_int_equal(report->kind_inferred, is_ambiguous(test));
	assert_null(report->damaged);
	assert_int_equal(report->access, golden->access);
	assert_number("size", report->size_bytes, golden->size_bytes);
	assert_number("near_null", report->near_null, golden->near_null);
	if (golden->relation != ANY)
		assert_int_equal(report->region.relation, golden->relation);
	assert_number("distance", report->region.distance_bytes, golden->distance_bytes);
	assert_number("region", report->region.size_bytes, golden->region_bytes);
	// Not strstr(): programs print NUL bytes too.
	assert_non_null(memmem(text, n, report->headline, strlen(report->headline)));
	if (golden->function)
		check_stack(test, report);
	if (golden->function && golden->other_stacks != ANY)
		assert_int_equal(report->stack_count, 1 + golden->other_stacks);
	assert_false(reports->clipped);
	reports_free(reports);
	free(text);
}

int main(void)
{
	enum {
		VARIANTS_MAX = 1024
	};
	static struct golden_test tests[VARIANTS_MAX];
	static struct CMUnitTest units[VARIANTS_MAX];
	size_t count = 0;

	for (size_t i = 0; i < sizeof(goldens) / sizeof(goldens[0]); i++) {
		const char *word = goldens[i].variants;

		for (; *word; word += strcspn(word, " "), word += strspn(word, " ")) {
			struct golden_test *test = &tests[count];
			int length = (int)strcspn(word, " ");

			test->golden = &goldens[i];
			snprintf(test->path, sizeof(test->path), GOLDENS "%s.%.*s.txt",
				goldens[i].path, length, word);
			test->is_raw = strstr(test->path, ".raw.") != NULL;
			units[count++] = (struct CMUnitTest){ test->path + strlen(GOLDENS),
				test_golden, NULL, NULL, test };
		}
	}
	return _cmocka_run_group_tests("report", units, count, NULL, NULL);
}
