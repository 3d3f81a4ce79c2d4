// SPDX-License-Identifier: Apache-2.0
// Reports that are not whole, or not alone in their text: what is said of them, and that no more is.
#include "parse.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define MIXED    " (lines of several processes are mixed)"
#define MISSING  " (its stack is not there)"
#define HALF     " (a stack that it announces is not there)"
#define GAP      " (frames of a stack are missing)"
#define CUT      " (it is cut off)"
#define LEFT_OUT " (lines of it were left out)"
#define JOINED   " (lines of it are joined)"
#define FLAT     " (its indentation is lost)"

// "SEGV READ (why it is damaged) crash: f g; freed by: h" for each report, a line each.
static char *said(const char *text)
{
	struct reports *reports = NULL;
	size_t n = strlen(text), size;
	char *exact = malloc(n ? n : 1), *words = NULL;
	FILE *out = open_memstream(&words, &size);

	assert_true(exact && out);
	memcpy(exact, text, n); // no NUL behind it, so that ASan sees any overrun
	assert_int_equal(parse_report(exact, n, NULL, &reports), 0);
	for (size_t i = 0; i < reports->count; i++) {
		const struct report *r = &reports->list[i];
		const char *access = report_access_word(r->access);

		fprintf(out, "%s%s", i ? "\n" : "", r->kind ? r->kind : "?");
		if (access)
			fprintf(out, " %s", access);
		if (r->damaged)
			fprintf(out, " (%s)", r->damaged);
		for (size_t s = 0; s < r->stack_count; s++) {
			fprintf(out, "%s %s:", s ? ";" : "", report_role_words(r->stacks[s].role));
			for (size_t f = 0; f < r->stacks[s].frame_count; f++) {
				const char *name = r->stacks[s].frames[f].function;

				fprintf(out, " %s", name ? name : "?");
			}
		}
	}
	fclose(out);
	reports_free(reports);
	free(exact);
	return words;
}

// clang-format off
#define SEGV(pid, address, pc) \
	"==" pid "==ERROR: AddressSanitizer: SEGV on unknown address " address " (pc " pc " bp 0x2 sp 0x3 T0)\n"
#define HEAP(pid, address, pc) \
	"==" pid "==ERROR: AddressSanitizer: heap-use-after-free on address " address " at pc " pc " bp 0x2 sp 0x3\n"

