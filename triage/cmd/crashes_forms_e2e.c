/* SPDX-License-Identifier: Apache-2.0
 * What triage crashes makes of crashes: its forms for readers, given hostile reports; why and diff; and a
 * real target under AddressSanitizer, whose stacks must be those that the runtime's own symbolizer prints. */
#include "crashes/sandbox.h"
#include "parse/parse.h"

#include "testing/cases.h"
#include "testing/crash_facts.h"

static int compile_targets(void **state)
{
	(void)state;
	assert_int_equal(enter_scratch(), 0);
	free(expect(0,
		"clang -w -O1 -o hostile $home/triage/crashes/testdata/hostile.c && "
		"AFL_QUIET=1 afl-clang-fast -w -g -O1 -fsanitize=address -o planted $home/triage/crashes/testdata/planted.c"));
	return 0;
}

/* ---- forms ----------------------------------------------------------------------------------- */

/* No byte that a terminal or a browser would obey; the name can still be read. */
static void assert_harmless(const char *file, bool markup)
{
	AUTO_FREE uint8_t *bytes = NULL;
	size_t size;

	assert_int_equal(file_read(file, 1 << 22, &bytes, &size), 0);
	for (size_t i = 0; i < size; i++)
		if ((bytes[i] < ' ' && bytes[i] != '\n' && bytes[i] != '\t') || bytes[i] == 0x7f ||
			bytes[i] == 0x9b || bytes[i] == 0xff)
			fail_msg("%s: byte %#x at %zu", file, bytes[i], i);
	assert_says((char *)bytes, "alert");
	if (markup)
		assert_silent_of((char *)bytes, "<script");
}

static void test_hostile_report(void **state)
{
	static const char *const files[] = { "text", "json", "sarif", "junit", "html", "why" };
	AUTO_JSON json_t *run = NULL;
	const char *id;

	(void)state;
	put("c/<img src=x>&\x1b[2J", "e");
	free(expect(2,
		"$triage crashes --json=json --sarif sarif --junit=junit --html html c -- ../hostile > text 2>&1"));
	run = newest();
	id = string(json_array_get(json_object_get(run, "buckets"), 0), "id");
	free(expect(0, "$triage crashes --why %s %s > why", id, id));
	for (size_t i = 0; i < LENGTH(files); i++)
		assert_harmless(
			files[i], strcmp(files[i], "html") == 0 || strcmp(files[i], "junit") == 0);
	free(expect(0, "! command -v xmllint > /dev/null || xmllint --noout junit"));
	free(expect(0, "grep -q default-src html"));
}

static void test_forms(void **state)
{
	AUTO_FREE char *said = NULL;
	AUTO_FREE char *fields = NULL;
	AUTO_JSON json_t *sarif = NULL;
	const json_t *run, *result;

	(void)state;
	put("c/one", "k11");
	put("c/two", "k22");
	put("c/three", "k22 ");
	put("c/quiet", "q");
	said = expect(2, "$triage crashes --sarif c -- ../hostile 2>/dev/null");
	sarif = json_loads(said, 0, NULL);
	assert_string_equal(string(sarif, "version"), "2.1.0");
	run = json_array_get(json_object_get(sarif, "runs"), 0);
	assert_int_equal(json_array_size(json_object_get(run, "results")), 2);
	result = json_array_get(json_object_get(run, "results"), 0);
	assert_string_equal(string(result, "ruleId"), "asan/heap-buffer-overflow");
	assert_int_equal(number(result, "occurrenceCount"), 2);
	fields = json_dumps(result, 0);
	assert_says(fields, "\"uri\": \"file:///src/bugs.c\"");
	assert_says(fields, "\"startLine\": 50");
	assert_says(fields, "fencepostKey/v3");
	free(expect(2, "$triage crashes --junit junit c -- ../hostile"));
	free(expect(0, "grep -q 'tests=\"3\" failures=\"2\" errors=\"0\" skipped=\"0\"' junit"));
}

/* ---- a real target --------------------------------------------------------------------------- */

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash != NULL ? slash + 1 : path;
}

