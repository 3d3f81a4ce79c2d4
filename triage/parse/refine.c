// SPDX-License-Identifier: Apache-2.0
// Corrects the kind of a report by its stack: a signal inside free() means that a wrong pointer was freed. The
// bits of that pointer decide which instruction of the allocator fails, and whether that reads or writes.
#include "refine.h"

#include "internal.h"

// What the frames above a program's own may be.
enum frame_sort {
	FRAME_OWN,
	FRAME_RELEASE,  // what a program calls to give memory back
	FRAME_INSIDE,   // an allocator at work on it
	FRAME_ELSEWHERE // an allocator at work on other blocks: the heap was spoilt before
};

static const struct {
	enum frame_sort sort;
	const char *text;
} names[] = {
#define ALLOCATOR(sort, text) { FRAME_##sort, text },
#include "kinds.def"
};

// '*' at the end of a pattern stands for any bytes.
static bool matches(struct slice s, const char *pattern)
{
	size_t n = strlen(pattern);

	if (n > 0 && pattern[n - 1] == '*')
		return s.n >= n - 1 && memcmp(s.p, pattern, n - 1) == 0;
	return slice_equals(s, pattern);
}

// Where the name begins in "bool __sanitizer::atomic_load<int>(int const*)": behind the return type.
static struct slice bare_name(struct slice s)
{
	size_t end = slice_find_char(s, '('), depth = 0;

	if (end == 0) // "(anonymous namespace)::f()"
		return s;
	s = slice_to(s, end);
	if (slice_find(s, "operator ") != SLICE_NONE)
		return slice_from(s, slice_find(s, "operator "));
	for (size_t i = s.n; i > 0; i--) {
		if (s.p[i - 1] == '>')
			depth++;
		else if (s.p[i - 1] == '<' && depth > 0)
			depth--;
		else if (s.p[i - 1] == ' ' && depth == 0)
			return slice_from(s, i);
	}
	return s;
}

static struct slice slice_of(const char *text)
{
	return (struct slice){ text, text ? strlen(text) : 0 };
}

// Those of a runtime whose functions have no names in the report.
static bool is_runtime(const struct report_frame *frame)
{
	static const char *const files[] = { "/compiler-rt/lib/", "/libsanitizer/",
		"malloc/malloc.c", "malloc/arena.c" };
	static const char *const modules[] = { "/libc.so", "/libc-", "/libpthread", "/libasan.so",
		"/libclang_rt.", "/libjemalloc.so", "/libtcmalloc", "/libmimalloc",
		"/libhwasan.so" };

	for (size_t i = 0; frame->file && i < sizeof(files) / sizeof(files[0]); i++)
		if (strstr(frame->file, files[i]))
			return true;
	if (frame->function)
		return false;
	for (size_t i = 0; frame->module && i < sizeof(modules) / sizeof(modules[0]); i++)
		if (strstr(frame->module, modules[i]))
			return true;
	return false;
}

static enum frame_sort sort_of(const struct report_frame *frame)
{
	struct slice name = bare_name(slice_of(frame->function));
	size_t version = slice_find_char(name, '@');

	if (version != SLICE_NONE)
		name = slice_to(name, version);
	for (size_t i = 0; name.n && i < sizeof(names) / sizeof(names[0]); i++)
		if (matches(name, names[i].text))
			return names[i].sort;
	return is_runtime(frame) ? FRAME_INSIDE : FRAME_OWN;
}

static bool is_in_release(const struct report_stack *stack)
{
	bool released = false;

	for (size_t i = 0; i < stack->frame_count; i++)
		switch (sort_of(&stack->frames[i])) {
		case FRAME_OWN: return released;
		case FRAME_ELSEWHERE: return false;
		case FRAME_RELEASE: released = true; break;
		case FRAME_INSIDE: break;
		}
	return released;
}

// A word for a fault that the processor found. An abort of the allocator's own is another matter: it
// has said why.
static bool is_fault(const struct report *r)
{
	static const char *const kinds[] = { "SEGV", "BUS", "SIGSEGV", "SIGBUS", "deadly signal",
		"access-violation" };

	for (size_t i = 0; r->kind && i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (strcmp(r->kind, kinds[i]) == 0)
			return true;
	return false;
}

void parse_refine(struct report *r)
{
	const struct report_stack *stack = report_crash_stack(r);

	if (!stack || stack->role != REPORT_ROLE_CRASH || r->tool == REPORT_VALGRIND ||
		!is_fault(r) || !is_in_release(stack))
		return;
	r->kind = "bad-free";
	r->kind_known = true;
	r->access = REPORT_ACCESS_NONE;
}
