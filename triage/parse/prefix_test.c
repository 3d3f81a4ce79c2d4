// SPDX-License-Identifier: Apache-2.0
// Prefixes that loggers put before every line, made from a small grammar, before every golden: each field
// must come out as it does without. Other prefixes come with seed, and so other tests: report_prefix_test SEED.
#include "print.h"

#include <glob.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum {
	PREFIXES = 200,
	PIECES_MAX = 4,
	PREFIX_MAX = 160
};

static uint64_t seed = 20;

static unsigned int below(unsigned int n)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (unsigned int)(seed >> 33) % n;
}

// What a piece of a prefix is; number and clock go on from line to line.
enum sort {
	CLOCK,
	TAG,
	NUMBER,
	BAR,
	TAB,
	BLANK,
	SORTS
};

struct piece {
	enum sort sort;
	unsigned int form, value;
};

static const char *const clocks[] = { "2031-04-05T06:07:%02u.%03u0001Z ", "[06:07:%02u.%03u] ",
	"[   %2u.%03u0] ", "2031-04-05 06:07:%02u,%03u INFO ",
	"Apr  5 06:07:%02u host%u app[77]: ", "%u.%03us " };
static const char *const tags[] = { "app-%u  | ", "[stderr] ", "worker_%u: ", "<E> ", "(unit%u) ",
	"[%u,0]<stderr>:", "e/f.log:%u:", "F DEBUG%u   : ", "stderr: " };
static const char *const numbers[] = { "%u: ", "#%u ", "[%u] ", "%u> ", "%u) " };
static const char *const bars[] = { "  | ", "> ", "| ", ">> ", "* ", "- ", "// " };
static const char *const tabs[] = { "\t", "\t\t" };
static const char *const blanks[] = { " ", "   ", "        " };

#define PICK(list, n) (list)[(n) % (sizeof(list) / sizeof((list)[0]))]

// The piece as it stands before that line.
static void print_piece(const struct piece *piece, unsigned int line, char *out, size_t n)
{
	const char *const form[SORTS] = { PICK(clocks, piece->form), PICK(tags, piece->form),
		PICK(numbers, piece->form), PICK(bars, piece->form), PICK(tabs, piece->form),
		PICK(blanks, piece->form) };
	unsigned int moves = piece->sort == CLOCK || strstr(form[piece->sort], ".log") ? line : 0;

	snprintf(out, n, form[piece->sort], piece->value + moves / 1000, moves % 1000);
}

struct prefix {
	struct piece pieces[PIECES_MAX];
	size_t count;
};

static struct prefix any_prefix(void)
{
	struct prefix prefix = { .count = 1 + below(PIECES_MAX) };

	for (size_t i = 0; i < prefix.count; i++)
		prefix.pieces[i] = (struct piece){ (enum sort)below(SORTS), below(64), below(60) };
	return prefix;
}

static void print_prefix(const struct prefix *prefix, unsigned int line, char out[PREFIX_MAX])
{
	size_t used = 0;

	out[0] = '\0';
	for (size_t i = 0; i < prefix->count; i++) {
		print_piece(&prefix->pieces[i], line, out + used, PREFIX_MAX - used);
		used += strlen(out + used);
	}
}

static char *read_file(const char *path, size_t *n)
{
	FILE *file = fopen(path, "rbe");
	char *text;
	long size;

	assert_non_null(file);
	fseek(file, 0, SEEK_END);
	size = ftell(file);
	rewind(file);
	text = malloc((size_t)size + 1);
	assert_non_null(text);
	*n = fread(text, 1, (size_t)size, file);
	fclose(file);
	return text;
}

static char *with_prefix(const struct prefix *prefix, const char *text, size_t n, size_t *size)
{
	char *out = NULL, words[PREFIX_MAX];
	FILE *file = open_memstream(&out, size);
	unsigned int line = 0;

	assert_non_null(file);
	for (size_t at = 0; at < n; line++) {
		const char *end = memchr(text + at, '\n', n - at);
		size_t length = end ? (size_t)(end - text) + 1 - at : n - at;

		print_prefix(prefix, line, words);
		fputs(words, file);
		fwrite(text + at, 1, length, file);
		at += length;
	}
	fclose(file);
	return out;
}

