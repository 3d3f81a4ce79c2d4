/* SPDX-License-Identifier: Apache-2.0
 * triage crashes on targets that misbehave: every way in which a target, a directory or a machine can be
 * bad, with real processes. */
#include "crashes/sandbox.h"

#include "testing/cases.h"
#include "testing/crash_facts.h"

static int compile_targets(void **state)
{
	(void)state;
	setenv("files", full_tier ? "50000" : "2000", 1);
	assert_int_equal(enter_scratch(), 0);
	free(expect(0,
		"clang -w -O1 -o hostile $home/triage/crashes/testdata/hostile.c && "
		"clang -w -O1 -DNEW_FORKSERVER -o served $home/triage/crashes/testdata/hostile.c && "
		"AFL_QUIET=1 afl-clang-fast -w -O1 -o afl $home/triage/crashes/testdata/hostile.c"));
	return 0;
}

/* clang-format off */
/* All of it through each way of running: a process an input, AFL++'s own forkserver, the new protocol. At the end
 * nobody of what was left behind is there any more. */
#define MISBEHAVES(target, how) \
	PUT("c/hangs", "h"), PUT("c/closes", "C"), PUT("c/closes-and-hangs", "c"), PUT("c/quiet", "q"), \
	PUT("c/plain", "p"), PUT("c/chats", "g8"), PUT("c/new\nline", "p2"), PUT("c/forks", "f"), \
	{ 2, "PID_FILE=$PWD/pids $triage crashes -t 1 c -- ../" target " 2>&1", \
		{ "=c/hangs: 1/1 timeout", "=c/closes-and-hangs: 1/1 timeout", "=c/closes: 3/3 ABRT", \
		  "=c/chats: 3/3 heap-buffer-overflow", "=c/forks: 3/3", "=c/plain: 3/3", "=c/new\\x0aline: 3/3", \
		  "=c/quiet: 0/3", "Did not die in any of 3 runs (nothing is deleted):", "c/new\\x0aline", how } }, \
	{ 0, "test -e c/quiet && test -s pids && " \
	     "for p in $(cat pids); do ! kill -0 $p 2>/dev/null || { echo $p lives; exit 1; }; done" }

#define FOUND(directory, words) { 2, "$triage crashes " directory " -- ../hostile", { words } }
#define BAD_TARGET(code, target, words) { code, "$triage crashes c -- " target " 2>&1", { words } }
#define USAGE(code, arguments, words) { code, "$triage crashes " arguments " 2>&1", { words } }

