/* SPDX-License-Identifier: Apache-2.0
 * Tests triage crashes on targets that seem not to crash: lost reports, handlers that swallow signals, leaks,
 * names that matter, unexpected files, and our own limits. */
#include "sandbox.h"

#include "testing/cases.h"
#include "testing/crash_facts.h"

static int compile_targets(void **state)
{
	(void)state;
	assert_int_equal(enter_scratch(), 0);
	make_refuse();
	unsetenv("ASAN_OPTIONS");
	unsetenv("LSAN_OPTIONS");
	unsetenv("UBSAN_OPTIONS");
	put("fuzzed.c",
		"#include <stdint.h>\n#include <stdlib.h>\n#include <unistd.h>\n"
		"int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {\n"
		"	if (size > 0 && data[0] == 'c') close(2);\n"
		"	if (size > 0 && data[0] == 'h') for (;;) pause();\n"
		"	if (size > 0 && data[0] == 'a') exit(5);\n"
		"	volatile char *block = malloc(8); block[size + 7] = 1; free((void *)block); return 0; }\n");
	/* dies where a forkserver would start, and ends with a ruler */
	put("unforked.c",
		"#include <stdio.h>\n#include <stdlib.h>\n"
		"int main(void) { if (getenv(\"__AFL_DEFER_FORKSRV\")) abort();\n"
		"	__AFL_INIT(); int c = getchar(); puts(\"c was read\\n======\"); if (c == 'c') abort(); return c == 'x'; }\n");
	/* goes by a file that no argument names */
	put("opens.c",
		"#include <stdio.h>\n#include <stdlib.h>\n"
		"int main(void) { FILE *file = fopen(\"x.cfg\", \"r\"); if (file && fgetc(file) == 'c') abort(); return 0; }\n");
	free(expect(0,
		"wily=$home/triage/crashes/testdata/wily.c; "
		"clang -w -g -O1 -fsanitize=address -o asan $wily && "
		"clang -w -g -O1 -fsanitize=address -DDEFAULT_OPTIONS='\"detect_leaks=0\"' -o quiet $wily && "
		"clang -w -g -O1 -fsanitize=undefined -o ubsan $wily && "
		"clang -w -g -O1 -fsanitize=leak -o lsan $wily && "
		"clang -w -g -O1 -o plain $wily && "
		"AFL_QUIET=1 afl-clang-fast -w -g -O1 -fsanitize=address -o afl $wily && "
		"AFL_QUIET=1 afl-clang-fast -w -g -O1 -fsanitize=address -o unforked unforked.c && "
		"AFL_QUIET=1 afl-clang-fast -w -g -O1 -fsanitize=address -o opens opens.c && "
		"clang -w -g -O1 -fsanitize=fuzzer,address -o fuzzed fuzzed.c && "
		"clang -w -g -O1 -o hostile $home/triage/crashes/testdata/hostile.c"));
	return 0;
}

/* clang-format off */
/* How files are put that are named by the byte they hold. */
#define BYTES(bytes) { 0, "for byte in $(echo " bytes " | fold -w1); do printf $byte > c/$byte; done" }
#define DIED(name, times, kind) "=" name ": " #times "/3 " kind, "=" name ": 1 reports"
#define OVERFLOW(name) DIED(name, 3, "heap-buffer-overflow")
#define INTEGER(name)  DIED(name, 3, "signed-integer-overflow")
/* A crash file at @path under @environment. */
#define LEAK(path, environment, target, code, ...) \
	{ 0, "rm -rf c; mkdir c; printf l > '" path "'" }, \
	{ code, environment " $triage crashes --again c -- ../" target, { __VA_ARGS__ } }
#define LEAKS(path, environment, target) \
	LEAK(path, environment, target, 2, "=" path ": 3/3", "=" path ": NOT_EXPLOITABLE leak")
#define LEAKS_NOT(path, environment, target) LEAK(path, environment, target, 0, "=" path ": 0/3")
#define LIMITS_SAID(form) \
	{ 0, "cat " form, { "it exceeded the limit of 64 MiB; -m 0 lifts the limit", "!out-of-memory", \
		"it exceeded the limit of 3 s; --timeout=N gives it more" } }

