// SPDX-License-Identifier: Apache-2.0
// The report parser on texts that are easier written than run: every form of a frame, old wording,
// damage, loggers' prefixes, several reports, hostile bytes, exit facts.
#include "parse.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define ASAN_SEGV \
	"==7==ERROR: AddressSanitizer: SEGV on unknown address 0x000000000010 (pc 0x1 T0)\n"

static struct reports *parse_bytes(const char *text, size_t n)
{
	struct reports *reports = NULL;

	assert_int_equal(parse_report(text, n, NULL, &reports), 0);
	return reports;
}

// From a copy exactly as long, without a NUL behind it, so that ASan sees any overrun.
static struct reports *parse(const char *text)
{
	size_t n = strlen(text);
	char *copy = malloc(n ? n : 1);
	struct reports *reports;

	assert_non_null(copy);
	memcpy(copy, text, n);
	reports = parse_bytes(copy, n);
	free(copy);
	return reports;
}

static void assert_text(const char *what, const char *value, const char *expected)
{
	if (!value != !expected || (value && strcmp(value, expected) != 0))
		fail_msg("%s is %s, not %s", what, value ? value : "missing",
			expected ? expected : "missing");
}

// clang-format off
static const struct frame_form {
	const char *name, *line;
	const char *function, *file, *module;
	int line_number, column;	// -1: missing
	uint64_t offset;		// 0: missing
} frame_forms[] = {
	{ "symbolized", "#1 0x4a in f(int) /src/a b.c:12:3", "f(int)", "/src/a b.c", NULL, 12, 3, 0 },
	{ "no column", "#1 0x4a in f /src/a.c:12", "f", "/src/a.c", NULL, 12, -1, 0 },
	{ "no line", "#1 0x4a in f /src/a.c", "f", "/src/a.c", NULL, -1, -1, 0 },
	{ "relative path", "#1 0x4a in f lib/a.c:12:3", "f", "lib/a.c", NULL, 12, 3, 0 },
	{ "bare file", "#1 0x4a in f a.c:12:3", "f", "a.c", NULL, 12, 3, 0 },
	{ "parameters, relative", "#1 0x4a in ns::f(int, char const*) const lib/a.cc:5:6",
	  "ns::f(int, char const*) const", "lib/a.cc", NULL, 5, 6, 0 },
	{ "module", "#1 0x4a in f (/bin/x y+0x12)", "f", NULL, "/bin/x y", -1, -1, 0x12 },
	{ "module only", "#1 0x4a (/bin/x+0x12)", NULL, NULL, "/bin/x", -1, -1, 0x12 },
	{ "module, two spaces", "#1 0x4a  (/bin/x+0x12)", NULL, NULL, "/bin/x", -1, -1, 0x12 },
	{ "module, build id", "#1 0x4a in f (/bin/x+0x12) (BuildId: 00ff)", "f", NULL, "/bin/x", -1, -1, 0x12 },
	{ "module with parentheses", "#1 0x4a in f (/opt/a (1)/x+0x12)", "f", NULL, "/opt/a (1)/x", -1, -1, 0x12 },
	{ "unknown module", "#1 0x4a  (<unknown module>)", NULL, NULL, NULL, -1, -1, 0 },
	{ "address only", "#1 0x4a", NULL, NULL, NULL, -1, -1, 0 },
	{ "cut behind in", "#1 0x4a in", NULL, NULL, NULL, -1, -1, 0 },
	{ "question marks", "#1 0x4a in ?? ??:0", NULL, NULL, NULL, 0, -1, 0 },
	{ "no function", "#1 0x4a /src/memmove.S:345", NULL, "/src/memmove.S", NULL, 345, -1, 0 },
	{ "discriminator", "#1 0x4a in f /src/a.c:12:3 (discriminator 4)", "f", "/src/a.c", NULL, 12, 3, 0 },
	{ "template", "#1 0x4a in void g<std::pair<int, int> >(std::pair<int, int>) /src/a.h:9:1",
	  "void g<std::pair<int, int> >(std::pair<int, int>)", "/src/a.h", NULL, 9, 1, 0 },
	{ "operator<", "#1 0x4a in ns::operator<(T const&, T const&) /src/a.h:9:1",
	  "ns::operator<(T const&, T const&)", "/src/a.h", NULL, 9, 1, 0 },
	{ "operator!= of a template", "#1 0x4a in bool operator!=<int>(A<int> const&) ./a.h:9:1",
	  "bool operator!=<int>(A<int> const&)", "./a.h", NULL, 9, 1, 0 },
	{ "operator<< of a template", "#1 0x4a in S& operator<< <char>(S&, char) a.h:9:1",
	  "S& operator<< <char>(S&, char)", "a.h", NULL, 9, 1, 0 },
	{ "operator->", "#1 0x4a in P<T>::operator->() const a.h:9:1", "P<T>::operator->() const", "a.h", NULL, 9, 1, 0 },
	{ "operator()", "#1 0x4a in L::operator()(int) const a.h:9:1", "L::operator()(int) const", "a.h", NULL, 9, 1, 0 },
	{ "operator new", "#1 0x4a in operator new(unsigned long) (/bin/x+0x12)", "operator new(unsigned long)", NULL, "/bin/x", -1, -1, 0x12 },
	{ "operator new, bare", "#1 0x4a in operator new a.cpp:3", "operator new", "a.cpp", NULL, 3, -1, 0 },
	{ "anonymous namespace", "#1 0x4a in (anonymous namespace)::f(int) /a.c:1:2", "(anonymous namespace)::f(int)", "/a.c", NULL, 1, 2, 0 },
	{ "function type parameter", "#1 0x4a in run(int (*)(char const*, int)) x.cpp:1:2", "run(int (*)(char const*, int))", "x.cpp", NULL, 1, 2, 0 },
	{ "lambda in path", "#1 0x4a in g<(lambda at /b/a.cpp:3:4)> /b/g.h:1:1", "g<(lambda at /b/a.cpp:3:4)>", "/b/g.h", NULL, 1, 1, 0 },
	{ "broken brackets", "#1 0x4a in g<unsigned > const&) /b/g.h:1:1", "g<unsigned > const&)", "/b/g.h", NULL, 1, 1, 0 },
	{ "clone", "#1 0x4a in f(int) [clone .isra.0] /b/g.c:1", "f(int) [clone .isra.0]", "/b/g.c", NULL, 1, -1, 0 },
	{ "windows", "#1 0x4a in f z:\\b\\a.cpp:44", "f", "z:\\b\\a.cpp", NULL, 44, -1, 0 },
	{ "msvc style", "#1 0x4a in f C:/b/a.cpp(44)", "f", "C:/b/a.cpp", NULL, 44, -1, 0 },
	{ "mac module", "#1 0x4a in f (libx.dylib:x86_64+0x12)", "f", NULL, "libx.dylib:x86_64", -1, -1, 0x12 },
	{ "objc", "#1 0x4a in -[Foo bar:baz:] Foo.m:3", "-[Foo bar:baz:]", "Foo.m", NULL, 3, -1, 0 },
	{ "tsan", "#1 f a.c:3:4 (x+0x0012)", "f", "a.c", "x", 3, 4, 0x12 },
	{ "tsan, null file", "#1 f <null> (x+0x12)", "f", NULL, "x", -1, -1, 0x12 },
	{ "tsan, all null", "#1 <null> <null> (x+0x12)", NULL, NULL, "x", -1, -1, 0x12 },
	{ "tsan, address", "#1 <null> <null> (0x7f12)", NULL, NULL, NULL, -1, -1, 0 },
	{ "backtrace_symbols", "#1 ./x(f+0x2a) [0x4a]", "f", NULL, "./x", -1, -1, 0 },
	{ "backtrace_symbols, offset", "#1 ./x(+0x2a) [0x4a]", NULL, NULL, "./x", -1, -1, 0x2a },
	{ "rust legacy hash", "#1 0x4a in a::b::h0123456789abcdef /a.rs:1:2", "a::b", "/a.rs", NULL, 1, 2, 0 },
	{ "rust crate hash", "#1 0x4a in std[e28293b1aa0f68bd]::rt::f /a.rs:1:2", "std::rt::f", "/a.rs", NULL, 1, 2, 0 },
	{ "rust trait", "#1 0x4a in <a::B as c::D<'x>>::e /a.rs:1:2", "<a::B as c::D<'x>>::e", "/a.rs", NULL, 1, 2, 0 },
	{ "return type, relative", "#1 0x4a in int ns::f<char> lib/a.cpp:1:2", "int ns::f<char>", "lib/a.cpp", NULL, 1, 2, 0 },
	{ "return type, bare", "#1 0x4a in unsigned long ns::f<char> a.cpp:1", "unsigned long ns::f<char>", "a.cpp", NULL, 1, -1, 0 },
	{ "return type, module", "#1 0x4a in auto n::h<A.b> const (a+0x3)", "auto n::h<A.b> const", NULL, "a", -1, -1, 3 },
	{ "return type and template, module", "#1 0x4a in auto n::h<A.b> (a+0x3)", "auto n::h<A.b>", NULL, "a", -1, -1, 3 },
	{ "file without a line, module", "#1 0x4a in f a_b.cpp (a+0x3)", "f", "a_b.cpp", "a", -1, -1, 3 },
	{ "operator of a template, no parameters", "#1 0x4a in operator>> <char> a.cpp:4:5", "operator>> <char>", "a.cpp", NULL, 4, 5, 0 },
	{ "clone with a dot, relative", "#1 0x4a in g(long) [clone .cold] lib/a.c:4", "g(long) [clone .cold]", "lib/a.c", NULL, 4, -1, 0 },
	{ "quoted namespace", "#1 0x4a in m::`anonymous namespace'::g lib/a.cc:3:9", "m::`anonymous namespace'::g", "lib/a.cc", NULL, 3, 9, 0 },
	{ "greater", "#1 0x4a in g(B<(2 > 1)>) a.cpp:1:2", "g(B<(2 > 1)>)", "a.cpp", NULL, 1, 2, 0 },
	{ "less", "#1 0x4a in g(B<(2 < 1)>) a.cpp:1:2", "g(B<(2 < 1)>)", "a.cpp", NULL, 1, 2, 0 },
	{ "offset in the function", "#1 0x4a in start+0x1f (a.out:arm64+0x10)", "start", NULL, "a.out:arm64", -1, -1, 0x10 },
	{ "thunk", "#1 0x4a in non-virtual thunk to A::b() a.cc:1:2", "non-virtual thunk to A::b()", "a.cc", NULL, 1, 2, 0 },
};
// clang-format on

