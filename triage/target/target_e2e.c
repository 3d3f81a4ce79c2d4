/* SPDX-License-Identifier: Apache-2.0
 * Targets of a user's own, from the file to the gate, with the real compilers and the real AFL++: the example,
 * the README's tutorial as it stands there, and every way in which a target can be bad. Each test runs in a
 * copy of the tree that borrows build/. */
#include "crashes/sandbox.h"

#include "harnesses/verdict/verdict.h"

#define MESSAGE "harnesses/examples/message.c"
#define LIST    "harnesses/examples/message.crashes/asan+ubsan.json"

/* Not borrowed: what is built of targets, and gcc's rows, whose flags name the directory they are built in. */
static int copy_tree(void **state)
{
	static const char *const ours[] = { "MAKEFLAGS", "MFLAGS", "MAKELEVEL", "TARGET", "SOURCES",
		"FLAGS", "CORPUS", "DICT", "CLASS", "DETECTOR", "ENGINE", "TIME", "JOBS", "SEED",
		"RUN", "TIMEOUT", "EXECUTIONS", "LOOPS", "FENCEPOST_RECORD" };
	AUTO_FREE char *said = NULL;

	(void)state;
	for (size_t i = 0; i < LENGTH(ours); i++)
		unsetenv(ours[i]);
	assert_int_equal(enter_scratch(), 0);
	said = expect(0,
		"mkdir tree tree/build tree/t && cd tree && "
		"cp -a $home/Makefile $home/README.md $home/ci $home/scripts $home/harnesses $home/triage . && "
		"for entry in $home/build/*; do case ${entry##*/} in targets | gcc-*) ;; "
		"*) ln -s \"$entry\" build/ ;; esac; done");
	return chdir("tree");
}

/* Each test begins with the example as it is committed, and without runs. */
static int fresh(void **state)
{
	AUTO_FREE char *tree = format("%s/tree", scratch);
	AUTO_FREE char *said = NULL;

	(void)state;
	unsetenv("FLAGS"); /* of a test that failed */
	unsetenv("SOURCES");
	assert_int_equal(chdir(tree), 0);
	said = expect(0,
		"rm -rf runs t harnesses/examples && mkdir t && cp -a $home/harnesses/examples harnesses/");
	return 0;
}

/* A target in t/, of C that needs no more. */
static void target(const char *name, const char *body)
{
	AUTO_FREE char *path = format("t/%s", name);
	AUTO_FREE char *text = format(
		"#include <fencepost.h>\n#include <stdint.h>\n#include <stddef.h>\n"
		"#include <stdlib.h>\n#include <string.h>\n%s\n",
		body);

	put(path, text);
}

#define ENTRY "int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)"

/* target.json of the newest run. */
static json_t *result(void)
{
	return load_json("runs/latest", "target.json");
}

static const json_t *mark_of(const json_t *result, const char *class)
{
	size_t i;
	const json_t *mark;

	json_array_foreach(json_object_get(json_object_get(result, "truth"), "marks"), i, mark) {
		if (strcmp(string(mark, "class"), class) == 0)
			return mark;
	}
	fail_msg("no mark of %s", class);
	return NULL;
}

static void assert_adds_up(const json_t *mark)
{
	assert_true(number(mark, "reached") >= number(mark, "triggered"));
	assert_int_equal(number(mark, "triggered"),
		number(mark, "detected") + number(mark, "wrong_kind") + number(mark, "trap") +
			number(mark, "missed"));
}

/* ---- the example ----------------------------------------------------------------------------- */

/* At least two defects, and what every mark counts is accounted for. */
static void test_example(void **state)
{
	AUTO_FREE char *said = expect(2, "make fuzz TARGET=" MESSAGE " TIME=240 EXECUTIONS=%d 2>&1",
		full_tier ? 200000 : 40000);
	AUTO_JSON json_t *run = result();
	size_t i, count = json_array_size(json_object_get(run, "buckets"));
	const json_t *mark;

	(void)state;
	assert_says(said, "known truth (FENCEPOST_VIOLATION), in executions");
	assert_says(
		said, "reproduce: build/targets/harnesses/examples/message/afl-asan+ubsan < runs/");
	assert_says(said, "target: exit 2: ");
	assert_true(count >= 2);
	assert_int_equal(
		json_array_size(json_object_get(json_object_get(run, "truth"), "marks")), 4);
	json_array_foreach(json_object_get(json_object_get(run, "truth"), "marks"), i, mark)
		assert_adds_up(mark);
	assert_true(number(mark_of(run, "oob-read"), "detected") > 0);
	if (full_tier) {
		assert_true(count >= 3);
		assert_true(number(mark_of(run, "oob-write"), "missed") > 0);
	}
	assert_int_equal(number(json_object_get(run, "truth"), "unforeseen"), 0);
}

/* The committed inputs die as the committed list says, also without any run. */
static void test_committed(void **state)
{
	AUTO_FREE char *said = expect(0, "ci/gate --target " MESSAGE " --junit junit.xml 2>&1");
	AUTO_FREE char *junit = expect(0, "cat junit.xml");

	(void)state;
	assert_says(said, "green, exit 0: nothing new, 4 accepted; nothing was fuzzed");
	assert_silent_of(said, "  gone ");
	assert_says(junit, "tests=\"4\"");
	assert_silent_of(junit, "<failure");
}

/* What the list does not name is new, with its command; what its input no longer shows is gone. */
static void test_gate(void **state)
{
	AUTO_FREE char *none = NULL;
	AUTO_FREE char *red = NULL;
	AUTO_FREE char *green = NULL;
	AUTO_FREE char *nothing = NULL;

	(void)state;
	none = expect(0,
		"mkdir -p runs/20200101-000000-target-message/afl/main0/crashes && cd runs/* && "
		"cp ../../harnesses/examples/message.crashes/asan+ubsan/* afl/main0/crashes/ && "
		"echo '{\"schema\": \"fencepost/target-run/1\"}' > run.json && "
		"echo '{\"schema\": \"fencepost/target/1\", \"source\": \"" MESSAGE
		"\", \"detector\": \"asan+ubsan\"}' > target.json");
	/* an id of the list and its key are taken away: the run still has the input */
	green = expect(0,
		"echo '{\"buckets\": [], \"detector\": \"asan+ubsan\", \"key_version\": 3, "
		"\"schema\": \"fencepost/accepted/1\"}' > " LIST
		" && rm harnesses/examples/message.crashes/*/*");
	red = expect(2, "ci/gate --target=" MESSAGE " --junit junit.xml 2>&1");
	assert_says(red, "  new       96586db1   EXPLOITABLE");
	assert_says(
		red, "reproduce: build/targets/harnesses/examples/message/afl-asan+ubsan < runs/");
	assert_says(red, "gate: red, exit 2: 4 new buckets");
	free(green);
	green = expect(0,
		"grep -c '<failure' junit.xml && make baseline TARGET=" MESSAGE
		" && rm -r runs && ci/gate --target " MESSAGE " 2>&1");
	assert_says(green, "4 buckets accepted, an input kept of 4");
	assert_says(green, "green, exit 0: nothing new, 4 accepted");
	free(green);
	/* lines of our own driver are none of the target's */
	expect(0, "! grep target_afl " LIST);
	green = expect(0,
		"sed -i 's/message->is_end - payload/message->end - payload/' " MESSAGE
		" && ci/gate --target " MESSAGE " 2>&1");
	assert_says(green, "its input no longer crashes");
	assert_says(green, "3 accepted, 1 gone");
	nothing = expect(3, "rm " LIST " && ci/gate --target " MESSAGE " 2>&1");
	assert_says(nothing, "gate: not comparable, exit 3: ");
	assert_says(nothing, "make baseline TARGET=" MESSAGE);
}