static const struct row {
	const char *name, *text, *expected;
} rows[] = {
	// One stack whose numbers fall.
	{ "a lower number goes on", SEGV("1", "0x5000000", "0x10")
	  "    #0 0x10 in a a.c:1\n    #1 0x20 in b a.c:2\n    #2 0x30 in c a.c:3\n"
	  "    #1 0x40  (<unknown module>)\n    #2 0x50 in main a.c:4\n", "SEGV crash: a b c ? main" },
	{ "the same number again", SEGV("1", "0x5000000", "0x10")
	  "    #0 0x10 in a a.c:1\n    #1 0x20 in b a.c:2\n    #1 0x30 in c a.c:3\n    #2 0x40 in main a.c:4\n",
	  "SEGV crash: a b c main" },
	{ "twice", SEGV("1", "0x5000000", "0x10")
	  "    #0 0x10 in a a.c:1\n    #1 0x20 in b a.c:2\n    #1 0x30  (/lib/x.so+0x3)\n    #2 0x40 in d a.c:4\n"
	  "    #3 0x50 in e a.c:5\n    #2 0x60  (/lib/x.so+0x6)\n    #3 0x70 in main a.c:7\n",
	  "SEGV crash: a b ? d e ? main" },
	{ "in the stack of the freeing", HEAP("1", "0x5000000", "0x10") "READ of size 4 at 0x5000000 thread T0\n"
	  "    #0 0x10 in a a.c:1\n\nfreed by thread T0 here:\n    #0 0x20 in free x.c:1\n    #1 0x30 in b a.c:2\n"
	  "    #1 0x40  (/lib/x.so+0x3)\n    #2 0x50 in main a.c:3\n",
	  "heap-use-after-free READ crash: a; freed by: free b ? main" },
	{ "0 begins another", SEGV("1", "0x5000000", "0x10")
	  "    #0 0x10 in a a.c:1\n    #1 0x20 in b a.c:2\n    #0 0x30 in c a.c:3\n", "SEGV crash: a b; other: c" },
	{ "words between begin another", SEGV("1", "0x5000000", "0x10")
	  "    #0 0x10 in a a.c:1\n    #1 0x20 in b a.c:2\nwords\n    #1 0x30 in c a.c:3\n", "SEGV crash: a b; other: c" },

	// Two processes.
	{ "two headlines, then frames in turns", SEGV("7", "0x5000000", "0x1100") SEGV("8", "0x6000000", "0x2200")
	  "    #0 0x2200 in b b.c:1\n    #0 0x1100 in a a.c:1\n    #1 0x1101 in c a.c:2\n    #1 0x2201 in d b.c:2\n",
	  "SEGV" MIXED " crash: a\nSEGV" MIXED " crash: b" },
	{ "a headline in a stack", SEGV("7", "0x5000000", "0x1100") "    #0 0x1100 in a a.c:1\n    #1 0x1101 in c a.c:2\n"
	  SEGV("8", "0x6000000", "0x2200") "    #0 0x2200 in b b.c:1\n    #2 0x1102 in e a.c:3\n    #1 0x2201 in d b.c:2\n"
	  "    #3 0x1103 in main a.c:4\n",
	  "SEGV" MIXED " crash: a c e main\nSEGV" MIXED " crash: b d" },
	{ "headlines of MSan, which name no counter",
	  "==7==WARNING: MemorySanitizer: use-of-uninitialized-value\n==8==WARNING: MemorySanitizer: use-of-uninitialized-value\n"
	  "    #0 0x10 in a a.c:1\n    #0 0x20 in b b.c:1\n    #1 0x11 in c a.c:2\n    #1 0x21 in d b.c:2\n",
	  "use-of-uninitialized-value" MIXED "\nuse-of-uninitialized-value" MIXED },
	{ "what was thought to be the last one's is taken back",
	  "==7==WARNING: MemorySanitizer: use-of-uninitialized-value\n    #0 0x10 in a a.c:1\n"
	  "==8==WARNING: MemorySanitizer: use-of-uninitialized-value\n    #0 0x20 in b b.c:1\n"
	  "    #1 0x11 in c a.c:2\n    #1 0x21 in d b.c:2\n    #2 0x22 in e b.c:3\n",
	  "use-of-uninitialized-value" MIXED " crash: a\nuse-of-uninitialized-value" MIXED " crash: b" },
	{ "the one that is done takes nothing", SEGV("7", "0x5000000", "0x1100") SEGV("8", "0x6000000", "0x2200")
	  "    #0 0x1100 in a a.c:1\n    #1 0x1101 in main a.c:2\n==7==ABORTING\n    #0 0x2200 in b b.c:1\n    #1 0x2201 in main b.c:2\n",
	  "SEGV" MIXED " crash: a main\nSEGV" MIXED " crash: b main" },
	{ "summaries go home", SEGV("7", "0x5000000", "0x1100") SEGV("8", "0x6000000", "0x2200")
	  "    #0 0x1100 in a a.c:1\n    #0 0x2200 in b b.c:1\nSUMMARY: AddressSanitizer: SEGV a.c:1 in a\n"
	  "SUMMARY: AddressSanitizer: SEGV b.c:1 in b\n", "SEGV" MIXED " crash: a\nSEGV" MIXED " crash: b" },
	{ "addresses tell", HEAP("7", "0x5000000", "0x1100") HEAP("8", "0x6000000", "0x2200")
	  "READ of size 4 at 0x5000000 thread T0\nWRITE of size 8 at 0x6000000 thread T0\n"
	  "    #0 0x10ff in a a.c:1\n    #0 0x21ff in b b.c:1\n",
	  "heap-use-after-free READ" MIXED " crash: a\nheap-use-after-free WRITE" MIXED " crash: b" },
	{ "one headline ends the other's line", "==7==ERROR: AddressSanitizer: SEGV on unknown==8==ERROR: AddressSanitizer: "
	  "SEGV on unknown address 0x6000000 (pc 0x2200 bp 0x2 sp 0x3 T0)\n    #0 0x2200 in b b.c:1\n",
	  "SEGV" JOINED "\nSEGV crash: b" },
	{ "one after the other", SEGV("7", "0x5000000", "0x1100") "    #0 0x1100 in a a.c:1\n    #1 0x1101 in main a.c:2\n"
	  SEGV("8", "0x6000000", "0x2200") "    #0 0x2200 in b b.c:1\n    #1 0x2201 in c b.c:2\n    #2 0x2202 in main b.c:2\n",
	  "SEGV crash: a main\nSEGV crash: b c main" },
	{ "Valgrind names the process in each line", "==7== Invalid read of size 4\n==8== Invalid write of size 8\n"
	  "==8==    at 0x20: b (b.c:1)\n==7==    at 0x10: a (a.c:1)\n==7==    by 0x11: main (a.c:2)\n==8==    by 0x21: main (b.c:2)\n"
	  "==7==  Address 0x4000 is 0 bytes inside a block of size 8 free'd\n==8== \n==7==    at 0x12: free (x.c:1)\n==7== \n",
	  "Invalid read READ crash: a main; freed by: free\nInvalid write WRITE crash: b main" },

	// Cut short.
	{ "headline alone", SEGV("7", "0x5000000", "0x1100"), "SEGV" MISSING },
	{ "a word of a headline", "==7==ERROR: AddressSanitizer: heap-buf", "heap-buf" CUT },
	{ "behind the access", HEAP("7", "0x5000000", "0x1100") "READ of size 4 at 0x5000000 thread T0\n",
	  "heap-use-after-free READ" HALF },
	{ "in a frame's address", SEGV("7", "0x5000000", "0x1100") "    #0 0x1100 in a a.c:1\n    #1 0x11",
	  "SEGV" CUT " crash: a" },
	{ "in a frame's name", SEGV("7", "0x5000000", "0x1100") "    #0 0x1100 in a a.c:1\n    #1 0x1101 in decode_he",
	  "SEGV" CUT " crash: a" },
	{ "in a frame's file", SEGV("7", "0x5000000", "0x1100") "    #0 0x1100 in a a.c:1\n    #1 0x1101 in b /src/li",
	  "SEGV" CUT " crash: a" },
	{ "in the first frame", SEGV("7", "0x5000000", "0x1100") "    #0 0x11", "SEGV" CUT },
	{ "a whole frame without a newline", SEGV("7", "0x5000000", "0x1100") "    #0 0x1100 in a a.c:1\n    #1 0x1101 in main a.c:2:1",
	  "SEGV crash: a main" },
	{ "before the stack of the freeing", HEAP("7", "0x5000000", "0x10") "READ of size 4 at 0x5000000 thread T0\n"
	  "    #0 0x10 in a a.c:1\n\nfreed by thread T0 here:\n", "heap-use-after-free READ" HALF " crash: a" },
	{ "the tool could not unwind", HEAP("7", "0x5000000", "0x10") "READ of size 4 at 0x5000000 thread T0\n"
	  "    #0 0x10 in a a.c:1\n\nfreed by thread T0 here:\n    <empty stack>\n", "heap-use-after-free READ crash: a" },
	{ "without the end that says so", SEGV("7", "0x5000000", "0x1100") "    #0 0x1100 in a a.c:1\n", "SEGV crash: a" },
	{ "a leak without its stack", "==7==ERROR: LeakSanitizer: detected memory leaks\n\n"
	  "Direct leak of 8 byte(s) in 1 object(s) allocated from:\n", "detected memory leaks" HALF },
	{ "Valgrind, before the block's stack", "==7== Invalid read of size 4\n==7==    at 0x10: a (a.c:1)\n"
	  "==7==  Address 0x4000 is 0 bytes inside a block of size 8 free'd\n", "Invalid read READ" HALF " crash: a" },
	{ "Valgrind's first line alone", "==7== Invalid read of size 4\n", "Invalid read READ" MISSING },
	{ "Go, before the first function", "panic: runtime error: index out of range [5] with length 3\n\ngoroutine 1 [running]:\n",
	  "index out of range" HALF " crash:" },
	{ "Rust, before the first function", "thread 'main' panicked at src/a.rs:3:4:\nexplicit panic\nstack backtrace:\n",
	  "explicit panic" HALF " crash: ?" },
	{ "summary alone", "SUMMARY: AddressSanitizer: SEGV a.c:3:4 in f\n", "SEGV (only its SUMMARY is there) crash: f" },
	{ "access alone", "READ of size 4 at 0x10 thread T0\n    #0 0x1 in f /a.c:1\n",
	  "? READ (its first lines are not there) crash: f" },

	// The middle cut out.
	{ "frames left out", SEGV("7", "0x5000000", "0x1100") "    #0 0x1100 in a a.c:1\n    #3 0x1103 in main a.c:4\n",
	  "SEGV" GAP " crash: a main" },
	{ "the first frame left out", SEGV("7", "0x5000000", "0x1100") "    #1 0x1101 in b a.c:1\n    #2 0x1102 in main a.c:4\n",
	  "SEGV" GAP " crash: b main" },
	{ "frames and words left out", HEAP("7", "0x5000000", "0x10") "READ of size 4 at 0x5000000 thread T0\n"
	  "    #0 0x10 in a a.c:1\nwords\n    #4 0x20 in release b.c:2\n", "heap-use-after-free READ" GAP " crash: a" },
	{ "it says so", HEAP("7", "0x5000000", "0x10") "READ of size 4 at 0x5000000 thread T0\n"
	  "    #0 0x10 in a a.c:1\n[4096 bytes left out]\n    #1 0x20 in release b.c:2\n", "heap-use-after-free READ" LEFT_OUT " crash: a" },
	{ "dots", SEGV("7", "0x5000000", "0x1100") "    #0 0x1100 in a a.c:1\n    ...\n    #1 0x1101 in b b.c:1\n",
	  "SEGV" LEFT_OUT " crash: a" },
	{ "a log's own words", SEGV("7", "0x5000000", "0x1100") "    #0 0x1100 in a a.c:1\n--- output truncated ---\n"
	  "    #1 0x1101 in b b.c:1\n", "SEGV" LEFT_OUT " crash: a" },

	// Reflowed.
	{ "Valgrind, one blank of several", "==7== Invalid write of size 2\n==7== at 0x10: put (a.c:1)\n==7== by 0x11: main (a.c:2)\n"
	  "==7== Address 0x4000 is 4 bytes after a block of size 12 alloc'd\n==7== at 0x12: malloc (x.c:1)\n==7== by 0x13: make (a.c:9)\n",
	  "Invalid write WRITE" FLAT " crash: put main; allocated by: malloc make" },
	{ "Valgrind, created by", "==7== Use of uninitialised value of size 8\n==7== at 0x10: use (a.c:1)\n"
	  "==7== Uninitialised value was created by a stack allocation\n==7== at 0x11: make (a.c:9)\n",
	  "Use of uninitialised value" FLAT " crash: use; created at: make" },
	{ "Valgrind, the line above a stack lost", "==7== Invalid read of size 1\n==7==    at 0x10: get (a.c:1)\n"
	  "==7==    by 0x11: main (a.c:2)\n==7==    at 0x12: free (x.c:1)\n==7==    by 0x13: drop (a.c:9)\n",
	  "Invalid read READ crash: get main; other: free drop" },
	{ "Valgrind, one line of all", "==7== Invalid read of size 1 ==7== at 0x10: get (a.c:1) ==7== by 0x11: main (a.c:2) "
	  "==7== Address 0x4000 is 0 bytes after a block of size 12 alloc'd ==7== at 0x12: malloc (x.c:1) ==7== by 0x13: make (a.c:9)\n",
	  "Invalid read READ" JOINED " crash: get main; allocated by: malloc make" },
	{ "ASan, one line of all", "==7==ERROR: AddressSanitizer: SEGV on unknown address 0x5000000 (pc 0x1100 bp 0x2 sp 0x3 T0) "
	  "#0 0x1100 in a a.c:1:2 #1 0x1101 in main a.c:2:1 SUMMARY: AddressSanitizer: SEGV a.c:1:2 in a\n",
	  "SEGV" JOINED " crash: a main" },
	{ "a frame behind what a program says", SEGV("7", "0x5000000", "0x1100") "    #0 0x1100 in a a.c:1\n"
	  "ok 1    #1 0x1101 in main a.c:2:1\n", "SEGV crash: a main" },
	{ "what only looks like a frame", SEGV("7", "0x5000000", "0x1100") "    #0 0x1100 in a a.c:1\n"
	  "see issue #12 0x1101 in our list\n", "SEGV crash: a" },
};
// clang-format on

