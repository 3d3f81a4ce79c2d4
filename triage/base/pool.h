/* SPDX-License-Identifier: Apache-2.0
 * A pool of threads that take numbered items, in order, until no item is left. All parallel work of
 * the program uses this pool.
 *
 * Threads are enough, because workers only wait for processes. Some work needs a process of its
 * own: plans corrupt the heap, and targets leave orphans. Such work runs in a child of its worker
 * (harnesses/base/child.h). The death of that child concerns one item, and the other workers go on.
 */
#ifndef FENCEPOST_BASE_POOL_H
#define FENCEPOST_BASE_POOL_H

#include <stdbool.h>
#include <stddef.h>

#define POOL_JOBS_MAX 256
#define POOL_GONE     1 /* returned by work(): this worker cannot go on, and its item is not done */

struct pool {
	size_t count;  /* number of items */
	unsigned jobs; /* number of workers; pool_run() starts at most one worker for each item */
	/* Does @item in a worker's thread. @worker is the worker's index, below @jobs. With this
	 * index a worker finds data that it keeps between items. Returns 0, POOL_GONE, or -errno.
	 * After an error the pool starts no more items. */
	int (*work)(void *arg, unsigned worker, size_t item);
	/* Shows the progress: @done items are done. The caller's thread calls it every
	 * POOL_WATCH_MS. May be NULL. */
	void (*watch)(void *arg, size_t done);
	void *arg;
	/* interrupts do not stop the pool: the work is short, and its result is still wanted */
	bool finishes;
	/* The members below belong to the pool. */
	size_t next, done;
	int error;
};
#define POOL_WATCH_MS 20

/* Runs until all items are done or no worker is left. After an interrupt (interrupts.h) no more
 * items start, unless pool->finishes is set. Returns 0 or the first error. pool->done is the number
 * of items that were done. */
int pool_run(struct pool *pool);

/* Should the work() of a long item stop early? True after an interrupt, and after an error in
 * another item. */
bool pool_ends(const struct pool *pool);

#endif