/* A run of t/NAME.c that has saved the @inputs, a word each. */
static void save_run(const char *name, const char *detector, const char *inputs)
{
	free(expect(0,
		"rm -rf runs && mkdir -p runs/20200101-000000-target-%s/afl/main0/crashes && "
		"cd runs/20200101-000000-target-%s && for i in %s; do "
		"printf %%s $i > afl/main0/crashes/id:$i; done && "
		"echo '{\"schema\": \"fencepost/target-run/1\"}' > run.json && "
		"echo '{\"schema\": \"fencepost/target/1\", \"source\": \"t/%s.c\", "
		"\"detector\": \"%s\"}' > target.json",
		name, name, inputs, name, detector));
}

/* Two decoders that read through one accessor, a check for two callers, and a bug far below one that is mended. */
#define NEIGHBOURS \
	"#include <assert.h>\nstatic volatile int sink;\n" \
	"#define NOINLINE static __attribute__((noinline)) void\n" \
	"static int get16(const uint8_t *at) { return at[0] | at[1] << 8; }\n" \
	"NOINLINE mail(const uint8_t *in) { sink = get16(in + 40); }\n" \
	"NOINLINE date(const uint8_t *in) { sink = get16(in + 60); }\n" \
	"NOINLINE bound(int i) { assert(i < 4); sink = i; }\n" \
	"NOINLINE load(void) { bound(9); sink = 1; }\n" \
	"NOINLINE store(void) { bound(8); sink = 2; }\n" \
	"NOINLINE parse(const uint8_t *in) {\n" \
	"#ifndef MENDED\n	if (in[1] == '1') sink = in[90];\n#endif\n" \
	"%s	if (in[1] == '2') sink = in[91];\n}\n" ENTRY \
	" {\n	if (size < 2) return 0;\n	if (data[0] == 'm') mail(data);\n" \
	"	if (data[0] == 'd') date(data);\n	if (data[0] == 'l') load();\n" \
	"	if (data[0] == 's') store();\n	if (data[0] == 'p') parse(data);\n	return 0;\n}"

static void put_neighbours(void)
{
	char lines[64] = { 0 };
	AUTO_FREE char *text = NULL;

	memset(lines, '\n', 50);
	text = format(NEIGHBOURS, lines);
	target("near.c", text);
}

static void test_new_neighbours(void **state)
{
	static const char *const rows[][3] = { { "mm", "dd", "READ in date at t/near.c" },
		{ "ll", "ss", "called by store" }, { "p1", "p2", "READ in parse at t/near.c" } };

	(void)state;
	put_neighbours();
	for (size_t i = 0; i < LENGTH(rows); i++) {
		AUTO_FREE char *red = NULL;
		AUTO_FREE char *both = format("%s %s", rows[i][0], rows[i][1]);

		expect(0, "rm -rf t/near.crashes");
		save_run("near", "asan+ubsan", rows[i][0]);
		expect_says(0, "1 bucket accepted", "make baseline TARGET=t/near.c 2>&1");
		expect_says(0, "green, exit 0: nothing new, 1 accepted",
			"ci/gate --target t/near.c 2>&1");
		save_run("near", "asan+ubsan", both);
		red = expect(2, "ci/gate --target t/near.c 2>&1");
		assert_says(red, "gate: red, exit 2: 1 new bucket");
		assert_says(red, rows[i][2]);
	}
	/* the accepted bug is mended, and another of the same key is there: it has not moved */
	save_run("near", "asan+ubsan", "p2");
	setenv("FLAGS", "-DMENDED", 1);
	expect_says(2, "its input no longer crashes", "ci/gate --target t/near.c 2>&1");
	unsetenv("FLAGS");
}

/* What has no place cannot be accepted: a neighbour would be covered. */
static void test_untold(void **state)
{
	AUTO_FREE char *gate = NULL;

	(void)state;
	target("bare.c", ENTRY " { if (size > 0 && data[0] == 'a') abort(); return 0; }");
	setenv("DETECTOR", "none", 1);
	make_refuse();
	save_run("bare", "none", "aa");
	expect_says(2, "1 heap of crashes without a place cannot be accepted",
		"./refuse make baseline TARGET=t/bare.c DETECTOR=none 2>&1");
	gate = expect(3, "./refuse ci/gate --target t/bare.c --junit j.xml 2>&1");
	assert_says(gate, "  untold ");
	assert_says(gate, "gate: not comparable, exit 3: ");
	assert_says(gate, "a stack: gdb ");
	expect(0, "grep -q '<error' j.xml");
	unsetenv("DETECTOR");
}

/* A list of keys of another version is renewed by the inputs that are kept, with a word on each. */
static void test_old_list(void **state)
{
	AUTO_FREE char *said = NULL;

	(void)state;
	expect(0,
		"sed -i 's/\"key_version\": 3/\"key_version\": 2/;s/23dab9fb/a23bc6dd/g' " LIST
		" && cd harnesses/examples/message.crashes/asan+ubsan && mv 23dab9fb a23bc6dd");
	expect_says(3, "keys of version 2, these are of version 3; next: make baseline",
		"ci/gate --target " MESSAGE " 2>&1");
	said = expect(0, "make baseline TARGET=" MESSAGE " 2>&1");
	assert_says(said, "had keys of version 2, now of version 3:");
	assert_says(said, "a23bc6dd   -> 23dab9fb  heap-buffer-overflow READ in sum_text at ");
	assert_says(said, "4 buckets accepted, an input kept of 4");
	expect_says(0, "nothing new, 4 accepted", "ci/gate --target " MESSAGE " 2>&1");
}

/* A program that does not run crashes on nothing: that is neither green nor a reason to drop what is accepted. */
static void assert_no_start(const char *name, const char *words)
{
	AUTO_FREE char *list = format("t/%s.crashes/asan+ubsan.json", name);
	AUTO_FREE char *gate = NULL;
	AUTO_FREE char *baseline = NULL;
	AUTO_FREE char *said = expect(0,
		"mkdir -p t/%s.crashes && cp -a harnesses/examples/message.crashes/* t/%s.crashes/",
		name, name);

	gate = expect(1, "ci/gate --target t/%s.c 2>&1", name);
	assert_says(gate, "gate: broken, exit 1: build/targets/t/");
	assert_says(gate, " does not start: ");
	assert_says(gate, words);
	baseline = expect(2, "make baseline TARGET=t/%s.c 2>&1", name);
	assert_says(baseline, words);
	assert_says(baseline, "the list is left as it is");
	free(said);
	said = expect(0, "cmp %s " LIST, list);
}

static void test_no_start(void **state)
{
	(void)state;
	target("class.c", ENTRY " { FENCEPOST_VIOLATION(size > 3, oob_raed); return 0; }");
	assert_no_start("class", "t/class.c:6: FENCEPOST_VIOLATION(..., oob_raed)");
	if (full_tier) {
		AUTO_FREE char *said = expect(
			1, "ENGINE=libfuzzer ci/gate --target t/class.c 2>&1");

		assert_says(
			said, "does not start: t/class.c:6: FENCEPOST_VIOLATION(..., oob_raed)");
	}
	target("init.c",
		"int LLVMFuzzerInitialize(int *c, char ***v) { return c == (void *)v ? 0 : (exit(1), 0); }\n" ENTRY
		" { return 0; }");
	assert_no_start("init", "it exited with 1 before its first input, without a word");
	/* an input that always crashes is none of these */
	target("always.c", ENTRY " { abort(); }");
	expect(2,
		"mkdir t/always.crashes && echo '{\"buckets\": [], \"detector\": \"asan+ubsan\", "
		"\"key_version\": 3, \"schema\": \"fencepost/accepted/1\"}' "
		"> t/always.crashes/asan+ubsan.json && ci/gate --target t/always.c --time=2 2>&1");
}

