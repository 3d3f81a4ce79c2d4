/* SPDX-License-Identifier: Apache-2.0
 * How triage crashes groups what programs with shared helpers die of: by replay, from saved reports, and held
 * against labels. */
#include "sandbox.h"

static int compile_targets(void **state)
{
	AUTO_FREE char *said = NULL;

	(void)state;
	assert_int_equal(enter_scratch(), 0);
	make_refuse();
	said = expect(0,
		"clang -w -g -O1 -fsanitize=address -o asan $home/triage/crashes/testdata/grouped.c && "
		"gcc -w -g -O1 -o plain $home/triage/crashes/testdata/grouped.c");
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

static void test_helpers(void **state)
{
	AUTO_FREE char *said = NULL;
	AUTO_JSON json_t *run = NULL;

	(void)state;
	put_bugs("mt012sklw");
	said = expect(2, "$triage crashes c -- ../asan 2>&1");
	run = newest();
	assert_int_equal(buckets(run), 7);
	assert_title(run, "/m", "READ in decode_mail");
	assert_title(run, "/t", "READ in decode_time");
	assert_title(run, "/0", "READ in decode_name");
	assert_ptr_equal(bucket_of(run, "/0"), bucket_of(run, "/1"));
	assert_ptr_equal(bucket_of(run, "/0"), bucket_of(run, "/2"));
	assert_title(run, "/s", "in check_size");
	assert_title(run, "/k", "in check_kind");
	assert_title(run, "/l", "assertion-failed in load_row");
	assert_title(run, "/w", "assertion-failed in store_row");
	assert_says(said, "lines near each other");
	assert_says(said, "frames passed over: get_be16");
	assert_says(said, "report_fatal");
	assert_says(said, "it said: Assertion `");
	/* the stack is shown from where it matters on */
	assert_says(said, " load_row ");
	assert_null(strstr(said, "#0 __pthread_kill"));
}

/* What two crashes are told apart by is still known when they are read back. */
static void test_sides(void **state)
{
	(void)state;
	put("sides.c",
		"#include <stdio.h>\n#include <stdlib.h>\n"
		"__attribute__((noinline)) static void fill(char *block, int c)\n{\n"
		"	if (c == 'A')\n		block[5] = 1;\n	if (c == 'B')\n		block[-2] = 1;\n}\n"
		"int main(void) { char *block = malloc(4); fill(block, getchar()); free(block); return 0; }\n");
	put("c/past", "A");
	put("c/before", "B");
	expect_says(2, "2 buckets; 1 family",
		"clang -g -O0 -fsanitize=address sides.c -o sides && $triage crashes c -- ./sides");
	expect_says(0, "one goes past an object's end, the other before its beginning",
		"$triage why c/past c/before");
}

static void test_untold(void **state)
{
	AUTO_FREE char *said = NULL;
	AUTO_FREE char *cleanup = NULL;
	AUTO_JSON json_t *run = NULL;

	(void)state;
	put_bugs("nis");
	put("c/n2", "n");
	said = expect(2, "../refuse $triage crashes c -- ../plain 2>&1");
	run = newest();
	assert_says(said, "4 crashes without a stack: ptrace is refused here; next: ");
	assert_says(said, "0 buckets");
	assert_says(said, "3 heaps of crashes that cannot be told apart");
	assert_says(said,
		"no stack, so crashes like these cannot be told apart and may be several bugs");
	assert_says(said, "for a stack: gdb -batch -ex 'run < c/n2' -ex bt ../plain");
	assert_null(strstr(said, "died alike"));
	assert_int_equal(buckets(run), 3);
	assert_string_equal(string(bucket_of(run, "/n"), "untold"), "no stack");
	put_bugs("c");
	cleanup = expect(2, "$triage crashes c/c -- ../asan 2>&1");
	assert_says(cleanup, "a check that fails at the program's end says nothing of its cause");
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

static void test_score(void **state)
{
	AUTO_FREE char *right = NULL;
	AUTO_FREE char *twice = NULL;
	AUTO_FREE char *wrong = NULL;

	(void)state;
	put_bugs("mt012lw");
	save_reports("mt012lw");
	put("right.tsv",
		"m.txt\tmail\nt.txt\ttime\n0.txt\tname\n1.txt\tname\n2.txt\tname\tby hand\nl.txt\tload\n"
		"w.txt\tstore\nabsent.txt\tmail\n");
	right = expect(2, "$triage crashes --reports --score=right.tsv r 2>&1");
	assert_says(right, "labelled crashes: 7; labels without a crash here: 1");
	assert_says(right,
		"buckets                             5     1.0000  1.0000      1.0000  1.0000  1.0000");
	assert_says(right, "buckets of several labels: 0");
	/* one label twice counts once, whatever the file is called; two have no answer */
	free(expect(0,
		"cp right.tsv twice.tsv; printf 'm.txt\\tmail\\nr/0.txt\\tname\\n' >> twice.tsv"));
	twice = expect(2, "$triage crashes --reports --score=twice.tsv r 2>&1");
	assert_says(twice,
		"labelled crashes: 7; labels without a crash here: 1; crashes without a label: 0\n");
	expect_says(64, "twice.tsv: m.txt has two labels, mail and time; next: keep one",
		"printf 'm.txt\\ttime\\n' >> twice.tsv; $triage crashes --reports --score=twice.tsv r 2>&1");
	put("wrong.tsv", "m.txt\tbug\nt.txt\tbug\n0.txt\tone\n1.txt\tanother\n");
	wrong = expect(2, "$triage crashes --reports --score=wrong.tsv r 2>&1");
	assert_says(wrong, "buckets of several labels: 1");
	assert_says(wrong, "together because: same function, same caller, lines near each other");
	assert_says(wrong, "labels in several buckets: 1");
	assert_says(wrong, "other functions are at fault");
	expect_says(3, "no label of a crash that is here",
		"echo 'x\tbug' > x.tsv; $triage crashes --reports --score=x.tsv r 2>&1");
	expect_says(64, "absent.tsv: No such file",
		"$triage crashes --reports --score=absent.tsv r 2>&1");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST_OF_CRASHES(test_helpers),
		TEST_OF_CRASHES(test_sides),
		TEST_OF_CRASHES(test_untold),
		TEST_OF_CRASHES(test_saved),
		TEST_OF_CRASHES(test_same_keys),
		TEST_OF_CRASHES(test_score),
	};

	read_tier();
	return cmocka_run_group_tests_name(
		"grouping of triage crashes", tests, compile_targets, tear_down);
}
