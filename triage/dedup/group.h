/* SPDX-License-Identifier: Apache-2.0
 * Grouping: which crashes are of one bug, by their keys alone. Two levels:
 *
 * A bucket says "surely one bug": precision first. It is what a gate accepts and a person closes.
 * A family says "look at these together": recall first. It is made of whole buckets, each link with its reason.
 *
 * Two keys are in one bucket when their access does not contradict and
 *
 *   key       site, caller and their lines are the same
 *   near      site and caller are the same functions, and the site's lines are at most GROUP_NEAR apart: a
 *             loop or a row of reads is one bug. A bad access of which neither reading nor writing is said
 *             has its own line. A bucket spans at most GROUP_SPAN lines
 *   place     the site's line and the line that called it are the same, under other names: of another build
 *   inlined   they stand at the same line, and one was seen from the function it was inlined into: its
 *             name is the other's caller, or it lacks the other's second frame
 *   check     site and caller are the same functions, and a failed check stands at most GROUP_CHECK lines
 *             from a bad access
 *   cycle     recursion without end: at least half of the functions of both together recur in both
 *
 * These split what the above would join: lines near each other in a function that stands in several files, which
 * then are lines of others that were inlined into it unseen; two lines of which one goes past the end of an object
 * and the other before its beginning; two lines of one caller with different objects (then the site is a
 * helper of several bugs); the same accessor on top at lines far apart. An object never joins: all decoders
 * read the one input. A report that does not say whether it read or wrote joins the readers or the writers
 * when there are only the ones or the others, and the same tool speaks.
 *
 * Two buckets are in one family when a key of the one and a key of the other
 *
 *   function  have the same function at fault, wherever in it and whoever called it
 *   call      were called from the same function, at most GROUP_CALL lines apart; not from where the program
 *             begins, nor from where more than GROUP_CALLED functions are called: a switch calls everything
 *   inlined   the function at fault in one, without a line, called the one at fault in the other
 *   cycle     share a function that recurs
 *
 * Keys that cannot be told apart (key.h) are one heap each, and in no family.
 *
 * The distances were found on labelled public crashes: triage/dedup/README.md has the figures. */
#ifndef FENCEPOST_DEDUP_GROUP_H
#define FENCEPOST_DEDUP_GROUP_H

#include "key.h"

#define GROUP_NEAR   30 /* lines */
#define GROUP_SPAN   60
#define GROUP_CHECK  8
#define GROUP_CALL   8
#define GROUP_CALLED 4

enum group_join {
	GROUP_NOT,
	GROUP_KEY,
	GROUP_NEAR_LINES,
	GROUP_PLACE,
	GROUP_INLINED,
	GROUP_CHECK_NEAR,
	GROUP_CYCLE,
	/* of buckets into families */
	GROUP_SAME_FUNCTION,
	GROUP_SAME_CALL,
	GROUP_SHARED_CYCLE,
	GROUP_JOIN_COUNT
};

/* Why @a and @b, taken by themselves, are in one bucket. */
enum group_join group_relation(const struct key *a, const struct key *b);

/* Why they are in one family, if not in one bucket. */
enum group_join group_kinship(const struct key *a, const struct key *b);

/* A few words: why they are, or why not ("they stand at different lines"). Constant. */
const char *group_join_words(enum group_join join);
const char *group_difference_words(const struct key *a, const struct key *b);

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