/* A library that is there when the program is linked, and not when it is run. */
static void test_no_library(void **state)
{
	(void)state;
	target("needs.c", "int gone(void);\n" ENTRY " { return gone(); }");
	expect(0,
		"echo 'int gone(void) { return 0; }' > t/gone.c && "
		"clang -shared -fPIC -Wl,-soname,libnowhere.so -o t/libgone.so t/gone.c");
	setenv("FLAGS", "-Lt -lgone", 1);
	assert_no_start("needs", "libnowhere.so: cannot open shared object file");
	unsetenv("FLAGS");
}

/* Usage is 64, not a broken gate; --target may stand anywhere; a dollar is no reference of make's. */
static void test_gate_usage(void **state)
{
	static const char *const bad[] = { "--target t/none.c", "--target t", "--target README.md",
		"--target=", "--target ''", "--target", "--target --help" };

	(void)state;
	for (size_t i = 0; i < LENGTH(bad); i++) {
		AUTO_FREE char *said = expect(64, "ci/gate %s 2>&1", bad[i]);

		assert_silent_of(said, "broken");
	}
	expect(64, "DETECTOR=other ci/gate --target " MESSAGE " 2>&1");
	expect(64, "ENGINE=other ci/gate --target " MESSAGE " 2>&1");
	expect(64, "FLAGS=\\' ci/gate --target " MESSAGE " 2>&1");
	expect_says(0, "green, exit 0: nothing new, 4 accepted",
		"ci/gate --junit=junit.xml --target " MESSAGE " 2>&1 && test -s junit.xml");
	target("$(shell touch t$(HOME)bad).c", ENTRY " { return 0; }");
	expect_says(3, "make fuzz TARGET='t/$$(shell touch t$$(HOME)bad).c'",
		"ci/gate --target 't/$(shell touch t$(HOME)bad).c' 2>&1");
}

/* ---- bad targets ----------------------------------------------------------------------------- */

/* What is said, and the exit code that make shows. */
static void assert_refused(int code, const char *line, const char *first, const char *second)
{
	AUTO_FREE char *error = format("Error %d", code);
	AUTO_FREE char *said = expect(2, "make fuzz TIME=2 %s 2>&1", line);

	assert_says(said, first);
	assert_says(said, second);
	assert_says(said, error);
}

/* The compiler's own words, then what to do. */
static void test_not_built(void **state)
{
	(void)state;
	assert_refused(64, "TARGET=t/none.c", "t/none.c: no such file", "next: TARGET=");
	assert_refused(64, "TARGET=README.md", "README.md: not a C or C++ file", "(.c, .cc");
	assert_refused(64, "TARGET=" MESSAGE " DETECTOR=go-asan",
		"detector=go-asan has no form for fuzzers", "there are: none asan");
	target("syntax.c", ENTRY " { retur 0; }");
	assert_refused(1, "TARGET=t/syntax.c", "error: use of undeclared identifier 'retur'",
		"t/syntax.c: mend what the compiler names");
	target("entry.c", "int LLVMFuzzerTestInput(void);");
	assert_refused(1, "TARGET=t/entry.c", "undefined reference to `LLVMFuzzerTestOneInput'",
		"t/entry.c: it has no LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)");
	if (!full_tier)
		return;
	assert_refused(64, "TARGET=" MESSAGE " DETECTOR=gcc-asan+ubsan",
		"detector=gcc-asan+ubsan has no form", "there are: none asan");
	assert_refused(64, "TARGET=" MESSAGE " CLASS=oob-read", "CLASS= or TARGET=", "target: ");
	assert_refused(64, "TARGET=" MESSAGE " ENGINE=other", "engine=other: there is no other",
		"afl libfuzzer");
	target("header.c", "#include \"nowhere.h\"");
	assert_refused(1, "TARGET=t/header.c", "'nowhere.h' file not found", "FLAGS='-I");
	target("main.c", ENTRY " { return 0; } int main(void) { return 0; }");
	assert_refused(
		1, "TARGET=t/main.c", "multiple definition of `main'", "its main() is in the way");
	target("other.c", "int other(void);\n" ENTRY " { return other(); }");
	assert_refused(
		1, "TARGET=t/other.c", "undefined reference to `other'", "SOURCES='other.c'");
	target("mangled.cc", ENTRY " { return 0; }");
	assert_refused(
		1, "TARGET=t/mangled.cc", "LLVMFuzzerTestOneInput", "in C++ as extern \"C\"");
}

/* What is typed is neither a pattern of make's nor a command of the shell's. */
static void test_typed(void **state)
{
	AUTO_FREE char *gate = NULL;
	AUTO_FREE char *environment = NULL;

	(void)state;
	assert_refused(64, "TARGET=" MESSAGE " DETECTOR=%", "detector=%: there is no %",
		"there are: none asan");
	assert_refused(64, "TARGET=" MESSAGE " DETECTOR='asan msan'",
		"detector=asan msan: there is no asan msan", "there are: none asan");
	assert_refused(64, "TARGET=" MESSAGE " ENGINE='afl libfuzzer'",
		"engine=afl libfuzzer: there is no afl libfuzzer", "there are: afl libfuzzer");
	assert_refused(64, "TARGET=" MESSAGE " \"DETECTOR='; touch t/bad; '\"",
		"there is no '; touch", "there are: none asan");
	gate = expect(2, "make gate TARGET=" MESSAGE " \"DETECTOR='; touch t/bad; '\" 2>&1");
	assert_says(gate, "there is no '; touch");
	environment = expect(2, "DETECTOR=\"'; touch t/bad; '\" make gate TARGET=" MESSAGE " 2>&1");
	assert_says(environment, "there is no '; touch");
	expect(2, "make hunt CLASS=oob-read TARGET=t \"DETECTOR='; touch t/bad; '\" 2>&1");
	expect(0, "test ! -e t/bad");
}

/* What is wrong with the inputs and not with the target. */
static void test_bad_inputs(void **state)
{
	(void)state;
	target("quiet.c", ENTRY " { return size > 0 && data[0] == 1; }");
	assert_refused(
		64, "TARGET=t/quiet.c CORPUS=t/none", "CORPUS=t/none: no such directory", "next: ");
	assert_refused(64, "TARGET=t/quiet.c DICT=t/none", "DICT=t/none: No such file", "target: ");
	assert_refused(64, "TARGET=t/quiet.c DICT=t", "DICT=t: not a file", "target: ");
	expect(0, "mkdir t/empty && touch t/empty/a t/empty/b && printf '# none\\n' > t/words");
	assert_refused(64, "TARGET=t/quiet.c CORPUS=t/empty", "t/empty: its files are all empty",
		"next: ");
	assert_refused(64, "TARGET=t/quiet.c FLAGS=\"-DA='1\"",
		"FLAGS=-DA='1: a quote is not closed", "target: ");
	assert_refused(64, "TARGET=t/quiet.c SOURCES='\"a.c'",
		"SOURCES=\"a.c: a quote is not closed", "target: ");
	expect_says(0, "target: AFL++: No usable data",
		"make fuzz TIME=120 EXECUTIONS=100 TARGET=t/quiet.c DICT=t/words 2>&1");
	target("class.c", ENTRY " { FENCEPOST_VIOLATION(size > 3, oob_raed); return 0; }");
	assert_refused(64, "TARGET=t/class.c", "t/class.c:6: FENCEPOST_VIOLATION(..., oob_raed)",
		"no such class; there are: oob-read");
}

