/* SPDX-License-Identifier: Apache-2.0
 * Targets of a user's own, from the file to the gate, with the real compilers and the real AFL++: the example,
 * the tutorial of harnesses/examples/README.md as it stands there, and every way in which a target can be bad. Each test runs in a
 * copy of the tree that borrows build/. */
#include "crashes/sandbox.h"
#include "testing/cases.h"

#define MESSAGE "harnesses/examples/message.c"
#define LIST    "harnesses/examples/message.crashes/asan+ubsan.json"

/* Not borrowed: what is built of targets, and gcc's rows, whose flags name the directory they are built in. */
static int copy_tree(void **state)
{
	static const char *const ours[] = { "MAKEFLAGS", "MFLAGS", "MAKELEVEL", "TARGET", "SOURCES",
		"FLAGS", "CORPUS", "DICT", "CLASS", "DETECTOR", "ENGINE", "TIME", "JOBS", "SEED",
		"RUN", "TIMEOUT", "EXECUTIONS", "LOOPS", "FENCEPOST_RECORD" };

	(void)state;
	for (size_t i = 0; i < LENGTH(ours); i++)
		unsetenv(ours[i]);
	setenv("executions", full_tier ? "200000" : "40000", 1);
	assert_int_equal(enter_scratch(), 0);
	free(expect(0,
		"mkdir tree tree/build tree/t && cd tree && "
		"cp -a $home/Makefile $home/README.md $home/ci $home/scripts $home/harnesses $home/triage . && "
		"for entry in $home/build/*; do case ${entry##*/} in targets | gcc-*) ;; "
		"*) ln -s \"$entry\" build/ ;; esac; done"));
	assert_int_equal(chdir("tree"), 0);
	make_refuse();
	return 0;
}

/* Each test begins with the example as it is committed, and without runs. */
static int fresh(void **state)
{
	AUTO_FREE char *tree = format("%s/tree", scratch);

	(void)state;
	assert_int_equal(chdir(tree), 0);
	free(expect(0,
		"rm -rf runs t harnesses/examples && mkdir t && cp -a $home/harnesses/examples harnesses/"));
	return 0;
}

/* ---- facts of the newest run ----------------------------------------------------------------- */

/* What every mark counts is accounted for. */
static void print_mark(FILE *out, const json_t *mark)
{
	static const char *const ends[] = { "detected", "wrong_kind", "trap", "missed" };
	json_int_t triggered = number(mark, "triggered"), sum = 0;

	if (triggered > 0)
		fprintf(out, "%s some triggered\n", string(mark, "class"));
	for (size_t i = 0; i < LENGTH(ends); i++) {
		json_int_t times = number(mark, ends[i]);

		sum += times;
		fprintf(out, "%s %s %s\n", string(mark, "class"), times == 0 ? "none" : "some",
			ends[i]);
		if (times == triggered)
			fprintf(out, "%s all %s\n", string(mark, "class"), ends[i]);
	}
	assert_int_equal(sum, triggered);
	assert_true(number(mark, "reached") >= triggered);
}

static void print_marks(FILE *out, const json_t *marks)
{
	bool alike = true;
	size_t i;
	const json_t *mark;

	json_array_foreach(marks, i, mark) {
		print_mark(out, mark);
		alike = alike &&
			number(mark, "reached") == number(json_array_get(marks, 0), "reached");
	}
	fprintf(out, "%zu marks%s\n", json_array_size(marks), alike ? ", reached alike" : "");
}

static void print_deaths(FILE *out, const json_t *deaths)
{
	size_t i;
	const json_t *death;

	fprintf(out, "%zu unrepeated\n", json_array_size(deaths));
	json_array_foreach(deaths, i, death)
		if (number(death, "times") > 0)
			fprintf(out, "died of %s\n", string(death, "title"));
}

/* Of the file for other readers, if there is one. */
static void print_sarif(FILE *out)
{
	AUTO_JSON json_t *sarif = json_load_file("t/f.sarif", 0, NULL);
	const json_t *run = json_array_get(json_object_get(sarif, "runs"), 0);
	const json_t *results = json_object_get(run, "results");

	if (sarif == NULL)
		return;
	assert_string_equal(string(sarif, "version"), "2.1.0");
	assert_true(json_is_array(results));
	fprintf(out, "sarif of %s: %zu\n",
		string(json_object_get(json_object_get(run, "tool"), "driver"), "name"),
		json_array_size(results));
}

static char *facts(void)
{
	AUTO_FREE char *newest = expect(
		0, "ls -d runs/*-target-* | sort -V | tail -n 1 | tr -d '\\n'");
	AUTO_JSON json_t *run = load_json(newest, "target.json");
	AUTO_JSON json_t *latest = json_load_file("runs/latest/target.json", 0, NULL);
	AUTO_JSON json_t *crashes = json_load_file("runs/latest/crashes.json", 0, NULL);
	const json_t *truth = json_object_get(run, "truth");
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	assert_non_null(out);
	if (json_equal(run, latest))
		fprintf(out, "the latest run\n");
	for (size_t i = 1; i <= json_array_size(json_object_get(run, "buckets")); i++)
		fprintf(out, "at least %zu buckets\n", i);
	for (int i = 10; i < number(truth, "executions"); i *= 10)
		fprintf(out, "over %d executions\n", i);
	fprintf(out, "%d unforeseen\n", (int)number(truth, "unforeseen"));
	print_marks(out, json_object_get(truth, "marks"));
	fprintf(out, "%zu reports\n", json_array_size(json_object_get(crashes, "reports")));
	print_deaths(out, json_object_get(run, "unrepeated"));
	print_sarif(out);
	fclose(out);
	return text;
}

/* ---- rows ------------------------------------------------------------------------------------ */

/* clang-format off */
#define ENTRY "int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)"

/* A target in t/, of C that needs no more; the body begins at line 6. */
#define SOURCE(name, body) \
	PUT("t/" name, "#include <fencepost.h>\n#include <stdint.h>\n#include <stddef.h>\n" \
		"#include <stdlib.h>\n#include <string.h>\n" body "\n")

