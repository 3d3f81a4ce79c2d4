/* SPDX-License-Identifier: Apache-2.0
 * Stores the results of a run in the file journal.jsonl. The file has one line for each report and
 * one for each crash, in order of arrival. Later runs reuse these results. */
#ifndef FENCEPOST_CRASHES_CACHE_H
#define FENCEPOST_CRASHES_CACHE_H

#include "crash.h"

#include <stdio.h>

struct cache {
	FILE *out;
	size_t written; /* number of reports that are in the file already */
};

/* Creates the file in @directory. Returns 0 or -errno. */
int cache_open(const char *directory, struct cache *ret);
/* Writes the result of @crash. A crash that did not die is not written, so that the next run tries
 * it again. Returns 0 or -errno. */
int cache_add(struct cache *cache, const struct crashes *crashes, const struct crash *crash);
/* Closes the file. Returns 0 or -errno. */
int cache_close(struct cache *cache);

/* Reads the file in @directory, and fills in those @crashes that still wait for a result. Lines
 * that are damaged are skipped, and so are lines of inputs that did not die. Returns the number of
 * crashes that were filled in. */
size_t cache_reuse(const char *directory, struct crashes *crashes);

#endif