/* Nothing crashes: said plainly, with what was done and what to try. And our own names are not in the way. */
static void test_never_crashes(void **state)
{
	AUTO_FREE char *said = NULL;
	AUTO_JSON json_t *run = NULL;

	(void)state;
	target("quiet.c",
		"int record, marks, detectors, plan_decode;\n" ENTRY
		" { return size > 0 && data[0] == 1; }");
	said = expect(0, "make fuzz TIME=120 EXECUTIONS=1000 TARGET=t/quiet.c 2>&1");
	run = result();
	assert_says(said, "no seeds: t/quiet is not there; starting from one byte");
	assert_says(said, "no crash in ");
	assert_says(said, "what to try: TIME=1200; real inputs in CORPUS=;");
	assert_says(said, "target: exit 0: nothing crashes");
	assert_true(number(json_object_get(run, "truth"), "executions") > 100);
}

/* Files for other readers are of this command, valid, and say that there is nothing when there is nothing. */
static void assert_forms(size_t results, const char *junit, const char *html)
{
	AUTO_JSON json_t *sarif = json_load_file("t/f.sarif", 0, NULL);
	AUTO_FREE char *said = expect(0,
		"cat t/f.html t/f.xml && rm t/f.* && for form in sarif html xml; do "
		"echo old > t/f.$form; done");
	const json_t *run = json_array_get(json_object_get(sarif, "runs"), 0);

	assert_string_equal(string(sarif, "version"), "2.1.0");
	assert_string_equal(string(json_object_get(json_object_get(run, "tool"), "driver"), "name"),
		"fencepost triage crashes");
	assert_true(json_is_array(json_object_get(run, "results")));
	assert_int_equal(json_array_size(json_object_get(run, "results")), results);
	assert_says(said, junit);
	assert_says(said, html);
}

#define FORMS " --sarif=t/f.sarif --html=t/f.html --junit=t/f.xml "

static void test_forms(void **state)
{
	AUTO_FREE char *early = NULL;

	(void)state;
	target("calm.c",
		"int LLVMFuzzerInitialize(int *c, char ***v) { return DEAD ? exit(1), 1 : c == (void *)v; }\n" ENTRY
		" { if (size > 7 && memcmp(data, \"5ecret!~\", 8) == 0) abort(); return 0; }");
	setenv("FLAGS", "-DDEAD=0", 1);
	expect(0,
		"mkdir t/calm && echo a > t/calm/a && program=$(make -s program-target TARGET=t/calm.c) && "
		"build/bin/triage target fuzz --time=1" FORMS "--program=$program t/calm.c 2>&1");
	assert_forms(0, "<testsuites name=\"fencepost triage crashes\" tests=\"0\"", "0 buckets");
	/* there is neither a crash nor anything accepted: only fuzzing makes that green */
	early = expect(
		3, "make baseline TARGET=t/calm.c 2>&1 && ci/gate --target t/calm.c" FORMS "2>&1");
	assert_says(
		early, "not comparable, exit 3: no input was tried: none is accepted, and runs/");
	assert_says(early, "--time=60 fuzzes first");
	free(early);
	assert_forms(0,
		"<testsuites name=\"fencepost gate\" tests=\"1\" failures=\"0\" errors=\"1\"",
		"0 buckets");
	expect(0, "ci/gate --target t/calm.c --time=1" FORMS "2>&1");
	assert_forms(0, "<testsuites name=\"fencepost gate\" tests=\"0\"", "0 buckets");
	expect(2, "echo '5ecret!~' > t/calm/x && ci/gate --target t/calm.c --time=1" FORMS " 2>&1");
	assert_forms(1, "tests=\"1\" failures=\"1\"", "1 buckets");
	/* nothing was judged: what is left of last week does not stay, and JUnit says why */
	early = expect(3,
		"rm -r runs; ci/gate --target t/calm.c" FORMS
		"2>&1; code=$?; cat t/f.*; exit $code");
	assert_says(early, "message=\"no input is kept and nothing was fuzzed; next: FLAGS=");
	assert_silent_of(early, "old");
	expect(0, "test ! -e t/f.sarif && test ! -e t/f.html");
	free(early);
	setenv("FLAGS", "-DDEAD=1", 1);
	early = expect(1, "ci/gate --target t/calm.c" FORMS "2>&1; code=$?; cat t/f.*; exit $code");
	assert_says(early,
		"<testsuites name=\"fencepost gate\" tests=\"1\" failures=\"0\" errors=\"1\"");
	assert_says(early, " does not start: ");
	unsetenv("FLAGS");
}

static void test_seeds_crash(void **state)
{
	AUTO_FREE char *said = NULL;
	AUTO_FREE char *all = NULL;
	AUTO_FREE char *some = NULL;
	AUTO_JSON json_t *run = NULL;

	(void)state;
	target("always.c", ENTRY " { abort(); }");
	all = expect(2, "make fuzz TIME=60 TARGET=t/always.c 2>&1");
	assert_says(all, "1 of 1 seeds crash the target");
	assert_says(all, "AFL++ has nothing to start from and was not run; next: mend these");
	assert_says(all, "target: exit 2: 1 bucket; 0 executions");
	target("some.c", ENTRY " { if (size > 2 && data[0] == 'X') abort(); return 0; }");
	some = expect(2,
		"mkdir t/some && printf XXX > t/some/bad && printf good > t/some/good && "
		"make fuzz TIME=120 EXECUTIONS=100 TARGET=t/some.c 2>&1");
	run = result();
	assert_says(some, "1 of 2 seeds crash the target, t/some/bad the first");
	assert_says(some, "t/some/bad");
	assert_true(number(json_object_get(run, "truth"), "executions") > 10);
	expect_says(2, "no seeds: t/always holds no files",
		"mkdir t/always && make fuzz TIME=2 TARGET=t/always.c 2>&1");
	target("hangs.c", ENTRY " { for (volatile int i = 0;; i = 1 - i) ; }");
	said = expect(2, "make fuzz TIME=2 TARGET=t/hangs.c 2>&1");
	assert_says(said, "1 of 1 seeds ran into our limit of 10000 ms");
	assert_says(said, "--timeout=N gives it more");
}

/* What ends without a crash is said: hangs are findings, and exits are named. */
static void test_hangs_and_exits(void **state)
{
	AUTO_FREE char *hangs = NULL;
	AUTO_FREE char *gated = NULL;
	AUTO_FREE char *exits = NULL;

	(void)state;
	target("loop.c",
		"__attribute__((noinline)) static void skip(void) { for (volatile int i = 0;; i = 1 - i) ; }\n"
		"__attribute__((noinline)) static void count(void) { for (volatile int i = 0;; i = 2 - i) ; }\n" ENTRY
		" { if (size > 2 && data[0] == 'a') skip();"
		" if (size > 2 && data[0] == 'c' && data[1] == 'o' && data[2] == 'u') count(); return 0; }");
	hangs = expect(2,
		"mkdir t/loop && echo bbbb > t/loop/b && make fuzz TIME=120 EXECUTIONS=1500 TARGET=t/loop.c 2>&1");
	assert_says(hangs, "/hangs/id");
	assert_says(hangs, "timeout in skip at ");
	assert_says(hangs, "target: exit 2: 1 bucket");
	/* another place is another hang */
	gated = expect(2,
		"make baseline TARGET=t/loop.c && echo count > t/loop/c && "
		"ci/gate --target t/loop.c --time=1 2>&1");
	assert_says(gated, "timeout in count at ");
	assert_says(gated, "gate: red, exit 2: 1 new bucket");
	target("exits.c", ENTRY " { if (size > 0 && data[0] == 'a') exit(0); return 0; }");
	exits = expect(0,
		"mkdir t/exits && echo b > t/exits/b && make fuzz TIME=120 EXECUTIONS=2000 TARGET=t/exits.c 2>&1");
	assert_says(exits, " executions the target ended its process by exit()");
	assert_says(exits, "target: exit 0: nothing crashes");
}

