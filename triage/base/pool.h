/* SPDX-License-Identifier: Apache-2.0
 * The one pool of workers: threads that take numbered items, in order, until none is left.
 *
 * They are threads because all that they do is to wait for processes. What has to be alone in a process, such as a heap
 * that plans spoil or a target whose orphans must belong to somebody, is in one that its worker has started
 * (harnesses/base/child.h): its death is an event of the item that it was at, and the other workers go on. */
#ifndef FENCEPOST_BASE_POOL_H
#define FENCEPOST_BASE_POOL_H

#include <stdbool.h>
#include <stddef.h>

#define POOL_JOBS_MAX 256
#define POOL_GONE     1 /* of work(): this worker can do no more, and has not done its item */

struct pool {
	size_t count;  /* items */
	unsigned jobs; /* workers; pool_run() starts no more than there are items */
	/* In a worker's thread: does @item. @worker: below jobs, for what a worker keeps from one item to the next. 0,
	 * POOL_GONE, or -errno, after which no item is taken any more. */
	int (*work)(void *arg, unsigned worker, size_t item);
	/* In the caller's thread, every POOL_WATCH_MS: shows how far it is. NULL: nothing to show. */
	void (*watch)(void *arg, size_t done);
	void *arg;
	/* The pool's own. */
	size_t next, done;
	int error;
};
#define POOL_WATCH_MS 20

/* Until all items are done, or no worker is left; none is taken once an interrupt has come (interrupts.h). 0, or the
 * first error. pool->done says how many items were done. */
int pool_run(struct pool *pool);

/* Has work() of a long item to come to its end, because of an error of another or an interrupt? */
bool pool_ends(const struct pool *pool);

#endif