/* What is said, and the exit code that make shows. */
#define REFUSED_IN(tier, code, line, ...) \
	{ tier | 2, "make fuzz TIME=2 " line " 2>&1", { "Error " #code, __VA_ARGS__ } }
#define REFUSED(code, line, ...)      REFUSED_IN(0, code, line, __VA_ARGS__)
#define FULL_REFUSED(code, line, ...) REFUSED_IN(FULL, code, line, __VA_ARGS__)

/* A run of t/NAME.c that has saved the @inputs, a word each. */
#define SAVED_RUN(name, detector, inputs) \
	{ 0, "rm -rf runs && mkdir -p runs/20200101-000000-target-" name "/afl/main0/crashes && " \
	     "cd runs/* && for i in " inputs "; do printf %s $i > afl/main0/crashes/id:$i; done && " \
	     "echo '{\"schema\": \"fencepost/target-run/1\"}' > run.json && " \
	     "echo '{\"schema\": \"fencepost/target/1\", \"source\": \"t/" name ".c\", " \
	     "\"detector\": \"" detector "\"}' > target.json" }

#define NOTHING_ACCEPTED \
	"echo '{\"buckets\": [], \"detector\": \"asan+ubsan\", \"key_version\": 3, " \
	"\"schema\": \"fencepost/accepted/1\"}' > "

/* A program that does not run crashes on nothing: that is neither green nor a reason to drop what is accepted. */
#define NO_START(name, variables, words) \
	{ 0, "mkdir t/" name ".crashes && cp -a harnesses/examples/message.crashes/* t/" name ".crashes/" }, \
	{ 1, variables "ci/gate --target t/" name ".c 2>&1", \
		{ "gate: broken, exit 1: build/targets/t/", " does not start: ", words } }, \
	{ 2, variables "make baseline TARGET=t/" name ".c 2>&1", { words, "the list is left as it is" } }, \
	{ 0, "cmp t/" name ".crashes/asan+ubsan.json " LIST }

/* Two decoders that read through one accessor, a check for two callers, and a bug far below one that is mended. */
#define TEN_LINES "\n\n\n\n\n\n\n\n\n\n"
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
	TEN_LINES TEN_LINES TEN_LINES TEN_LINES TEN_LINES \
	"	if (in[1] == '2') sink = in[91];\n}\n" ENTRY \
	" {\n	if (size < 2) return 0;\n	if (data[0] == 'm') mail(data);\n" \
	"	if (data[0] == 'd') date(data);\n	if (data[0] == 'l') load();\n" \
	"	if (data[0] == 's') store();\n	if (data[0] == 'p') parse(data);\n	return 0;\n}"

#define NEIGHBOUR(first, second, words) \
	{ 0, "rm -rf t/near.crashes" }, SAVED_RUN("near", "asan+ubsan", first), \
	{ 0, "make baseline TARGET=t/near.c 2>&1", { "1 bucket accepted" } }, \
	{ 0, "ci/gate --target t/near.c 2>&1", { "green, exit 0: nothing new, 1 accepted" } }, \
	SAVED_RUN("near", "asan+ubsan", first " " second), \
	{ 2, "ci/gate --target t/near.c 2>&1", { "gate: red, exit 2: 1 new bucket", words } }

/* Files for other readers are of this command, valid, and say that there is nothing when there is nothing. */
#define FORMS " --sarif=t/f.sarif --html=t/f.html --junit=t/f.xml "
#define FORMS_SAY(sarif, junit, html) \
	{ 0, "cat t/f.html t/f.xml", { "=sarif of fencepost triage crashes: " sarif, junit, html } }, \
	{ 0, "rm t/f.* && for form in sarif html xml; do echo old > t/f.$form; done" }

/* Of the newest run, the only death that does not repeat: its title, both commands, and its report's words. */
#define DIED_ONCE(title) \
	"=1 unrepeated", "=died of " title, "1 death that does not repeat: the target died under ", title, \
	"\n     make fuzz LOOPS=1 TARGET=t/", "\n     make fuzz TARGET=t/", \
	"target: exit 2: 1 death, shown above, whose input does not crash again"
/* The run's own space is bounded: a report a kind, whatever the number of deaths. */
#define REPORTED(words) \
	{ 0, "run=$(ls -d runs/*-target-* | sort -V | tail -n 1); kept() { " \
	     "sed -n \"s/.*\\\"$1\\\": \\\"\\(runs[^\\\"]*\\)\\\".*/\\1/p\" $run/target.json; }; " \
	     "test -s $(kept input) && test $(ls $run/record.0.* | wc -l) -le 6 && cat $(kept report)", { words } }

/* State that an earlier execution left: execution LAST kills, whatever its input. */
#define COUNTS \
	"static int executions;\n" ENTRY \
	"\n{\n	char *block = malloc(8);\n	if (size > 1) executions++;\n" \
	"	block[executions < LAST ? 0 : 8] = 1;\n	free(block);\n	return data == NULL;\n}"
#define COUNTS_TITLE "heap-buffer-overflow WRITE in LLVMFuzzerTestOneInput at t/counts.c:"
#define COUNTS_WORDS "ERROR: AddressSanitizer: heap-buffer-overflow"

/* A decoder that writes past a block, in t/decoder.c, and t/user.c that calls it. */
#define DECODE "int decode(const uint8_t *data, size_t size);\n"
#define DECODER \
	SOURCE("decoder.c", DECODE "int decode(const uint8_t *data, size_t size)\n{\n	char *block = malloc(4);\n" \
		"	if (size > 1 && data[0] == 'B') block[data[1] & 7] = 1;\n	free(block);\n	return 0;\n}"), \
	SOURCE("user.c", DECODE ENTRY " { return decode(data, size); }"), \
	SOURCE("other.c", "int other(int x);\nint other(int x) { return 3 * x; }"), \
	{ 0, "mkdir t/user && printf 'B\\001x' > t/user/b" }

/* Fuzzed with @variables: the warning before, and the last line. */
#define UNSEEN(made, code, variables, warning, last) \
	{ made, "make fuzz TIME=1 TARGET=t/user.c " variables " >said 2>&1; code=$?; cat said; exit $code", \
		{ "target: exit " #code ": " last, "./configure", "cmake -B ", \
		  "export CC=afl-clang-fast CXX=afl-clang-fast++ CFLAGS='-g -O1" } }, \
	{ 0, "sed '/ executions /q' said", { warning, " executions " } }
#define PLAIN_NEITHER "libplain.a has neither AddressSanitizer nor coverage: nothing in it is looked at"
#define PLAIN_NOTHING "nothing crashes, but libplain.a was not instrumented: nothing in it was looked at"
#define PLAIN_NEW     "not comparable, exit 3: nothing new, but libplain.a was not instrumented"

/* Until AFL++ has saved a crash, or the fuzzing that is process $pid has ended. */
#define SAVED \
	"until ls runs/*/afl/main0/crashes/id* >/dev/null 2>&1 || ! kill -0 $pid; do sleep 0.1; done; "

static const struct row rows[] = {
/* The committed inputs die as the committed list says, also without any run. */
CASE("test_committed"),
{ 0, "ci/gate --target " MESSAGE " --junit junit.xml 2>&1",
	{ "green, exit 0: nothing new, 4 accepted; to fuzz before the gate judges: --time=SECONDS", "!  gone " } },
{ 0, "cat junit.xml", { "tests=\"4\"", "!<failure" } },

/* At least two defects, and what every mark counts is accounted for. */
CASE("test_example"),
{ 2, "make fuzz TARGET=" MESSAGE " TIME=240 EXECUTIONS=$executions 2>&1",
	{ "the marks of the target (FENCEPOST_VIOLATION), counted in executions",
	  "reproduce: build/targets/harnesses/examples/message/afl-asan+ubsan < runs/", "target: exit 2: ",
	  "=the latest run", "=at least 2 buckets", "=4 marks", "=oob-read some detected", "=0 unforeseen" } },
{ FULL | 0, "true", { "=at least 3 buckets", "=oob-write some missed" } },

/* The compiler's own words, then what to do. */
CASE("test_not_built"),
REFUSED(64, "TARGET=t/none.c", "t/none.c: no such file", "next: TARGET="),
REFUSED(64, "TARGET=README.md", "README.md: not a C or C++ file", "(.c, .cc"),
REFUSED(64, "TARGET=" MESSAGE " DETECTOR=go-asan", "detector=go-asan cannot be fuzzed", "these can: none asan"),
SOURCE("syntax.c", ENTRY " { retur 0; }"),
REFUSED(1, "TARGET=t/syntax.c", "error: use of undeclared identifier 'retur'",
	"t/syntax.c: mend what the compiler names"),
SOURCE("entry.c", "int LLVMFuzzerTestInput(void);"),
REFUSED(1, "TARGET=t/entry.c", "undefined reference to `LLVMFuzzerTestOneInput'",
	"t/entry.c: it has no LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)"),
FULL_REFUSED(64, "TARGET=" MESSAGE " DETECTOR=gcc-asan+ubsan", "detector=gcc-asan+ubsan cannot be fuzzed",
	"these can: none asan"),
FULL_REFUSED(64, "TARGET=" MESSAGE " CLASS=oob-read", "CLASS= and TARGET=", "target: "),
FULL_REFUSED(64, "TARGET=" MESSAGE " ENGINE=other", "engine=other: there is no other", "afl libfuzzer"),
SOURCE("header.c", "#include \"nowhere.h\""),
FULL_REFUSED(1, "TARGET=t/header.c", "'nowhere.h' file not found", "FLAGS='-I"),
SOURCE("main.c", ENTRY " { return 0; } int main(void) { return 0; }"),
FULL_REFUSED(1, "TARGET=t/main.c", "multiple definition of `main'", "its main() is in the way"),
SOURCE("other.c", "int other(void);\n" ENTRY " { return other(); }"),
FULL_REFUSED(1, "TARGET=t/other.c", "undefined reference to `other'", "SOURCES='other.c'"),
SOURCE("mangled.cc", ENTRY " { return 0; }"),
FULL_REFUSED(1, "TARGET=t/mangled.cc", "LLVMFuzzerTestOneInput", "in C++ as extern \"C\""),

/* What is typed is neither a pattern of make's nor a command of the shell's. */
CASE("test_typed"),
REFUSED(64, "TARGET=" MESSAGE " DETECTOR=%", "detector=%: there is no %", "there are: none asan"),
REFUSED(64, "TARGET=" MESSAGE " DETECTOR='asan msan'", "detector=asan msan: there is no asan msan", "there are: none asan"),
REFUSED(64, "TARGET=" MESSAGE " ENGINE='afl libfuzzer'", "engine=afl libfuzzer: there is no afl libfuzzer",
	"there are: afl libfuzzer"),
REFUSED(64, "TARGET=" MESSAGE " \"DETECTOR='; touch t/bad; '\"", "there is no '; touch", "there are: none asan"),
{ 2, "make gate TARGET=" MESSAGE " \"DETECTOR='; touch t/bad; '\" 2>&1", { "there is no '; touch" } },
{ 2, "DETECTOR=\"'; touch t/bad; '\" make gate TARGET=" MESSAGE " 2>&1", { "there is no '; touch" } },
{ 2, "make hunt CLASS=oob-read TARGET=t \"DETECTOR='; touch t/bad; '\" 2>&1" },
{ 2, "make hunt CLASES=oob-read 2>&1", { "CLASES: no variable of this Makefile; next: make help" } },
{ 2, "make explain 2>&1", { "explain: say CLASS=, one of oob-read " } },
{ 0, "test ! -e t/bad" },

/* What the list does not name is new, with its command; what its input no longer shows is gone. */
FULL_CASE("test_gate"),
{ 0, "mkdir -p runs/20200101-000000-target-message/afl/main0/crashes && cd runs/* && "
     "cp ../../harnesses/examples/message.crashes/asan+ubsan/* afl/main0/crashes/ && "
     "echo '{\"schema\": \"fencepost/target-run/1\"}' > run.json && "
     "echo '{\"schema\": \"fencepost/target/1\", \"source\": \"" MESSAGE
     "\", \"detector\": \"asan+ubsan\"}' > target.json" },
/* an id of the list and its key are taken away: the run still has the input */
{ 0, NOTHING_ACCEPTED LIST " && rm harnesses/examples/message.crashes/*/*" },
{ 2, "ci/gate --target=" MESSAGE " --junit junit.xml 2>&1",
	{ "  new  96586db1  EXPLOITABLE", "gate: red, exit 2: 4 new buckets",
	  "reproduce: build/targets/harnesses/examples/message/afl-asan+ubsan < runs/" } },
{ 0, "grep -c '<failure' junit.xml && make baseline TARGET=" MESSAGE " && rm -r runs && ci/gate --target " MESSAGE
     " 2>&1", { "4 buckets accepted, with an input of 4", "green, exit 0: nothing new, 4 accepted" } },
/* lines of our own driver are none of the target's */
{ 0, "! grep target_afl " LIST },
{ 0, "sed -i 's/message->is_end - payload/message->end - payload/' " MESSAGE " && ci/gate --target " MESSAGE " 2>&1",
	{ "its input no longer crashes", "3 accepted, 1 gone" } },
{ 3, "rm " LIST " && ci/gate --target " MESSAGE " 2>&1",
	{ "gate: not comparable, exit 3: ", "make baseline TARGET=" MESSAGE } },

FULL_CASE("test_new_neighbours"),
SOURCE("near.c", NEIGHBOURS),
NEIGHBOUR("mm", "dd", "READ in date at t/near.c"),
NEIGHBOUR("ll", "ss", "called by store"),
NEIGHBOUR("p1", "p2", "READ in parse at t/near.c"),
/* the accepted bug is mended, and another of the same key is there: it has not moved */
SAVED_RUN("near", "asan+ubsan", "p2"),
{ 2, "FLAGS=-DMENDED ci/gate --target t/near.c 2>&1", { "its input no longer crashes" } },

/* What has no place cannot be accepted: a neighbour would be covered. */
FULL_CASE("test_untold"),
SOURCE("bare.c", ENTRY " { if (size > 0 && data[0] == 'a') abort(); return 0; }"),
SAVED_RUN("bare", "none", "aa"),
{ 2, "./refuse make baseline TARGET=t/bare.c DETECTOR=none 2>&1", { "1 heap of crashes without a stack cannot be accepted" } },
{ 3, "DETECTOR=none ./refuse ci/gate --target t/bare.c --junit j.xml 2>&1",
	{ "  untold ", "gate: not comparable, exit 3: ", "a stack: gdb " } },
{ 0, "grep -q '<error' j.xml" },

/* A list of keys of another version is renewed by the inputs that are kept, with a word on each. */
FULL_CASE("test_old_list"),
{ 0, "sed -i 's/\"key_version\": 3/\"key_version\": 2/;s/23dab9fb/a23bc6dd/g' " LIST
     " && cd harnesses/examples/message.crashes/asan+ubsan && mv 23dab9fb a23bc6dd" },
{ 3, "ci/gate --target " MESSAGE " 2>&1", { "keys of version 2, these are of version 3; next: make baseline" } },
{ 0, "make baseline TARGET=" MESSAGE " 2>&1",
	{ "had keys of version 2, now of version 3:", "4 buckets accepted, with an input of 4",
	  "a23bc6dd   -> 23dab9fb  heap-buffer-overflow READ in sum_text at " } },
{ 0, "ci/gate --target " MESSAGE " 2>&1", { "nothing new, 4 accepted" } },

/* Usage is 64, not a broken gate; --target may stand anywhere; a dollar is no reference of make's. */
FULL_CASE("test_gate_usage"),
{ 64, "ci/gate --target t/none.c 2>&1", { "!broken" } },
{ 64, "ci/gate --target t 2>&1", { "!broken" } },
{ 64, "ci/gate --target README.md 2>&1", { "!broken" } },
{ 64, "ci/gate --target= 2>&1", { "!broken" } },
{ 64, "ci/gate --target '' 2>&1", { "!broken" } },
{ 64, "ci/gate --target 2>&1", { "!broken" } },
{ 0, "ci/gate --target --help 2>&1", { "ci/gate --target FILE", "!broken", "!make[" } },
{ 0, "ci/gate --help 2>&1", { "exit: 0 fine", "!make[" } },
{ 64, "DETECTOR=other ci/gate --target " MESSAGE " 2>&1" },
{ 64, "ENGINE=other ci/gate --target " MESSAGE " 2>&1" },
{ 64, "FLAGS=\\' ci/gate --target " MESSAGE " 2>&1" },
{ 0, "ci/gate --junit=junit.xml --target " MESSAGE " 2>&1 && test -s junit.xml",
	{ "green, exit 0: nothing new, 4 accepted" } },
SOURCE("$(shell touch t$(HOME)bad).c", ENTRY " { return 0; }"),
{ 3, "ci/gate --target 't/$(shell touch t$(HOME)bad).c' 2>&1",
	{ "make fuzz TARGET='t/$$(shell touch t$$(HOME)bad).c'" } },

FULL_CASE("test_no_start"),
SOURCE("class.c", ENTRY " { FENCEPOST_VIOLATION(size > 3, oob_raed); return 0; }"),
NO_START("class", "", "t/class.c:6: FENCEPOST_VIOLATION(..., oob_raed)"),
{ FULL | 1, "ENGINE=libfuzzer ci/gate --target t/class.c 2>&1",
	{ "does not start: t/class.c:6: FENCEPOST_VIOLATION(..., oob_raed)" } },
SOURCE("init.c", "int LLVMFuzzerInitialize(int *c, char ***v) { return c == (void *)v ? 0 : (exit(1), 0); }\n" ENTRY
	" { return 0; }"),
NO_START("init", "", "it exited with 1 before its first input, without output"),
/* an input that always crashes is none of these */
SOURCE("always.c", ENTRY " { abort(); }"),
{ 2, "mkdir t/always.crashes && " NOTHING_ACCEPTED
     "t/always.crashes/asan+ubsan.json && ci/gate --target t/always.c --time=2 2>&1" },

/* A library that is there when the program is linked, and not when it is run. */
FULL_CASE("test_no_library"),
SOURCE("needs.c", "int gone(void);\n" ENTRY " { return gone(); }"),
{ 0, "echo 'int gone(void) { return 0; }' > t/gone.c && "
     "clang -shared -fPIC -Wl,-soname,libnowhere.so -o t/libgone.so t/gone.c" },
NO_START("needs", "FLAGS='-Lt -lgone' ", "libnowhere.so: cannot open shared object file"),

/* What is wrong with the inputs and not with the target. */
FULL_CASE("test_bad_inputs"),
SOURCE("quiet.c", ENTRY " { return size > 0 && data[0] == 1; }"),
REFUSED(64, "TARGET=t/quiet.c CORPUS=t/none", "CORPUS=t/none: no such directory", "next: "),
REFUSED(64, "TARGET=t/quiet.c DICT=t/none", "DICT=t/none: No such file", "target: "),
REFUSED(64, "TARGET=t/quiet.c DICT=t", "DICT=t: not a file", "target: "),
{ 0, "mkdir t/empty && touch t/empty/a t/empty/b && printf '# none\\n' > t/words" },
REFUSED(64, "TARGET=t/quiet.c CORPUS=t/empty", "t/empty: all its files are empty", "next: "),
REFUSED(64, "TARGET=t/quiet.c FLAGS=\"-DA='1\"", "FLAGS=-DA='1: a quote is not closed", "target: "),
REFUSED(64, "TARGET=t/quiet.c SOURCES='\"a.c'", "SOURCES=\"a.c: a quote is not closed", "target: "),
{ 0, "make fuzz TIME=120 EXECUTIONS=100 TARGET=t/quiet.c DICT=t/words 2>&1", { "target: AFL++: No usable data" } },
SOURCE("class.c", ENTRY " { FENCEPOST_VIOLATION(size > 3, oob_raed); return 0; }"),
REFUSED(64, "TARGET=t/class.c", "t/class.c:6: FENCEPOST_VIOLATION(..., oob_raed)",
	"no such class; there are: oob-read"),

/* Nothing crashes: said plainly, with what was done and what to try. And our own names are not in the way. */
FULL_CASE("test_never_crashes"),
SOURCE("quiet.c", "int record, marks, detectors, plan_decode;\n" ENTRY " { return size > 0 && data[0] == 1; }"),
{ 0, "make fuzz TIME=120 EXECUTIONS=1000 TARGET=t/quiet.c 2>&1",
	{ "no seeds: t/quiet is not there. Fuzzing starts from one byte", "no crash in ",
	  "what to try: TIME=1200; real inputs in CORPUS=;", "target: exit 0: nothing crashes",
	  "=the latest run", "=over 100 executions" } },

FULL_CASE("test_forms"),
SOURCE("calm.c",
	"int LLVMFuzzerInitialize(int *c, char ***v) { return DEAD ? exit(1), 1 : c == (void *)v; }\n" ENTRY
	" { if (size > 7 && memcmp(data, \"5ecret!~\", 8) == 0) abort(); return 0; }"),
{ 0, "export FLAGS=-DDEAD=0; mkdir t/calm && echo a > t/calm/a && "
     "program=$(make -s program-target TARGET=t/calm.c) && "
     "build/bin/triage fuzz --time=1" FORMS "--program=$program --target=t/calm.c 2>&1" },
FORMS_SAY("0", "<testsuites name=\"fencepost triage crashes\" tests=\"0\"", "0 buckets"),
/* there is neither a crash nor anything accepted: only fuzzing makes that green */
{ 3, "export FLAGS=-DDEAD=0; make baseline TARGET=t/calm.c 2>&1 && ci/gate --target t/calm.c" FORMS "2>&1",
	{ "not comparable, exit 3: no input was tried: none is accepted, and runs/", "--time=60 fuzzes first" } },
FORMS_SAY("0", "<testsuites name=\"fencepost gate\" tests=\"1\" failures=\"0\" errors=\"1\"", "0 buckets"),
{ 0, "FLAGS=-DDEAD=0 ci/gate --target t/calm.c --time=1" FORMS "2>&1" },
FORMS_SAY("0", "<testsuites name=\"fencepost gate\" tests=\"0\"", "0 buckets"),
{ 2, "echo '5ecret!~' > t/calm/x && FLAGS=-DDEAD=0 ci/gate --target t/calm.c --time=1" FORMS " 2>&1" },
FORMS_SAY("1", "tests=\"1\" failures=\"1\"", "1 buckets"),
/* nothing was judged: what is left of last week does not stay, and JUnit says why */
{ 3, "rm -r runs; FLAGS=-DDEAD=0 ci/gate --target t/calm.c" FORMS "2>&1; code=$?; cat t/f.*; exit $code",
	{ "message=\"no input is kept and nothing was fuzzed; next: FLAGS=", "!old" } },
{ 0, "test ! -e t/f.sarif && test ! -e t/f.html" },
{ 1, "FLAGS=-DDEAD=1 ci/gate --target t/calm.c" FORMS "2>&1; code=$?; cat t/f.*; exit $code",
	{ "<testsuites name=\"fencepost gate\" tests=\"1\" failures=\"0\" errors=\"1\"", " does not start: " } },

FULL_CASE("test_seeds_crash"),
SOURCE("always.c", ENTRY " { abort(); }"),
{ 2, "make fuzz TIME=60 TARGET=t/always.c 2>&1",
	{ "1 of 1 seeds crash the target", "target: exit 2: 1 bucket; 0 executions",
	  "AFL++ has no input to start from and was not run; next: fix these" } },
SOURCE("some.c", ENTRY " { if (size > 2 && data[0] == 'X') abort(); return 0; }"),
{ 2, "mkdir t/some && printf XXX > t/some/bad && printf good > t/some/good && "
     "make fuzz TIME=120 EXECUTIONS=100 TARGET=t/some.c 2>&1",
	{ "1 of 2 seeds crash the target, t/some/bad the first", "=the latest run", "=over 10 executions" } },
{ 2, "mkdir t/always && make fuzz TIME=2 TARGET=t/always.c 2>&1", { "no seeds: t/always holds no files" } },
SOURCE("hangs.c", ENTRY " { for (volatile int i = 0;; i = 1 - i) ; }"),
{ 2, "make fuzz TIME=2 TARGET=t/hangs.c 2>&1",
	{ "1 of 1 seeds exceeded the limit of 10000 ms", "--timeout=N gives it more" } },

/* One benign check stops every seed: both ways around it are said as commands, which work as they stand. */
FULL_CASE("test_check_in_the_way"),
SOURCE("shift.c", "static volatile int by = 33;\n" ENTRY " { (void)data; return (1 << by) + (int)size < 0; }"),
{ 2, "make fuzz TIME=2 TARGET=t/shift.c FLAGS='-DX=\"1 + 1\"' >said 2>&1; code=$?; cat said; exit $code",
	{ "AFL++ has no input to start from", "\ntarget:     make fuzz TARGET=t/shift.c FLAGS='-DX=\"1 + 1\" -fno-sanitize=shift-exponent'\n",
	  "\ntarget:     make fuzz TARGET=t/shift.c FLAGS='-DX=\"1 + 1\"' DETECTOR=asan\n" } },
{ 0, "sed -n 's/^target:     \\(make fuzz .*\\)/\\1 TIME=60 EXECUTIONS=100 || exit 1/p' said | sh 2>&1",
	{ "target: exit 0: nothing crashes" } },
{ 0, "test $(grep -c '^target:     make fuzz' said) = 2" },

/* Many buckets of misaligned loads: the flag that leaves them out is said under the table. */
FULL_CASE("test_misaligned"),
SOURCE("odd.c", "#define NOINLINE static __attribute__((noinline)) int\n"
	"NOINLINE a(const void *at) { const int *p = at; return *p; }\n"
	"NOINLINE b(const void *at) { const short *p = at; return *p; }\n"
	"NOINLINE c(const void *at) { const long *p = at; return (int)*p; }\n" ENTRY
	" { static uint8_t room[32] __attribute__((aligned(16))); if (size < 1) return 0;\n"
	" return (data[0] == 'a' ? a(room + 1) : data[0] == 'b' ? b(room + 1) : data[0] == 'c' ? c(room + 1) : 0) == 1; }"),
{ 0, "mkdir t/odd && for i in a b c d; do echo $i > t/odd/$i; done" },
{ 2, "make fuzz TIME=60 EXECUTIONS=100 TARGET=t/odd.c 2>&1",
	{ "3 of 3 buckets are of misaligned accesses", "FLAGS=-fno-sanitize=alignment" } },
{ 0, "make fuzz TIME=60 EXECUTIONS=100 TARGET=t/odd.c FLAGS=-fno-sanitize=alignment 2>&1", { "!misaligned" } },

/* Long paths: what all have in common is said once. */
FULL_CASE("test_long_paths"),
SOURCE("far.h", "static __attribute__((noinline)) void stop(void) { abort(); }"),
SOURCE("far.c", "#include FAR\n" ENTRY " { if (size > 0 && data[0] == 'a') stop(); if (size > 0 && data[0] == 'b') __builtin_trap(); return 0; }"),
{ 0, "mkdir -p t/far ../a-directory-with-a-rather-long-name && mv t/far.[ch] ../a-directory*/ && printf a > t/far/a && printf b > t/far/b" },
{ 2, "there=$(realpath ..)/a-directory-with-a-rather-long-name; make fuzz TIME=60 EXECUTIONS=100 CORPUS=t/far TARGET=$there/far.c "
     "FLAGS=\"-DFAR='\\\"$there/far.h\\\"'\" >said 2>&1; code=$?; cat said; exit $code",
	{ "   files are in /", "in stop at far.h:6", "in LLVMFuzzerTestOneInput at far.c:7", " far.c:7\n", "2 buckets" } },
{ 0, "grep -c '^   files are in /.*/a-directory-with-a-rather-long-name/$' said", { "1" } },

/* What ends without a crash is said: hangs are findings, and exits are named. */
FULL_CASE("test_hangs_and_exits"),
SOURCE("loop.c",
	"__attribute__((noinline)) static void skip(void) { for (volatile int i = 0;; i = 1 - i) ; }\n"
	"__attribute__((noinline)) static void count(void) { for (volatile int i = 0;; i = 2 - i) ; }\n" ENTRY
	" { if (size > 2 && data[0] == 'a') skip();"
	" if (size > 2 && data[0] == 'c' && data[1] == 'o' && data[2] == 'u') count(); return 0; }"),
{ 2, "mkdir t/loop && echo bbbb > t/loop/b && make fuzz TIME=120 EXECUTIONS=1500 TARGET=t/loop.c 2>&1",
	{ "/hangs/id", "timeout in skip at ", "target: exit 2: 1 bucket" } },
/* another place is another hang */
{ 2, "make baseline TARGET=t/loop.c && echo count > t/loop/c && ci/gate --target t/loop.c --time=1 2>&1",
	{ "timeout in count at ", "gate: red, exit 2: 1 new bucket" } },
SOURCE("exits.c", ENTRY " { if (size > 0 && data[0] == 'a') exit(0); return 0; }"),
{ 0, "mkdir t/exits && echo b > t/exits/b && make fuzz TIME=120 EXECUTIONS=2000 TARGET=t/exits.c 2>&1",
	{ " executions the target called exit()", "target: exit 0: nothing crashes" } },

/* AFL++ says no: its own words are shown, and the exit code is not a finding's. It dies before it can serve, but
 * only under the fuzzer. */
FULL_CASE("test_engine_fails"),
SOURCE("early.c", "int LLVMFuzzerInitialize(int *argc, char ***argv) { (void)argc; (void)argv; "
	"if (getenv(\"FENCEPOST_RECORD\")) _Exit(3); return 0; }\n" ENTRY " { return 0; }"),
{ 2, "make fuzz TIME=120 TARGET=t/early.c 2>&1",
	{ "AFL++ ended early; its output", "PROGRAM ABORT", "target: exit 1: AFL++ did not run to its end",
	  "Error 1" } },
{ 0, "build/bin/triage runs", { "target-early" } },
/* what did not run is not the newest run */
{ 0, "test ! -e runs/latest" },
{ 2, "make baseline TARGET=t/early.c 2>&1", { "t/early.c was not fuzzed under asan+ubsan yet" } },

FULL_CASE("test_left_behind"),
SOURCE("counts.c", COUNTS),
{ 2, "mkdir t/counts && echo aa > t/counts/a && "
     "make fuzz TIME=120 FLAGS=-DLAST=300 EXECUTIONS=2000 TARGET=t/counts.c 2>&1", { DIED_ONCE(COUNTS_TITLE) } },
REPORTED(COUNTS_WORDS),
/* nor is it accepted, or green */
{ 2, "export FLAGS=-DLAST=300; make baseline TARGET=t/counts.c 2>&1 && ci/gate --target t/counts.c --junit=j.xml 2>&1",
	{ "gate: red, exit 2: nothing new that repeats, but 1 death of runs/" } },
{ 0, "cat j.xml", { "<failure message=\"nothing new that repeats, but 1 death of runs/" } },
/* the first command tells: with a process for each execution it is gone */
{ 0, "FLAGS=-DLAST=300 make fuzz LOOPS=1 TIME=120 EXECUTIONS=600 TARGET=t/counts.c 2>&1",
	{ "target: exit 0: nothing crashes" } },
/* AFL++ itself does not come through its first executions */
{ 2, "make fuzz TIME=120 FLAGS=-DLAST=3 TARGET=t/counts.c 2>&1",
	{ DIED_ONCE(COUNTS_TITLE), "AFL++ gave up: its first executions died" } },
REPORTED(COUNTS_WORDS),
{ 2, "make fuzz TIME=120 FLAGS=-DLAST=3 EXECUTIONS=300 ENGINE=libfuzzer TARGET=t/counts.c 2>&1",
	{ DIED_ONCE(COUNTS_TITLE) } },
REPORTED(COUNTS_WORDS),

/* What lies around: MSan dies where an earlier, longer input lay. */
FULL_CASE("test_stale_memory"),
SOURCE("stale.c", "static volatile int seen;\n" ENTRY "\n{\n	if (data[size] == 'x') seen = 1;\n	return 0;\n}"),
{ 2, "make fuzz TIME=120 EXECUTIONS=5000 DETECTOR=msan TARGET=t/stale.c 2>&1",
	{ DIED_ONCE("use-of-uninitialized-value in LLVMFuzzerTestOneInput at t/stale.c:"),
	  "make fuzz TARGET=t/stale.c\n" } },
REPORTED("WARNING: MemorySanitizer: use-of-uninitialized-value"),

/* Deaths that no runtime reports: ours has glibc's words, or the signal's, and the stack. */
FULL_CASE("test_unreported"),
SOURCE("asserts.c", "#include <assert.h>\nstatic int executions;\n" ENTRY
	"\n{\n	if (size > 1) executions++;\n	assert(executions < 300);\n	return data == NULL;\n}"),
{ 0, "mkdir t/asserts t/faults && echo aa > t/asserts/a && echo aa > t/faults/a" },
{ 2, "make fuzz TIME=120 EXECUTIONS=2000 TARGET=t/asserts.c 2>&1", { DIED_ONCE("assertion-failed") } },
REPORTED("Assertion `executions < 300' failed."),
SOURCE("faults.c", "static int executions;\n" ENTRY
	"\n{\n	if (size > 1 && ++executions > 300) *(volatile int *)8 = 1;\n	return data == NULL;\n}"),
{ 2, "make fuzz TIME=120 EXECUTIONS=2000 DETECTOR=none TARGET=t/faults.c 2>&1",
	{ DIED_ONCE("SIGSEGV in LLVMFuzzerTestOneInput at t/faults.c:") } },
REPORTED("Program received signal SIGSEGV, Segmentation fault.\n    #0 0x"),

/* A library that was built without the detector's checks reports nothing: that is not green. */
FULL_CASE("test_uninstrumented"),
DECODER,
{ 0, "cd t && gcc -g -O1 -Wall -c decoder.c -I../harnesses/include && ar rcs libplain.a decoder.o && "
     "gcc -c other.c -o bare.o -I../harnesses/include && ar rcT thin.a decoder.o && "
     "afl-clang-fast -g -O1 -fsanitize=address,undefined -fno-sanitize-recover=all "
     "-I../harnesses/include -c decoder.c -o whole.o && ar rcs libmixed.a whole.o bare.o" },
UNSEEN(2, 3, "SOURCES=t/libplain.a", PLAIN_NEITHER, PLAIN_NOTHING),
UNSEEN(2, 3, "FLAGS='-Lt -lplain'", PLAIN_NEITHER, PLAIN_NOTHING),
UNSEEN(2, 3, "SOURCES=t/thin.a", "thin.a has neither", "nothing crashes, but thin.a was"),
UNSEEN(0, 0, "SOURCES='t/libplain.a t/other.c'", PLAIN_NEITHER, PLAIN_NOTHING),
/* the same in the gate, fuzzing or not */
{ 3, "export SOURCES=t/libplain.a; make baseline TARGET=t/user.c 2>&1 && ci/gate --target t/user.c 2>&1",
	{ PLAIN_NEITHER, PLAIN_NEW } },
{ 3, "SOURCES=t/libplain.a ci/gate --target t/user.c --time=1 2>&1", { PLAIN_NEW } },
/* built right it is found, and nothing more is said than of the member that was not */
{ 2, "make fuzz TIME=120 EXECUTIONS=3000 TARGET=t/user.c SOURCES=t/libmixed.a 2>&1",
	{ "warning: 1 of 2 members of libmixed.a (bare.o) was not instrumented" } },

/* A library that no input comes to was not looked at either, however it was built. */
FULL_CASE("test_unreached"),
DECODER,
SOURCE("user.c", DECODE ENTRY " { return size > 99999 ? decode(data, size) : 0; }"),
{ 2, "make fuzz TIME=1 TARGET=t/user.c SOURCES=t/decoder.c 2>&1",
	{ "warning: the seeds reach no function of decoder.c (0 of 1 functions); next: ",
	  "exit 3: nothing crashes, but no input reached decoder.c" } },
/* what fuzzing reaches is looked at */
SOURCE("user.c", DECODE ENTRY " { return size > 5 ? decode(data, size) : 0; }"),
SOURCE("decoder.c", DECODE "int decode(const uint8_t *data, size_t size) { return size > 6 && data[0] == 'x'; }"),
{ 0, "make fuzz TIME=120 EXECUTIONS=20000 TARGET=t/user.c SOURCES=t/decoder.c 2>&1",
	{ "warning: the seeds reach no function of decoder.c", "target: exit 0: nothing crashes\n" } },

/* A run that another process holds is not fuzzed into, and a newest run that cannot be noted is an error. */
FULL_CASE("test_lock_and_latest"),
SOURCE("quiet.c", ENTRY " { return size > 0 && data[0] == 1; }"),
PUT("t/held.c",
	"#include <errno.h>\nint flock(int fd, int how);\n"
	"int flock(int fd, int how) { errno = fd < 0 && how ? EBADF : EWOULDBLOCK; return -1; }\n"),
{ 1, "clang -shared -fPIC -o t/held.so t/held.c && program=$(make -s program-target TARGET=t/quiet.c) && "
     "LD_PRELOAD=t/held.so build/bin/triage fuzz --time=1 --program=$program --target=t/quiet.c 2>&1",
	{ "another process is at work on this run", "!executions" } },
{ 2, "mkdir -p runs/latest && make fuzz TIME=1 TARGET=t/quiet.c 2>&1",
	{ "exit 1: runs/latest: Is a directory; the run is complete: runs/" } },

/* What is as it was is not compiled again. */
#define BUILT_OF "make -s program-target DETECTOR=asan TARGET=t/one.c SOURCES='t/two.c t/three.c' 2>&1"

FULL_CASE("test_kept_objects"),
SOURCE("one.c", "#include \"a b.h\"\n" ENTRY " { return two() + three() + (data != NULL && size > 9); }"),
SOURCE("two.c", "#include \"a b.h\"\nint two(void) { return TWO; }"),
SOURCE("three.c", "int three(void);\nint three(void) { return 3; }"),
PUT("t/a b.h", "int two(void), three(void);\n#define TWO 2\n"),
{ 0, BUILT_OF, { "compiling t/one.c, 1 of 3", "compiling t/two.c, 2 of 3", "compiling t/three.c, 3 of 3" } },
{ 0, BUILT_OF, { "!compiling", "#1" } },
/* a header is its users' */
{ 0, "sed -i 's/TWO 2/TWO 4/' 't/a b.h' && " BUILT_OF, { "compiling t/one.c", "compiling t/two.c", "!three.c" } },
/* back again, and with other flags, and as it was */
{ 0, "sed -i 's/TWO 4/TWO 2/' 't/a b.h' && " BUILT_OF, { "compiling t/two.c", "!three.c" } },
{ 0, BUILT_OF " FLAGS=-DX", { "compiling t/three.c" } },
{ 0, BUILT_OF, { "!compiling" } },
/* what does not compile leaves nothing that is taken for it later */
{ 2, "echo 'int bad(void) { retur 1; }' >> t/three.c; ls build/targets/objects > before; " BUILT_OF,
	{ "compiling t/three.c", "undeclared identifier" } },
{ 0, "ls build/targets/objects | cmp - before" },
{ 2, BUILT_OF, { "compiling t/three.c", "undeclared identifier" } },
/* two builds at once */
{ 0, "sed -i '/retur 1/d' t/three.c && touch t/three.c && rm -r build/targets/objects && { " BUILT_OF " >said & pid=$!; "
     BUILT_OF " && wait $pid && $(tail -n 1 said) before; }" },
{ 0, BUILT_OF, { "!compiling" } },

/* The linker names an object; what is to be done is about a file. */
FULL_CASE("test_who_is_meant"),
SOURCE("use.cc", "#include \"lib.h\"\nextern \"C\" " ENTRY " { return decode(data, size); }"),
PUT("t/lib.h", "#include <stddef.h>\nint decode(const unsigned char *data, size_t size);\n"),
SOURCE("lib.c", "#include \"lib.h\"\nint decode(const unsigned char *data, size_t size) { return size > 3 && data[0] == 1; }"),
REFUSED(1, "DETECTOR=asan TARGET=t/use.cc SOURCES=t/lib.c", "undefined reference",
	"t/use.cc: t/lib.c defines decode as C: include t/lib.h within extern \"C\" {}"),
{ 0, "clang -c t/lib.c -o t/lib.o -Iharnesses/include && ar rcs t/lib.a t/lib.o" },
REFUSED(1, "DETECTOR=asan TARGET=t/use.cc SOURCES=t/lib.a", "t/lib.a defines decode as C: include t/lib.h within"),
SOURCE("use.c", ENTRY " { return data[0] == 1 && size > 3; }"),
SOURCE("tool.c", "int main(void) { return 0; }"),
REFUSED(1, "DETECTOR=asan TARGET=t/use.c SOURCES='t/lib.c t/tool.c'", "the main() of t/tool.c is in the way"),
REFUSED(64, "DETECTOR=asan TARGET=t/use.c SOURCES='t/lib.c t/none.a'", "SOURCES: t/none.a: no such file"),

/* A library with its own build, out of its tree, and its fuzzer, which is set up before it is called. */
#define OWN_BUILD(build) "TARGET=t/own/fuzz/decode_fuzzer.c DETECTOR=asan BUILD='" build "'"
#define OWN_REFUSED(code, variables, build, ...) REFUSED(code, variables OWN_BUILD(build), __VA_ARGS__)
#define OWN \
	{ 0, "mkdir -p t/own/fuzz/decode_fuzzer && echo a > t/own/fuzz/decode_fuzzer/a" }, \
	SOURCE("own/lib.h", "int decode(const uint8_t *data, size_t size);"), \
	SOURCE("own/lib.c", "#include \"lib.h\"\nint decode(const uint8_t *data, size_t size)\n{\n	static char *volatile block;\n" \
		"	block = malloc(4);\n	if (size > 1 && data[0] == 'B') block[data[1] & 7] = 1;\n	free(block);\n	return 0;\n}"), \
	SOURCE("own/fuzz/decode_fuzzer.c", "#include \"../lib.h\"\nstatic int ready;\n" \
		"int LLVMFuzzerInitialize(int *count, char ***list) { ready = *count > 0 && **list != NULL; return 0; }\n" ENTRY \
		" { return ready ? decode(data, size) : 0; }"), \
	PUT("t/own/configure", "#!/bin/sh\nset -e\nsrc=$(dirname \"$0\")\n" \
		"echo 'int main(void) { return 0; }' > conftest.c && $CC $CFLAGS conftest.c -o conftest && ./conftest\n" \
		"cat > Makefile <<M\ndecode_fuzzer: liblib.a\n	$CC $CFLAGS -c -o f.o $src/fuzz/decode_fuzzer.c\n" \
		"	$CXX $CXXFLAGS -o \\$@ f.o liblib.a \\$(LIB_FUZZING_ENGINE)\nliblib.a: $src/lib.c\n" \
		"	$CC $CFLAGS -c -o lib.o $src/lib.c && ar rcs \\$@ lib.o && touch compiled-\\$\\$\\$\\$\nM\n")

FULL_CASE("test_own_build"), OWN,
{ 0, "chmod +x t/own/configure && find t/own -type f | sort > before" },
{ 2, "make fuzz TIME=120 EXECUTIONS=60000 " OWN_BUILD("$SRC/../configure && make decode_fuzzer") " 2>&1",
	{ "heap-buffer-overflow WRITE in decode at ", "/lib.c:", "target: exit 2: 1 bucket",
	  "make baseline TARGET=t/own/fuzz/decode_fuzzer.c BUILD='$SRC/../configure && make decode_fuzzer'" } },
/* its tree is as it was; what was compiled is not compiled again; the gate builds it too */
{ 0, "find t/own -type f | sort | cmp - before" },
{ 0, "export DETECTOR=asan BUILD='$SRC/../configure && make decode_fuzzer'; "
     "make baseline TARGET=t/own/fuzz/decode_fuzzer.c 2>&1 && ci/gate --target t/own/fuzz/decode_fuzzer.c 2>&1",
	{ "green, exit 0: nothing new, 1 accepted" } },
{ 0, "ls build/targets/t/own/fuzz/decode_fuzzer/afl-asan.build/compiled-*", { "#1" } },
/* one that does not take the flags is not green */
{ 2, "make fuzz TIME=1 " OWN_BUILD("CC=clang CFLAGS=\"-g -I${CFLAGS##*-idirafter }\" "
     "$SRC/../configure && make decode_fuzzer") " 2>&1",
	{ "liblib.a has neither AddressSanitizer nor coverage", "target: exit 3: " } },

FULL_CASE("test_own_cmake"), OWN,
PUT("t/own/CMakeLists.txt", "cmake_minimum_required(VERSION 3.10)\nproject(decode C CXX)\nadd_library(decode STATIC lib.c)\n"
	"add_executable(decode_fuzzer fuzz/decode_fuzzer.c)\n"
	"set_target_properties(decode_fuzzer PROPERTIES LINKER_LANGUAGE CXX)\n"
	"target_link_libraries(decode_fuzzer decode $ENV{LIB_FUZZING_ENGINE})\n"),
{ 2, "command -v cmake >/dev/null || { echo 'in decode at target: exit 2: 1 bucket'; exit 2; }; "
     "make fuzz TIME=120 EXECUTIONS=60000 " OWN_BUILD("cmake $SRC/.. && make decode_fuzzer") " 2>&1",
	{ "in decode at ", "target: exit 2: 1 bucket" } },

FULL_CASE("test_own_build_fails"), OWN,
OWN_REFUSED(1, "", "echo made so far; false; true", "made so far", "BUILD= ended with 1; all of its output: build/targets/"),
OWN_REFUSED(1, "BUILD_LIMIT=1 ", "sleep 600", "BUILD= did not end in 1 s (BUILD_LIMIT=)"),
OWN_REFUSED(1, "", "true", "BUILD= made no fuzzer", "$LIB_FUZZING_ENGINE"),
OWN_REFUSED(1, "", "echo \"int main(void) { return 0; }\" > a.c && $CC $CFLAGS a.c -o a", "BUILD= made no fuzzer"),
OWN_REFUSED(64, "", "for i in a b; do $CC $CFLAGS $SRC/*.c $SRC/../lib.c $LIB_FUZZING_ENGINE -lm -o $OUT/$i; done",
	"BUILD= made several fuzzers: ", "next: let it make one"),
OWN_REFUSED(64, "SOURCES=t/own/lib.c ", "true", "leave SOURCES= out"),
OWN_REFUSED(64, "", "echo \"a", "a quote is not closed"),
/* the one that is named as its source */
{ 2, "make fuzz TIME=120 EXECUTIONS=60000 " OWN_BUILD("for i in a decode_fuzzer; do "
     "$CC $CFLAGS $SRC/*.c $SRC/../lib.c $LIB_FUZZING_ENGINE -lm -o $OUT/$i; done") " 2>&1", { "target: exit 2: 1 bucket" } },

/* A program with a main() and a file argument is fuzzed as it is. */
CASE("test_tool"),
PUT("t/tool.c", "#include <stdio.h>\n#include <stdlib.h>\n#include <string.h>\n"
	"static __attribute__((noinline)) void refuse(void) { abort(); }\n"
	"int main(int argc, char **argv)\n{\n	char text[8] = \"\";\n"
	"	FILE *in = argc == 3 && strcmp(argv[1], \"a b\") == 0 ? fopen(argv[2], \"r\") : NULL;\n"
	"	if (in == NULL || fread(text, 1, 8, in) == 0) { puts(\"usage: tool\"); return 2; }\n"
	"	if (text[0] == 'A') refuse();\n	return 0;\n}\n"),
{ 0, "AFL_QUIET=1 afl-clang-fast -g -O1 -fsanitize=address -o t/tool t/tool.c && gcc -o t/plain t/tool.c && "
     "mkdir t/tools && echo C > t/tools/c" },
{ 2, "make fuzz TARGET=t/tools PROGRAM='t/tool \"a b\" @@' TIME=240 EXECUTIONS=3000 2>&1",
	{ "ABRT in refuse at ", "reproduce: t/tool 'a b' runs/", "target: exit 2: 1 bucket; ", "crashes --against runs/",
	  "=over 1000 executions" } },
/* cut off, it is judged as any other run */
{ 2, "rm runs/latest runs/*-target-tools/target.json && build/bin/triage fuzz --finish 2>&1", { "target: exit 2: 1 bucket; " } },
{ 0, "make fuzz PROGRAM='t/tool @@' TIME=1 2>&1",
	{ "the program accepts no seed, the first ends with exit status 2, last words: \"usage: tool\"" } },
REFUSED(64, "PROGRAM='t/plain @@'", "t/plain was not built for AFL++", "next: build it again with", "export CC=afl-clang-fast"),
REFUSED(64, "PROGRAM='t/tool @@; touch t/bad'", "it must be one command, made of words"),
REFUSED(64, "PROGRAM='t/none @@'", "t/none: No such file"),
REFUSED(64, "PROGRAM='t/tool @@' DETECTOR=asan", "leave out SOURCES=, FLAGS=, BUILD=, DETECTOR="),

/* Odd names, spaces, C++, other sources and flags: the shell's quotes are kept. */
FULL_CASE("test_odd_names"),
{ 0, "mkdir 't/odd dir'" },
SOURCE("odd dir/it's $HOME.c", ENTRY " { if (size > 0 && data[0] == 'x') abort(); return 0; }"),
{ 2, "mkdir \"t/odd dir/it's \\$HOME\" && echo y > \"t/odd dir/it's \\$HOME/seed\" && "
     "make fuzz TIME=120 EXECUTIONS=3000 \"TARGET=t/odd dir/it's \\$\\$HOME.c\" 2>&1",
	{ "ABRT in LLVMFuzzerTestOneInput", "build/targets/t/odd_dir/it_s__HOME-" } },
SOURCE("two.cc", "extern \"C\" int three(int);\nextern \"C\" " ENTRY
	" { return three(VALUE) + (size > 0 ? data[0] : 0); }"),
SOURCE("th ree.c", "int three(int value) { return value; }"),
{ 0, "make fuzz TIME=2 TARGET=t/two.cc SOURCES=\"'t/th ree.c'\" FLAGS='-DVALUE=\"1 + 2\" -lm' 2>&1",
	{ "target: exit 0: nothing crashes" } },

/* Each source has a program of its own: one name for one file, and the plain one where nothing is in the way. */
FULL_CASE("test_own_programs"),
SOURCE("c", ENTRY " { return 0; }"),
SOURCE("cc", "extern \"C\" " ENTRY " { return 0; }"),
{ 0, "mkdir t/afl-asan && rm -rf build/targets && for name in foo.c foo.cc foo.cpp foo.cc.c 'a b.c' a_b.c afl-asan.c "
     "afl-asan/x.c; do case $name in *.c) cp t/c \"t/$name\" ;; *) cp t/cc \"t/$name\" ;; esac && "
     "make -s program-target DETECTOR=asan \"TARGET=t/$name\" 2>>build.log >>t/programs || exit 1; done" },
{ 0, "test $(sort -u t/programs | wc -l) = 8" },
{ 0, "grep -qx build/targets/t/foo/afl-asan t/programs && "
     "test $(make -s program-target DETECTOR=asan TARGET=./t/foo.c) = build/targets/t/foo/afl-asan" },

/* What is said to do next can be typed as it stands, also where the target takes more than its name. */
FULL_CASE("test_next_command"),
SOURCE("it's.c", "int three(void);\n" ENTRY
	" { if (size > 0 && data[0] == VALUE + three()) abort(); return 0; }"),
SOURCE("th ree.c", "int three(void) { return 3; }"),
PUT("t/gate", "SOURCES=\"'t/th ree.c'\" FLAGS=\"-DVALUE='91 + 3'\" DETECTOR=asan ci/gate --target \"t/it's.c\" 2>&1\n"),
{ 3, "mkdir \"t/it's\" && echo b > \"t/it's/b\" && sh t/gate >said; code=$?; cat said; exit $code",
	{ "; next: make fuzz TARGET='t/it'\\''s.c' SOURCES=" } },
{ 2, "eval \"$(sed -n 's/.*next: \\(.*\\), then .*/\\1/p' said) TIME=120 EXECUTIONS=3000\" >next 2>&1; "
     "code=$?; cat next; exit $code", { "target: exit 2: 1 bucket" } },
{ 0, "eval \"$(sed -n 's/.*To accept these crashes: //p' next)\" 2>&1", { "1 bucket accepted" } },
/* the run alone knows it too */
{ 2, "build/bin/triage fuzz --finish runs/*-target-* 2>&1", { " FLAGS='-DVALUE='\\''91 + 3'\\''' DETECTOR=asan" } },
{ 3, "rm -r runs t/*.crashes/*/ && sh t/gate >said; code=$?; cat said; exit $code",
	{ "no input is kept and nothing was fuzzed; next: SOURCES=" } },
{ 0, "eval \"$(sed -n 's/.*next: \\(.*\\)--time=60/\\1--time=3/p' said)\" 2>&1",
	{ "green, exit 0: nothing new, 1 accepted" } },

/* By hand: standard input, files, the exact end of the input, an input of no bytes. */
FULL_CASE("test_by_hand"),
SOURCE("end.c", ENTRY " { return data[size] == 1; }"),
{ 0, "make -s program-target DETECTOR=asan TARGET=t/end.c 2>build.log >t/program" },
{ 134, "printf abc | $(cat t/program) 2>&1; exit $?",
	{ "heap-buffer-overflow", "is located 0 bytes", "3-byte region" } },
{ 134, "printf abc > t/input; $(cat t/program) t/input 2>&1; exit $?", { "3-byte region" } },
{ 134, "$(cat t/program) < /dev/null 2>&1; exit $?", { "heap-buffer-overflow" } },
{ 1, "$(cat t/program) t/none 2>&1", { "t/none: No such file" } },
/* without Fencepost a mark is no code */
{ 0, "clang -Wall -Wextra -Werror -c -o t/plain.o -Iharnesses/include " MESSAGE " && ! nm t/plain.o | grep -i fencepost" },

/* Exact: which mark a report is put down to, and what went by in silence before it. */
FULL_CASE("test_truth"),
SOURCE("truth.c", "static struct { char own[8], next[8]; } pair;\n" ENTRY "\n{\n"
	"	static char *volatile own = pair.own;\n"
	"	char *block = malloc(8);\n"
	"	FENCEPOST_VIOLATION(size > 0, oob_write);\n"
	"	if (size > 0) own[9] = 1;\n"
	"	FENCEPOST_VIOLATION(size > 1 && data[0] == 'R', oob_read);\n"
	"	if (size > 1 && data[0] == 'R') own[0] = ((volatile char *)block)[8];\n"
	"	free(block);\n	return 0;\n}"),
{ 2, "mkdir t/truth && echo a > t/truth/a && "
     "make fuzz DETECTOR=asan TIME=120 EXECUTIONS=20000 TARGET=t/truth.c 2>&1",
	{ "asan did not report a violation that happened", "=the latest run", "=oob-read some triggered",
	  "=oob-read all detected", "=oob-write all missed", "=oob-write none detected",
	  "=2 marks, reached alike" } },

/* Under a detector with no rule for it everything is missed; under another it is called something else. */
FULL_CASE("test_other_detectors"),
{ 0, "make fuzz DETECTOR=msan TIME=5 TARGET=" MESSAGE " 2>&1; test $? -eq 0 -o $? -eq 2",
	{ "!use-of-uninitialized-value in LLVMFuzzerTestOneInput" } },
SOURCE("trap.c", ENTRY "\n{\n	char *volatile none = NULL;\n"
	"	FENCEPOST_VIOLATION(size > 1 && data[0] == 'R', null_deref);\n"
	"	if (size > 1 && data[0] == 'R') *none = 1;\n	return 0;\n}"),
{ 2, "mkdir t/trap && echo Ra > t/trap/b && echo a > t/trap/a && "
     "make fuzz DETECTOR=none TIME=120 EXECUTIONS=20000 TARGET=t/trap.c 2>&1",
	{ "SEGV WRITE in LLVMFuzzerTestOneInput", "=the latest run", "=null-deref some triggered", "=null-deref all trap" } },

/* A bug that hides behind another on the same way through the code is kept: every report is an edge. Whatever
 * they are grouped to. */
FULL_CASE("test_same_way"),
SOURCE("way.c", ENTRY
	"\n{\n	char *block = malloc(8);\n	volatile char *at = block;\n"
	"	if (size < 3) { free(block); return 0; }\n"
	"	at[data[0] & 15] = 1;\n	at[data[1] & 15] = 2;\n	at[data[2] & 15] = 3;\n"
	"	free(block);\n	return 0;\n}"),
{ 2, "mkdir t/way && printf aaa > t/way/a && make fuzz DETECTOR=asan TIME=120 EXECUTIONS=5000 TARGET=t/way.c 2>&1",
	{ "   reproduce: ", "=3 reports" } },

/* Ctrl-C ends the fuzzing; what there is is triaged. */
FULL_CASE("test_interrupted"),
{ 130, "program=$(make -s program-target TARGET=" MESSAGE " 2>build.log) && { build/bin/triage fuzz "
       "--time=600 --program=$program --target=" MESSAGE " >said 2>&1 & pid=$!; " SAVED
       "kill -INT $pid; wait $pid; code=$?; cat said; exit $code; }",
	{ "target: exit 130: interrupted after ", "   reproduce: " } },
{ 0, "test ! -e runs/latest" },

/* Killed, with no time to judge: finish does it, and then the run counts. */
FULL_CASE("test_cut_off"),
SOURCE("cut.c", ENTRY " { if (size > 0 && data[0] == 'a') abort(); return 0; }"),
{ 64, "mkdir t/cut && echo b > t/cut/b && program=$(make -s program-target TARGET=t/cut.c 2>build.log) && { "
      "build/bin/triage fuzz --time=600 --program=$program --target=t/cut.c >said 2>&1 & "
      "pid=$!; " SAVED "kill -KILL $pid; wait $pid; "
      "build/bin/triage gate --accept --run=$(ls runs) --program=$program --target=t/cut.c 2>&1; }",
	{ "the run was cut off; next: build/bin/triage fuzz --finish runs/" } },
/* no detector's program is built for it */
{ 0, "programs=$(build/bin/triage fuzz --finish --programs 2>&1) && test -z \"$programs\"" },
{ 2, "build/bin/triage fuzz --finish 2>&1", { "target: exit 2: 1 bucket" } },
{ 0, "test ! -e runs/latest" },
{ 0, "test ! -e runs/*/campaign.json && make baseline TARGET=t/cut.c" },
{ 0, "build/bin/triage show runs/*-target-cut 2>&1", { "in LLVMFuzzerTestOneInput", "1 bucket" } },
{ 64, "build/bin/triage fuzz --finish runs/*-gate-cut 2>&1",
	{ "a run of triage crashes, not a campaign; next: build/bin/triage show " } },
CASES_END };
/* clang-format on */

/* ---- the tutorial ---------------------------------------------------------------------------- */

/* The ```sh blocks of the example's page, one after the other, each in a shell of its own. */
static size_t tutorial(char *ret[16])
{
	AUTO_FREE uint8_t *text = NULL;
	size_t size, count = 0;
	char *at, *until, *end;

	assert_int_equal(file_read("harnesses/examples/README.md", 1 << 20, &text, &size), 0);
	at = strstr((char *)text, "\n## Five minutes with the example\n");
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
			{ "the marks of the target (FENCEPOST_VIOLATION), counted in executions",
				"target: exit 2: ", "make baseline TARGET=" MESSAGE } },
		{ 0, { "accepted, with an input of", "green, exit 0: nothing new", NULL } },
		{ 0,
			{ "its input no longer crashes",
				"1 gone; next: make baseline TARGET=" MESSAGE,
				"accepted, with an input of" } },
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

int main(void)
{
	struct CMUnitTest tests[LENGTH(rows) + 1];
	bool asked = read_tier() != NULL;
	size_t count = cases_add(tests, rows, fresh, NULL, facts);

	if (full_tier || asked)
		tests[count++] = (struct CMUnitTest)cmocka_unit_test_setup(test_tutorial, fresh);
	return _cmocka_run_group_tests("targets", tests, count, copy_tree, tear_down);
}