static void check_count(const char *what, struct report_number number, int expected)
{
	if (number.known != (expected >= 0) || (number.known && number.value != (uint64_t)expected))
		fail_msg("%s is %llu%s, not %d", what, (unsigned long long)number.value,
			number.known ? "" : " (missing)", expected);
}

static void test_frame_form(void **state)
{
	const struct frame_form *form = *state;
	char text[1024];
	struct reports *reports;
	const struct report_frame *frame;

	snprintf(text, sizeof(text), ASAN_SEGV "    %s\n", form->line);
	reports = parse(text);
	assert_int_equal(reports->count, 1);
	assert_int_equal(reports->list[0].stack_count, 1);
	assert_int_equal(reports->list[0].stacks[0].frame_count, 1);
	frame = &reports->list[0].stacks[0].frames[0];
	assert_text("function", frame->function, form->function);
	assert_text("file", frame->file, form->file);
	assert_text("module", frame->module, form->module);
	check_count("line", frame->line, form->line_number);
	check_count("column", frame->column, form->column);
	assert_int_equal(frame->offset.known, form->offset != 0);
	assert_int_equal(frame->offset.value, form->offset);
	reports_free(reports);
}

// clang-format off
static const struct headline_form {
	const char *name, *text;
	size_t count;
	enum report_tool tool;		// of the first report, as are kind and address
	const char *kind;
	bool known;
	int address;			// -1: missing
	enum report_access access;
	const char *function;		// first frame of the crash stack
} headline_forms[] = {
	{ "nothing", "hello\nworld: ERROR: bad\n    #0 0x1 in f a.c:1\n", 0, 0, NULL, false, -1, 0, NULL },
	{ "glued to output", "some outputASAN:DEADLYSIGNAL\n" ASAN_SEGV, 1, REPORT_ASAN, "SEGV", true, 16, 0, NULL },
	{ "glued headline", "progress 99%" ASAN_SEGV, 1, REPORT_ASAN, "SEGV", true, 16, 0, NULL },
	{ "LLVM 3", "==7== ERROR: AddressSanitizer heap-use-after-free on address 0x10 at pc 0x4 bp 0x5 sp 0x6\nREAD of size 4 at 0x10 thread T0\n    #0 0x4 (/x+0x4)\n", 1, REPORT_ASAN, "heap-use-after-free", true, 16, REPORT_READ, NULL },
	{ "unknown kind", "==7==ERROR: AddressSanitizer: some-new-thing on address 0x10 at pc 0x1\n", 1, REPORT_ASAN, "some-new-thing", false, 16, 0, NULL },
	{ "unknown kind, words", "==7==ERROR: AddressSanitizer: some new thing on address 0x10\n", 1, REPORT_ASAN, "some new thing", false, 16, 0, NULL },
	{ "unknown tool", "==7==ERROR: FreshSanitizer: new-sort\n    #0 0x1 in f a.c:1\n", 1, REPORT_OTHER, "new-sort", false, -1, 0, "f" },
	{ "address unknown", "==7==ERROR: AddressSanitizer: SEGV on unknown address (pc 0x7f bp 0x1 sp 0x2 T0)\n", 1, REPORT_ASAN, "SEGV", true, -1, 0, NULL },
	{ "mismatch", "==7==ERROR: AddressSanitizer: alloc-dealloc-mismatch (malloc vs operator delete) on 0x10\n", 1, REPORT_ASAN, "alloc-dealloc-mismatch", true, 16, 0, NULL },
	{ "double free", "==7==ERROR: AddressSanitizer: attempting double-free on 0x10 in thread T0:\n", 1, REPORT_ASAN, "double-free", true, 16, 0, NULL },
	{ "odr", "==7==ERROR: AddressSanitizer: odr-violation (0x55):\n  [1] size=4 'x' a.c:1:5\n", 1, REPORT_ASAN, "odr-violation", true, 0x55, 0, NULL },
	{ "warning only", "==7==WARNING: AddressSanitizer failed to allocate 0xfff bytes\n", 0, 0, NULL, false, -1, 0, NULL },
	{ "warning with a report", "==7==WARNING: AddressSanitizer: writable-executable page usage\n    #0 0x1 in f a.c:1\n    #1 0x2 in main a.c:2\n\nSUMMARY: AddressSanitizer: w-and-x-usage a.c:1 in f\n", 1, REPORT_ASAN, "w-and-x-usage", true, -1, 0, "f" },
	{ "no memory", "==7==ERROR: AddressSanitizer failed to allocate 0x10 (16) bytes of Map (error code: 12)\n", 1, REPORT_ASAN, "out-of-memory", true, -1, 0, NULL },
	{ "not for want of memory", "==7==ERROR: AddressSanitizer failed to allocate 0x0 (0) bytes of Thing (error code: 22)\n", 1, REPORT_ASAN, "failed to allocate", true, -1, 0, NULL },
	{ "no room", "==7==ERROR: AddressSanitizer failed to allocate 0xdfff0001000 (15392894357504) bytes at address 2008fff7000 (errno: 12)\n==7==ReserveShadowMemoryRange failed while trying to map 0xdfff0001000 bytes. Perhaps you're using ulimit -v\n", 1, REPORT_ASAN, "sanitizer-not-started", true, -1, 0, NULL },
	{ "no room, of other makers", "==7==ERROR: MemorySanitizer failed to allocate 0x80000000000 (8796093022208) bytes at address 200000000000 (errno: 12)\n", 1, REPORT_MSAN, "sanitizer-not-started", true, -1, 0, NULL },
	{ "no room, of the allocator", "ThreadSanitizer: CHECK failed: sanitizer_allocator_primary64.h:133 \"((kSpaceBeg)) == ((address_range.Init(TotalSpaceSize, PrimaryAllocatorName, kSpaceBeg)))\" (0x7b0000000000, 0xfffffffffffffff4) (tid=7)\n", 1, REPORT_TSAN, "sanitizer-not-started", true, -1, 0, NULL },
	{ "a block at a place", "==7==ERROR: AddressSanitizer failed to allocate 0x10000 (65536) bytes of memory at address 0x100 (error code: 12)\n", 1, REPORT_ASAN, "out-of-memory", true, 256, 0, NULL },
	{ "no room, for another reason", "==7==ERROR: AddressSanitizer failed to allocate 0x1000 (4096) bytes at address 7fff7000 (errno: 17)\n", 1, REPORT_ASAN, "failed to allocate", true, -1, 0, NULL },
	{ "does not start", "FATAL: ThreadSanitizer: unexpected memory mapping 0x5500-0x5600\n", 1, REPORT_TSAN, "unexpected memory mapping", true, -1, 0, NULL },
	{ "does not start, in other words", "FATAL: MemorySanitizer: can not mmap the shadow memory\n", 1, REPORT_MSAN, "can not mmap the shadow memory", false, -1, 0, NULL },
	{ "fatal, but no sanitizer's", "FATAL: cannot open the file\n", 0, 0, NULL, false, -1, 0, NULL },
	{ "LeakSanitizer gives up", "==7==LeakSanitizer has encountered a fatal error.\n==7==HINT: ...\n", 1, REPORT_LSAN, "fatal error", true, -1, 0, NULL },
	{ "Scudo", "Scudo ERROR: corrupted chunk header at address 0x7f10\n", 1, REPORT_SCUDO, "corrupted chunk header", true, 0x7f10, 0, NULL },
	{ "Scudo, freeing", "abc Scudo ERROR: invalid chunk state when deallocating address 0x7f10\n", 1, REPORT_SCUDO, "invalid chunk state", true, 0x7f10, 0, NULL },
	{ "Scudo, new words", "Scudo ERROR: brand new words at address 0x7f10\n", 1, REPORT_SCUDO, "brand new words", false, 0x7f10, 0, NULL },
	{ "tail", "==7==ERROR: HWAddressSanitizer: allocation-tail-overwritten; heap object [0x10,0x1a) of size 10\n", 1, REPORT_HWASAN, "allocation-tail-overwritten", true, 16, 0, NULL },
	{ "tail, misspelt", "==7==ERROR: HWAddressSanitizer: alocation-tail-overwritten; heap object [0x10,0x1a) of size 10\n", 1, REPORT_HWASAN, "allocation-tail-overwritten", true, 16, 0, NULL },
	{ "unknown tool, summary of words", "SUMMARY: BrandNewSanitizer: shadow of a doubt lib/a.c:1:1 in f\n", 1, REPORT_OTHER, "shadow of a doubt", false, -1, 0, "f" },
	{ "ubsan has had enough", "ubsan: too many errors\n", 0, 0, NULL, false, -1, 0, NULL },
	{ "warning cut", "WARNING: MemorySanitizer", 0, 0, NULL, false, -1, 0, NULL },
	{ "summary cut", "SUMMARY: ThreadSanitizer: data race (", 1, REPORT_TSAN, "data race", true, -1, 0, NULL },
	{ "summary only", "junk\nSUMMARY: AddressSanitizer: heap-buffer-overflow /a.c:3:4 in f\n", 1, REPORT_ASAN, "heap-buffer-overflow", true, -1, 0, "f" },
	{ "access line only", "READ of size 4 at 0x10 thread T0\n    #0 0x1 in f /a.c:1\n", 1, REPORT_ASAN, NULL, false, 16, REPORT_READ, "f" },
	{ "signal only", "AddressSanitizer:DEADLYSIGNAL\n", 1, REPORT_ASAN, "DEADLYSIGNAL", true, -1, 0, NULL },
	{ "signal only, old", "xyzASAN:SIGSEGV\n", 1, REPORT_ASAN, "SIGSEGV", false, -1, 0, NULL },
	{ "shell", "x.sh: line 3: 123 Segmentation fault      (core dumped) ./x\n", 1, REPORT_SIGNAL, "SIGSEGV", true, -1, 0, NULL },
	{ "shell, with a report", ASAN_SEGV "Aborted\n", 1, REPORT_ASAN, "SEGV", true, 16, 0, NULL },
	{ "helgrind", "==7== Possible data race during write of size 4 at 0x10 by thread #1\n==7==    at 0x1: f (a.c:1)\n", 1, REPORT_VALGRIND, "Possible data race", true, 16, REPORT_WRITE, "f" },
	{ "check failed", "==7==AddressSanitizer CHECK failed: a.cc:1 \"((0)) != (0)\" (0x0, 0x0)\n    #0 0x1 in f /a.c:1\n", 1, REPORT_ASAN, "CHECK failed", true, -1, 0, "f" },
	{ "colours", "\033[1m\033[31m==7==ERROR: AddressSanitizer: SEGV on unknown address 0x10\033[0m\n\033[1m    #0\033[0m 0x1 in f /a.c:1\n", 1, REPORT_ASAN, "SEGV", true, 16, 0, "f" },
	{ "carriage returns", "==7==ERROR: AddressSanitizer: SEGV on unknown address 0x10\r\n    #0 0x1 in f /a.c:1\r\n", 1, REPORT_ASAN, "SEGV", true, 16, 0, "f" },
	{ "logcat", "01-02 03:04:05.678  12  13 I x: ==7==ERROR: AddressSanitizer: SEGV on unknown address 0x10\n01-02 03:04:05.679  12  13 I x:     #0 0x1 in f /a.c:1\n", 1, REPORT_ASAN, "SEGV", true, 16, 0, "f" },
	{ "container log", "svc-1  | ==7==ERROR: AddressSanitizer: SEGV on unknown address 0x10\nsvc-1  |     #0 0x1 in f /a.c:1\n", 1, REPORT_ASAN, "SEGV", true, 16, 0, "f" },
	{ "output between", ASAN_SEGV "hello\n    #0 0x1 in f /a.c:1\n", 1, REPORT_ASAN, "SEGV", true, 16, 0, "f" },
	{ "ubsan typed by summary", "a.c:1:2: runtime error: brand new words\nSUMMARY: UndefinedBehaviorSanitizer: invalid-shift-base a.c:1:2 in\n", 1, REPORT_UBSAN, "invalid-shift-base", true, -1, 0, NULL },
	{ "ubsan unknown", "a.c:1:2: runtime error: brand new words\n", 1, REPORT_UBSAN, "brand new words", false, -1, 0, NULL },
	{ "ubsan vptr", "a.cc:1:2: runtime error: member call on address 0x10 which does not point to an object of type 'A'\n0x10: note: object has invalid vptr\n", 1, REPORT_UBSAN, "dynamic-type-mismatch", true, 16, 0, NULL },
	{ "ubsan cfi", "a.cc:1:2: runtime error: control flow integrity check for type 'A' failed during virtual call (vtable address 0x10)\n", 1, REPORT_UBSAN, "cfi-bad-type", true, 16, 0, NULL },
	{ "ubsan enum", "a.c:1:2: runtime error: load of value 7, which is not a valid value for type 'E'\n", 1, REPORT_UBSAN, "invalid-enum-load", true, -1, REPORT_READ, NULL },
	{ "ubsan zero offset", "a.c:1:2: runtime error: applying zero offset to null pointer\n", 1, REPORT_UBSAN, "nullptr-with-offset", true, -1, 0, NULL },
	{ "ubsan to null", "a.c:1:2: runtime error: applying non-zero offset to non-null pointer 0x10 produced null pointer\n", 1, REPORT_UBSAN, "nullptr-after-nonzero-offset", true, -1, 0, NULL },
	{ "ubsan null return", "a.c:1:2: runtime error: null pointer returned from function declared to never return null\n", 1, REPORT_UBSAN, "invalid-null-return", true, -1, 0, NULL },
	{ "ubsan unknown place", "<unknown>: runtime error: division by zero\n", 1, REPORT_UBSAN, "integer-divide-by-zero", false, -1, 0, NULL },
	{ "libfuzzer leak of time", "ALARM: working on the last Unit for 2 seconds\n==7== ERROR: libFuzzer: timeout after 2 seconds\n", 1, REPORT_LIBFUZZER, "timeout", true, -1, 0, NULL },
	{ "libfuzzer file size", "==1== ERROR: libFuzzer: file size exceeded\n", 1, REPORT_LIBFUZZER, "file size exceeded", true, -1, 0, NULL },
	{ "libfuzzer info", "INFO: libFuzzer disabled leak detection after every mutation.\n", 0, 0, NULL, false, -1, 0, NULL },
	{ "glibc glued", "working...free(): invalid pointer\n", 1, REPORT_GLIBC, "free-invalid-pointer", true, -1, 0, NULL },
	{ "glibc unknown", "free(): something new\n", 1, REPORT_GLIBC, "free(): something new", false, -1, 0, NULL },
	{ "glibc 2.23", "*** Error in `./x': double free or corruption (fasttop): 0x0000000000000010 ***\n", 1, REPORT_GLIBC, "double-free-or-corruption", true, 16, 0, NULL },
	{ "glibc 2.3", "*** glibc detected *** ./x: free(): invalid pointer: 0x00000010 ***\n", 1, REPORT_GLIBC, "free-invalid-pointer", true, 16, 0, NULL },
	{ "glibc smash", "*** stack smashing detected ***: <unknown> terminated\n", 1, REPORT_GLIBC, "stack-smashing-detected", true, -1, 0, NULL },
	{ "glibc 2.38 assertion", "Fatal glibc error: malloc.c:2599 (sysmalloc): assertion failed: (old_top == x)\n", 1, REPORT_GLIBC, "assertion-failed", true, -1, 0, "sysmalloc" },
	{ "assertion in C++", "x: a.cc:7: int ns::f(int): Assertion `a::b == 1' failed.\n", 1, REPORT_GLIBC, "assertion-failed", true, -1, 0, "int ns::f(int)" },
	{ "go or not", "panic: just a word\n", 0, 0, NULL, false, -1, 0, NULL },
	{ "compiler", "fatal error: too many errors\n", 0, 0, NULL, false, -1, 0, NULL },
	{ "go cut", "panic: runtime error: index out of range [5] with length 3\n\ngoroutine 1 [running]:\nmain.f(...)\n", 1, REPORT_GO, "index out of range", true, -1, 0, "main.f" },
	{ "go signal without a name", "panic: runtime error: invalid memory address or nil pointer dereference\n[signal 0xb code=0x1 addr=0x18 pc=0x401000]\n\ngoroutine 1 [running]:\nmain.f(...)\n", 1, REPORT_GO, "invalid memory address or nil pointer dereference", true, 24, 0, "main.f" },
	{ "go on windows", "panic: runtime error: invalid memory address or nil pointer dereference\n[signal 0xc0000005 code=0x0 addr=0x18 pc=0x401000]\n", 1, REPORT_GO, "invalid memory address or nil pointer dereference", true, 24, 0, NULL },
	{ "rust without memory", "memory allocation of 77 bytes failedAddressSanitizer:DEADLYSIGNAL\n", 1, REPORT_RUST, "out-of-memory", true, -1, 0, NULL },
	{ "rust old", "thread 'main' panicked at 'index out of bounds: the len is 3', src/main.rs:5:9\n", 1, REPORT_RUST, "index out of bounds", true, -1, 0, NULL },
	{ "valgrind unknown", "==7== Brand new words\n==7==    at 0x10: f (a.c:1)\n", 1, REPORT_VALGRIND, "Brand new words", false, -1, 0, "f" },
	{ "valgrind jump", "==7== Jump to the invalid address stated on the next line\n==7==    at 0x10: ???\n==7==  Address 0x10 is not stack'd, malloc'd or (recently) free'd\n", 1, REPORT_VALGRIND, "Jump to the invalid address", true, 16, 0, NULL },
	{ "gdb", "Program received signal SIGSEGV, Segmentation fault.\n#0  0x0001 in f (a=1) at a.c:3\n", 1, REPORT_SIGNAL, "SIGSEGV", true, -1, 0, "f" },
};
// clang-format on

