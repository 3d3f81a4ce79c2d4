/* SPDX-License-Identifier: Apache-2.0
 * Tests of how children end, also when the kernel cannot tell. kill() and prctl() are replaced here, so that the
 * test sees the order of the calls. */
#include "child.h"

#include "begin.h"
#include "clock.h"
#include "process.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#define PATIENCE_MS 60000 /* against hanging */

static bool killed_reaped; /* a signal went to a group whose leader had been reaped */
static bool orphan;        /* the next child's parent dies before the child can ask for a signal */

int kill(pid_t pid, int number)
{
	siginfo_t info = { 0 };

	if (pid < 0 && waitid(P_PID, (id_t)-pid, &info, WEXITED | WNOWAIT | WNOHANG) != 0)
		killed_reaped = true;
	return (int)syscall(SYS_kill, pid, number);
}

int prctl(int option, ...)
{
	va_list list;
	unsigned long argument;
	pid_t parent = getppid();

	va_start(list, option);
	argument = va_arg(list, unsigned long);
	va_end(list);
	if (orphan && option == PR_SET_PDEATHSIG) {
		syscall(SYS_kill, parent, SIGKILL);
		while (getppid() == parent)
			usleep(100);
	}
	return (int)syscall(SYS_prctl, option, argument, 0, 0, 0);
}

/* A fork in a group of its own that does @call. */
static pid_t spawn(void call(void *arg), void *arg)
{
	const struct child_options options = { .call = call,
		.arg = arg,
		.standard = { STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO },
		.place = CHILD_GROUP };

	return child_spawn(&options, NULL);
}

static void leave(void *code)
{
	_exit(*(const int *)code);
}

static void stay(void *arg)
{
	(void)arg;
	for (;;)
		pause();
}

static void assert_gone(int fd)
{
	char byte;

	assert_int_equal(read(fd, &byte, 1), 0);
	close(fd);
}

static void test_status(void **state)
{
	int status = 0, code = 7;
	pid_t child = spawn(leave, &code);

	(void)state;
	assert_int_equal(child_wait(child, clock_now_ms() + PATIENCE_MS), 0);
	assert_int_equal(child_wait(child, 0), 0); /* as often as one likes */
	assert_int_equal(child_finish(child, &status, NULL), 0);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 7);
}

static void test_deadline(void **state)
{
	int status = 0;
	pid_t child = spawn(stay, NULL);

	(void)state;
	assert_int_equal(child_wait(child, clock_now_ms() + 20), -ETIMEDOUT);
	assert_int_equal(child_finish(child, &status, NULL), 0);
	assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
}

static void leave_another(void *arg)
{
	if (fork() == 0)
		stay(arg);
	_exit(0);
}

/* Who is in a child's group ends with it, and is told to before the group's number can be another's. */
static void test_group(void **state)
{
	int fds[2];
	pid_t child;

	(void)state;
	killed_reaped = false;
	assert_int_equal(pipe(fds), 0);
	child = spawn(leave_another, NULL);
	close(fds[1]);
	assert_int_equal(child_wait(child, clock_now_ms() + PATIENCE_MS), 0);
	assert_int_equal(child_finish(child, NULL, NULL), 0);
	assert_false(killed_reaped);
	assert_gone(fds[0]);
}

static void write_byte(void *fd)
{
	if (write(*(const int *)fd, "x", 1) == 1)
		_exit(0);
}

static void test_orphan(void **state)
{
	int fds[2], status;
	pid_t parent;

	(void)state;
	assert_int_equal(pipe(fds), 0);
	parent = fork();
	if (parent == 0) {
		orphan = true;
		spawn(write_byte, &fds[1]);
		stay(NULL);
	}
	close(fds[1]);
	assert_int_equal(waitpid(parent, &status, 0), parent);
	assert_gone(fds[0]);
}

static void say_nothing(void *arg)
{
	(void)arg;
}

static void test_no_program(void **state)
{
	char *argv[] = { (char *)(uintptr_t) "/nonexistent/program", NULL };
	struct process_result result;

	(void)state;
	assert_int_equal(process_run(argv, NULL, PATIENCE_MS, 64, &result), -ENOENT);
	process_free(&result);
}

/* A kernel that forgets how children end must not be taken for one that says they ended well. */
static void test_ignored(void **state)
{
	struct process_result result;
	char said[64];
	int status = 1234, code = 0;
	pid_t child;

	(void)state;
	signal(SIGCHLD, SIG_IGN);
	child = spawn(leave, &code);
	killed_reaped = false;
	assert_int_equal(child_wait(child, clock_now_ms() + PATIENCE_MS), -ECHILD);
	assert_int_equal(child_finish(child, &status, NULL), -ECHILD);
	assert_int_equal(status, 1234);
	assert_false(killed_reaped);
	assert_int_equal(
		process_call(say_nothing, NULL, PATIENCE_MS, said, sizeof(said) - 1, &result),
		-ECHILD);
	assert_non_null(strstr(child_error(-ECHILD), "lost"));
	program_begin();
	assert_int_equal(
		process_call(say_nothing, NULL, PATIENCE_MS, said, sizeof(said) - 1, &result), 0);
}

