/* SPDX-License-Identifier: Apache-2.0
 * Keys: frames that count, the one at fault, and what does not enter. */
#include "base/util.h"
#include "key.h"
#include "severity.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

/* The key of the report in @text. */
static struct key key_of(const char *text)
{
	struct reports *reports = NULL;
	struct key key;

	assert_int_equal(parse_report(text, strlen(text), NULL, &reports), 0);
	assert_true(reports->count > 0);
	key_make(key_report(reports), NULL, &key);
	reports_free(reports);
	return key;
}

#define HEAD(kind, address, access, size) \
	"==1==ERROR: AddressSanitizer: " kind " on address " address \
	" at pc 0x1 bp 0x2 sp 0x3\n" access " of size " size " at " address " thread T0\n"
#define FRAME(n, function, place) "    #" n " 0x55" n " in " function " " place "\n"
#define TAIL                      FRAME("8", "main", "/src/main.c:9:1")

static void assert_key(const char *text, const char *expected)
{
	struct key key = key_of(text);

	assert_string_equal(key.text, expected);
	key_free(&key);
}

static void test_text(void **state)
{
	(void)state;
	/* neither sizes nor addresses, lines or directories */
	assert_key(HEAD("heap-buffer-overflow", "0x602000000018", "READ", "1")
			   FRAME("0", "a", "/src/a.c:1:2") FRAME("1", "b", "/src/a.c:3:4") TAIL,
		"access a|b");
	assert_key(HEAD("heap-buffer-overflow", "0x602000990018", "READ", "16")
			   FRAME("0", "a", "/other/a.c:7:2") FRAME("1", "b", "/other/a.c:8:4") TAIL,
		"access a|b");
	/* what a bad access is called is luck */
	assert_key(HEAD("stack-use-after-return", "0x602000000018", "READ", "1")
			   FRAME("0", "a", "/src/a.c:1:2") FRAME("1", "b", "/src/a.c:3:4") TAIL,
		"access a|b");
	assert_key(HEAD("heap-buffer-overflow", "0x602000000018", "WRITE", "1")
			   FRAME("0", "a", "/src/a.c:1:2"),
		"access a");
	/* the runtime's frames, and those of the C library */
	assert_key(HEAD("heap-buffer-overflow", "0x602000000018", "WRITE", "9")
			   FRAME("0", "__interceptor_memcpy", "/build/llvm/x.inc:1:2")
				   FRAME("1", "duplicate(char*, int)", "/src/a.c:3:4") TAIL,
		"access duplicate|main");
	/* nothing but these: then they count */
	assert_key(HEAD("heap-buffer-overflow", "0x602000000018", "WRITE", "9")
			   FRAME("0", "__interceptor_memcpy", "/build/llvm/x.inc:1:2"),
		"access __interceptor_memcpy");
	/* without symbols */
	assert_key(
		HEAD("heap-buffer-overflow", "0x602000000018", "WRITE",
			"9") "    #0 0x55d (/opt/bin/tool+0x1234)\n    #1 0x55e (/opt/bin/tool+0x99)\n",
		"access tool+0x1234|tool+0x99");
	/* what signals say is the same whoever saw them */
	assert_key(
		"==1==ERROR: UndefinedBehaviorSanitizer: ABRT on unknown address 0x1 (pc 0x2 bp 0x3 sp 0x4 T1)\n" FRAME(
			"0", "abort", "/x/abort.c:1:2") FRAME("1", "a", "/src/a.c:1:2"),
		"abort a");
	/* a kind that nobody knows keeps its word */
	assert_key(HEAD("brand-new-bug", "0x602000000018", "WRITE", "9")
			   FRAME("0", "a", "/src/a.c:1:2"),
		"other brand-new-bug a");
}

#define ABORT(frames) \
	"==1==ERROR: AddressSanitizer: ABRT on unknown address 0x1 (pc 0x2 bp 0x3 sp 0x4 T0)\n" FRAME( \
		"0", "raise", "/x/raise.c:1:2") FRAME("1", "abort", "/x/abort.c:1:2") frames