/* ---- what does not repeat -------------------------------------------------------------------- */

/* Of the newest run, the only death that does not repeat: its title, its report's words, and both commands. */
static void assert_unrepeated(const char *said, const char *title, const char *words)
{
	AUTO_FREE char *directory = expect(
		0, "ls -d runs/*-target-* | sort -V | tail -n 1 | tr -d '\\n'");
	AUTO_JSON json_t *run = load_json(directory, "target.json");
	const json_t *list = json_object_get(run, "unrepeated"), *death = json_array_get(list, 0);
	AUTO_FREE char *report = NULL;

	assert_int_equal(json_array_size(list), 1);
	assert_says(string(death, "title"), title);
	assert_true(number(death, "times") > 0);
	report = expect(0, "cat %s && test -s %s", string(death, "report"), string(death, "input"));
	assert_says(report, words);
	assert_says(said, "1 death that does not repeat: the target died under ");
	assert_says(said, title);
	assert_says(said, "\n     make fuzz LOOPS=1 TARGET=t/");
	assert_says(said, "\n     make fuzz TARGET=t/");
	assert_says(said, "target: exit 2: 1 death, shown above, whose input does not crash again");
	/* the run's own space is bounded: a report a kind, whatever the number of deaths */
	expect(0, "test $(ls %s/record.0.* | wc -l) -le 6", directory);
}

/* State that an earlier execution left: execution LAST kills, whatever its input. */
#define COUNTS \
	"static int executions;\n" ENTRY \
	"\n{\n	char *block = malloc(8);\n	if (size > 1) executions++;\n" \
	"	block[executions < LAST ? 0 : 8] = 1;\n	free(block);\n	return data == NULL;\n}"

static void test_left_behind(void **state)
{
	AUTO_FREE char *said = NULL;
	AUTO_FREE char *alone = NULL;
	AUTO_FREE char *gate = NULL;
	AUTO_FREE char *junit = NULL;
	static const char title[] =
		"heap-buffer-overflow WRITE in LLVMFuzzerTestOneInput at t/counts.c:";
	static const char words[] = "ERROR: AddressSanitizer: heap-buffer-overflow";

	(void)state;
	target("counts.c", COUNTS);
	expect(0, "mkdir t/counts && echo aa > t/counts/a");
	said = expect(
		2, "make fuzz TIME=120 FLAGS=-DLAST=300 EXECUTIONS=2000 TARGET=t/counts.c 2>&1");
	assert_unrepeated(said, title, words);
	setenv("FLAGS", "-DLAST=300", 1);
	/* nor is it accepted, or green */
	gate = expect(2,
		"make baseline TARGET=t/counts.c 2>&1 && ci/gate --target t/counts.c --junit=j.xml 2>&1");
	assert_says(gate, "gate: red, exit 2: nothing new that repeats, but 1 death of runs/");
	junit = expect(0, "cat j.xml");
	assert_says(junit, "<failure message=\"nothing new that repeats, but 1 death of runs/");
	/* the first command tells: with a process for each execution it is gone */
	alone = expect(0, "make fuzz LOOPS=1 TIME=120 EXECUTIONS=600 TARGET=t/counts.c 2>&1");
	assert_says(alone, "target: exit 0: nothing crashes");
	free(said);
	/* AFL++ itself does not come through its first executions */
	unsetenv("FLAGS");
	said = expect(2, "make fuzz TIME=120 FLAGS=-DLAST=3 TARGET=t/counts.c 2>&1");
	assert_unrepeated(said, title, words);
	assert_says(said, "AFL++ gave up: its first executions died");
	free(said);
	said = expect(2,
		"make fuzz TIME=120 FLAGS=-DLAST=3 EXECUTIONS=300 ENGINE=libfuzzer TARGET=t/counts.c 2>&1");
	assert_unrepeated(said, title, words);
}

/* What lies around: MSan dies where an earlier, longer input lay. */
static void test_stale_memory(void **state)
{
	AUTO_FREE char *said = NULL;

	(void)state;
	target("stale.c",
		"static volatile int seen;\n" ENTRY
		"\n{\n	if (data[size] == 'x') seen = 1;\n	return 0;\n}");
	said = expect(2, "make fuzz TIME=120 EXECUTIONS=5000 DETECTOR=msan TARGET=t/stale.c 2>&1");
	assert_unrepeated(said,
		"use-of-uninitialized-value in LLVMFuzzerTestOneInput at t/stale.c:",
		"WARNING: MemorySanitizer: use-of-uninitialized-value");
	assert_says(said, "make fuzz TARGET=t/stale.c\n");
}

/* Deaths that no runtime reports: ours has glibc's words, or the signal's, and the stack. */
static void test_unreported(void **state)
{
	AUTO_FREE char *said = NULL;
	AUTO_FREE char *none = NULL;

	(void)state;
	target("asserts.c",
		"#include <assert.h>\nstatic int executions;\n" ENTRY
		"\n{\n	if (size > 1) executions++;\n	assert(executions < 300);\n	return data == NULL;\n}");
	expect(0, "mkdir t/asserts t/faults && echo aa > t/asserts/a && echo aa > t/faults/a");
	said = expect(2, "make fuzz TIME=120 EXECUTIONS=2000 TARGET=t/asserts.c 2>&1");
	assert_unrepeated(said, "assertion-failed", "Assertion `executions < 300' failed.");
	target("faults.c",
		"static int executions;\n" ENTRY
		"\n{\n	if (size > 1 && ++executions > 300) *(volatile int *)8 = 1;\n	return data == NULL;\n}");
	none = expect(2, "make fuzz TIME=120 EXECUTIONS=2000 DETECTOR=none TARGET=t/faults.c 2>&1");
	assert_unrepeated(none, "SIGSEGV in LLVMFuzzerTestOneInput at t/faults.c:",
		"Program received signal SIGSEGV, Segmentation fault.\n    #0 0x");
}

/* ---- what is not looked at ------------------------------------------------------------------- */

#define DECODER \
	"int decode(const uint8_t *data, size_t size);\n" \
	"int decode(const uint8_t *data, size_t size)\n{\n" \
	"	char *block = malloc(4);\n" \
	"	if (size > 1 && data[0] == 'B') block[data[1] & 7] = 1;\n" \
	"	free(block);\n	return 0;\n}"

/* A decoder that writes past a block, in t/decoder.c, and t/user.c that calls it. */
static void put_decoder(void)
{
	target("decoder.c", DECODER);
	target("user.c",
		"int decode(const uint8_t *data, size_t size);\n" ENTRY
		" { return decode(data, size); }");
	target("other.c", "int other(int x);\nint other(int x) { return 3 * x; }");
	expect(0, "mkdir t/user && printf 'B\\001x' > t/user/b");
}