static char *parsed(const char *text, size_t n)
{
	struct reports *reports = NULL;
	json_t *object;
	char *out;

	assert_int_equal(parse_report(text, n, NULL, &reports), 0);
	object = report_json("golden", reports);
	out = json_dumps(object, JSON_INDENT(1));
	assert_non_null(out);
	json_decref(object);
	reports_free(reports);
	return out;
}

static void assert_same(const char *path, const struct prefix *prefix, const char *text, size_t n,
	const char *expected)
{
	char words[PREFIX_MAX], *other, *found;
	size_t size, i = 0;

	other = with_prefix(prefix, text, n, &size);
	found = parsed(other, size);
	print_prefix(prefix, 0, words);
	if (strcmp(found, expected) != 0) {
		while (found[i] == expected[i])
			i++;
		while (i > 0 && expected[i - 1] != '\n')
			i--;
		fail_msg("%s behind \"%s\": %.*s, not %.*s", path, words,
			(int)strcspn(found + i, "\n"), found + i, (int)strcspn(expected + i, "\n"),
			expected + i);
	}
	free(found);
	free(other);
}

static void test_generated(void **state)
{
	struct prefix prefixes[PREFIXES];
	glob_t files;

	(void)state;
	for (size_t i = 0; i < PREFIXES; i++)
		prefixes[i] = any_prefix();
	assert_int_equal(glob("triage/parse/testdata/reports/*/*.txt", 0, NULL, &files), 0);
	for (size_t i = 0; i < files.gl_pathc; i++) {
		size_t n;
		char *text = read_file(files.gl_pathv[i], &n), *expected = parsed(text, n);

		for (size_t j = 0; j < PREFIXES; j++)
			assert_same(files.gl_pathv[i], &prefixes[j], text, n, expected);
		free(expected);
		free(text);
	}
	globfree(&files);
}

static const struct {
	const char *name, *text, *expected;
} speakers[] = {
#include "speaker_texts.def"
};

static void test_speakers(void **state)
{
	struct prefix prefixes[PREFIXES];

	(void)state;
	for (size_t i = 0; i < PREFIXES; i++)
		prefixes[i] = any_prefix();
	for (size_t i = 0; i < sizeof(speakers) / sizeof(speakers[0]); i++) {
		size_t n = strlen(speakers[i].text);
		char *expected = parsed(speakers[i].text, n);

		for (size_t j = 0; j < PREFIXES; j++) {
			char words[PREFIX_MAX];

			// "(unit5) (process:77): ": GLib's own name of a program is in brackets.
			print_prefix(&prefixes[j], 0, words);
			if (!strstr(words, "(unit") || !strstr(speakers[i].text, "(process:"))
				assert_same(speakers[i].name, &prefixes[j], speakers[i].text, n,
					expected);
		}
		free(expected);
	}
}