#define OVERREAD(frames) HEAD("heap-buffer-overflow", "0x602000000018", "READ", "1") frames

/* The function at fault is not the one that does what others ask for. */
static void test_site(void **state)
{
	(void)state;
	/* an accessor, by name and as an inlined function of a header */
	assert_key(OVERREAD(FRAME("0", "get16", "/src/a.c:1:2") FRAME(
			   "1", "decode", "/src/a.c:30:2") FRAME("2", "run", "/src/a.c:40:1") TAIL),
		"access decode|run");
	assert_key(OVERREAD(FRAME("0", "first", "/src/cursor.h:1:2") FRAME(
			   "1", "decode", "/src/a.c:30:2") FRAME("2", "run", "/src/a.c:40:1") TAIL),
		"access decode|run");
	/* a library that is all header has no accessor there */
	assert_key(OVERREAD(FRAME("0", "parse", "/src/lib.h:1:2")
				   FRAME("1", "decode", "/src/lib.h:30:2")
					   FRAME("2", "LLVMFuzzerTestOneInput", "/src/t.c:40:1")),
		"access parse|decode");
	/* nothing else is there */
	assert_key(OVERREAD(FRAME("0", "get16", "/src/a.c:1:2")), "access get16");
	/* the project's own assertions, and those of logging libraries */
	assert_key(ABORT(FRAME("2", "port_fatal", "/src/a.c:1:2") FRAME("3", "my_assert_fail",
			   "/src/a.c:1:2") FRAME("4", "decode", "/src/a.c:30:2")
				   FRAME("5", "run", "/src/a.c:40:1")),
		"abort decode|run");
	assert_key(ABORT(FRAME("2", "google::LogMessage::Fail()", "/src/l.cc:1:2") FRAME(
			   "3", "google::LogMessageFatal::~LogMessageFatal()", "/src/l.cc:2:2")
				   FRAME("4", "decode(int)", "/src/a.cc:30:2") TAIL),
		"abort decode|main");
	/* where nobody aborts, the word is only a word */
	assert_key(
		OVERREAD(FRAME("0", "fatal_text", "/src/a.c:1:2") TAIL), "access fatal_text|main");
	/* a wrapper of free: other functions have its prefix */
	assert_key(
		"==1==ERROR: AddressSanitizer: attempting double-free on 0x602000000010 in thread T0:\n" FRAME(
			"0", "free", "(/bin/t+0x1)") FRAME("1", "img_free", "/src/m.c:1:2")
			FRAME("2", "box_destroy", "/src/a.c:30:2")
				FRAME("3", "img_close", "/src/a.c:40:1"),
		"free box_destroy|img_close");
	assert_key(
		"==1==ERROR: AddressSanitizer: attempting double-free on 0x602000000010 in thread T0:\n" FRAME(
			"0", "free", "(/bin/t+0x1)") FRAME("1", "node_free", "/src/m.c:1:2")
			FRAME("2", "box_destroy", "/src/a.c:30:2")
				FRAME("3", "img_close", "/src/a.c:40:1"),
		"free node_free|box_destroy");
	/* the library's templates, whatever they return */
	assert_key(OVERREAD(FRAME("0", "void std::__sort<int*, less>(int*, int*, less)",
			   "/usr/include/c++/12/algo:1:2") FRAME("1",
			   "unsigned char* std::copy<int>(int*)", "/usr/include/c++/12/algo:1:2")
				   FRAME("2", "sort_rows(int*)", "/src/a.cc:30:2") TAIL),
		"access sort_rows|main");
}

static void assert_untold(const char *text, enum key_untold untold)
{
	struct key key = key_of(text);

	assert_int_equal(key.untold, untold);
	key_free(&key);
}

static void test_untold(void **state)
{
	(void)state;
	assert_untold(OVERREAD(FRAME("0", "a", "/src/a.c:1:2")), KEY_TOLD);
	assert_untold(OVERREAD(""), KEY_NO_STACK);
	assert_key(ABORT(""), "abort ABRT -");
	assert_untold(ABORT(""), KEY_NO_STACK);
	assert_untold(ABORT(FRAME("2", "count_left", "/src/a.c:1:2")
				      FRAME("3", "engine_cleanup", "/src/a.c:30:2") TAIL),
		KEY_CLEANUP);
	assert_untold(OVERREAD(FRAME("2", "count_left", "/src/a.c:1:2")
				      FRAME("3", "engine_cleanup", "/src/a.c:30:2") TAIL),
		KEY_TOLD);
}

