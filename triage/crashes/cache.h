/* SPDX-License-Identifier: Apache-2.0
 * The cache of a run, journal.jsonl: a line a report and a line a crash, as they came. Later runs read it. */
#ifndef FENCEPOST_CRASHES_CACHE_H
#define FENCEPOST_CRASHES_CACHE_H

#include "crash.h"

#include <stdio.h>

struct cache {
	FILE *out;
	size_t written; /* reports of the crashes that are in it already */
};

/* 0 or -errno. */
int cache_open(const char *directory, struct cache *ret);
/* A crash that did not die is not written: it is run again the next time. */
int cache_add(struct cache *cache, const struct crashes *crashes, const struct crash *crash);
int cache_close(struct cache *cache);

/* Takes from @directory's cache what it knows of inputs that are still waiting. A line that was cut off
 * or damaged, or says that an input did not die, is passed over. Returns how many it knew. */
size_t cache_reuse(const char *directory, struct crashes *crashes);

#endif