// What follows is parsed to "tool kind: functions of the first stack; functions of the next".
static const struct text {
	const char *name, *text, *expected;
} texts[] = {
	{ "no prefix, Go's own indentation",
		"panic: a\n\tpanic: runtime error: index out of range [1] with length 1\n\n"
		"goroutine 1 [running]:\nmain.f(...)\n\t/a.go:3\nmain.main()\n\t/a.go:9 +0x1\n",
		"go panic: main.f main.main;" },
	{ "a list in a web page",
		"* ==1==ERROR: AddressSanitizer: SEGV on unknown address 0x10 (pc 0x1 T0)\n"
		"      #0 0x1 in f a.c:1\n      #1 0x2 in main a.c:2\n",
		"asan SEGV: f main;" },
	{ "changes midway",
		"10:00:01 thread 'main' panicked at src/main.rs:3:4:\n10:00:01 boom\n"
		"[w1] stack backtrace:\n[w1]    0: a::f\n[w1]    1: a::main\n"
		"[w1] ==2== Invalid read of size 4\n[w1] ==2==    at 0x1: g (g.c:1)\n"
		"==2==    by 0x2: main (g.c:2)\n",
		"rust panic: a::f a::main; valgrind Invalid read: g main;" },
	{ "a line alone teaches nothing",
		"#12 Program received signal SIGSEGV, Segmentation fault.\nf (p=0x0) at a.c:3\n"
		"3\t*p = 1;\n(gdb) bt\n\n\n#0  f (p=0x0) at a.c:3\n#1  main () at a.c:9\n",
		"signal SIGSEGV: f main;" },
	{ "a program's own words", "note: panic: none\nnote: all well\ngoroutine 1 is here\n", "" },
	{ "a compiler's error",
		"a.c:1:10: fatal error: x.h: No such file\n    1 | #include <x.h>\n", "" },
	{ "lines in quotes",
		"  \"==1==ERROR: AddressSanitizer: SEGV on unknown address 0x10 (pc 0x1 T0)\",\n"
		"  \"    #0 0x1 in f a.c:1:2\",\n  \"    #1 0x2 in main a.c:2:3\"\n",
		"asan SEGV: f main;" },
	{ "UBSan",
		"[t 3] a.c:3:4: runtime error: division by zero\n[t 3]     #0 0x1 in f a.c:3:4\n",
		"ubsan integer-divide-by-zero: f;" },
	{ "UBSan on Windows", "C:\\b\\a.c:3:4: runtime error: division by zero\n",
		"ubsan integer-divide-by-zero: C:\\b\\a.c;" },
	{ "a shell's words", "7: Segmentation fault (core dumped)\n", "signal SIGSEGV:;" },
	{ "go test -json",
		"{\"Time\":\"x\",\"Action\":\"run\",\"Package\":\"p\",\"Test\":\"TestA\"}\n"
		"{\"Action\":\"output\",\"Package\":\"p\",\"Output\":\"panic: runtime error: \"}\n"
		"{\"Action\":\"output\",\"Package\":\"p\",\"Output\":\"index out of range [3] with length 2\\n\"}\n"
		"{\"Action\":\"output\",\"Package\":\"p\",\"Output\":\"\\n\"}\n"
		"{\"Action\":\"output\",\"Package\":\"p\",\"Output\":\"goroutine 9 [running]:\\n\"}\n"
		"{\"Action\":\"output\",\"Package\":\"p\",\"Output\":\"p.get({\\\"a\\\"})\\n\\t/src/a.go:3 +0x1\\n\"}\n"
		"{\"Action\":\"fail\",\"Package\":\"p\",\"Elapsed\":0.2}\n",
		"go index out of range: p.get;" },
	{ "a container's log",
		"{\"log\":\"==1==ERROR: AddressSanitizer: SEGV on unknown address 0x10 (pc 0x1 T0)\\n\",\"stream\":\"stderr\"}\r\n"
		"{\"log\":\"    #0 0x1 in f\\u003cint\\u003e(int) /a.cc:1:2\\r\\n\",\"stream\":\"stderr\"}\r\n"
		"{\"log\":\"    #1 0x2 in main /a.cc:2:3\\n\",\"stream\":\"stderr\"}\r\n",
		"asan SEGV: f<int>(int) main;" },
	{ "a report in an object",
		"[\n  {\n    \"name\": \"t\",\n    \"stderr\": \"x\\n==1==ERROR: AddressSanitizer: SEGV on unknown address 0x10"
		" (pc 0x1 T0)\\n    #0 0x1 in f a.c:1:2\\n\\u001b[31m    #1 0x2 in main a.c:2\\n\"\n  }\n]\n",
		"asan SEGV: f main;" },
	{ "an object within a string of an object",
		"{\"msg\":\"{\\\"err\\\":\\\"panic: runtime error: integer divide by zero\\\\n\\\\ngoroutine 1 [running]:\\\\n"
		"main.f()\\\\n\\\\t/a.go:3\\\\n\\\"}\\n\"}\n",
		"go integer divide by zero: main.f;" },
	{ "a line of key and value",
		"time=1 level=error msg=\"thread 'main' panicked at src/a.rs:3:4:\\nboom\\nstack backtrace:\\n   0: a::f\\n\" pid=3\n",
		"rust panic: a::f;" },
	{ "a line of syslog",
		"Apr  5 06:07:08 host app[7]: ==1==ERROR: AddressSanitizer: SEGV on unknown address 0x10 (pc 0x1 T0)#012"
		"    #0 0x1 in f a.c:1:2#012    #1 0x2 in main a.c:2:3\n",
		"asan SEGV: f main;" },
	{ "one line with escapes",
		"E panic: runtime error: integer divide by zero\\n\\ngoroutine 1 [running]:\\nmain.f()\\n\\t/a.go:3\n",
		"go integer divide by zero: main.f;" },
	{ "a message's own escapes",
		"thread 'main' panicked at src/a.rs:3:4:\nassertion `left == right` failed\n  left: \"a\\nb\"\n right: \"c\\nd\"\n"
		"stack backtrace:\n   0: a::f\n",
		"rust assertion `left == right` failed: a::f;" },
	{ "colours and titles",
		"\033]0;title\a\033(B\033[1;31m==1==ERROR: AddressSanitizer: SEGV on unknown address 0x10 (pc 0x1 T0)\033(B\033[m\n"
		"^[[33m    #0 0x1 in f a.c:1:2^[[0m\n",
		"asan SEGV: f;" },
	{ "Markdown",
		"> ```text\n> panic: runtime error: integer divide by zero\n>\n> goroutine 1 [running]:\n> main.f()\n> \t/a.go:3\n> ```\n",
		"go integer divide by zero: main.f;" },
	{ "a step of a build",
		"#9 0.402 panic: runtime error: integer divide by zero\n#9 0.402 \n"
		"#9 0.402 goroutine 1 [running]:\n#9 0.403 main.main()\n#9 0.403 \t/a.go:3 +0x1\n",
		"go integer divide by zero: main.main;" },
};