static void test_headline_form(void **state)
{
	const struct headline_form *form = *state;
	struct reports *reports = parse(form->text);
	const struct report *report = reports->list;
	const struct report_stack *stack;

	assert_int_equal(reports->count, form->count);
	if (form->count) {
		assert_int_equal(report->tool, form->tool);
		assert_text("kind", report->kind, form->kind);
		assert_int_equal(report->kind_known, form->known);
		check_count("address", report->address, form->address);
		assert_int_equal(report->access, form->access);
		stack = report_crash_stack(report);
		if (form->function) {
			assert_non_null(stack);
			assert_text("function", stack->frames[0].function, form->function);
		}
	}
	reports_free(reports);
}

// clang-format off
static const struct assertion {
	const char *before;	// the assertion's words
	const char *file, *function;
	int line;
} assertions[] = {
	{ "prog: src/a.c:12: f", "src/a.c", "f", 12 },
	{ "10:00:05 prog: src/a.c:12: f", "src/a.c", "f", 12 },
	{ "[10:00:05.123] prog: src/a.c:12: f", "src/a.c", "f", 12 },
	{ "2031-04-05T10:00:05.123456Z prog: src/a.c:12: f", "src/a.c", "f", 12 },
	{ "2031-04-05 10:00:05,123 +0200 prog: src/a.c:12: f", "src/a.c", "f", 12 },
	{ "Nov 27 10:00:05 host prog[12]: prog: src/a.c:12: f", "src/a.c", "f", 12 },
	{ "1.234s prog: src/a.c:12: f", "src/a.c", "f", 12 },
	{ "7: prog: src/a.c:12: f", "src/a.c", "f", 12 },
	{ "3: 10:00:05: prog: src/a.c:12: f", "src/a.c", "f", 12 },
	{ "10:00:05 src/a.c:12: f", "src/a.c", "f", 12 },
	{ "[10:00:05] src/a.c:12: f", "src/a.c", "f", 12 },
	{ "app-1  | prog: /src/my lib/a.c:12: f", "/src/my lib/a.c", "f", 12 },
	{ "prog: C:\\src\\a.c:12: f", "C:\\src\\a.c", "f", 12 },
	{ "10:00:05 prog: C:/src/a.c:12: f", "C:/src/a.c", "f", 12 },
	{ "C:/src/a.c:12: f", "C:/src/a.c", "f", 12 },
	{ "prog: a.cc:7: int ns::f(std::map<int, int>::iterator)", "a.cc", "int ns::f(std::map<int, int>::iterator)", 7 },
	{ "10:00:05 prog: a.cc:7: int ns::f<10:3>(int)", "a.cc", "int ns::f<10:3>(int)", 7 },
	{ "prog: a.c:7", "a.c", NULL, 7 },
	{ "10:00:05 prog", NULL, NULL, -1 },
};
// clang-format on

