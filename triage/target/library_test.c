/* SPDX-License-Identifier: Apache-2.0
 * Tests the warnings about a target's libraries, from the symbols in them. */
#include "library.h"

#include "base/util.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#define PROGRAM "/tmp/fencepost-library-test"

/* The target's own file, as it always is: instrumented. */
#define HARNESS \
	"file\ttarget\th.c\nLLVMFuzzerTestOneInput T 0 2a\nhelp t 30 8\n__afl_area_ptr U 0 0\n__asan_init U 0 0\n"
#define NEITHER       "decode T 0 44\nmalloc U 0 0\n"
#define BOTH          NEITHER "__asan_init U         \n__afl_area_ptr U         \n__ubsan_handle_x U 0 0\n"
#define ONLY_ASAN     NEITHER "__asan_init U 0 0\nasan.module_ctor t 0 10\n"
#define ONLY_COVERAGE NEITHER "__sanitizer_cov_trace_pc_guard_init U 0 0\n"

struct row {
	const char *name, *detector, *symbols,
		*words; /* words: part of them; NULL: nothing is said */
	enum engine_id engine;
	bool unseen;
	const char *flags;
};

static const struct row rows[] = {
	{ "nothing besides", "asan+ubsan", HARNESS, NULL, ENGINE_AFL, false, NULL },
	{ "plain archive", "asan+ubsan",
		HARNESS "file\tgiven\t/x/liba.a\n/x/liba.a[a.o]:\n" NEITHER,
		"liba.a was not instrumented: nothing in it was looked at", ENGINE_AFL, true,
		NULL },
	{ "plain object", "asan", HARNESS "file\tgiven\ta.o\n" NEITHER,
		"a.o was not instrumented: nothing in it was looked at", ENGINE_AFL, true, NULL },
	{ "whole archive", "asan+ubsan", HARNESS "file\tgiven\tliba.a\na.o:\n" BOTH "b.o:\n" BOTH,
		NULL, ENGINE_AFL, false, NULL },
	{ "checks without coverage", "asan", HARNESS "file\tgiven\ta.o\n" ONLY_ASAN,
		"a.o was built without coverage: it was fuzzed blindly", ENGINE_AFL, false, NULL },
	{ "coverage without checks", "asan", HARNESS "file\tgiven\ta.o\n" ONLY_COVERAGE,
		"a.o was built without AddressSanitizer: only deaths of the process were seen in it",
		ENGINE_AFL, true, NULL },
	{ "coverage of the other engine's", "asan",
		HARNESS "file\tgiven\ta.o\n" ONLY_ASAN "__sanitizer_cov_8bit_counters_init U 0 0\n",
		"built without coverage", ENGINE_AFL, false, NULL },
	{ "libFuzzer's coverage", "asan",
		HARNESS "file\tgiven\ta.o\n" ONLY_ASAN "__sanitizer_cov_8bit_counters_init U 0 0\n",
		NULL, ENGINE_LIBFUZZER, false, NULL },
	{ "another detector's checks", "msan", HARNESS "file\tgiven\ta.o\n" BOTH,
		"a.o was built without MemorySanitizer", ENGINE_AFL, true, NULL },
	{ "UBSan's checks", "ubsan", HARNESS "file\tgiven\ta.o\n" BOTH, NULL, ENGINE_AFL, false,
		NULL },
	{ "no checks of UBSan's", "ubsan", HARNESS "file\tgiven\ta.o\n" ONLY_COVERAGE,
		"a.o was built without UndefinedBehaviorSanitizer", ENGINE_AFL, true, NULL },
	{ "no detector", "none", HARNESS "file\tgiven\ta.o\n" NEITHER,
		"a.o was built without coverage: it was fuzzed blindly", ENGINE_AFL, false, NULL },
	{ "some members", "asan",
		HARNESS "file\tgiven\tl.a\na.o:\n" BOTH "b c.o:\n" NEITHER "l.a[d.o]:\n" NEITHER,
		"2 of 3 members of l.a (b c.o, d.o) were not instrumented: nothing in them was",
		ENGINE_AFL, false, NULL },
	{ "a member without code", "asan",
		HARNESS "file\tgiven\tl.a\na.o:\n" BOTH "b.o:\ntable D 0 10\n", NULL, ENGINE_AFL,
		false, NULL },
	{ "other sources are looked at", "asan",
		HARNESS "file\tsource\tb.c\n" BOTH "file\tgiven\ta.o\n" NEITHER,
		"a.o was not instrumented", ENGINE_AFL, false, NULL },
	{ "a source with its own flags", "asan", HARNESS "file\tsource\tb.c\n" ONLY_COVERAGE,
		"b.c was built without AddressSanitizer", ENGINE_AFL, true, NULL },
	{ "several", "asan", HARNESS "file\tgiven\ta.o\n" NEITHER "file\tgiven\tb.o\n" NEITHER,
		"a.o was not instrumented: nothing in it was looked at; the same holds for 1 other",
		ENGINE_AFL, true, NULL },
	{ "no object", "asan", HARNESS "file\tgiven\tl.a\nunread\n", "l.a could not be read",
		ENGINE_AFL, false, NULL },
	{ "gcc's own language", "asan", HARNESS "file\tgiven\tl.a\na.o:\n__gnu_lto_slim C 1 1\n",
		"l.a could not be read", ENGINE_AFL, false, NULL },
	{ "the system's, by name", "asan", HARNESS "file\tsystem\t/lib/libfoo.so\n" NEITHER,
		"libfoo.so was not instrumented", ENGINE_AFL, false, "-DA -lfoo" },
	{ "the system's, as it comes along", "asan",
		HARNESS "file\tsystem\t/lib/libfoo.so\n" NEITHER, NULL, ENGINE_AFL, false,
		"-lfoobar" },
};

