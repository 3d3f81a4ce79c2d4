/* SPDX-License-Identifier: Apache-2.0
 * Matches the buckets of one side with those of another side. A side is a run, or a list of
 * accepted buckets.
 *
 * Three rules apply, in this order:
 *
 *   1. One input is known to crash in both buckets.
 *   2. The keys of both belong to one bucket by the rules of dedup/group.h.
 *   3. Both have the same id, or else the same key. Lines may have moved.
 *
 * Rule 3 does not apply to a bucket whose inputs were run, because the result of that run is known.
 * Each bucket has at most one match. */
#ifndef FENCEPOST_CRASHES_MATCH_H
#define FENCEPOST_CRASHES_MATCH_H

#include "file.h"

#define MATCH_NOBODY  SIZE_MAX
#define MATCH_UNTRIED (SIZE_MAX - 1) /* value of known[i]: no input of the bucket was run */

struct match_bucket {
	const char *id;
	size_t count;
	struct key **keys;
};

struct match_side {
	size_t count;
	struct match_bucket *list;
	/* match_buckets() sets it: other[i] is the index on the other side, or MATCH_NOBODY */
	size_t *other;
	/* The caller sets known[i] if an input of bucket i was run. The value is the other side's
	 * bucket that now holds the input, or MATCH_NOBODY. */
	size_t *known;
};

/* Makes a side of @count buckets without keys. match_free() frees it. */
void match_open(size_t count, struct match_side *ret);
/* Adds a key to bucket @i. The key must outlive the side. */
void match_add(struct match_side *side, size_t i, struct key *key);
void match_free(struct match_side *side);

/* Makes a side of the buckets in @file. The file must outlive the side. match_free() frees the
 * side. */
void match_of_file(const struct crashes_file *file, struct match_side *ret);

/* Matches the buckets of both sides, and fills in their @other. */
void match_buckets(struct match_side *a, struct match_side *b);

/* Is every key of @now also in @accepted? If not, the bucket contains something new. */
bool match_covers(const struct match_bucket *accepted, const struct match_bucket *now);

#endif