/* Fuzzed with @make's variables: the warning before, and the last line. */
static void assert_unseen(int code, const char *variables, const char *warning, const char *last)
{
	AUTO_FREE char *end = format("target: exit %d: %s", code, last);
	AUTO_FREE char *said = expect(
		code == 0 ? 0 : 2, "make fuzz TIME=1 TARGET=t/user.c %s 2>&1", variables);
	const char *at = strstr(said, warning), *fuzzed = strstr(said, " executions ");

	if (at == NULL || fuzzed == NULL || at > fuzzed || strstr(said, end) == NULL)
		fail_msg("neither \"%s\" nor \"%s\" where it belongs:\n%s", warning, end, said);
	assert_says(said, "export CC=afl-clang-fast CXX=afl-clang-fast++ CFLAGS='-g -O1");
	assert_says(said, "./configure");
	assert_says(said, "cmake -B ");
}

/* A library that was built without the detector's checks reports nothing: that is not green. */
static void test_uninstrumented(void **state)
{
	AUTO_FREE char *gate = NULL;
	static const char neither[] =
		"libplain.a has neither AddressSanitizer nor coverage: nothing in it is looked at";
	static const char nothing[] =
		"nothing crashes, but libplain.a was not instrumented: nothing in it was looked at";

	(void)state;
	put_decoder();
	expect(0,
		"cd t && gcc -g -O1 -Wall -c decoder.c -I../harnesses/include && ar rcs libplain.a decoder.o && "
		"gcc -c other.c -o bare.o -I../harnesses/include && ar rcT thin.a decoder.o && "
		"afl-clang-fast -g -O1 -fsanitize=address,undefined -fno-sanitize-recover=all "
		"-I../harnesses/include -c decoder.c -o whole.o && ar rcs libmixed.a whole.o bare.o");
	assert_unseen(3, "SOURCES=t/libplain.a", neither, nothing);
	assert_unseen(3, "FLAGS='-Lt -lplain'", neither, nothing);
	assert_unseen(
		3, "SOURCES=t/thin.a", "thin.a has neither", "nothing crashes, but thin.a was");
	assert_unseen(0, "SOURCES='t/libplain.a t/other.c'", neither, nothing);
	/* the same in the gate, fuzzing or not */
	setenv("SOURCES", "t/libplain.a", 1);
	expect(0, "make baseline TARGET=t/user.c 2>&1");
	gate = expect(3, "ci/gate --target t/user.c 2>&1");
	assert_says(gate, neither);
	assert_says(
		gate, "not comparable, exit 3: nothing new, but libplain.a was not instrumented");
	free(gate);
	gate = expect(3, "ci/gate --target t/user.c --time=1 2>&1");
	assert_says(
		gate, "not comparable, exit 3: nothing new, but libplain.a was not instrumented");
	unsetenv("SOURCES");
	/* built right it is found, and nothing more is said than of the member that was not */
	expect_says(2, "warning: 1 of 2 members of libmixed.a (bare.o) was not instrumented",
		"make fuzz TIME=120 EXECUTIONS=3000 TARGET=t/user.c SOURCES=t/libmixed.a 2>&1");
}

/* A library that no input comes to was not looked at either, however it was built. */
static void test_unreached(void **state)
{
	AUTO_FREE char *said = NULL;
	AUTO_FREE char *fuzzed = NULL;

	(void)state;
	put_decoder();
	target("user.c",
		"int decode(const uint8_t *data, size_t size);\n" ENTRY
		" { return size > 99999 ? decode(data, size) : 0; }");
	said = expect(2, "make fuzz TIME=1 TARGET=t/user.c SOURCES=t/decoder.c 2>&1");
	assert_says(
		said, "warning: the seeds reach nothing of decoder.c (0 of 1 functions); next: ");
	assert_says(said, "exit 3: nothing crashes, but no input reached decoder.c");
	/* what fuzzing reaches is looked at */
	target("user.c",
		"int decode(const uint8_t *data, size_t size);\n" ENTRY
		" { return size > 5 ? decode(data, size) : 0; }");
	target("decoder.c",
		"int decode(const uint8_t *data, size_t size);\n"
		"int decode(const uint8_t *data, size_t size) { return size > 6 && data[0] == 'x'; }");
	fuzzed = expect(
		0, "make fuzz TIME=120 EXECUTIONS=20000 TARGET=t/user.c SOURCES=t/decoder.c 2>&1");
	assert_says(fuzzed, "warning: the seeds reach nothing of decoder.c");
	assert_says(fuzzed, "target: exit 0: nothing crashes\n");
}

/* A run that another process holds is not fuzzed into, and a newest run that cannot be noted is an error. */
static void test_lock_and_latest(void **state)
{
	AUTO_FREE char *said = NULL;

	(void)state;
	target("quiet.c", ENTRY " { return size > 0 && data[0] == 1; }");
	put("t/held.c",
		"#include <errno.h>\nint flock(int fd, int how);\n"
		"int flock(int fd, int how) { errno = fd < 0 && how ? EBADF : EWOULDBLOCK; return -1; }\n");
	said = expect(1,
		"clang -shared -fPIC -o t/held.so t/held.c && "
		"program=$(make -s program-target TARGET=t/quiet.c) && LD_PRELOAD=t/held.so "
		"build/bin/triage target fuzz --time=1 --program=$program t/quiet.c 2>&1");
	assert_says(said, "another process is at work on this run");
	assert_silent_of(said, "executions");
	free(said);
	said = expect(2, "mkdir -p runs/latest && make fuzz TIME=1 TARGET=t/quiet.c 2>&1");
	assert_says(said, "exit 1: runs/latest: Is a directory; the run is complete: runs/");
}

/* AFL++ says no: its own words are shown, and the exit code is not a finding's. */
static void test_engine_fails(void **state)
{
	AUTO_FREE char *said = NULL;

	(void)state;
	/* dies before it can serve, but only under the fuzzer */
	target("early.c",
		"int LLVMFuzzerInitialize(int *argc, char ***argv) { (void)argc; (void)argv; "
		"if (getenv(\"FENCEPOST_RECORD\")) _Exit(3); return 0; }\n" ENTRY " { return 0; }");
	said = expect(2, "make fuzz TIME=120 TARGET=t/early.c 2>&1");
	assert_says(said, "AFL++ ended early; its own words");
	assert_says(said, "PROGRAM ABORT");
	assert_says(said, "target: exit 1: AFL++ did not run to its end");
	assert_says(said, "Error 1");
	expect_says(0, "target-early", "build/bin/triage runs");
	/* what did not run is not the newest run */
	expect(0, "test ! -e runs/latest");
	free(said);
	said = expect(2, "make baseline TARGET=t/early.c 2>&1");
	assert_says(said, "t/early.c was not fuzzed under asan+ubsan yet");
}

/* ---- how targets are built and run ------------------------------------------------------------ */

/* Odd names, spaces, C++, other sources and flags: the shell's quotes are kept. */
static void test_odd_names(void **state)
{
	AUTO_FREE char *quoted = NULL;

	(void)state;
	expect(0, "mkdir 't/odd dir'");
	target("odd dir/it's $HOME.c",
		ENTRY " { if (size > 0 && data[0] == 'x') abort(); return 0; }");
	quoted = expect(2,
		"mkdir \"t/odd dir/it's \\$HOME\" && echo y > \"t/odd dir/it's \\$HOME/seed\" && "
		"make fuzz TIME=120 EXECUTIONS=3000 \"TARGET=t/odd dir/it's \\$\\$HOME.c\" 2>&1");
	assert_says(quoted, "ABRT in LLVMFuzzerTestOneInput");
	assert_says(quoted, "build/targets/t/odd_dir/it_s__HOME-");
	target("two.cc",
		"extern \"C\" int three(int);\nextern \"C\" " ENTRY
		" { return three(VALUE) + (size > 0 ? data[0] : 0); }");
	target("th ree.c", "int three(int value) { return value; }");
	expect_says(0, "target: exit 0: nothing crashes",
		"make fuzz TIME=2 TARGET=t/two.cc SOURCES=\"'t/th ree.c'\" FLAGS='-DVALUE=\"1 + 2\" -lm' 2>&1");
}