static void open_row(
	const struct row *row, struct target_request *request, struct target_library *ret)
{
	*request = (struct target_request){ .program = PROGRAM,
		.detector = &detectors[detector_find(row->detector)],
		.engine = row->engine,
		.flags = row->flags };
	assert_int_equal(file_write(PROGRAM ".symbols", row->symbols, strlen(row->symbols)), 0);
	assert_int_equal(target_library_open(request, ret), 0);
	unlink(PROGRAM ".symbols");
}

static void test_row(void **state)
{
	const struct row *row = *state;
	struct target_request request;
	struct target_library library;
	AUTO_FREE char *words = NULL;

	open_row(row, &request, &library);
	words = target_library_words(&library);
	if (row->words == NULL)
		assert_null(words);
	else if (words == NULL || strstr(words, row->words) == NULL)
		fail_msg("%s", words != NULL ? words : "nothing is said");
	assert_int_equal(target_library_is_unseen(&library), row->unseen);
	target_library_close(&library);
}

/* Where they are in the program, without the harness's own, the compiler's and the system's; each once. */
static void test_functions(void **state)
{
	const struct row row = { .detector = "asan",
		.symbols = HARNESS
		"file\tsource\tb.c\nhelp t 0 8\ndecode T 0 8\nasan.module_ctor t 0 8\nalias T 0 8\n"
		"file\tsystem\t/lib/libfoo.a\nfoo T 0 8\n"
		"file\tgiven\tlibs.so\nshared T 0 8\n"
		"file\tprogram\tp\nmain T 10 8\nfoo T 20 8\nshared T 28 8\nhelp t 30 8\nalias T 40 8\n"
		"decode T 40 8\nasan.module_ctor t 50 8\n" };
	struct target_request request;
	struct target_library library;

	(void)state;
	open_row(&row, &request, &library);
	assert_int_equal(library.function_count, 1);
	assert_int_equal(library.functions[0], 0x40);
	target_library_close(&library);
}

/* A program that somebody else built has no such file: nothing is known, and nothing said. */
static void test_no_file(void **state)
{
	struct target_request request = { .program = "/nowhere/program" };
	struct target_library library;

	(void)state;
	assert_int_equal(target_library_open(&request, &library), 0);
	assert_null(target_library_words(&library));
	assert_false(target_library_is_unseen(&library));
	target_library_close(&library);
}

#define ROWS (sizeof(rows) / sizeof(*rows))

int main(void)
{
	struct CMUnitTest tests[ROWS + 2] = { cmocka_unit_test(test_functions),
		cmocka_unit_test(test_no_file) };

	for (size_t i = 0; i < ROWS; i++)
		tests[i + 2] = (struct CMUnitTest){ .name = rows[i].name,
			.test_func = test_row,
			.initial_state = (void *)(uintptr_t)&rows[i] };
	return cmocka_run_group_tests_name("target_library", tests, NULL, NULL);
}
