/* SPDX-License-Identifier: Apache-2.0
 * Tests that a loop is stopped in itself, not in the functions that it calls, where it spends nearly all of its
 * time. */
#include "shallow.h"

#include <errno.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#define HOLDS       6
#define PATIENCE_MS 60000

struct seen {
	volatile int in_loop; /* 0 only while the callee is at work */
	volatile int aborted;
};

static struct seen *seen;

__attribute__((noinline)) static void work(void)
{
	seen->in_loop = 0;
	for (volatile int i = 0; i < 100; i = i + 1)
		;
	seen->in_loop = 1;
}

__attribute__((noreturn)) static void loop(void)
{
	for (;;) {
		work();
		for (volatile int i = 0; i < 10; i = i + 1)
			;
	}
}

static void on_abort(int number)
{
	(void)number;
	seen->aborted = 1;
	_exit(7);
}

static pid_t start(void body(void))
{
	pid_t child;

	*seen = (struct seen){ 0 };
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		signal(SIGABRT, on_abort);
		body();
	}
	return child;
}

static void end(pid_t child)
{
	kill(child, SIGKILL);
	assert_int_equal(waitpid(child, NULL, 0), child);
}

/* Containers may forbid it. */
static void need_ptrace(void)
{
	pid_t child = start(loop);
	bool allowed = ptrace(PTRACE_SEIZE, child, 0, 0) == 0;

	end(child);
	if (!allowed)
		skip();
}

static void hold_running(pid_t child)
{
	while (seen->in_loop == 0) /* it has begun */
		;
	usleep(1000); /* and is anywhere by now */
	assert_true(shallow_hold(child, PATIENCE_MS));
}

static void test_in_loop(void **state)
{
	pid_t child;

	(void)state;
	need_ptrace();
	child = start(loop);
	for (int i = 0; i < HOLDS; i++) {
		hold_running(child);
		assert_int_equal(seen->in_loop, 1);
		shallow_release(child);
	}
	end(child);
}

/* What comes while it is held is taken when it goes on. */
static void test_signal(void **state)
{
	pid_t child;
	int status;

	(void)state;
	need_ptrace();
	child = start(loop);
	hold_running(child);
	kill(child, SIGABRT);
	assert_int_equal(seen->aborted, 0);
	shallow_release(child);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 7 << 8);
	assert_int_equal(seen->aborted, 1);
}

static void wait_for_ever(void)
{
	seen->in_loop = 1;
	for (;;)
		pause();
}

static void *loop_in_thread(void *arg)
{
	(void)arg;
	loop();
}

static void wait_for_thread(void)
{
	pthread_t thread;

	pthread_create(&thread, NULL, loop_in_thread, NULL);
	pthread_join(thread, NULL);
}

/* Who waits is not the one that hangs. */
static void test_running(void **state)
{
	pid_t child, thread;

	(void)state;
	child = start(wait_for_ever);
	while (seen->in_loop == 0 || shallow_running(child) != 0)
		;
	end(child);
	child = start(wait_for_thread);
	while ((thread = shallow_running(child)) == 0 || thread == child)
		;
	end(child);
}

static void test_gone(void **state)
{
	siginfo_t info;
	pid_t child;

	(void)state;
	child = start(wait_for_ever);
	kill(child, SIGKILL);
	assert_int_equal(waitid(P_PID, (id_t)child, &info, WEXITED | WNOWAIT), 0);
	assert_false(shallow_hold(child, PATIENCE_MS));
	end(child);
	assert_false(shallow_hold(child, PATIENCE_MS));
	assert_int_equal(shallow_running(child), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_in_loop),
		cmocka_unit_test(test_signal),
		cmocka_unit_test(test_running),
		cmocka_unit_test(test_gone),
	};

	seen = mmap(NULL, sizeof(*seen), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (seen == MAP_FAILED)
		return 1;
	return cmocka_run_group_tests_name("shallow", tests, NULL, NULL);
}