/* Each source has a program of its own. */
static void test_own_programs(void **state)
{
	static const char *const names[] = { "foo.c", "foo.cc", "foo.cpp", "foo.cc.c", "a b.c",
		"a_b.c", "afl-asan.c", "afl-asan/x.c" };

	(void)state;
	expect(0, "mkdir t/afl-asan && rm -rf build/targets");
	for (size_t i = 0; i < LENGTH(names); i++) {
		size_t size = strlen(names[i]);

		target(names[i],
			names[i][size - 2] == '.' ? ENTRY " { return 0; }" :
						    "extern \"C\" " ENTRY " { return 0; }");
		expect(0,
			"make -s program-target DETECTOR=asan 'TARGET=t/%s' 2>>build.log >>t/programs",
			names[i]);
	}
	expect(0, "test $(sort -u t/programs | wc -l) = %zu", LENGTH(names));
	/* one name for one file, and the plain one where nothing is in the way */
	expect(0,
		"grep -qx build/targets/t/foo/afl-asan t/programs && "
		"test $(make -s program-target DETECTOR=asan TARGET=./t/foo.c) = build/targets/t/foo/afl-asan");
}

/* What is said to do next can be typed as it stands, also where the target takes more than its name. */
static void test_next_command(void **state)
{
	AUTO_FREE char *said = NULL;

	(void)state;
	target("it's.c",
		"int three(void);\n" ENTRY
		" { if (size > 0 && data[0] == VALUE + three()) abort(); return 0; }");
	target("th ree.c", "int three(void) { return 3; }");
	put("t/gate",
		"SOURCES=\"'t/th ree.c'\" FLAGS=\"-DVALUE='91 + 3'\" DETECTOR=asan "
		"ci/gate --target \"t/it's.c\" 2>&1\n");
	said = expect(3,
		"mkdir \"t/it's\" && echo b > \"t/it's/b\" && sh t/gate >said; code=$?; cat said; exit $code");
	assert_says(said, "; next: make fuzz TARGET='t/it'\\''s.c' SOURCES=");
	free(said);
	said = expect(2,
		"eval \"$(sed -n 's/.*next: \\(.*\\), then .*/\\1/p' said) TIME=120 EXECUTIONS=3000\" >next 2>&1; "
		"code=$?; cat next; exit $code");
	assert_says(said, "target: exit 2: 1 bucket");
	free(said);
	said = expect(0, "eval \"$(sed -n 's/.*To accept what there is: //p' next)\" 2>&1");
	assert_says(said, "1 bucket accepted");
	free(said);
	/* the run alone knows it too */
	said = expect(2, "build/bin/triage finish runs/*-target-* 2>&1");
	assert_says(said, " FLAGS='-DVALUE='\\''91 + 3'\\''' DETECTOR=asan");
	free(said);
	said = expect(
		3, "rm -r runs t/*.crashes/*/ && sh t/gate >said; code=$?; cat said; exit $code");
	assert_says(said, "no input is kept and nothing was fuzzed; next: SOURCES=");
	free(said);
	said = expect(
		0, "eval \"$(sed -n 's/.*next: \\(.*\\)--time=60/\\1--time=3/p' said)\" 2>&1");
	assert_says(said, "green, exit 0: nothing new, 1 accepted");
}

/* By hand: standard input, files, the exact end of the input, an input of no bytes. */
static void test_by_hand(void **state)
{
	AUTO_FREE char *program = NULL;
	AUTO_FREE char *said = NULL;

	(void)state;
	target("end.c", ENTRY " { return data[size] == 1 && FENCEPOST_MISSING; }\n");
	target("end.c", ENTRY " { return data[size] == 1; }");
	program = expect(
		0, "make -s program-target DETECTOR=asan TARGET=t/end.c 2>build.log | tr -d '\\n'");
	said = expect(134, "printf abc | %s 2>&1; exit $?", program);
	assert_says(said, "heap-buffer-overflow");
	assert_says(said, "is located 0 bytes");
	assert_says(said, "3-byte region");
	free(said);
	said = expect(134, "printf abc > t/input; %s t/input 2>&1; exit $?", program);
	assert_says(said, "3-byte region");
	free(said);
	said = expect(134, "%s < /dev/null 2>&1; exit $?", program);
	assert_says(said, "heap-buffer-overflow");
	free(said);
	said = expect(1, "%s t/none 2>&1", program);
	assert_says(said, "t/none: No such file");
	free(said);
	/* without Fencepost a mark is no code */
	said = expect(0,
		"clang -Wall -Wextra -Werror -c -o t/plain.o -Iharnesses/include " MESSAGE
		" && ! nm t/plain.o | grep -i fencepost");
}

/* Exact: which mark a report is put down to, and what went by in silence before it. */
static void test_truth(void **state)
{
	AUTO_FREE char *said = NULL;
	AUTO_JSON json_t *run = NULL;
	const json_t *read, *write;

	(void)state;
	target("truth.c",
		"static struct { char own[8], next[8]; } pair;\n" ENTRY "\n{\n"
		"	static char *volatile own = pair.own;\n"
		"	char *block = malloc(8);\n"
		"	FENCEPOST_VIOLATION(size > 0, oob_write);\n"
		"	if (size > 0) own[9] = 1;\n"
		"	FENCEPOST_VIOLATION(size > 1 && data[0] == 'R', oob_read);\n"
		"	if (size > 1 && data[0] == 'R') own[0] = ((volatile char *)block)[8];\n"
		"	free(block);\n	return 0;\n}");
	said = expect(2,
		"mkdir t/truth && echo a > t/truth/a && make fuzz DETECTOR=asan TIME=120 EXECUTIONS=20000 TARGET=t/truth.c 2>&1");
	run = result();
	read = mark_of(run, "oob-read");
	write = mark_of(run, "oob-write");
	assert_true(number(read, "triggered") > 0);
	assert_int_equal(number(read, "triggered"), number(read, "detected"));
	assert_int_equal(number(write, "triggered"), number(write, "missed"));
	assert_int_equal(number(write, "detected"), 0);
	assert_int_equal(number(read, "reached"), number(write, "reached"));
	assert_says(said, "asan said nothing about a violation that happened");
}

/* Under a detector with no rule for it everything is missed; under another it is called something else. */
static void test_other_detectors(void **state)
{
	AUTO_FREE char *msan = NULL;
	AUTO_FREE char *none = NULL;
	AUTO_JSON json_t *run = NULL;

	(void)state;
	msan = expect(0,
		"make fuzz DETECTOR=msan TIME=5 TARGET=" MESSAGE
		" 2>&1; test $? -eq 0 -o $? -eq 2");
	assert_silent_of(msan, "use-of-uninitialized-value in LLVMFuzzerTestOneInput");
	target("trap.c",
		ENTRY "\n{\n	char *volatile none = NULL;\n"
		      "	FENCEPOST_VIOLATION(size > 1 && data[0] == 'R', null_deref);\n"
		      "	if (size > 1 && data[0] == 'R') *none = 1;\n	return 0;\n}");
	none = expect(2,
		"mkdir t/trap && echo Ra > t/trap/b && echo a > t/trap/a && "
		"make fuzz DETECTOR=none TIME=120 EXECUTIONS=20000 TARGET=t/trap.c 2>&1");
	run = result();
	assert_true(number(mark_of(run, "null-deref"), "triggered") > 0);
	assert_int_equal(number(mark_of(run, "null-deref"), "triggered"),
		number(mark_of(run, "null-deref"), "trap"));
	assert_says(none, "SIGSEGV");
}

