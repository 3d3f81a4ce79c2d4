/* SPDX-License-Identifier: Apache-2.0
 * Two keys: why they are of one bug, or to be looked at together, or not.
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
 * Keys that cannot be told apart (key.h) are one heap each, and in no family. */
#ifndef FENCEPOST_DEDUP_RELATION_H
#define FENCEPOST_DEDUP_RELATION_H

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
enum group_join relation_of_bucket(const struct key *a, const struct key *b);

/* Why they are in one family, if not in one bucket. */
enum group_join relation_of_family(const struct key *a, const struct key *b);

/* A few words: why they are, or why not ("they stand at different lines"). Constant. */
const char *relation_words(enum group_join join);
const char *relation_difference(const struct key *a, const struct key *b);

/* Is nothing different that the rules look at? */
bool relation_is_exact(const struct key *a, const struct key *b);

/* Do both sites stand in one function? One name in two files is two functions. */
bool relation_in_one_function(const struct key *a, const struct key *b);

/* The function in which a key without a line of its site may meet one with it. */
const char *relation_meeting(const struct key *key);

#endif