/* The stack that the runtime's own symbolizer prints: function, file's name and line of each frame. */
static char *theirs(const char *input)
{
	AUTO_FREE char *path = format("%s/planted", scratch);
	char *argv[] = { path, (char *)(uintptr_t)input, NULL };
	char *environment[] = { (char *)(uintptr_t) "ASAN_OPTIONS=detect_leaks=0:handle_abort=1",
		(char *)(uintptr_t) "PATH=/usr/local/bin:/usr/bin:/bin", NULL };
	struct process_result result;
	struct reports *reports;
	const struct report_stack *stack;
	char *text = format("%s", "");

	assert_int_equal(process_run(argv, environment, PATIENCE_MS, 1 << 20, &result), 0);
	assert_int_equal(parse_report(result.output, result.output_size, NULL, &reports), 0);
	stack = reports->count > 0 ? report_crash_stack(&reports->list[0]) : NULL;
	for (size_t i = 0; stack != NULL && i < stack->frame_count; i++) {
		const struct report_frame *frame = &stack->frames[i];
		char *longer;

		if (frame->file == NULL)
			continue;
		longer = format("%s%s %s:%d\n", text, frame->function, base_name(frame->file),
			(int)frame->line.value);
		free(text);
		text = longer;
	}
	process_free(&result);
	reports_free(reports);
	return text;
}

static char *ours(const json_t *run, const json_t *crash)
{
	const json_t *report = json_array_get(
		json_object_get(run, "reports"), (size_t)number(crash, "report"));
	const json_t *parsed = json_array_get(json_object_get(report, "reports"), 0), *frame;
	const json_t *stack = json_array_get(json_object_get(parsed, "stacks"), 0);
	char *text = format("%s", "");
	size_t i;

	json_array_foreach(json_object_get(stack, "frames"), i, frame) {
		char *longer;

		if (!json_is_string(json_object_get(frame, "file")))
			continue;
		longer = format("%s%s %s:%d\n", text, string(frame, "function"),
			base_name(string(frame, "file")), (int)number(frame, "line"));
		free(text);
		text = longer;
	}
	return text;
}

/* One symbolizer for all says the same as one a crash, inlined functions included. Not of a stack that
 * is exhausted, which is at one line or another. */
static void test_same_stacks(void **state)
{
	AUTO_JSON json_t *run = NULL;
	size_t i, compared = 0;
	const json_t *crash;

	(void)state;
	free(expect(0,
		"for i in 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14; do "
		"printf \"$(printf '\\\\%%03o' $i)abc\" > c/$i; done"));
	free(expect(2, "$triage crashes c -- ../planted"));
	run = newest();
	json_array_foreach(json_object_get(run, "crashes"), i, crash) {
		AUTO_FREE char *expected = NULL;
		AUTO_FREE char *found = NULL;

		assert_int_equal(number(crash, "crashed"), 3);
		expected = theirs(string(crash, "path"));
		found = ours(run, crash);
		assert_string_equal(found, expected);
		assert_true(strlen(found) > 0);
		compared++;
	}
	assert_int_equal(compared, 15);
}

/* ---- rows ------------------------------------------------------------------------------------ */

