/* SPDX-License-Identifier: Apache-2.0
 * Tests that a program begins in a known state, whatever its parent left behind. */
#include "begin.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <cmocka.h>

static int begin_without(int closed)
{
	char byte = 0;

	for (int fd = 0; fd <= 2; fd++)
		if (closed & 1 << fd)
			close(fd);
	program_begin();
	if (fcntl(0, F_GETFD) < 0 || fcntl(1, F_GETFD) < 0 || fcntl(2, F_GETFD) < 0)
		return 1;
	/* a program that reads or writes them is to hear that they are not there */
	if (closed & 1 && (read(0, &byte, 1) >= 0 || errno != EBADF))
		return 2;
	if (closed & 2 && (write(1, &byte, 1) >= 0 || errno != EBADF))
		return 3;
	if (closed & 4 && (write(2, &byte, 1) >= 0 || errno != EBADF))
		return 4;
	return 0;
}

static int run(int code(int argument), int argument)
{
	pid_t child = fork();
	int status = 0;

	if (child == 0)
		_exit(code(argument));
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static void test_descriptors(void **state)
{
	(void)state;
	for (int closed = 0; closed < 8; closed++)
		assert_int_equal(run(begin_without, closed), 0);
}

static int begin_deaf(int number)
{
	struct sigaction action;
	sigset_t mask;

	sigemptyset(&mask);
	sigaddset(&mask, number);
	sigprocmask(SIG_BLOCK, &mask, NULL);
	signal(SIGCHLD, SIG_IGN);
	program_begin();
	sigprocmask(SIG_BLOCK, NULL, &mask);
	sigaction(SIGCHLD, NULL, &action);
	return sigismember(&mask, number) ? 1 : action.sa_handler == SIG_DFL ? 0 : 2;
}

static void test_signals(void **state)
{
	static const int numbers[] = { SIGCHLD, SIGTERM, SIGALRM, SIGINT };

	(void)state;
	for (size_t i = 0; i < sizeof(numbers) / sizeof(*numbers); i++)
		assert_int_equal(run(begin_deaf, numbers[i]), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_descriptors),
		cmocka_unit_test(test_signals),
	};

	program_begin();
	return cmocka_run_group_tests_name("begin", tests, NULL, NULL);
}