static void test_recursion(void **state)
{
	(void)state;
	assert_key(HEAD("heap-buffer-overflow", "0x602000000018", "READ", "1")
			   FRAME("0", "a", "/src/a.c:1:2") FRAME("1", "a", "/src/a.c:3:4")
				   FRAME("2", "a", "/src/a.c:3:4") TAIL,
		"access a|main");
	assert_key(HEAD("heap-buffer-overflow", "0x602000000018", "READ", "1")
			   FRAME("0", "b", "/src/a.c:9:2") FRAME("1", "a", "/src/a.c:1:4")
				   FRAME("2", "b", "/src/a.c:3:4") FRAME("3", "a", "/src/a.c:1:4")
					   FRAME("4", "b", "/src/a.c:3:4")
						   FRAME("5", "a", "/src/a.c:1:4") TAIL,
		"access b|a");
	/* where a stack ends is luck: the same functions from another one on */
	assert_key(
		"==1==ERROR: AddressSanitizer: stack-overflow on address 0x7ffc at (pc 0x1 bp 0x2 sp 0x3 T0)\n" FRAME(
			"0", "leaf", "/src/a.c:7:2") FRAME("1", "b", "/src/a.c:1:2")
			FRAME("2", "a", "/src/a.c:3:4") FRAME("3", "b", "/src/a.c:1:2")
				FRAME("4", "a", "/src/a.c:3:4"),
		"recursion a|b");
	assert_key(
		"==1==ERROR: AddressSanitizer: stack-overflow on address 0x7ffc at (pc 0x1 bp 0x2 sp 0x3 T0)\n" FRAME(
			"0", "a", "/src/a.c:3:4") FRAME("1", "b", "/src/a.c:1:2")
			FRAME("2", "a", "/src/a.c:3:4") FRAME("3", "b", "/src/a.c:1:2"),
		"recursion a|b");
}