static void test_row(void **state)
{
	const struct row *row = *state;
	char *words = said(row->text);

	assert_string_equal(words, row->expected);
	free(words);
}

// ---- two real reports, line by line in turns

static const char *const goldens[] = { "asan/after_free.clang-19", "asan/heap_read.clang-14",
	"asan/null_write.clang-19", "asan/stack_write.gcc", "asan/double_free.clang-22",
	"lsan/leak.clang-19", "msan/unset_branch.clang-19" };

enum {
	GOLDENS = sizeof(goldens) / sizeof(goldens[0]),
	TURNS = 12 // of each pair
};

struct text {
	char *bytes;
	size_t size;
	uint64_t pid;
	size_t frames;
};

static size_t frames_of(const struct report *r)
{
	size_t count = 0;

	for (size_t s = 0; s < r->stack_count; s++)
		count += r->stacks[s].frame_count;
	return count;
}

// In a container all are process 1; here they get pid.
static struct text read_golden(const char *name, char pid)
{
	struct text text = { 0 };
	struct reports *reports = NULL;
	char path[128];
	FILE *file, *out = open_memstream(&text.bytes, &text.size);
	int c;

	snprintf(path, sizeof(path), "triage/parse/testdata/reports/%s.txt", name);
	file = fopen(path, "r");
	assert_true(file && out);
	while ((c = fgetc(file)) != EOF)
		fputc(c ? c : '?', out);
	fclose(file);
	fclose(out);
	for (char *at = text.bytes; (at = strstr(at, "==1==")) != NULL; at += 5)
		at[2] = pid;
	assert_int_equal(parse_report(text.bytes, text.size, NULL, &reports), 0);
	assert_int_equal(reports->count, 1);
	text.pid = reports->list[0].pid.value;
	text.frames = frames_of(&reports->list[0]);
	reports_free(reports);
	return text;
}