/* Those that stay open over exec alone, or all. */
static int count_descriptors(bool all)
{
	int count = 0;

	for (int fd = 0; fd < 256; fd++) {
		int flags = fcntl(fd, F_GETFD);

		count += flags >= 0 && (all || !(flags & FD_CLOEXEC));
	}
	return count;
}

/* Its input, its directory, what runs before the program; and nothing of all that stays with us. */
static void test_options(void **state)
{
	char *argv[] = { (char *)(uintptr_t) "/bin/sh", (char *)(uintptr_t) "-c",
		(char *)(uintptr_t) "cat; echo $VALUE; pwd; ulimit -c; ls /proc/self/fd | wc -l >&2",
		NULL };
	char *environment[] = { (char *)(uintptr_t) "VALUE=own", NULL };
	const struct child_options options = { .argv = argv,
		.environment = environment,
		.directory = "/",
		.standard = { CHILD_PIPE, CHILD_PIPE, CHILD_SAME },
		.place = CHILD_SESSION,
		.no_core = true };
	int ends[3], before = count_descriptors(true), status;
	char said[256] = "", expected[64];
	size_t size = 0;
	pid_t child;

	(void)state;
	child = child_spawn(&options, ends);
	assert_true(child > 0);
	assert_int_equal(getsid(child), child);
	assert_int_equal(ends[2], -1);
	assert_int_equal(write(ends[0], "in ", 3), 3);
	close(ends[0]);
	for (ssize_t got = 1; got > 0 && size < sizeof(said) - 1; size += (size_t)got)
		got = read(ends[1], said + size, sizeof(said) - 1 - size);
	close(ends[1]);
	assert_int_equal(child_join(child, &status), 0);
	assert_int_equal(status, 0);
	/* what it inherits, and the directory itself */
	snprintf(expected, sizeof(expected), "in own\n/\n0\n%d\n", count_descriptors(false) + 1);
	assert_string_equal(said, expected);
	assert_int_equal(count_descriptors(true), before);
}

/* Whoever cannot be started leaves no process and no descriptor. */
static void test_no_directory(void **state)
{
	char *argv[] = { (char *)(uintptr_t) "/bin/true", NULL };
	const struct child_options options = { .argv = argv,
		.directory = "/nonexistent",
		.standard = { CHILD_PIPE, CHILD_PIPE, CHILD_PIPE } };
	int before = count_descriptors(true), ends[3] = { -1, -1, -1 };

	(void)state;
	assert_int_equal(child_spawn(&options, ends), -ENOENT);
	assert_int_equal(ends[0], -1);
	assert_int_equal(count_descriptors(true), before);
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
}

/* The C library's own two signals, 32 and 33, which posix_spawn leaves ignored in whatever make starts. */
#define INTERNAL 0x180000000ull

static unsigned long long signals_after(const char *said, const char *label)
{
	const char *found = strstr(said, label);

	assert_non_null(found);
	return strtoull(found + strlen(label), NULL, 16) & ~INTERNAL;
}

/* A child sees none of what we ignore or block. */
static void test_signals(void **state)
{
	char *argv[] = { (char *)(uintptr_t) "/bin/sh", (char *)(uintptr_t) "-c",
		(char *)(uintptr_t) "grep -E '^Sig(Blk|Ign)' /proc/self/status", NULL };
	struct process_result result;
	sigset_t all, before;

	(void)state;
	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, &before);
	signal(SIGPIPE, SIG_IGN);
	assert_int_equal(process_run(argv, NULL, PATIENCE_MS, 256, &result), 0);
	assert_int_equal(signals_after(result.output, "SigBlk:"), 0);
	assert_int_equal(signals_after(result.output, "SigIgn:"), 0);
	process_free(&result);
	sigprocmask(SIG_SETMASK, &before, NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_status),
		cmocka_unit_test(test_deadline),
		cmocka_unit_test(test_group),
		cmocka_unit_test(test_orphan),
		cmocka_unit_test(test_no_program),
		cmocka_unit_test(test_options),
		cmocka_unit_test(test_no_directory),
		cmocka_unit_test(test_ignored),
		cmocka_unit_test(test_signals),
	};

	program_begin();
	return cmocka_run_group_tests_name("child", tests, NULL, NULL);
}
