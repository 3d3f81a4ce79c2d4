/* SPDX-License-Identifier: Apache-2.0
 * Saved reports as CI keeps them: several a file, compressed, in directories within directories, hostile, and when
 * they were printed. */
#include "crashes/sandbox.h"

#define ASAN(function, line) \
	"==7==ERROR: AddressSanitizer: SEGV on unknown address 0x10 (pc 0x1 T0)\n    #0 0x1 in " function \
	" a.c:" line "\n    #1 0x2 in main a.c:99\n"
#define PANIC(function, line) \
	"panic: boom\n\ngoroutine 1 [running]:\nmain." function "()\n\t/src/a.go:" line \
	" +0x1\nexit status 2\n"

static int make_directory(void **state)
{
	(void)state;
	return enter_scratch();
}

/* Each kind of file says the same as the plain one does. */
static void test_compressed(void **state)
{
	static const char *const commands[] = { "gzip -c", "xz -c", "zstd -qc", "bzip2 -c", "cat" };
	AUTO_JSON json_t *run = NULL;

	(void)state;
	free(expect(0, "mkdir -p ci/job-1/logs/deep"));
	put("plain", ASAN("store", "3"));
	for (size_t i = 0; i < LENGTH(commands); i++)
		free(expect(0, "%s < plain > ci/job-1/logs/deep/%zu.log", commands[i], i));
	free(expect(2, "$triage crashes --reports ci 2>&1"));
	run = newest();
	assert_int_equal(json_array_size(json_object_get(run, "buckets")), 1);
	for (size_t i = 0; i < LENGTH(commands); i++) {
		AUTO_FREE char *name = format("deep/%zu.log", i);

		assert_died(run, name, 1, 1);
	}
}

/* What unpacks to gigabytes is read as far as a plain file is; what is damaged, and what no tool is there for, is
 * said. */
static void test_hostile(void **state)
{
	AUTO_FREE char *said = NULL;

	(void)state;
	free(expect(0, "mkdir h"));
	put("h/plain", ASAN("store", "3"));
	free(expect(0,
		"cd h && head -c 300M /dev/zero | tr '\\0' '\\n' | gzip -1 > bomb && printf '\\037\\213\\010bad' > bad && gzip plain"));
	/* all of it would not fit */
	said = expect(2, "ulimit -v 400000; $triage crashes --reports h 2>&1");
	assert_says(said, "1 saved text is longer than 64 MiB");
	assert_says(said, "1 with a report, 1 without, 1 unreadable");
	free(said);
	said = expect(3,
		"mkdir none n && cp h/plain.gz n && PATH=$PWD/none $triage crashes --reports n 2>&1");
	assert_says(said, "compressed files are not read; next: install gzip");
}

/* Reports without a process id: each of the same tool is another's. */
static void test_several(void **state)
{
	AUTO_JSON json_t *run = NULL;

	(void)state;
	free(expect(0, "mkdir s"));
	put("s/go.log", PANIC("one", "3") PANIC("two", "9") "fine\n" PANIC("two", "9"));
	put("s/rust.log",
		"thread 'a' panicked at src/a.rs:3:4:\nboom\nstack backtrace:\n   0: a::f\n"
		"thread 'a' panicked at core/src/panicking.rs:3:4:\npanic in a function that cannot unwind\n"
		"==9==ERROR: libFuzzer: deadly signal\n    #0 0x1 in a::f src/a.rs:3\n"
		"thread 'b' panicked at src/b.rs:5:4:\nbang\nstack backtrace:\n   0: a::g\n");
	free(expect(2, "$triage crashes --reports s 2>&1"));
	run = newest();
	assert_int_equal(json_array_size(json_object_get(run, "crashes")), 5);
	assert_int_equal(json_array_size(json_object_get(run, "buckets")), 4);
	assert_died(run, "go.log#3", 1, 1);
	assert_died(run, "rust.log#2", 1, 1);
}

static json_int_t seen(const json_t *run, const char *name)
{
	return json_integer_value(json_object_get(crash_named(run, name), "seen"));
}

/* The text's own time, else the file's. */
static void test_times(void **state)
{
	AUTO_FREE char *html = NULL;
	AUTO_JSON json_t *run = NULL;

	(void)state;
	free(expect(0, "mkdir t"));
	put("t/stamped.log",
		"2031-04-05T06:07:08.1Z panic: boom\n2031-04-05T06:07:08.2Z \n2031-04-05T06:07:08.2Z goroutine 1 [running]:\n"
		"2031-04-05T06:07:08.3Z main.f()\n2031-04-05T06:07:08.3Z \t/a.go:3\n"
		"2031-04-06T06:07:08.1Z panic: boom\n2031-04-06T06:07:08.2Z \n2031-04-06T06:07:08.2Z goroutine 1 [running]:\n"
		"2031-04-06T06:07:08.3Z main.f()\n2031-04-06T06:07:08.3Z \t/a.go:3\n");
	put("t/plain.log", ASAN("store", "3"));
	free(expect(0, "touch -d 2031-04-07T00:00:00Z t/plain.log"));
	free(expect(2, "$triage crashes --reports --html=t.html t 2>&1"));
	run = newest();
	assert_int_equal(seen(run, "stamped.log"), 1933135628);
	assert_int_equal(seen(run, "stamped.log#2"), 1933135628 + 86400);
	assert_int_equal(seen(run, "plain.log"), 1933286400);
	html = expect(0, "cat t.html");
	assert_says(html, "Time line");
	assert_says(html, "2031-04-05 06:07");
}

int main(void)
{
	const struct CMUnitTest tests[] = { TEST_OF_CRASHES(test_compressed),
		TEST_OF_CRASHES(test_hostile), TEST_OF_CRASHES(test_several),
		TEST_OF_CRASHES(test_times) };

	read_tier();
	return cmocka_run_group_tests_name(
		"saved reports of triage crashes", tests, make_directory, tear_down);
}