// Some lines of the one, some of the other, until both are at their ends.
static char *in_turns(const struct text *a, const struct text *b, uint32_t *random, size_t *size)
{
	const char *at[] = { a->bytes, b->bytes };
	char *mixed = NULL;
	FILE *out = open_memstream(&mixed, size);

	assert_non_null(out);
	while (*at[0] || *at[1]) {
		*random = *random * 1664525 + 1013904223;
		for (uint32_t lines = 1 + (*random >> 20) % 6; lines > 0; lines--) {
			const char **from = &at[*random >> 31];
			size_t length = strcspn(*from, "\n");

			length += (*from)[length] == '\n';
			fwrite(*from, 1, length, out);
			*from += length;
		}
	}
	fclose(out);
	return mixed;
}

static void check_own(const struct report *r, const struct text *own)
{
	char address[32];

	for (size_t s = 0; s < r->stack_count; s++)
		for (size_t f = 0; f < r->stacks[s].frame_count; f++) {
			snprintf(address, sizeof(address), "0x%llx ",
				(unsigned long long)r->stacks[s].frames[f].address.value);
			if (!strstr(own->bytes, address))
				fail_msg("a frame at %sis another process's", address);
		}
	if (!r->damaged)
		assert_int_equal(frames_of(r), own->frames);
}

