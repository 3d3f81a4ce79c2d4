/* SPDX-License-Identifier: Apache-2.0
 * Runs a subcommand for a unit test. The subcommand runs in a process of its own, because argp
 * exits. */
#ifndef FENCEPOST_TESTING_CAPTURE_H
#define FENCEPOST_TESTING_CAPTURE_H

#include <stdarg.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

struct captured {
	int code;
	char out[1 << 17], err[4096];
};

static inline void capture_read_back(FILE *file, char *text, size_t size)
{
	rewind(file);
	text[fread(text, 1, size - 1, file)] = '\0';
	fclose(file);
}

/* Runs the subcommand and captures its exit code and output. The result is valid until the next
 * call. */
static inline struct captured *capture(
	int (*run)(int argc, char **argv), int argc, const char **argv)
{
	static struct captured result;
	FILE *out = tmpfile(), *err = tmpfile();
	int status;
	pid_t child;

	assert_true(out != NULL && err != NULL);
	fflush(NULL);
	child = fork();
	if (child == 0) {
		dup2(fileno(out), 1);
		dup2(fileno(err), 2);
		exit(run(argc, (char **)(uintptr_t)argv));
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	result.code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
	capture_read_back(out, result.out, sizeof(result.out));
	capture_read_back(err, result.err, sizeof(result.err));
	return &result;
}

#define CAPTURE(command, ...) \
	capture(command, \
		(int)(sizeof((const char *[]){ #command, __VA_ARGS__ }) / sizeof(const char *)), \
		(const char *[]){ #command, __VA_ARGS__, NULL })

#endif