static void test_ignore(void **state)
{
	static const struct {
		const char *pattern, *text;
		bool matches;
	} rows[] = {
		{ "abc", "abc", true },
		{ "abc", "abcd", false },
		{ "a*", "abcd", true },
		{ "*d", "abcd", true },
		{ "*b*d", "abcd", true },
		{ "*", "", true },
		{ "", "a", false },
		{ "a*b*c", "aXbYbZc", true },
		{ "a*b*c", "aXbYbZ", false },
		{ "****a", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab", false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		assert_int_equal(ignore_matches(rows[i].pattern, rows[i].text), rows[i].matches);
}

static void test_users_list(void **state)
{
	static const char path[] = "/tmp/fencepost-ignore-test";
	struct report_frame ours = { .function = "xassert_failed" };
	struct report_frame theirs = { .function = "parse", .file = "/src/vendor/x.c" };
	AUTO_FREE char *why = NULL;
	struct ignore *ignore;

	(void)state;
	assert_int_equal(
		file_write(path, "# ours\n function xassert* \r\nfile */vendor/*\n", 44), 0);
	ignore = ignore_open(path, &why);
	assert_non_null(ignore);
	assert_true(ignore_has(ignore, &ours));
	assert_true(ignore_has(ignore, &theirs));
	assert_false(ignore_has(NULL, &ours));
	assert_true(ignore_has(NULL, &(struct report_frame){ .function = "abort" }));
	ignore_free(ignore);
	assert_int_equal(file_write(path, "fine\n", 5), 0);
	assert_null(ignore_open(path, &why));
	assert_non_null(strstr(why, ":1: must be"));
	remove(path);
}

static void assert_severity(const char *text, const char *level, const char *rule)
{
	struct reports *reports = NULL;
	const struct severity_rule *found;

	assert_int_equal(parse_report(text, strlen(text), NULL, &reports), 0);
	assert_true(reports->count > 0);
	found = severity_of(key_report(reports));
	assert_string_equal(found->slug, rule);
	assert_string_equal(severity_word(found->severity), level);
	reports_free(reports);
}

static void test_severity(void **state)
{
	(void)state;
	assert_severity(HEAD("heap-buffer-overflow", "0x602000000018", "WRITE", "1"), "EXPLOITABLE",
		"write-outside");
	assert_severity(HEAD("heap-buffer-overflow", "0x602000000018", "READ", "1"),
		"NOT_EXPLOITABLE", "read-outside");
	assert_severity(HEAD("heap-use-after-free", "0x602000000018", "WRITE", "1"), "EXPLOITABLE",
		"write-after-free");
	assert_severity(HEAD("heap-use-after-free", "0x602000000018", "READ", "1"),
		"PROBABLY_EXPLOITABLE", "read-after-free");
	assert_severity(
		"==1==ERROR: AddressSanitizer: attempting double-free on 0x602000000010 in thread T0:\n",
		"EXPLOITABLE", "bad-free");
	assert_severity(
		"==1==ERROR: AddressSanitizer: SEGV on unknown address 0x000000000008 (pc 0x55 bp 0x2 sp "
		"0x3 T0)\n==1==The signal is caused by a WRITE memory access.\n"
		"==1==Hint: address points to the zero page.\n",
		"NOT_EXPLOITABLE", "near-null");
	assert_severity(
		"==1==ERROR: AddressSanitizer: SEGV on unknown address 0x7f1234567890 (pc 0x55 bp 0x2 sp "
		"0x3 T0)\n==1==The signal is caused by a WRITE memory access.\n",
		"EXPLOITABLE", "wild-write");
	assert_severity(
		"==1==ERROR: AddressSanitizer: SEGV on unknown address 0x7f1234567890 (pc 0x55 bp 0x2 sp "
		"0x3 T0)\n==1==The signal is caused by a READ memory access.\n",
		"PROBABLY_EXPLOITABLE", "wild-read");
	/* a tool that looks for other things sees a signal as any does */
	assert_severity(
		"==1==ERROR: LeakSanitizer: SEGV on unknown address 0x7f1234567890 (pc 0x55 bp 0x2 sp "
		"0x3 T0)\n==1==The signal is caused by a WRITE memory access.\n",
		"EXPLOITABLE", "wild-write");
	assert_severity(
		"==1==ERROR: ThreadSanitizer: ABRT on unknown address 0x55 (pc 0x55 bp 0x2 sp 0x3 T0)\n",
		"NOT_EXPLOITABLE", "stopped-by-check");
	assert_severity(
		"==1==ERROR: AddressSanitizer: stack-overflow on address 0x7ffc (pc 0x1 bp 0x2 sp 0x3 T0)\n",
		"NOT_EXPLOITABLE", "stack-exhausted");
	assert_severity(
		"==1==ERROR: AddressSanitizer: FPE on unknown address 0x55 (pc 0x55 bp 0x2 sp 0x3 T0)\n",
		"NOT_EXPLOITABLE", "arithmetic");
	assert_severity(
		"==1==WARNING: MemorySanitizer: use-of-uninitialized-value\n    #0 0x1 in f /src/f.c:1:2\n",
		"UNDEFINED", "uninitialised");
	assert_severity(
		"a.c:3:2: runtime error: load of misaligned address 0x7ffd1 for type 'int', which "
		"requires 4 byte alignment\n",
		"NOT_EXPLOITABLE", "misaligned");
	assert_severity(
		HEAD("brand-new-bug", "0x602000000018", "WRITE", "9"), "UNDEFINED", "unknown");
	assert_severity(
		"panic: runtime error: index out of range [5] with length 3\n\ngoroutine 1 [running]:\n"
		"main.main()\n\t/src/main.go:5 +0x1d\n",
		"NOT_EXPLOITABLE", "stopped-by-check");
	assert_severity(
		"*** stack smashing detected ***: terminated\n", "EXPLOITABLE", "heap-corrupted");
}

/* A trap of the program's own, an address that is only computed: below what was read and written. */
static void test_severity_of_checks(void **state)
{
	(void)state;
	assert_severity(
		"==1==ERROR: AddressSanitizer: ILL on unknown address 0x55 (pc 0x55 bp 0x2 sp "
		"0x3 T0)\n" FRAME("0", "check", "/src/a.c:7:2"),
		"NOT_EXPLOITABLE", "trap");
	assert_severity(
		"==1==ERROR: AddressSanitizer: TRAP on unknown address 0x55 (pc 0x55 bp 0x2 sp "
		"0x3 T0)\n    #0 0x55  (/bin/t+0x55)\n",
		"NOT_EXPLOITABLE", "trap");
	assert_severity(
		"==1==ERROR: AddressSanitizer: ILL on unknown address 0x55 (pc 0x55 bp 0x2 sp "
		"0x3 T0)\n    #0 0x55  (<unknown module>)\n",
		"EXPLOITABLE", "jump-outside");
	assert_severity("a.c:3:2: runtime error: applying non-zero offset 8 to null pointer\n",
		"NOT_EXPLOITABLE", "near-null");
	assert_severity(
		"a.c:3:2: runtime error: addition of unsigned offset to 0x7ffd1 overflowed to "
		"0x7ffd0\n",
		"NOT_EXPLOITABLE", "pointer-overflow");
	assert_severity("==1== ERROR: libFuzzer: deadly signal\n", "UNDEFINED", "no-report");
	assert_severity("AddressSanitizer:DEADLYSIGNAL\n", "UNDEFINED", "no-report");
	assert_severity(
		"==1== ERROR: libFuzzer: timeout after 1 seconds\n", "NOT_EXPLOITABLE", "too-slow");
}

static const struct severity_rule *rule_of(const char *text)
{
	struct reports *reports = NULL;
	const struct severity_rule *rule;

	assert_int_equal(parse_report(text, strlen(text), NULL, &reports), 0);
	rule = severity_of(key_report(reports));
	reports_free(reports);
	return rule;
}

/* Worst first, also within one level. */
static void test_severity_order(void **state)
{
	static const char *const texts[] = {
		HEAD("heap-buffer-overflow", "0x602000000018", "WRITE", "1"),
		"==1==ERROR: AddressSanitizer: SEGV on unknown address 0x7f1234567890 (pc 0x55 bp 0x2 sp "
		"0x3 T0)\n==1==The signal is caused by a READ memory access.\n",
		HEAD("heap-buffer-overflow", "0x602000000018", "READ", "1"),
		"a.c:3:2: runtime error: addition of unsigned offset to 0x7ffd1 overflowed to "
		"0x7ffd0\n",
		"==1==ERROR: AddressSanitizer: ILL on unknown address 0x55 (pc 0x55 bp 0x2 sp 0x3 T0)\n" FRAME(
			"0", "check", "/src/a.c:7:2"),
		"t: a.c:5: main: Assertion `x' failed.\n",
		"a.c:3:2: runtime error: load of misaligned address 0x7ffd1 for type 'int', which "
		"requires 4 byte alignment\n",
		HEAD("brand-new-bug", "0x602000000018", "WRITE", "9"),
	};

	(void)state;
	for (size_t i = 1; i < sizeof(texts) / sizeof(*texts); i++) {
		assert_true(severity_compare(rule_of(texts[i - 1]), rule_of(texts[i])) < 0);
		assert_true(severity_compare(rule_of(texts[i]), rule_of(texts[i - 1])) > 0);
	}
	assert_int_equal(severity_compare(rule_of(texts[0]), rule_of(texts[0])), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_text),
		cmocka_unit_test(test_site),
		cmocka_unit_test(test_untold),
		cmocka_unit_test(test_recursion),
		cmocka_unit_test(test_ignore),
		cmocka_unit_test(test_users_list),
		cmocka_unit_test(test_severity),
		cmocka_unit_test(test_severity_of_checks),
		cmocka_unit_test(test_severity_order),
	};

	return cmocka_run_group_tests_name("key", tests, NULL, NULL);
}
