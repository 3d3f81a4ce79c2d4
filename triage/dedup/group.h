/* SPDX-License-Identifier: Apache-2.0
 * Grouping: which crashes are of one bug, by their keys alone. Two levels:
 *
 * A bucket says "surely one bug": precision first. It is what a gate accepts and a person closes.
 * A family says "look at these together": recall first. It is made of whole buckets, each link with its reason.
 * relation.h has the rules. Their distances were found on labelled public crashes: triage/dedup/README.md has
 * the figures. */
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
	size_t *family; /* family[i]: the family of bucket i, numbered by its first bucket */
	size_t link_count;
	/* what was joined, and why: a forest over the keys, its trees the families. Links of buckets come
	 * first: those below bucket_link_count are a forest whose trees are the buckets */
	size_t bucket_link_count;
	struct group_link *links;
};

void group_make(const struct key *keys, size_t count, struct groups *ret);
void group_free(struct groups *groups);

#endif