static void test_assertion(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(assertions) / sizeof(assertions[0]); i++) {
		const struct assertion *row = &assertions[i];
		char text[256];
		struct reports *reports;
		const struct report_frame *location;

		snprintf(text, sizeof(text), "%s: Assertion `n > 0' failed.\n", row->before);
		reports = parse(text);
		assert_int_equal(reports->count, 1);
		location = &reports->list[0].location;
		assert_text("kind", reports->list[0].kind, "assertion-failed");
		assert_text("file", location->file, row->file);
		assert_text("function", location->function, row->function);
		check_count("line", location->line, row->line);
		reports_free(reports);
	}
}

// clang-format off
static const struct assertion_text {
	const char *text, *message, *file, *function;
	int line;
} assertion_texts[] = {
	{ "/usr/include/c++/9/bits/some_deque.h:77: constexpr T& deque<T>::front() [with T = int]: Assertion '!empty()' failed.\n",
	  "Assertion '!empty()' failed.", "/usr/include/c++/9/bits/some_deque.h", "constexpr T& deque<T>::front() [with T = int]", 77 },
	{ "10:00:05 /usr/include/c++/9/x.h:77: f: Assertion '!empty()' failed.\n", "Assertion '!empty()' failed.", "/usr/include/c++/9/x.h", "f", 77 },
	{ "include/deque:88: assertion !empty() failed: front() of an empty deque\n",
	  "assertion !empty() failed: front() of an empty deque", "include/deque", NULL, 88 },
	{ "7: /opt/v1/deque:88: libc++ Hardening assertion !empty() failed: front() of an empty deque\n",
	  "libc++ Hardening assertion !empty() failed: front() of an empty deque", "/opt/v1/deque", NULL, 88 },
	{ "/opt/v1/deque:88: _LIBCPP_ASSERT '!empty()' failed. front() of an empty deque\n",
	  "_LIBCPP_ASSERT '!empty()' failed. front() of an empty deque", "/opt/v1/deque", NULL, 88 },
	{ "10:00:05 Fatal glibc error: a.c:9 (g): assertion failed: x\n", "a.c:9 (g): assertion failed: x", "a.c", "g", 9 },
	{ "note: assertion of 3 tests failed\n", NULL, NULL, NULL, 0 },
};
// clang-format on

