/* SPDX-License-Identifier: Apache-2.0
 * Workers: who does what, and what ends them. Nothing here depends on time: who must wait waits for a count. */
#include "pool.h"

#include "harnesses/base/child.h"
#include "interrupts.h"

#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#define ITEMS 1000
#define JOBS  4

struct seen {
	struct pool pool;
	unsigned times[ITEMS], workers[JOBS]; /* how often an item was done, and a worker did one */
	size_t watched;                       /* done when it was watched last */
};

static void count(struct seen *seen, unsigned worker, size_t item)
{
	__atomic_fetch_add(&seen->times[item], 1, __ATOMIC_RELAXED);
	__atomic_fetch_add(&seen->workers[worker], 1, __ATOMIC_RELAXED);
}

static int do_item(void *arg, unsigned worker, size_t item)
{
	count(arg, worker, item);
	return 0;
}

static void watch(void *arg, size_t done)
{
	((struct seen *)arg)->watched = done;
}

static int run(
	struct seen *seen, int (*work)(void *arg, unsigned worker, size_t item), size_t count)
{
	seen->pool = (struct pool){
		.count = count, .jobs = JOBS, .work = work, .watch = watch, .arg = seen
	};
	return pool_run(&seen->pool);
}

static void test_each_once(void **state)
{
	struct seen seen = { 0 };

	(void)state;
	assert_int_equal(run(&seen, do_item, ITEMS), 0);
	for (size_t i = 0; i < ITEMS; i++)
		assert_int_equal(seen.times[i], 1);
	assert_int_equal(seen.pool.done, ITEMS);
	assert_int_equal(seen.watched, ITEMS);
	memset(&seen, 0, sizeof(seen));
	assert_int_equal(run(&seen, do_item, 0), 0);
	assert_int_equal(seen.pool.done, 0);
}

/* The item of a worker whose process has died is not done; the others do all the rest. */
static int die_at_10(void *arg, unsigned worker, size_t item)
{
	if (item == 10)
		return POOL_GONE;
	count(arg, worker, item);
	return 0;
}

static void test_gone(void **state)
{
	struct seen seen = { 0 };

	(void)state;
	assert_int_equal(run(&seen, die_at_10, ITEMS), 0);
	for (size_t i = 0; i < ITEMS; i++)
		assert_int_equal(seen.times[i], i != 10);
	assert_int_equal(seen.pool.done, ITEMS - 1);
}

static int die(void *arg, unsigned worker, size_t item)
{
	count(arg, worker, item);
	return POOL_GONE;
}

/* Nobody is left, and the pool ends. */
static void test_all_gone(void **state)
{
	struct seen seen = { 0 };

	(void)state;
	assert_int_equal(run(&seen, die, ITEMS), 0);
	assert_int_equal(seen.pool.done, 0);
	for (unsigned i = 0; i < JOBS; i++)
		assert_int_equal(seen.workers[i], 1);
}

/* Those who are at an item when another fails are told. */
static int fail_at_20(void *arg, unsigned worker, size_t item)
{
	struct seen *seen = arg;

	count(seen, worker, item);
	if (item == 20)
		return -EIO;
	while (item > 20 && !pool_ends(&seen->pool))
		usleep(100);
	return 0;
}

static void test_error(void **state)
{
	struct seen seen = { 0 };
	size_t begun = 0;

	(void)state;
	assert_int_equal(run(&seen, fail_at_20, ITEMS), -EIO);
	for (size_t i = 0; i < ITEMS; i++)
		begun += seen.times[i];
	assert_in_range(begun, 21, 20 + JOBS);
}

static int interrupt_at_30(void *arg, unsigned worker, size_t item)
{
	count(arg, worker, item);
	if (item == 30)
		raise(SIGTERM);
	while (item > 30 && !interrupts_came())
		usleep(100);
	return 0;
}

static void test_interrupt(void **state)
{
	struct seen seen = { 0 };

	(void)state;
	interrupts_catch();
	assert_false(interrupts_came());
	assert_int_equal(run(&seen, interrupt_at_30, ITEMS), 0);
	assert_in_range(seen.pool.done, 31, 30 + JOBS);
	assert_true(interrupts_came());
	interrupts_forgive();
	assert_false(interrupts_came());
	assert_true(interrupts_ever());
	interrupts_release();
}

static void stop_as_told(void *arg)
{
	volatile sig_atomic_t stop = 0;

	(void)arg;
	interrupts_by_parent(&stop);
	raise(SIGINT);
	raise(SIGHUP);
	if (stop != 0)
		_exit(1);
	raise(SIGTERM);
	_exit(stop == 1 ? 7 : 2);
}

/* What ended the parent's work before is none of its fork's. */
static void test_by_parent(void **state)
{
	const struct child_options options = { .call = stop_as_told, .standard = { 0, 1, 2 } };
	int status;

	(void)state;
	assert_true(interrupts_ever());
	assert_int_equal(child_join(child_spawn(&options, NULL), &status), 0);
	assert_int_equal(status, 7 << 8);
}

/* A process that is gone is found out by writing to it, not by a signal that ends us. */
static int write_to_nobody(void *arg, unsigned worker, size_t item)
{
	int fds[2];

	(void)arg;
	(void)worker;
	(void)item;
	if (pipe(fds) != 0)
		return -errno;
	close(fds[0]);
	return write(fds[1], "x", 1) == 1 ? 0 : -errno;
}

static void test_broken_pipe(void **state)
{
	struct seen seen = { 0 };

	(void)state;
	assert_int_equal(run(&seen, write_to_nobody, 1), -EPIPE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_each_once),
		cmocka_unit_test(test_gone),
		cmocka_unit_test(test_all_gone),
		cmocka_unit_test(test_error),
		cmocka_unit_test(test_interrupt),
		cmocka_unit_test(test_by_parent),
		cmocka_unit_test(test_broken_pipe),
	};

	return cmocka_run_group_tests_name("pool", tests, NULL, NULL);
}
