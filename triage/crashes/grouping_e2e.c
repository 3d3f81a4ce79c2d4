/* SPDX-License-Identifier: Apache-2.0
 * How triage crashes groups what programs with shared helpers die of: by replay, from saved reports, and held
 * against labels. */
#include "sandbox.h"

#include "testing/cases.h"
#include "testing/crash_facts.h"

static int compile_targets(void **state)
{
	(void)state;
	assert_int_equal(enter_scratch(), 0);
	make_refuse();
	free(expect(0,
		"clang -w -g -O1 -fsanitize=address -o asan $home/triage/crashes/testdata/grouped.c && "
		"gcc -w -g -O1 -o plain $home/triage/crashes/testdata/grouped.c"));
	return 0;
}

/* A crash file of each of @bugs, named by its byte. */
static void put_bugs(const char *bugs)
{
	for (const char *bug = bugs; *bug != '\0'; bug++) {
		AUTO_FREE char *path = format("c/%c", *bug);
		AUTO_FREE char *text = format("%czzzzzzz", *bug);

		put(path, text);
	}
}

static const json_t *bucket_of(const json_t *run, const char *name)
{
	size_t i, k;
	const json_t *bucket, *member, *crash = crash_named(run, name);

	json_array_foreach(json_object_get(run, "buckets"), i, bucket) {
		json_array_foreach(json_object_get(bucket, "members"), k, member) {
			if (json_array_get(json_object_get(run, "crashes"),
				    (size_t)json_integer_value(member)) == crash)
				return bucket;
		}
	}
	fail_msg("%s is in no bucket", name);
	return NULL;
}

static void assert_title(const json_t *run, const char *name, const char *words)
{
	const char *title = string(bucket_of(run, name), "title");

	if (strstr(title, words) == NULL)
		fail_msg("%s: \"%s\" is not in \"%s\"", name, words, title);
}

/* What a target printed, saved by somebody else. */
static void save_reports(const char *bugs)
{
	free(expect(0,
		"mkdir -p r && for bug in $(echo %s | fold -w1); do "
		"ASAN_OPTIONS=handle_abort=1 ../asan < c/$bug > r/$bug.txt 2>&1; done; true",
		bugs));
}

static void test_saved(void **state)
{
	static const char bugs[] = "mt012sklwc";
	AUTO_FREE char *said = NULL;
	AUTO_JSON json_t *replayed = NULL;
	AUTO_JSON json_t *saved = NULL;

	(void)state;
	put_bugs(bugs);
	free(expect(2, "$triage crashes c -- ../asan 2>&1"));
	replayed = newest();
	save_reports(bugs);
	free(expect(2, "$triage crashes --reports r 2>&1"));
	saved = newest();
	assert_int_equal(buckets(saved), buckets(replayed));
	for (const char *bug = bugs; *bug != '\0'; bug++) {
		AUTO_FREE char *crash = format("/%c", *bug);
		AUTO_FREE char *report = format("/%c.txt", *bug);

		assert_string_equal(string(bucket_of(saved, report), "id"),
			string(bucket_of(replayed, crash), "id"));
		assert_string_equal(string(bucket_of(saved, report), "severity"),
			string(bucket_of(replayed, crash), "severity"));
	}
	/* one log of several processes, and one of none */
	free(expect(0,
		"mkdir logs && cat r/m.txt r/l.txt r/t.txt > logs/ci.log; echo fine > logs/ok.log"));
	free(expect(2, "$triage crashes --reports logs 2>&1"));
	json_decref(saved);
	saved = newest();
	assert_int_equal(buckets(saved), 3);
	assert_title(saved, "ci.log#2", "assertion-failed in load_row");
	assert_died(saved, "ok.log", 0, 1);
	free(expect(0, "$triage crashes --reports logs/ok.log 2>&1"));
	/* what is no text, and what is too long, is said */
	said = expect(2,
		"mkfifo logs/fifo && ln -s ../r/m.txt logs/link && for i in $(seq 4200); do "
		"sed \"s/^==[0-9]*==/==$i==/\" r/m.txt | grep -m1 ERROR; done > logs/long.log; "
		"$triage crashes --reports logs 2>&1");
	assert_says(said, "1 saved text is longer than 64 MiB or of more than 4096 processes");
	assert_says(said, "1 file passed over:\n");
	assert_says(said, "logs/fifo");
	assert_says(said, "4101 saved texts: 4100 with a report, 1 without\n");
	assert_says(said, "Without a report:\n     logs/ok.log\n");
	free(expect(64, "$triage crashes --reports absent 2>&1"));
}

/* A key is of the bug, not of who compiled the program and who watched it. */
static void test_same_keys(void **state)
{
	static const char *const builds[] = { "gcc -fsanitize=address",
		"clang -fsanitize=undefined" };
	static const char bugs[] = "mklwn";
	AUTO_JSON json_t *first = NULL;

	(void)state;
	put_bugs(bugs);
	free(expect(2, "$triage crashes c -- ../asan 2>&1"));
	first = newest();
	for (size_t i = 0; i < LENGTH(builds); i++) {
		AUTO_JSON json_t *run = NULL;

		free(expect(2,
			"%s -w -g -O1 -o other $home/triage/crashes/testdata/grouped.c && "
			"$triage crashes c -- ./other 2>&1",
			builds[i]));
		run = newest();
		/* the over-read is AddressSanitizer's to see */
		for (const char *bug = bugs + (i == 1); *bug != '\0'; bug++) {
			AUTO_FREE char *crash = format("/%c", *bug);

			assert_string_equal(string(bucket_of(run, crash), "id"),
				string(bucket_of(first, crash), "id"));
		}
	}
}