static void test_assertion_text(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(assertion_texts) / sizeof(assertion_texts[0]); i++) {
		const struct assertion_text *row = &assertion_texts[i];
		struct reports *reports = parse(row->text);

		assert_int_equal(reports->count, row->message ? 1 : 0);
		if (row->message) {
			assert_text("kind", reports->list[0].kind, "assertion-failed");
			assert_text("message", reports->list[0].message, row->message);
			assert_text("file", reports->list[0].location.file, row->file);
			assert_text("function", reports->list[0].location.function, row->function);
			check_count("line", reports->list[0].location.line, row->line);
		}
		reports_free(reports);
	}
}

// What stands in the headline beside kind and address.
static void test_headline_facts(void **state)
{
	struct reports *reports = parse(
		"==7==ERROR: HWAddressSanitizer: allocation-tail-overwritten; "
		"heap object [0x10,0x1a) of size 10\n");
	const struct report_region *region = &reports->list[0].region;

	(void)state;
	assert_int_equal(region->place, REPORT_HEAP);
	assert_int_equal(region->relation, REPORT_RELATION_NONE);
	check_count("size", region->size_bytes, 10);
	check_count("start", region->start, 0x10);
	check_count("end", region->end, 0x1a);
	reports_free(reports);
	reports = parse("memory allocation of 77 bytes failedAddressSanitizer:DEADLYSIGNAL\n");
	assert_text("message", reports->list[0].message, "memory allocation of 77 bytes failed");
	reports_free(reports);
	reports = parse("SUMMARY: BrandNewSanitizer: shadow of a doubt lib/a.c:1:1 in f\n");
	assert_text("file", reports->list[0].stacks[0].frames[0].file, "lib/a.c");
	reports_free(reports);
}

