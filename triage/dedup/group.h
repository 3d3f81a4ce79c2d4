/* SPDX-License-Identifier: Apache-2.0
 * Groups crashes by bug, from their keys (key.h) alone. There are two levels.
 *
 * A bucket is meant to be one bug. A bucket should rather be too small than hold two bugs, because
 * gates accept whole buckets and people close them.
 *
 * A family is a set of buckets to look at together. A family should rather be too large than miss a
 * related bucket. Each link between buckets has a reason.
 *
 * relation.h has the rules. Their distances come from labelled public crashes;
 * triage/dedup/README.md has the figures. */
#ifndef FENCEPOST_DEDUP_GROUP_H
#define FENCEPOST_DEDUP_GROUP_H

#include "relation.h"

struct group_link {
	size_t a, b; /* indices of two keys */
	enum group_join join;
};

struct groups {
	size_t count; /* number of buckets */
	size_t *of;   /* of[i] is the bucket of key i; buckets are numbered by their first key */
	size_t family_count;
	/* family[i] is the family of bucket i; families are numbered by their first bucket */
	size_t *family;
	size_t link_count;
	/* Each link joins two keys for a reason. The links are a forest in which each tree is a
	 * family. The first bucket_link_count links are a forest in which each tree is a bucket. */
	size_t bucket_link_count;
	struct group_link *links;
};

/* Groups @count keys. group_free() frees the result. */
void group_make(const struct key *keys, size_t count, struct groups *ret);
void group_free(struct groups *groups);

#endif
