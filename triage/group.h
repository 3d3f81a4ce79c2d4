/* SPDX-License-Identifier: Apache-2.0
 * Grouping: which crashes are of one bug, by their keys alone.
 *
 * First, crashes with the same key text, the same place (file and line of the first normalised frame) and
 * the same line that called it are together. Then near misses are joined. Two keys are near when their kind class is the same,
 * their access does not contradict, and
 *
 *   place    they stand at the same place and come from the same caller: the next frame is the same
 *            line or function, or a stack ends there. Not when the objects are known to differ, and the
 *            caller's line or the caller's caller does so too: then the place is a helper of several bugs
 *   inlined  they stand at the same place, and one was seen from the function it was inlined into: its
 *            name is the other's caller, or it lacks the other's second frame
 *   object   they stand at the same place and access the same object (same variable, or same line of
 *            allocation), however they got there
 *   stack    lines are unknown: the same function on top, and at least GROUP_SIMILAR of the longer
 *            stack's functions, of the first GROUP_COMPARED, stand in both in the same order
 *   cycle    recursion without end: at least half of the functions of both together, by name or by line, recur
 *            in both
 *
 * A report that does not say whether it read or wrote joins the readers or the writers of its place when
 * there are only the ones or the others, and the same tool speaks. Two different lines are never joined. */
#ifndef FENCEPOST_GROUP_H
#define FENCEPOST_GROUP_H

#include "key.h"

#define GROUP_SIMILAR  0.8
#define GROUP_COMPARED 8

enum group_join {
	GROUP_NOT,
	GROUP_KEY, /* same key, same lines */
	GROUP_PLACE,
	GROUP_INLINED,
	GROUP_OBJECT,
	GROUP_STACK,
	GROUP_CYCLE,
	GROUP_JOIN_COUNT
};

/* Why @a and @b, taken by themselves, are together. */
enum group_join group_relation(const struct key *a, const struct key *b);

/* One sentence: why they are, or why not ("they stand at different lines"). Constant. */
const char *group_join_words(enum group_join join);
const char *group_difference_words(const struct key *a, const struct key *b);

struct group_link {
	size_t a, b; /* indices of keys */
	enum group_join join;
};

struct groups {
	size_t count; /* of groups */
	size_t *of;   /* of[i]: the group of key i; groups are numbered by their first key */
	size_t link_count;
	struct group_link *links; /* what was joined, and why: a forest over the keys */
};

void group_make(const struct key *keys, size_t count, struct groups *ret);
void group_free(struct groups *groups);

#endif