#define CONVERSION(from, to) \
	"implicit conversion from type 'S' of value 300 (" from \
	") to type 'T' changed the value to 44 (" to ")"

// clang-format off
static const struct inference {
	const char *message, *kind;
	bool inferred;
} inferences[] = {
	// both of no sign: only one check looks
	{ CONVERSION("32-bit, unsigned", "8-bit, unsigned"), "implicit-unsigned-integer-truncation", false },
	{ CONVERSION("32-bit, signed", "32-bit, unsigned"), "implicit-integer-sign-change", false },
	{ CONVERSION("8-bit, signed", "32-bit, unsigned"), "implicit-integer-sign-change", false },
	// the truncation's check, or that of the sign
	{ CONVERSION("32-bit, signed", "8-bit, signed"), "implicit-signed-integer-truncation", true },
	{ CONVERSION("32-bit, signed", "8-bit, unsigned"), "implicit-signed-integer-truncation", true },
	{ CONVERSION("32-bit, unsigned", "8-bit, signed"), "implicit-signed-integer-truncation-or-sign-change", true },
	{ CONVERSION("32-bit, signed", "3-bit bitfield, signed"), "implicit-signed-integer-truncation", true },
	// of integers or of floating point numbers
	{ "division by zero", "integer-divide-by-zero", true },
	{ "division of -2147483648 by -1 cannot be represented in type 'int'", "signed-integer-overflow", false },
	{ "negation of -2147483648 cannot be represented in type 'int'; cast to an unsigned type to negate this value to itself", "signed-integer-overflow", false },
	{ "negation of 5 cannot be represented in type 'uint32_t' (aka 'unsigned int')", "unsigned-integer-overflow", false },
	{ "negation of 5 cannot be represented in type 'word'", "signed-integer-overflow", true },
	{ "signed integer overflow: 1 + 2 cannot be represented in type 'int'", "signed-integer-overflow", false },
};
// clang-format on