static void check_turns(const struct text *a, const struct text *b, uint32_t *random)
{
	struct reports *reports = NULL;
	size_t size;
	char *mixed = in_turns(a, b, random, &size);

	assert_int_equal(parse_report(mixed, size, NULL, &reports), 0);
	assert_int_equal(reports->count, 2);
	for (size_t i = 0; i < reports->count; i++) {
		assert_true(reports->list[i].pid.value == a->pid ||
			reports->list[i].pid.value == b->pid);
		check_own(&reports->list[i], reports->list[i].pid.value == a->pid ? a : b);
	}
	reports_free(reports);
	free(mixed);
}

// However the lines fall, no frame is said to be of the other process, and a report that lacks one says so.
static void test_turns(void **state)
{
	struct text texts[GOLDENS];
	uint32_t random = 1;

	(void)state;
	for (size_t i = 0; i < GOLDENS; i++)
		texts[i] = read_golden(goldens[i], (char)('2' + i));
	for (size_t i = 0; i < GOLDENS; i++)
		for (size_t j = 0; j < GOLDENS; j++)
			for (int turn = 0; turn < TURNS && i != j; turn++)
				check_turns(&texts[i], &texts[j], &random);
	for (size_t i = 0; i < GOLDENS; i++)
		free(texts[i].bytes);
}

int main(void)
{
	const struct CMUnitTest others[] = { cmocka_unit_test(test_turns) };
	int failed;
	enum {
		ROWS = sizeof(rows) / sizeof(rows[0])
	};
	static struct CMUnitTest units[ROWS];

	for (size_t i = 0; i < ROWS; i++)
		units[i] = (struct CMUnitTest){ rows[i].name, test_row, NULL, NULL,
			(void *)(uintptr_t)&rows[i] };
	failed = _cmocka_run_group_tests("report_whole", units, ROWS, NULL, NULL);
	return failed + cmocka_run_group_tests_name("report_mixed", others, NULL, NULL);
}
