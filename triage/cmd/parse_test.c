// SPDX-License-Identifier: Apache-2.0
// triage parse as its users see it: exit codes, messages, JSON Lines, nothing for the terminal.
#include "parse.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>
#include <jansson.h>

struct measurement {
	int code;
	char out[65536], err[4096];
};

static void read_back(FILE *file, char *text, size_t size)
{
	size_t n;

	rewind(file);
	n = fread(text, 1, size - 1, file);
	text[n] = '\0';
	fclose(file);
}

// cmd_parse() with these arguments and stdin, with both streams caught.
static struct measurement *run(const char *input, size_t n, int argc, const char **argv)
{
	static struct measurement result;
	FILE *in = tmpfile(), *out = tmpfile(), *err = tmpfile();
	int saved[3];

	assert_true(in && out && err);
	fwrite(input, 1, n, in);
	rewind(in);
	fflush(stdout);
	fflush(stderr);
	for (int fd = 0; fd < 3; fd++)
		saved[fd] = dup(fd);
	dup2(fileno(in), 0);
	dup2(fileno(out), 1);
	dup2(fileno(err), 2);
	clearerr(stdin);
	result.code = cmd_parse(argc, (char **)(uintptr_t)argv);
	fflush(stdout);
	fflush(stderr);
	for (int fd = 0; fd < 3; fd++) {
		dup2(saved[fd], fd);
		close(saved[fd]);
	}
	fclose(in);
	read_back(out, result.out, sizeof(result.out));
	read_back(err, result.err, sizeof(result.err));
	return &result;
}

#define RUN(input, ...) \
	run(input, sizeof(input) - 1, \
		(int)(sizeof((const char *[]){ __VA_ARGS__ }) / sizeof(const char *)), \
		(const char *[]){ __VA_ARGS__, NULL })

static void test_usage(void **state)
{
	(void)state;
	assert_int_equal(RUN("", "parse")->code, 64);
	assert_int_equal(RUN("", "parse", "--nonsense", "-")->code, 64);
	assert_int_equal(RUN("", "parse", "--help")->code, 0);
	assert_non_null(strstr(RUN("", "parse", "--help")->out, "--json"));
}

static void test_unreadable(void **state)
{
	struct measurement *result = RUN("", "parse", "/nonexistent/report\033[2J");

	(void)state;
	assert_int_equal(result->code, 1);
	assert_non_null(strstr(result->err, "/nonexistent/report\\x1b[2J"));
	assert_null(strchr(result->err, '\033'));
}

// A directory of reports may hold anything.
static void test_no_file(void **state)
{
	static char home[] = "/tmp/fencepost-parse-XXXXXX";
	char fifo[sizeof(home) + 8];
	struct measurement *result;

	(void)state;
	assert_non_null(mkdtemp(home));
	snprintf(fifo, sizeof(fifo), "%s/fifo", home);
	assert_int_equal(mkfifo(fifo, 0600), 0);
	alarm(120);
	result = RUN("free(): invalid pointer\n", "parse", "--json", fifo, "-");
	alarm(0);
	unlink(fifo);
	rmdir(home);
	assert_int_equal(result->code, 1);
	assert_non_null(strstr(result->err, "not a regular file"));
	assert_non_null(strstr(result->err, "triage parse -"));
	assert_non_null(strstr(result->out, "free-invalid-pointer"));
}

// What a shell opens for <(command) is read as standard input is.
static void test_inherited(void **state)
{
	struct measurement *result;
	char name[32];
	int fds[2];

	(void)state;
	assert_int_equal(pipe(fds), 0);
	assert_int_equal(write(fds[1], "free(): invalid pointer\n", 24), 24);
	close(fds[1]);
	snprintf(name, sizeof(name), "/dev/fd/%d", fds[0]);
	result = RUN("", "parse", "--json", name);
	close(fds[0]);
	assert_int_equal(result->code, 0);
	assert_non_null(strstr(result->out, "free-invalid-pointer"));
	assert_int_equal(RUN("", "parse", "/dev/fd/x")->code, 1);
}