/* A bug that hides behind another on the same way through the code is kept: every report is an edge. */
static void test_same_way(void **state)
{
	AUTO_FREE char *said = NULL;
	AUTO_JSON json_t *run = NULL;

	(void)state;
	target("way.c",
		ENTRY
		"\n{\n	char *block = malloc(8);\n	volatile char *at = block;\n"
		"	if (size < 3) { free(block); return 0; }\n"
		"	at[data[0] & 15] = 1;\n	at[data[1] & 15] = 2;\n	at[data[2] & 15] = 3;\n"
		"	free(block);\n	return 0;\n}");
	said = expect(2,
		"mkdir t/way && printf aaa > t/way/a && make fuzz DETECTOR=asan TIME=120 EXECUTIONS=5000 TARGET=t/way.c 2>&1");
	/* whatever they are grouped to */
	run = load_json("runs/latest", "crashes.json");
	assert_int_equal(json_array_size(json_object_get(run, "reports")), 3);
	assert_says(said, "   reproduce: ");
}

/* Until AFL++ has saved a crash, or the fuzzing that is process $pid has ended. */
#define SAVED \
	"until ls runs/*/afl/main0/crashes/id* >/dev/null 2>&1 || ! kill -0 $pid; do sleep 0.1; done; "

/* Ctrl-C ends the fuzzing; what there is is triaged. */
static void test_interrupted(void **state)
{
	AUTO_FREE char *said = NULL;

	(void)state;
	said = expect(130,
		"program=$(make -s program-target TARGET=" MESSAGE
		" 2>build.log) && { build/bin/triage target fuzz "
		"--time=600 --program=$program " MESSAGE " >said 2>&1 & pid=$!; " SAVED
		"kill -INT $pid; "
		"wait $pid; code=$?; cat said; exit $code; }");
	assert_says(said, "target: exit 130: interrupted after ");
	assert_says(said, "   reproduce: ");
	expect(0, "test ! -e runs/latest");
}

/* Killed, with no time to judge: finish does it, and then the run counts. */
static void test_cut_off(void **state)
{
	AUTO_FREE char *said = NULL;
	AUTO_FREE char *table = NULL;

	(void)state;
	target("cut.c", ENTRY " { if (size > 0 && data[0] == 'a') abort(); return 0; }");
	said = expect(64,
		"mkdir t/cut && echo b > t/cut/b && "
		"program=$(make -s program-target TARGET=t/cut.c 2>build.log) && { "
		"build/bin/triage target fuzz --time=600 --program=$program t/cut.c >said 2>&1 & "
		"pid=$!; " SAVED "kill -KILL $pid; wait $pid; "
		"build/bin/triage target accept --run=$(ls runs) --program=$program t/cut.c 2>&1; }");
	assert_says(said, "it was cut off; next: build/bin/triage finish runs/");
	free(said);
	/* no detector's program is built for it */
	said = expect(0, "build/bin/triage finish --programs 2>&1");
	assert_string_equal(said, "");
	free(said);
	said = expect(2, "build/bin/triage finish 2>&1");
	assert_says(said, "target: exit 2: 1 bucket");
	expect(0, "test ! -e runs/latest");
	expect(0, "test ! -e runs/*/campaign.json && make baseline TARGET=t/cut.c");
	table = expect(64, "build/bin/triage table runs/*-target-cut 2>&1");
	assert_says(table, "next: build/bin/triage ");
	free(table);
	table = expect(64, "build/bin/triage finish runs/*-gate-cut 2>&1");
	assert_says(table, "no campaign but of schema fencepost/crashes-run/1; next: ");
}

/* ---- the tutorial ---------------------------------------------------------------------------- */

/* The ```sh blocks of the README's section, one after the other, each in a shell of its own. */
static size_t tutorial(char *ret[16])
{
	AUTO_FREE uint8_t *text = NULL;
	size_t size, count = 0;
	char *at, *until, *end;

	assert_int_equal(file_read("README.md", 1 << 20, &text, &size), 0);
	at = strstr((char *)text, "\n## Your own target\n");
	assert_non_null(at);
	until = strstr(at + 1, "\n## ");
	assert_non_null(until);
	*until = '\0';
	while ((at = strstr(at, "\n```sh\n")) != NULL) {
		at += strlen("\n```sh\n");
		end = strstr(at, "\n```\n");
		assert_non_null(end);
		assert_true(count < 16);
		ret[count++] = format("%.*s", (int)(end - at), at);
		at = end;
	}
	return count;
}

static void test_tutorial(void **state)
{
	/* what each block ends with, and says */
	static const struct {
		int code;
		const char *says[3];
	} wanted[] = {
		{ 2,
			{ "known truth (FENCEPOST_VIOLATION), in executions",
				"target: exit 2: ", "make baseline TARGET=" MESSAGE } },
		{ 0, { "accepted, an input kept of", "green, exit 0: nothing new", NULL } },
		{ 0,
			{ "its input no longer crashes", "1 gone: make baseline TARGET=" MESSAGE,
				"accepted, an input kept of" } },
		{ 2, { "  new ", "reproduce: build/targets/", "gate: red, exit 2: " } },
	};
	char *blocks[16];
	size_t count = tutorial(blocks);

	(void)state;
	assert_int_equal(count, LENGTH(wanted));
	for (size_t i = 0; i < count; i++) {
		AUTO_FREE char *said = NULL;

		put("block", blocks[i]);
		/* as written, but for the seconds */
		said = expect(wanted[i].code,
			"sed -i 's/TIME=20$/TIME=240 EXECUTIONS=120000/; s/--time=20$/--time=240 --executions=120000/' block && sh ./block 2>&1");
		for (size_t k = 0; k < 3 && wanted[i].says[k] != NULL; k++)
			assert_says(said, wanted[i].says[k]);
		free(blocks[i]);
	}
}

#define FRESH(test) cmocka_unit_test_setup(test, fresh)

int main(void)
{
	const struct CMUnitTest tests[] = {
		FRESH(test_committed),
		FRESH(test_example),
		FRESH(test_not_built),
		FRESH(test_typed),
		/* the full tier's, or when asked for by name */
		FRESH(test_gate),
		FRESH(test_new_neighbours),
		FRESH(test_untold),
		FRESH(test_old_list),
		FRESH(test_gate_usage),
		FRESH(test_no_start),
		FRESH(test_no_library),
		FRESH(test_bad_inputs),
		FRESH(test_never_crashes),
		FRESH(test_forms),
		FRESH(test_seeds_crash),
		FRESH(test_hangs_and_exits),
		FRESH(test_engine_fails),
		FRESH(test_left_behind),
		FRESH(test_stale_memory),
		FRESH(test_unreported),
		FRESH(test_uninstrumented),
		FRESH(test_unreached),
		FRESH(test_lock_and_latest),
		FRESH(test_odd_names),
		FRESH(test_own_programs),
		FRESH(test_next_command),
		FRESH(test_by_hand),
		FRESH(test_truth),
		FRESH(test_other_detectors),
		FRESH(test_same_way),
		FRESH(test_interrupted),
		FRESH(test_cut_off),
		FRESH(test_tutorial),
	};
	bool asked = read_tier() != NULL;

	return _cmocka_run_group_tests(
		"targets", tests, full_tier || asked ? LENGTH(tests) : 4, copy_tree, tear_down);
}