// Where the words fit several checks the kind is said to be inferred, until the SUMMARY names it.
static void test_inferred(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(inferences) / sizeof(inferences[0]); i++)
		for (int typed = 0; typed < 2; typed++) {
			const struct inference *row = &inferences[i];
			char text[1024];
			struct reports *reports;

			snprintf(text, sizeof(text), "a.c:1:2: runtime error: %s\n%s", row->message,
				typed ? "SUMMARY: UndefinedBehaviorSanitizer: float-divide-by-zero "
					"a.c:1:2 in f\n" :
					"");
			reports = parse(text);
			assert_int_equal(reports->count, 1);
			assert_text("kind", reports->list[0].kind,
				typed ? "float-divide-by-zero" : row->kind);
			assert_int_equal(reports->list[0].kind_known, typed || !row->inferred);
			assert_int_equal(reports->list[0].kind_inferred, !typed && row->inferred);
			reports_free(reports);
		}
}

static void test_several(void **state)
{
	struct reports *reports = parse(ASAN_SEGV "    #0 0x1 in f /a.c:1\n==7==ABORTING\n"
						  "    #1 0x2 in stray /a.c:2\n"
						  "a.c:3:1: runtime error: division by zero\n"
						  "free(): invalid pointer\n");

	(void)state;
	assert_int_equal(reports->count, 3);
	assert_int_equal(reports->list[0].stacks[0].frame_count, 1);
	assert_int_equal(reports->list[1].tool, REPORT_UBSAN);
	assert_int_equal(reports->list[1].location.line.value, 3);
	assert_int_equal(reports->list[2].tool, REPORT_GLIBC);
	reports_free(reports);
}

static void test_two_processes(void **state)
{
	struct reports *reports = parse(
		"==1==ERROR: AddressSanitizer: SEGV on unknown address 0x8 (pc 0x1 T0)\n"
		"==2==ERROR: AddressSanitizer: SEGV on unknown address 0x9 (pc 0x1 T0)\n"
		"==1==The signal is caused by a WRITE memory access.\n"
		"==2==The signal is caused by a READ memory access.\n");

	(void)state;
	assert_int_equal(reports->count, 2);
	assert_int_equal(reports->list[0].access, REPORT_WRITE);
	assert_int_equal(reports->list[1].access, REPORT_READ);
	reports_free(reports);
}

static void test_invalid_free(void **state)
{
	static const struct {
		const char *text;
		bool expected;
	} rows[] = {
		{ "free(): double free detected in tcache 2\n", true },
		{ "double free or corruption (!prev)\n", true },
		{ "munmap_chunk(): invalid pointer\n", true },
		{ "realloc(): invalid pointer\n", true },
		{ "free(): something new\n", true },
		{ "malloc(): corrupted top size\n", false },
		{ "corrupted size vs. prev_size\n", false },
		{ "*** stack smashing detected ***: terminated\n", false },
		{ "==7==ERROR: AddressSanitizer: attempting double-free on 0x10 in thread T0:\n",
			true },
		{ ASAN_SEGV, false },
		{ "==7== Invalid free() / delete / delete[] / realloc()\n", true },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct reports *reports = parse(rows[i].text);

		assert_int_equal(reports->count, 1);
		if (report_is_invalid_free(&reports->list[0]) != rows[i].expected)
			fail_msg("%s", rows[i].text);
		reports_free(reports);
	}
}