/* clang-format off */
static const struct row rows[] = {
CASE("test_why"),
PUT("c/one", "k11"), PUT("c/same", "k11 "), PUT("c/near", "k12"), PUT("c/line", "k1z"), PUT("c/name", "k21"),
PUT("c/quiet", "q"),
{ 2, "$triage crashes c -- ../hostile" },
{ 0, "$triage crashes --why one same", { "they died alike, frame by frame" } },
{ 0, "$triage crashes --why one c/line", { "Apart, in buckets ", "their lines are far apart",
	"In one family: the same function is at fault." } },
{ 0, "$triage crashes --why one near", { "lines near each other" } },
{ 0, "$triage crashes --why one name", { "called from the same line" } },
{ 64, "$triage crashes --why one quiet 2>&1", { "did not crash" } },
{ 64, "$triage crashes --why one missing 2>&1", { "missing: not in runs/", "none has it" } },
/* the newest run is of other files: the run that has these is named */
{ 2, "mkdir other && printf k33 > other/three && $triage crashes other -- ../hostile" },
{ 64, "$triage crashes --why one same 2>&1", { "one: not in runs/", "; next: --run=" } },
{ 0, "$triage crashes --why $($triage crashes --why one same 2>&1 | sed -n 's/.*next: //p') one same",
	{ "they died alike, frame by frame" } },
{ 0, "rm -r $(ls -d runs/*-* | sort -V | tail -n 1) other" },
{ 1, "$triage crashes --why --run=missing one name 2>&1" },
{ 64, "$triage crashes --why one 2>&1" },

/* One moved: the same function at another line, in place of the old one. */
CASE("test_diff"),
PUT("c/fixed", "k11"), PUT("c/kept", "k22"),
{ 2, "$triage crashes c -- ../hostile; mv runs/* a; exit 2" },
PUT("c/fixed", "q"), PUT("c/moved", "k2z"), PUT("c/new", "k33"),
{ 2, "rm c/kept; $triage crashes c -- ../hostile; mv runs/* b; exit 2" },
{ 2, "$triage crashes --against a b", { "1 new, 1 gone, 1 still there",
	"in bug_1 at /src/bugs.c:49:7 (none of its 1 files was replayed)" } },
{ 0, "$triage crashes --against a a", { "0 new, 0 gone, 2 still there" } },
{ 0, "mkdir d && sed 's/\"members\": \\[/\"members\": [99999, /' b/crashes.json > d/crashes.json" },
{ 1, "$triage crashes --against a d 2>&1", { "d/crashes.json: damaged" } },
{ 0, "sed 's/\"key_version\": 3/\"key_version\": 1/' b/crashes.json > d/crashes.json" },
{ 3, "$triage crashes --against a d 2>&1" },
{ 64, "$triage crashes --against a missing 2>&1" },
{ 64, "$triage crashes --against 2>&1" },

/* What a target loads after the forkserver was started has names too. */
CASE("test_loaded_later"),
PUT("library.c", "int break_it(char *p) { return p[7]; }\n"),
PUT("loads.c",
	"#include <dlfcn.h>\n#include <stdlib.h>\n#include <unistd.h>\nint main(int n, char **v) { char b; "
	"if (read(0, &b, 1) != 1 || b != 'x') return 0; void *l = dlopen(\"./library.so\", RTLD_NOW); "
	"int (*f)(char *) = (int (*)(char *))dlsym(l, \"break_it\"); return f(malloc(7)); }\n"),
PUT("c/one", "x"),
{ 0, "clang -g -O1 -fsanitize=address -shared -fPIC -o library.so library.c && "
     "AFL_QUIET=1 afl-clang-fast -w -g -O1 -fsanitize=address -o loads loads.c -ldl" },
{ 2, "$triage crashes c -- ./loads 2>&1",
	{ "heap-buffer-overflow READ in break_it at library.c:1:", "1 crash file: 1 dies in every run" } },

/* Whether the allocator reads or writes when it stumbles over a wrong pointer, and how near that is to null,
 * depends on the pointer's bits: it is one bug, of who freed it. */
CASE("test_wild_free"),
PUT("wild.c",
	"#include <stdlib.h>\n#include <unistd.h>\n"
	"__attribute__((noinline)) static void release(void **p) { free(*p); }\n"
	"int main(void) { void *p; if (read(0, &p, sizeof(p)) < (long)sizeof(p)) return 0; "
	"release(&p); return 0; }\n"),
PUT("c/far", "AAAAAAAA"),
{ 0, "printf '\\020AAAAA\\0\\0' > c/mapped; printf '\\020\\0\\0\\0\\0\\0\\0\\0' > c/near; "
     "clang -g -O1 -fsanitize=address -o wild wild.c" },
{ 2, "$triage crashes c -- ./wild 2>&1",
	{ "3 crash files: 3 die in every run", "1 bucket", "it freed what it must not free",
	  "EXPLOITABLE  bad-free in release at wild.c:3:" } },

/* Debian's packages of other releases have only programs with a version in their names. */
CASE("test_symbolizer"),
PUT("c/write", "\014abc"),
{ 0, "mkdir none some; ln -s $(command -v llvm-symbolizer) some/llvm-symbolizer-14; "
     "ln -s /bin/false some/llvm-symbolizer-9; ln -s /bin/false some/llvm-symbolizer-99x" },
{ 2, "PATH=$PWD/none $triage crashes c -- ../planted",
	{ "no llvm-symbolizer in PATH", "stack-buffer-overflow WRITE at ", "/planted+0x" } },
{ 2, "PATH=$PWD/some $triage crashes c -- ../planted",
	{ "stack-buffer-overflow WRITE in local_copy at ", "/* BUG(12) */", "\n  > " } },
CASES_END };
/* clang-format on */

int main(void)
{
	struct CMUnitTest tests[LENGTH(rows) + 3] = {
		TEST_OF_CRASHES(test_hostile_report),
		TEST_OF_CRASHES(test_forms),
		TEST_OF_CRASHES(test_same_stacks),
	};
	size_t count = 3 + cases_add(&tests[3], rows, enter, NULL, crash_facts);

	read_tier();
	return _cmocka_run_group_tests(
		"forms of triage crashes", tests, count, compile_targets, tear_down);
}