static const struct row rows[] = {
/* ---- what targets do ------------------------------------------------------------------------- */

CASE("test_processes"), MISBEHAVES("hostile", "a new process each"),
CASE("test_forkserver"), MISBEHAVES("afl", "through the target's forkserver"),
CASE("test_new_forkserver"), MISBEHAVES("served", "through the target's forkserver"),

/* What is kept of gigabytes is bounded, and the report in them is found. */
CASE("test_gigabytes"),
PUT("c/chats", "g30"),
{ FULL | 0, "printf g1500 > c/chats" },
{ 2, "command -v /usr/bin/time >/dev/null && exec /usr/bin/time -o peak -f %M $triage crashes -j 1 -t 60 c "
     "-- ../hostile 2>&1 || exec $triage crashes -t 60 c -- ../hostile 2>&1",
	{ "behind_gigabytes", "=c/chats: 3/3" } },
{ 0, "test ! -e peak || test $(tail -n 1 peak) -lt 65536" },

CASE("test_memory"),
PUT("c/hog", "m"),
{ 2, "$triage crashes -m 64 -t 30 c -- ../hostile",
	{ "it exceeded the limit of 64 MiB; -m 0 lifts the limit", "=c/hog: 3/3 memory-limit" } },

CASE("test_flaky"),
PUT("c/flaky", "F"),
{ 2, "COUNT_FILE=$PWD/count $triage crashes c -- ../hostile", { "0 die in every run, 1 in some\n", "=c/flaky: 2/3" } },

/* A target that kills who runs it takes down one worker, not the triage. */
CASE("test_kills_parent"),
PUT("c/killer", "K"), PUT("c/plain", "p"), PUT("c/plain2", "p2"),
{ 1, "$triage crashes c -- ../hostile 2>&1",
	{ "1 files could not be run", "=c/plain: 3/3", "=c/plain2: 3/3", "=c/killer: state waiting" } },

CASE("test_file_argument"),
PUT("c/plain", "p"),
{ 2, "$triage crashes c -- ../hostile @@ </dev/null", { "reproduce: ../hostile c/plain", "=c/plain: 3/3" } },
{ 2, "$triage crashes c -- ../hostile", { "reproduce: ../hostile < c/plain" } },

/* ---- what directories do --------------------------------------------------------------------- */

/* The first crash's run deletes the last one's file. */
CASE("test_deleted"),
PUT("c/a", "dc/z\n"), PUT("c/z", "p"),
{ 2, "$triage crashes -j 1 c -- ../hostile", { "1 deleted meanwhile", "=c/z: state gone" } },

/* AFL++'s, libFuzzer's, honggfuzz's, anybody's. */
CASE("test_names"),
{ 0, "mkdir -p o/a/crashes o/b/crashes o/b/crashes.2026-01-01-10:00:00 o/b/queue o/b/hangs l h p; for name in "
     "o/a/crashes/id:000000,sig:06 o/a/crashes/README.txt o/b/crashes/id_000001 "
     "o/b/crashes.2026-01-01-10:00:00/id:000002 o/b/crashes/d41d8cd98f00b204e9800998ecf8427e "
     "o/b/queue/id:000003 o/b/hangs/id:4 "
     "l/crash-1 l/oom-2 l/timeout-3 l/leak-4 l/slow-unit-5 l/seed l/Makefile "
     "h/SIGSEGV.PC.1.fuzz h/HONGGFUZZ.REPORT.TXT p/poc1 p/.hidden p/README.txt p/poc2; do printf p > $name; done" },
FOUND("o", "4 crash files: 4 die"),
FOUND("o/b", "3 crash files: 3 die"),
FOUND("o/a/crashes", "1 crash file: 1 die"),
FOUND("l", "6 crash files: 6 die"),
FOUND("h", "1 crash file: 1 die"),
FOUND("p", "2 crash files: 2 die"),

/* What AFL++ was told to run is what is run. */
CASE("test_cmdline"),
{ 0, "mkdir -p o/default/crashes; printf '../hostile\\n@@\\n' > o/default/cmdline" },
PUT("o/default/crashes/id:0", "p"),
{ 2, "$triage crashes o", { "reproduce: ../hostile o/default/crashes/id:0" } },
{ 2, "$triage crashes o -- ../afl", { "reproduce: ../afl o/default/crashes/id:0" } },

CASE("test_fifty_thousand"),
{ 0, "cd c && seq 1 $files | awk '{ f = \"id:\" $1; print \"k\" ($1 % 9) ($1 % 9) ($1 % 10) > f; close(f) }'" },
{ 2, "$triage crashes c -- ../served > said; code=$?; grep -q \"^$files crash files: $files die in every run\" said && "
     "exit $code", { "=9 buckets" } },
{ 0, "test $(grep -o '\"crashed\": ' runs/*/crashes.json | wc -l) = $files" },

/* ---- what machines and people do ------------------------------------------------------------- */

CASE("test_bad_target"),
PUT("c/plain", "p"), PUT("text", "#!/bin/sh\n"), PUT("garbage", "\177garbage"), { 0, "chmod 755 garbage" },
BAD_TARGET(64, "./missing", "No such file"),
BAD_TARGET(64, "./text", "not an executable file"),
BAD_TARGET(64, "./c", "not an executable file"),
BAD_TARGET(1, "./garbage", "Exec format error"),
BAD_TARGET(64, "no-such-program", "no such program"),

CASE("test_usage"),
PUT("c/plain", "p"), PUT("bad", "# fine\nfrobnicate x\n"), { 0, "mkdir empty" },
USAGE(64, "", "no DIR given"),
USAGE(64, "c --", "no TARGET after --"),
USAGE(64, "c", "no TARGET given"),
USAGE(64, "missing -- ../hostile", "No such file"),
USAGE(64, "-t 0 c -- ../hostile", "must be a whole number"),
USAGE(64, "-t 1x c -- ../hostile", "must be a whole number"),
USAGE(64, "-j 0 c -- ../hostile", "must be a whole number"),
USAGE(64, "-m -1 c -- ../hostile", "must be a whole number"),
USAGE(64, "--frobnicate c -- ../hostile", "--help"),
USAGE(64, "--json --html c -- ../hostile", "only one format"),
USAGE(64, "--ignore=missing c -- ../hostile", "No such file"),
USAGE(64, "--ignore=bad c -- ../hostile", "bad:2: must be"),
USAGE(3, "empty -- ../hostile", "no crash files in empty"),
USAGE(0, "--help", "Usage:"),

/* root may write anywhere, so runs/ is a file here. */
CASE("test_read_only"),
PUT("c/plain", "p"), PUT("runs", ""),
{ 1, "$triage crashes c -- ../hostile 2>&1", { "runs/ cannot be written to" } },
{ 1, "rm runs; $triage crashes --html=/proc/none/x.html c -- ../hostile 2>&1",
	{ "/proc/none/x.html: No such file", "plain_bug" } },

/* One that is done when the signal comes is kept, and is not run again. */
CASE("test_interrupt"),
PUT("c/a", "p"), PUT("c/b", "h"), PUT("c/c", "p2"),
{ 130, "$triage crashes -j 1 -t 60 c -- ../hostile 2>&1 & p=$!; "
       "until grep -q c/a runs/*/journal.jsonl 2>/dev/null; do sleep 0.05; done; kill -INT $p; wait $p",
	{ "2 not run yet", "the results so far are kept" } },
/* another limit, another result */
{ 2, "$triage crashes -t 1 c -- ../hostile 2>&1", { "!known from an earlier run" } },
{ 2, "rm c/b; $triage crashes -j 1 -t 60 c -- ../hostile 2>&1",
	{ "2 crash files, 1 known from an earlier run", ": 3 runs, " } },

CASE("test_only_new"),
PUT("c/a", "k11"), PUT("c/b", "q"),
{ 2, "$triage crashes c -- ../hostile 2>&1" },
PUT("c/c", "k22"), PUT("c/d", "k11"),
/* what was cut off in the middle of a line is as if it were not there */
{ 0, "printf '{\"input\": \"c/x' >> $(ls runs/*/journal.jsonl)" },
/* the new bug is run, and what did not die the last time */
{ 2, "$triage crashes c -- ../hostile 2>&1",
	{ "4 crash files, 2 known from an earlier run", ": 6 runs, ", "2 buckets" } },
{ 2, "$triage crashes --again c -- ../hostile 2>&1", { ": 9 runs, " } },
CASES_END };
/* clang-format on */

int main(void)
{
	struct CMUnitTest tests[LENGTH(rows)];
	size_t count = cases_add(tests, rows, enter, NULL, crash_facts);

	read_tier();
	return _cmocka_run_group_tests("triage crashes", tests, count, compile_targets, tear_down);
}