// The files that can be read are still parsed.
static void test_one_of_two(void **state)
{
	struct measurement *result = RUN(
		"free(): invalid pointer\n", "parse", "--json", "/nonexistent", "-");

	(void)state;
	assert_int_equal(result->code, 1);
	assert_non_null(strstr(result->out, "free-invalid-pointer"));
}

static const char *string_of(json_t *object, const char *key)
{
	return json_string_value(json_object_get(object, key));
}

static void test_json(void **state)
{
	struct measurement *result = RUN(
		"==7==ERROR: AddressSanitizer: heap-buffer-overflow on address "
		"0x10 at pc 0x1\nREAD of size 4 at 0x10 thread T0\n"
		"    #0 0x1 in f /a.c:5:0\n    #1 0x2  (/x+0x2)\n",
		"parse", "--json", "-");
	json_t *object = json_loads(result->out, 0, NULL);
	json_t *report = json_array_get(json_object_get(object, "reports"), 0);
	json_t *stack = json_array_get(json_object_get(report, "stacks"), 0);
	json_t *frames = json_object_get(stack, "frames");
	json_t *first = json_array_get(frames, 0), *second = json_array_get(frames, 1);

	(void)state;
	assert_int_equal(result->code, 0);
	assert_string_equal(string_of(object, "file"), "-");
	assert_string_equal(string_of(report, "tool"), "asan");
	assert_string_equal(string_of(report, "kind"), "heap-buffer-overflow");
	assert_true(json_is_true(json_object_get(report, "known")));
	assert_string_equal(string_of(report, "access"), "READ");
	assert_int_equal(json_integer_value(json_object_get(report, "size")), 4);
	assert_string_equal(string_of(report, "address"), "0x10");
	assert_true(json_is_true(json_object_get(report, "near_null")));
	assert_string_equal(string_of(stack, "role"), "crash");
	assert_string_equal(string_of(first, "function"), "f");
	assert_int_equal(json_integer_value(json_object_get(first, "line")), 5);
	// Column 0 was stated; the second frame has none.
	assert_true(json_is_integer(json_object_get(first, "column")));
	assert_true(json_is_null(json_object_get(first, "module")));
	assert_true(json_is_null(json_object_get(second, "function")));
	assert_true(json_is_null(json_object_get(second, "column")));
	assert_string_equal(string_of(second, "offset"), "0x2");
	json_decref(object);
}

static void test_json_lines(void **state)
{
	struct measurement *result = RUN("hello\n", "parse", "--json", "-", "-");

	(void)state;
	assert_string_equal(strchr(result->out, '\n') + 1,
		"{\"file\":\"-\",\"reports\":[],"
		"\"exit\":null,\"clipped\":false}\n");
}

static const char hostile[] = "==7==ERROR: AddressSanitizer: SEGV on unknown address 0x10 \x9b[2J\n"
			      "    #0 0x1 in a\xff\0\033]0;title\007\xc2\x9b<b> /a.c:1\n";

static void test_json_of_any_bytes(void **state)
{
	struct measurement *result = RUN(hostile, "parse", "--json", "-");
	json_t *object = json_loads(result->out, 0, NULL);

	(void)state;
	assert_non_null(object);
	assert_non_null(strstr(result->out, "\xef\xbf\xbd"));
	json_decref(object);
}

static void test_no_control_characters(void **state)
{
	struct measurement *result = RUN(hostile, "parse", "-");

	(void)state;
	assert_int_equal(result->code, 0);
	for (const char *c = result->out; *c; c++)
		assert_true(*c == '\n' || (unsigned char)*c >= 0x20);
	assert_null(strstr(result->out, "\xc2\x9b"));
	assert_null(strchr(result->out, '\xff'));
	assert_non_null(strstr(result->out, "\\xff"));
	/* a window's title is no text */
	assert_null(strstr(result->out, "title"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_usage),
		cmocka_unit_test(test_unreadable),
		cmocka_unit_test(test_no_file),
		cmocka_unit_test(test_inherited),
		cmocka_unit_test(test_one_of_two),
		cmocka_unit_test(test_json),
		cmocka_unit_test(test_json_lines),
		cmocka_unit_test(test_json_of_any_bytes),
		cmocka_unit_test(test_no_control_characters),
	};

	return cmocka_run_group_tests_name("cmd_parse", tests, NULL, NULL);
}
