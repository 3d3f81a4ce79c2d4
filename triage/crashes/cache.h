/* SPDX-License-Identifier: Apache-2.0
 * The cache of a run, journal.jsonl: one line for each report and each crash, in order of arrival. Later runs reuse it. */
#ifndef FENCEPOST_CRASHES_CACHE_H
#define FENCEPOST_CRASHES_CACHE_H

#include "crash.h"

#include <stdio.h>

struct cache {
	FILE *out;
	size_t written; /* reports that are written already */
};

/* Creates the cache in @directory. 0 or -errno. */
int cache_open(const char *directory, struct cache *ret);
/* Writes @crash, unless it did not die: then the next run tries it again. 0 or -errno. */
int cache_add(struct cache *cache, const struct crashes *crashes, const struct crash *crash);
/* Closes the file. 0 or -errno. */
int cache_close(struct cache *cache);

/* Fills in crashes that are still waiting from the cache in @directory. A line that is damaged, or that says that an
 * input did not die, is skipped. Returns the number of crashes that were filled in. */
size_t cache_reuse(const char *directory, struct crashes *crashes);

#endif
