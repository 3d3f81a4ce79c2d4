/* SPDX-License-Identifier: Apache-2.0
 * Matches the buckets of one run, or of a list of accepted buckets, with those of another run.
 *
 * Three rules match buckets, in this order. One input is known to crash in both. Their keys belong to one bucket by
 * dedup/group.h. They share an id or else a key, because lines move. The last rule does not apply to a bucket whose
 * inputs were run: their new bucket, or that they no longer crash, is then known. Each bucket has at most one
 * match. */
#ifndef FENCEPOST_CRASHES_MATCH_H
#define FENCEPOST_CRASHES_MATCH_H

#include "file.h"

#define MATCH_NOBODY  SIZE_MAX
#define MATCH_UNTRIED (SIZE_MAX - 1) /* for known[i]: no input of the bucket was run */

struct match_bucket {
	const char *id;
	size_t count;
	struct key **keys;
};

struct match_side {
	size_t count;
	struct match_bucket *list;
	size_t *other; /* set by match_buckets(): the index on the other side, or MATCH_NOBODY */
	/* known[i]: the other side's bucket in which an input of bucket i is now, or MATCH_NOBODY. The caller sets it if such
	 * an input was run. */
	size_t *known;
};

/* Makes a side of @count buckets without keys; match_free() frees it. */
void match_open(size_t count, struct match_side *ret);
/* Adds a key, which must outlive the side, to bucket @i. */
void match_add(struct match_side *side, size_t i, struct key *key);
void match_free(struct match_side *side);

/* Makes a side of the buckets of @file, which must outlive it. */
void match_of_file(const struct crashes_file *file, struct match_side *ret);

/* Matches both sides. */
void match_buckets(struct match_side *a, struct match_side *b);

/* Is every key of @now also in @accepted? If not, the bucket contains something new. */
bool match_covers(const struct match_bucket *accepted, const struct match_bucket *now);

#endif
