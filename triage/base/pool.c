/* SPDX-License-Identifier: Apache-2.0
 * Threads that take items. */
#include "pool.h"

#include "harnesses/base/clock.h"
#include "interrupts.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>

struct worker {
	struct pool *pool;
	unsigned number;
	pthread_t thread;
};

bool pool_ends(const struct pool *pool)
{
	return __atomic_load_n(&pool->error, __ATOMIC_RELAXED) != 0 ||
		(!pool->finishes && interrupts_came());
}

/* In a thread of its own, or the caller's. */
static void *work(void *arg)
{
	const struct worker *worker = arg;
	struct pool *pool = worker->pool;
	int result = 0, none = 0;
	size_t item;

	while (result == 0 && !pool_ends(pool) &&
		(item = __atomic_fetch_add(&pool->next, 1, __ATOMIC_RELAXED)) < pool->count) {
		result = pool->work(pool->arg, worker->number, item);
		if (result == 0)
			__atomic_fetch_add(&pool->done, 1, __ATOMIC_RELAXED);
	}
	if (result < 0)
		__atomic_compare_exchange_n(
			&pool->error, &none, result, false, __ATOMIC_RELAXED, __ATOMIC_RELAXED);
	return NULL;
}

/* That a process is gone is an error of an item's. */
static void *work_in_thread(void *arg)
{
	sigset_t pipe;

	sigemptyset(&pipe);
	sigaddset(&pipe, SIGPIPE);
	pthread_sigmask(SIG_BLOCK, &pipe, NULL);
	return work(arg);
}

static void watch(const struct pool *pool)
{
	if (pool->watch != NULL)
		pool->watch(pool->arg, __atomic_load_n(&pool->done, __ATOMIC_RELAXED));
}

static void join(const struct worker *worker)
{
	struct timespec until;

	do {
		watch(worker->pool);
		until = clock_in_ms(POOL_WATCH_MS);
	} while (pthread_clockjoin_np(worker->thread, NULL, CLOCK_MONOTONIC, &until) == ETIMEDOUT);
}

int pool_run(struct pool *pool)
{
	struct worker workers[POOL_JOBS_MAX];
	unsigned jobs = pool->jobs < POOL_JOBS_MAX ? pool->jobs : POOL_JOBS_MAX, started = 0;

	pool->next = pool->done = 0;
	pool->error = 0;
	for (; started < jobs && started < pool->count; started++) {
		workers[started] = (struct worker){ .pool = pool, .number = started };
		if (pthread_create(
			    &workers[started].thread, NULL, work_in_thread, &workers[started]) != 0)
			break;
	}
	/* no thread to be had: here, unseen */
	if (started == 0)
		work(&(struct worker){ .pool = pool });
	for (unsigned i = 0; i < started; i++)
		join(&workers[i]);
	watch(pool);
	return pool->error;
}
