/* SPDX-License-Identifier: Apache-2.0
 * The one pool of workers: threads that take numbered items, in order, until none is left.
 *
 * Threads are enough, because workers only wait for processes. Work that needs a process of its own (a heap that plans
 * corrupt, a target that leaves orphans) runs in a child of its worker (harnesses/base/child.h). The death of that child
 * concerns one item, and the other workers go on. */
#ifndef FENCEPOST_BASE_POOL_H
#define FENCEPOST_BASE_POOL_H

#include <stdbool.h>
#include <stddef.h>

#define POOL_JOBS_MAX 256
#define POOL_GONE     1 /* from work(): this worker cannot go on, and its item is not done */

struct pool {
	size_t count;  /* items */
	unsigned jobs; /* workers; pool_run() starts no more than there are items */
	/* Does @item, in a worker's thread. @worker, below jobs, is an index for things that a worker keeps between items.
	 * Returns 0, POOL_GONE, or -errno; after an error the pool starts no more items. */
	int (*work)(void *arg, unsigned worker, size_t item);
	/* Shows the progress, in the caller's thread, every POOL_WATCH_MS. May be NULL. */
	void (*watch)(void *arg, size_t done);
	void *arg;
	bool finishes; /* interrupts do not stop it: short work, whose result is wanted after them */
	/* The pool's own. */
	size_t next, done;
	int error;
};
#define POOL_WATCH_MS 20

/* Runs until all items are done or no worker is left. After an interrupt (interrupts.h) no more items start,
 * unless it finishes. Returns 0
 * or the first error; pool->done is the number of items that were done. */
int pool_run(struct pool *pool);

/* Should the work() of a long item stop early, because of an interrupt or an error in another item? */
bool pool_ends(const struct pool *pool);

#endif