static const struct row rows[] = {
/* ---- reports --------------------------------------------------------------------------------- */

/* Descriptors closed, pointed elsewhere, left behind by a fork or an exec, a root of its own: the report
 * is there, once. */
CASE("test_descriptors"),
BYTES("cnfxr"),
{ 2, "$triage crashes c -- ../asan @@",
	{ OVERFLOW("c/c"), OVERFLOW("c/n"), OVERFLOW("c/f"), OVERFLOW("c/x"), OVERFLOW("c/r") } },

CASE("test_descriptors_of_forks"),
BYTES("cnfr"),
{ 2, "$triage crashes c -- ../afl @@", { OVERFLOW("c/c"), OVERFLOW("c/n"), OVERFLOW("c/f"), OVERFLOW("c/r") } },

CASE("test_descriptors_of_ubsan"),
BYTES("cnf"),
{ 2, "$triage crashes c -- ../ubsan @@", { INTEGER("c/c"), INTEGER("c/n"), INTEGER("c/f") } },

/* libFuzzer writes to standard error, and its stacks must not go elsewhere. That the target called exit() is
 * libFuzzer's own finding, with the stack behind it. */
CASE("test_libfuzzer"),
PUT("c/crash-c", "c"), PUT("c/crash-a", "a"), PUT("c/crash-o", "o"), PUT("c/timeout-h", "h"),
{ 2, "$triage crashes -t 2 c -- ../fuzzed",
	{ "fuzz target exited in LLVMFuzzerTestOneInput at ", "reproduce: ../fuzzed -timeout=2 c/timeout-h",
	  "=c/crash-c: 3/3 heap-buffer-overflow", "=c/crash-o: 3/3 heap-buffer-overflow",
	  "=c/timeout-h: 3/3 timeout" } },
{ 2, "$triage crashes -m 0 -t 2 c/timeout-h -- ../fuzzed",
	{ "reproduce: ../fuzzed -timeout=2 -rss_limit_mb=0 c/timeout-h" } },
{ 2, "$triage crashes -m 4096 c/crash-a -- ../fuzzed @@", { "reproduce: ../fuzzed -rss_limit_mb=4096 c/crash-a" } },
{ 2, "$triage crashes -m 0 c/crash-a -- ../fuzzed -rss_limit_mb=3000 @@",
	{ "reproduce: ../fuzzed -rss_limit_mb=3000 c/crash-a" } },

/* What a forkserver says when it dies at its start is not what the first input died of. */
CASE("test_dead_forkserver"),
BYTES("x"),
{ 0, "$triage crashes -j 1 c -- ../unforked 2>&1",
	{ "a new process each", "c/x: exit status 1, last words: \"c was read\"" } },
BYTES("c"),
{ 2, "$triage crashes -j 1 c -- ../unforked", { "=c/x: 0/3", "=c/c: 3/3", "=c/c: 1 reports" } },

/* Nobody knows what it died of: that is not harmless. */
CASE("test_no_report"),
BYTES("ka"),
{ 2, "ASAN_OPTIONS=handle_abort=0 ../refuse $triage crashes c -- ../asan",
	{ "=c/k: UNDEFINED sent", "=c/a: UNDEFINED report-lost", "no report of it reached us: not rated",
	  "for a stack: ASAN_OPTIONS=abort_on_error=1 gdb -batch -ex 'run < c/a'" } },
{ 2, "ASAN_OPTIONS=handle_abort=0 $triage crashes --again c -- ../asan", { "=c/a: UNDEFINED report-lost" } },
{ 2, "../refuse $triage crashes c -- ../plain", { "=c/a: UNDEFINED no-report" } },
{ 2, "$triage crashes --again c -- ../plain", { "=c/a: NOT_EXPLOITABLE stopped-by-check" } },
{ 2, "rm c/k; $triage crashes c -- ../asan" },

/* A target that becomes another user, or may write no file. The report is lost, and the signal that our file brought
 * about is not the program's. */
CASE("test_no_right_to_report"),
BYTES("zZ"),
/* only root can become another */
{ 0, "if test $(id -u) = 0; then printf u > c/u; else printf c > c/u; fi" },
{ 2, "$triage crashes c -- ../asan",
	{ "=c/u: 3/3 heap-buffer-overflow", "=c/z: UNDEFINED report-lost", "=c/Z: 3/3 SIGXFSZ", "=c/Z: UNDEFINED sent" } },
{ 2, "$triage crashes c -- ../afl", { "=c/u: 3/3 heap-buffer-overflow", "=c/z: UNDEFINED report-lost" } },

/* What has no options of ours ends as its maker has it: that is no proof of health. */
CASE("test_no_options"),
BYTES("iy"),
{ 0, "$triage crashes c -- ../asan",
	{ ", 1 unknown, 1 did not die\n", "(nothing is deleted):\n     c/y",
	  "A sanitizer may have found a bug in these, but its report is lost; next: keep ASAN_OPTIONS ",
	  "c/i: exit status 1; a sanitizer that does not get our options ends in the same way",
	  "=c/i: unknown", "=c/y: known" } },
{ 0, "$triage crashes --junit=- c -- ../asan | grep 'errors=\"1\"'" },

/* ---- signals --------------------------------------------------------------------------------- */

CASE("test_handlers"),
BYTES("hj"),
{ 2, "$triage crashes c -- ../asan", { "=c/h: 3/3 SEGV", "=c/j: 3/3 SEGV" } },
/* what the user says holds, whichever variable it is said in */
{ 0, "ASAN_OPTIONS=handle_segv=1:allow_user_segv_handler=1 $triage crashes c -- ../asan", { "=c/h: 0/3" } },

/* Without a sanitizer the end is all there is. */
CASE("test_how_it_ended"),
#define ENDED "exit status 3, last words: \"caught\\x09a signal,\\x1b[31m leaving\"; it catches SIGSEGV, SIGFPE itself"
BYTES("hs"),
{ 2, "$triage crashes c -- ../plain",
	{ ENDED, "'-- TARGET @@' gives it as an argument", "=c/h: ended " ENDED "\n", "=c/s: 3/3 SIGSEGV" } },

/* ---- leaks ----------------------------------------------------------------------------------- */

CASE("test_leaks"),
LEAKS("c/poc", "", "asan"),
LEAKS("c/poc", "", "lsan"),
LEAKS("c/leak-1", "", "asan"),
LEAKS_NOT("c/poc", "ASAN_OPTIONS=detect_leaks=0", "asan"),
LEAKS_NOT("c/poc", "LSAN_OPTIONS=detect_leaks=0", "lsan"),
LEAKS_NOT("c/poc", "", "quiet"),
LEAKS("c/poc", "ASAN_OPTIONS=verbosity=0:detect_leaks=1", "quiet"),
LEAKS("c/poc", "LSAN_OPTIONS=detect_leaks=1", "quiet"),
LEAKS("c/id:000000,sig:00,src:000000,op:x", "", "quiet"),
LEAKS("c/id:000000,sig:00,src:000000,op:x", "", "afl"),
/* what died of a signal does so no longer when it only leaks */
LEAKS_NOT("c/id:000000,sig:06,src:000000,op:x", "", "asan"),
LEAKS("c/id:000000,sig:06,src:000000,op:x", "ASAN_OPTIONS=detect_leaks=1", "asan"),
LEAKS_NOT("c/poc", "", "plain"),

/* The campaign says so, and the same bytes have one answer under every name. */
CASE("test_leaks_of_campaign"),
{ 0, "mkdir -p o/m/crashes" },
PUT("o/m/crashes/id:000000,sig:06", "l"), PUT("o/m/crashes/another", "l"),
PUT("o/m/fuzzer_setup", "# environment variables:\nAFL_USE_LSAN=1\nAFL_PRELOAD=/nowhere.so\n# command line:\n"
	"'afl-fuzz' '--' './t'\n"),
{ 2, "$triage crashes o -- ../quiet 2>&1",
	{ "taken from the campaign: AFL_USE_LSAN\n", "=o/m/crashes/another: 3/3", "=o/m/crashes/id:000000,sig:06: 3/3",
	  "=taken from the campaign: AFL_USE_LSAN\n" } },

/* ---- names ----------------------------------------------------------------------------------- */

CASE("test_name"),
BYTES("e"), PUT("c/own.cfg", "e "),
{ 2, "$triage crashes c -- ../asan @@",
	{ "c/e: exit status 2, last words: \"e: not a .cfg\"", "--name='*.png' gives it another", "=c/own.cfg: 3/3",
	  "=c/e: 0/3", "=c/e: ended exit status 2, last words: \"e: not a .cfg\"\n" } },
{ 2, "$triage crashes --name=x.cfg c/e -- ../asan @@", { "reproduce: cp c/e x.cfg && ../asan x.cfg" } },
{ 2, "$triage crashes --name=x.cfg c/e -- ../afl @@", { "cp c/e x.cfg && ../afl x.cfg" } },
{ 2, "$triage crashes '--name=*.cfg' c -- ../afl @@", { "=c/e: 3/3" } },
{ 64, "$triage crashes --name=a/b c -- ../asan @@ 2>&1", { "--name=a/b: must be" } },

/* The same bytes are the same crash, whichever name it needs. */
CASE("test_twins"),
BYTES("e"), PUT("c/z.cfg", "e"), PUT("c/f.png", "e"),
{ 2, "$triage crashes c -- ../asan @@", { "=c/e: 3/3", "=c/z.cfg: 3/3", "=c/f.png: 3/3" } },
{ 0, "rm c/z.cfg; $triage crashes --again c -- ../asan @@", { "2 crash files: 0 die in every run, 2 did not die" } },

CASE("test_name_of_campaign"),
{ 0, "mkdir -p o/m/crashes; printf '../afl\\n@@\\n' > o/m/cmdline" },
PUT("o/m/crashes/id:000000,sig:06", "e"),
PUT("o/m/fuzzer_setup", "# command line:\n'afl-fuzz' '-i' 'in' '-e' 'cfg' '--' '../afl' '@@'\n"),
{ 2, "$triage crashes o", { "input.cfg && ../afl input.cfg", "=o/m/crashes/id:000000,sig:06: 3/3" } },

/* AFL++ put it where the target looks: our copy stands in for that, and nothing is written there. */
CASE("test_file_of_campaign"),
{ 0, "mkdir -p o/m/crashes; printf '../asan\n%s/x.cfg\n' $PWD > o/m/cmdline; "
     "printf \"# command line:\n'afl-fuzz' '-f' '%s/x.cfg' '--' '../asan'\n\" $PWD > o/m/fuzzer_setup" },
PUT("o/m/crashes/id:000000,sig:06", "e"),
{ 2, "$triage crashes o", { "sig:06 x.cfg && ../asan x.cfg" } },
{ 0, "test ! -e x.cfg" },

/* Where no argument names it either, our copy lies in the target's working directory. */
CASE("test_file_without_argument"),
{ 0, "mkdir -p o/m/crashes; printf '../opens\\n' > o/m/cmdline; "
     "printf \"# command line:\\n'afl-fuzz' '-f' 'x.cfg' '--' '../opens'\\n\" > o/m/fuzzer_setup" },
PUT("o/m/crashes/id:000000,sig:06", "c"),
{ 2, "$triage crashes o", { "/opens" } },
{ 2, "$triage crashes --again o", { "sig:06 x.cfg && " } },
{ 0, "test ! -e x.cfg" },
{ 0, "$triage crashes --again --cwd=. o" },

CASE("test_directory"),
BYTES("w"),
{ 0, "mkdir there; : > there/beside; $triage crashes c -- ../asan" },
{ 2, "$triage crashes --cwd=there c -- ../asan", { "reproduce: cd there && " } },
{ 2, "cd there; $triage crashes ../c -- ../../asan @@", { "1 dies in every run" } },
{ 64, "$triage crashes --cwd=nowhere c -- ../asan 2>&1", { "--cwd=nowhere: no such directory" } },

/* ---- limits ---------------------------------------------------------------------------------- */

CASE("test_limits"),
PUT("c/hog", "m"), PUT("c/hangs", "h"),
{ 2, "$triage crashes -m 64 -t 3 --json=json --sarif=sarif --junit=junit --html=html c -- ../hostile > text",
	{ "=c/hangs: UNDEFINED time-limit", "=c/hog: UNDEFINED memory-limit" } },
LIMITS_SAID("text"), LIMITS_SAID("json"), LIMITS_SAID("sarif"), LIMITS_SAID("junit"), LIMITS_SAID("html"),
{ 0, "cat text", { "0 die in every run, 2 stopped by our limits\n",
	"reproduce: timeout -s ABRT 3 ../hostile < c/hangs" } },

/* ---- results that are kept ------------------------------------------------------------------- */

/* Flaky is flaky the next time too; what did not die is run again. */
CASE("test_flaky_and_quiet"),
PUT("c/flaky", "F"), PUT("c/late", "L"),
{ 2, "COUNT_FILE=$PWD/count LATE_FILE=$PWD/late $triage crashes c -- ../hostile",
	{ "flaky, dies in 2 of 3  c/flaky", "=c/late: 0/3" } },
{ 2, "LATE_FILE=$PWD/late $triage crashes c -- ../hostile 2>&1",
	{ "2 crash files, 1 known from an earlier run", "1 dies in every run, 1 in some\n",
	  "flaky, dies in 2 of 3  c/flaky" } },
{ 2, "$triage crashes c -- ../hostile 2>&1", { "2 crash files, 2 known from an earlier run" } },

/* ---- files ----------------------------------------------------------------------------------- */

CASE("test_passed_over"),
{ 0, "mkdir -p d/deep/er d/queue d/corpus/a d/.git/x d/1/2/3/4/5/6/7/8/9 e k; mkfifo d/fifo; "
     "ln -s /nowhere d/link; ln -s .. d/up; ln -s crash-1 d/again; cp ../plain d/prog" },
{ 0, "cd d; for name in crash-1 minimized-from-2 testcase poc.json 0123456789abcdef0123 clusterfuzz-testcase-3 "
     "SIGABRT.PC.1.fuzz deep/er/oom-4; do printf p > $name; done" },
{ 0, "cd d; for name in README.md HONGGFUZZ.REPORT.TXT .hidden x.dict fuzz.c crash-1.txt queue/id:1 corpus/a/b "
     ".git/x/y 1/2/3/4/5/6/7/8/9/crash-9; do printf p > $name; done" },
{ 2, "$triage crashes d -- ../hostile",
	{ "=9 crashes", "=d/crash-1: 3/3", "=d/minimized-from-2: 3/3", "=d/testcase: 3/3", "=d/poc.json: 3/3",
	  "=d/0123456789abcdef0123: 3/3", "=d/clusterfuzz-testcase-3: 3/3", "=d/SIGABRT.PC.1.fuzz: 3/3",
	  "=d/deep/er/oom-4: 3/3", "=d/again: 3/3", "14 files passed over:", "d/fifo, d/link, d/up",
	  "d/corpus/, d/queue/",
	  "=read-me: 2 passed over", "=hidden: 2 passed over", "=dictionary: 1 passed over", "=report: 1 passed over",
	  "=depth: 1 passed over", "=no-file: 3 passed over", "=source: 2 passed over", "=corpus: 2 passed over" } },
PUT("e/README", "x"),
{ 3, "$triage crashes e -- ../hostile 2>&1", { "e/README" } },
/* where all are sources, they are a compiler's crashes */
PUT("k/a.c", "p"), PUT("k/b.c", "p"),
{ 2, "$triage crashes k -- ../hostile", { "2 crash files" } },
CASES_END };
/* clang-format on */

int main(void)
{
	struct CMUnitTest tests[LENGTH(rows)];
	size_t count = cases_add(tests, rows, enter, NULL, crash_facts);

	read_tier();
	return _cmocka_run_group_tests(
		"triage crashes on targets", tests, count, compile_targets, tear_down);
}