/* clang-format off */
/* A crash file of each of @bugs, named by its byte; and what a target printed, saved by somebody else. */
#define BUGS(bugs) { 0, "for bug in $(echo " bugs " | fold -w1); do printf ${bug}zzzzzzz > c/$bug; done" }
#define SAVED(bugs) \
	{ 0, "mkdir -p r && for bug in $(echo " bugs " | fold -w1); do " \
	     "ASAN_OPTIONS=handle_abort=1 ../asan < c/$bug > r/$bug.txt 2>&1; done; true" }
#define SCORE(code, labels, ...) { code, "$triage crashes --reports --score=" labels " r 2>&1", { __VA_ARGS__ } }

static const struct row rows[] = {
/* A program in C++ whose labels are proven by mending. */
FULL_CASE("test_labelled"),
{ 0, "cd $home && build/bin/labelled_bench 2 stripped", { "24 of 24 labels proven by mending" } },
{ 0, "cd $home && build/bin/labelled_bench 2 asan", { "24 of 24 bugs", "24 of 24 labels proven by mending" } },

/* The stack is shown from where it matters on. */
CASE("test_helpers"),
BUGS("mt012sklw"),
{ 2, "$triage crashes c -- ../asan 2>&1",
	{ "=7 buckets", "=c/m: title heap-buffer-overflow READ in decode_mail",
	  "=c/t: title heap-buffer-overflow READ in decode_time", "=c/0: title heap-buffer-overflow READ in decode_name",
	  "=bucket of c/0 c/1 c/2\n", "=c/s: title ABRT in check_size", "=c/k: title ABRT in check_kind",
	  "=c/l: title assertion-failed in load_row", "=c/w: title assertion-failed in store_row",
	  "lines near each other", "skipped frames: get_be16", "report_fatal", "it said: Assertion `", " load_row ",
	  "!#0 __pthread_kill" } },

/* What two crashes are told apart by is still known when they are read back. */
CASE("test_sides"),
PUT("sides.c",
	"#include <stdio.h>\n#include <stdlib.h>\n"
	"__attribute__((noinline)) static void fill(char *block, int c)\n{\n"
	"	if (c == 'A')\n		block[5] = 1;\n	if (c == 'B')\n		block[-2] = 1;\n}\n"
	"int main(void) { char *block = malloc(4); fill(block, getchar()); free(block); return 0; }\n"),
PUT("c/past", "A"), PUT("c/before", "B"),
{ 2, "clang -g -O0 -fsanitize=address sides.c -o sides && $triage crashes c -- ./sides",
	{ "2 buckets; 1 family" } },
{ 0, "$triage crashes --why c/past c/before", { "one goes past an object's end, the other before its beginning" } },

CASE("test_untold"),
BUGS("nis"), PUT("c/n2", "n"),
{ 2, "../refuse $triage crashes c -- ../plain 2>&1",
	{ "4 crashes without a stack, because ptrace is forbidden here; next: ", "0 buckets", "3 heaps of crashes that cannot be told apart",
	  "no stack, so crashes like these cannot be told apart and may be several bugs",
	  "for a stack: gdb -batch -ex 'run < c/n2' -ex bt ../plain", "!died alike", "=3 buckets",
	  "=c/n: untold no stack\n" } },
BUGS("c"),
{ 2, "$triage crashes c/c -- ../asan 2>&1",
	{ "a check that fails at the program's end does not show the cause" } },

CASE("test_score"),
BUGS("mt012lw"), SAVED("mt012lw"),
PUT("right.tsv",
	"m.txt\tmail\nt.txt\ttime\n0.txt\tname\n1.txt\tname\n2.txt\tname\tby hand\nl.txt\tload\n"
	"w.txt\tstore\nabsent.txt\tmail\n"),
SCORE(2, "right.tsv", "labelled crashes: 7; labels without a crash here: 1", "buckets of several labels: 0",
	"buckets                         5    1.0000  1.0000     1.0000  1.0000  1.0000"),
/* one label twice counts once, whatever the file is called; two have no answer */
{ 0, "cp right.tsv twice.tsv; printf 'm.txt\\tmail\\nr/0.txt\\tname\\n' >> twice.tsv" },
SCORE(2, "twice.tsv", "labelled crashes: 7; labels without a crash here: 1; crashes without a label: 0\n"),
{ 0, "printf 'm.txt\\ttime\\n' >> twice.tsv" },
SCORE(64, "twice.tsv", "twice.tsv: m.txt has two labels, mail and time; next: keep one"),
PUT("wrong.tsv", "m.txt\tbug\nt.txt\tbug\n0.txt\tone\n1.txt\tanother\n"),
SCORE(2, "wrong.tsv", "buckets of several labels: 1", "labels in several buckets: 1",
	"together because: same function, same caller, lines near each other", "other functions are at fault"),
PUT("x.tsv", "x\tbug\n"),
SCORE(3, "x.tsv", "no label names a crash of this run"),
SCORE(64, "absent.tsv", "absent.tsv: No such file"),
CASES_END };
/* clang-format on */

int main(void)
{
	struct CMUnitTest tests[LENGTH(rows) + 2] = {
		TEST_OF_CRASHES(test_saved),
		TEST_OF_CRASHES(test_same_keys),
	};
	size_t count = 2 + cases_add(&tests[2], rows, enter, NULL, crash_facts);

	read_tier();
	return _cmocka_run_group_tests(
		"grouping of triage crashes", tests, count, compile_targets, tear_down);
}