static void test_exit(void **state)
{
	struct report_exit by_signal = { .wait_status = SIGSEGV };
	struct report_exit aborted = { .wait_status = SIGABRT };
	struct report_exit slow = { .wait_status = SIGKILL, .timed_out = true };
	struct report_exit fine = { .wait_status = 1 << 8 };
	struct reports *reports = NULL;

	(void)state;
	assert_int_equal(parse_report("hello\n", 6, &by_signal, &reports), 0);
	assert_int_equal(reports->count, 1);
	assert_int_equal(reports->list[0].tool, REPORT_SIGNAL);
	assert_text("kind", reports->list[0].kind, "SIGSEGV");
	assert_null(reports->list[0].headline);
	reports_free(reports);
	assert_int_equal(parse_report(ASAN_SEGV, strlen(ASAN_SEGV), &aborted, &reports), 0);
	assert_int_equal(reports->count, 1);
	assert_int_equal(reports->list[0].tool, REPORT_ASAN);
	reports_free(reports);
	assert_int_equal(parse_report(NULL, 0, &slow, &reports), 0);
	assert_int_equal(reports->count, 0);
	reports_free(reports);
	assert_int_equal(parse_report(NULL, 0, &fine, &reports), 0);
	assert_int_equal(reports->count, 0);
	reports_free(reports);
}

// Every cut of a report gives that report or none, and never more than the whole one has.
static void test_truncated(void **state)
{
	static const char text[] =
		"==7==ERROR: AddressSanitizer: heap-use-after-free on address 0x10 at pc 0x1\n"
		"READ of size 4 at 0x10 thread T0\n    #0 0x1 in f(int) /a.c:1:2\n"
		"    #1 0x1 (/x+0x1)\n\n0x10 is located 0 bytes inside of 4-byte region [0x10,0x14)\n"
		"freed by thread T0 here:\n    #0 0x1 in free (/x+0x1)\n\n"
		"SUMMARY: AddressSanitizer: heap-use-after-free /a.c:1:2 in f(int)\n==7==ABORTING\n";

	(void)state;
	for (size_t n = 0; n <= sizeof(text) - 1; n++) {
		char *copy = malloc(n ? n : 1); // exactly as long, so that ASan sees any overrun
		struct reports *reports;

		memcpy(copy, text, n);
		reports = parse_bytes(copy, n);
		assert_true(reports->count <= 1);
		if (reports->count)
			assert_true(reports->list[0].stack_count <= 2);
		reports_free(reports);
		free(copy);
	}
}

static void test_hostile_bytes(void **state)
{
	static const char text[] = "==7==ERROR: AddressSanitizer: SEGV on unknown address 0x10\n"
				   "    #0 0x1 in a\0b\xff\033]0;x\007 /a.c:1\n";
	struct reports *reports = parse_bytes(text, sizeof(text) - 1);
	const char *function = reports->list[0].stacks[0].frames[0].function;

	(void)state;
	assert_int_equal(strncmp(function, "a?b\xff", 4), 0);
	reports_free(reports);
}

static void fill(char *text, size_t n, const char *piece)
{
	size_t length = strlen(piece);

	for (size_t i = 0; i < n; i++)
		text[i] = piece[i % length];
}

// Long runs of anything that the parser looks for stay linear: these take minutes otherwise.
static void test_megabytes(void **state)
{
	static const char *const pieces[] = {
		":",
		"(",
		")",
		"<",
		"#0 0x1 in ",
		"ERROR: ",
		"*** ",
		"runtime error: ",
		"(): ",
		"operator<",
		" /",
		"==7==",
		"', ",
		"|",
		"[",
		"AddressSanitizer: ",
		"' failed: Assertion `",
		"\033[",
		"a/",
		"0x",
		"goroutine 1 [",
		"\n",
		" \n#1 0x1 in f (",
		"free(): x          ",
		"a:1: runtime error: ",
	};
	static const char *const heads[] = { "", ASAN_SEGV "#0 0x1 in ", "thread 'x' panicked at '",
		"panic: ", "panic: x\ngoroutine 1 [r]:\n", "==7== Invalid read " };
	size_t n = 1 << 20;
	char *text = malloc(n);

	(void)state;
	for (size_t i = 0; i < sizeof(pieces) / sizeof(pieces[0]); i++)
		for (size_t j = 0; j < sizeof(heads) / sizeof(heads[0]); j++) {
			fill(text, n, pieces[i]);
			memcpy(text, heads[j], strlen(heads[j]));
			reports_free(parse_bytes(text, n));
		}
	free(text);
}

static void test_limits(void **state)
{
	size_t length = strlen(ASAN_SEGV), n = length * (REPORT_MAX + 10);
	char *text = malloc(n);
	struct reports *reports;

	(void)state;
	fill(text, n, ASAN_SEGV);
	reports = parse_bytes(text, n);
	assert_int_equal(reports->count, REPORT_MAX);
	assert_true(reports->clipped);
	reports_free(reports);
	free(text);
}

static void test_free_null(void **state)
{
	(void)state;
	reports_free(NULL);
}

int main(void)
{
	enum {
		FRAMES = sizeof(frame_forms) / sizeof(frame_forms[0])
	};
	enum {
		HEADLINES = sizeof(headline_forms) / sizeof(headline_forms[0])
	};
	static struct CMUnitTest units[FRAMES + HEADLINES];
	const struct CMUnitTest others[] = {
		cmocka_unit_test(test_assertion),
		cmocka_unit_test(test_assertion_text),
		cmocka_unit_test(test_headline_facts),
		cmocka_unit_test(test_inferred),
		cmocka_unit_test(test_several),
		cmocka_unit_test(test_two_processes),
		cmocka_unit_test(test_invalid_free),
		cmocka_unit_test(test_exit),
		cmocka_unit_test(test_truncated),
		cmocka_unit_test(test_hostile_bytes),
		cmocka_unit_test(test_megabytes),
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_free_null),
	};
	size_t count = 0;
	int failed;

	for (size_t i = 0; i < FRAMES; i++)
		units[count++] = (struct CMUnitTest){ frame_forms[i].name, test_frame_form, NULL,
			NULL, (void *)&frame_forms[i] };
	for (size_t i = 0; i < HEADLINES; i++)
		units[count++] = (struct CMUnitTest){ headline_forms[i].name, test_headline_form,
			NULL, NULL, (void *)&headline_forms[i] };
	failed = _cmocka_run_group_tests("report_forms", units, count, NULL, NULL);
	return failed + cmocka_run_group_tests_name("report_text", others, NULL, NULL);
}