static void print_report(FILE *file, const struct report *report)
{
	fprintf(file, "%s%s %s:", ftell(file) > 0 ? " " : "", report->tool_name,
		report->kind ? report->kind : "-");
	for (size_t i = 0; i < report->stack_count; i++) {
		for (size_t j = 0; j < report->stacks[i].frame_count; j++) {
			const struct report_frame *frame = &report->stacks[i].frames[j];

			fprintf(file, " %s", frame->function ? frame->function : frame->file);
		}
		fputc(i + 1 < report->stack_count ? ',' : ';', file);
	}
	if (report->stack_count == 0)
		fputc(';', file);
}

static void test_text(void **state)
{
	const struct text *text = *state;
	struct reports *reports = NULL;
	char *out = NULL;
	size_t n;
	FILE *file = open_memstream(&out, &n);

	assert_int_equal(parse_report(text->text, strlen(text->text), NULL, &reports), 0);
	for (size_t i = 0; i < reports->count; i++)
		print_report(file, &reports->list[i]);
	fclose(file);
	assert_string_equal(out, text->expected);
	free(out);
	reports_free(reports);
}

int main(int argc, char **argv)
{
	enum {
		TEXTS = sizeof(texts) / sizeof(texts[0])
	};
	static struct CMUnitTest tests[TEXTS + 2] = { cmocka_unit_test(test_generated),
		cmocka_unit_test(test_speakers) };

	for (size_t i = 0; i < TEXTS; i++)
		tests[i + 2] = (struct CMUnitTest){ texts[i].name, test_text, NULL, NULL,
			(void *)&texts[i] };

	if (argc > 1)
		seed = 1 + strtoull(argv[1], NULL, 10);
	return cmocka_run_group_tests_name("report_prefix", tests, NULL, NULL);
}
