/* SPDX-License-Identifier: Apache-2.0
 * Which bucket of one run, or of a list of accepted ones, is which of another.
 *
 * The same are those that share a key and a place; of the rest those that share an id; then a key, for lines
 * move; then a class, an access and nearly the same functions. Each bucket is matched with one at most. */
#ifndef FENCEPOST_MATCH_H
#define FENCEPOST_MATCH_H

#include "crashes_file.h"

#define MATCH_NOBODY SIZE_MAX

struct match_bucket {
	const char *id;
	size_t count;
	struct key **keys;
};

struct match_side {
	size_t count;
	struct match_bucket *list;
	size_t *other; /* by match_buckets: the index on the other side, or MATCH_NOBODY */
};

/* A side of @count buckets without keys, for match_add and match_free. */
void match_open(size_t count, struct match_side *ret);
/* Adds a key, which must outlive the side, to bucket @i. */
void match_add(struct match_side *side, size_t i, struct key *key);
void match_free(struct match_side *side);

/* The buckets of @file, which must outlive the result. */
void match_of_file(const struct crashes_file *file, struct match_side *ret);

void match_buckets(struct match_side *a, struct match_side *b);

#endif
