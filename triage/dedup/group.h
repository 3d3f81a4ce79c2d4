/* SPDX-License-Identifier: Apache-2.0
 * Groups crashes by bug, from their keys alone. There are two levels:
 *
 * A bucket is meant to be one bug: precision first. Gates accept buckets, and people close them.
 * A family says "look at these together": recall first. It consists of whole buckets, and each link has a reason.
 * relation.h has the rules. Their distances come from labelled public crashes: triage/dedup/README.md has the figures. */
#ifndef FENCEPOST_DEDUP_GROUP_H
#define FENCEPOST_DEDUP_GROUP_H

#include "relation.h"

struct group_link {
	size_t a, b; /* indices of keys */
	enum group_join join;
};

struct groups {
	size_t count; /* of buckets */
	size_t *of;   /* of[i]: the bucket of key i; buckets are numbered by their first key */
	size_t family_count;
	size_t *family; /* family[i] is the family of bucket i; families are numbered in the order of their first buckets */
	size_t link_count;
	/* Each link joins two keys for a reason. The links are a forest whose trees are the families. The first
	 * bucket_link_count of them are a forest whose trees are the buckets. */
	size_t bucket_link_count;
	struct group_link *links;
};

/* Groups @count keys; group_free() frees the result. */
void group_make(const struct key *keys, size_t count, struct groups *ret);
void group_free(struct groups *groups);

#endif
