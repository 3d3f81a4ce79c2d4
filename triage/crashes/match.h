/* SPDX-License-Identifier: Apache-2.0
 * Which bucket of one run, or of a list of accepted ones, is which of another.
 *
 * The same are first those of which it is known that an input shows both; then those with keys that dedup/group.h
 * takes for one bucket; then, since lines move, those that share an id, then a key. Nothing is taken for moved of
 * which it is known where it is now, or that it is gone. Each bucket is matched with one at most, and what a key
 * tells apart is never matched. */
#ifndef FENCEPOST_CRASHES_MATCH_H
#define FENCEPOST_CRASHES_MATCH_H

#include "file.h"

#define MATCH_NOBODY  SIZE_MAX
#define MATCH_UNTRIED (SIZE_MAX - 1) /* of known[i]: no input says */

struct match_bucket {
	const char *id;
	size_t count;
	struct key **keys;
};

struct match_side {
	size_t count;
	struct match_bucket *list;
	size_t *other; /* by match_buckets: the index on the other side, or MATCH_NOBODY */
	/* known[i]: the bucket of the other side that an input of bucket i is in now, or MATCH_NOBODY when it is in
	 * none. Set by the caller where there is such an input */
	size_t *known;
};

/* A side of @count buckets without keys, for match_add and match_free. */
void match_open(size_t count, struct match_side *ret);
/* Adds a key, which must outlive the side, to bucket @i. */
void match_add(struct match_side *side, size_t i, struct key *key);
void match_free(struct match_side *side);

/* The buckets of @file, which must outlive the result. */
void match_of_file(const struct crashes_file *file, struct match_side *ret);

void match_buckets(struct match_side *a, struct match_side *b);

/* Is every key of @now one of @accepted too? Otherwise it holds something else as well. */
bool match_covers(const struct match_bucket *accepted, const struct match_bucket *now);

#endif
