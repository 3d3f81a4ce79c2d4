/* SPDX-License-Identifier: Apache-2.0
 * Decides whether two keys are in one bucket or in one family, and for which reason.
 *
 * Two keys are in one bucket when their accesses do not contradict each other and one of these holds:
 *
 *   key       site, caller and their lines are the same
 *   near      site and caller are the same functions, and the site's lines are at most GROUP_NEAR apart: a
 *             loop or a row of reads is one bug. A bad access that is neither a read nor a write joins only
 *             its own line. A bucket spans at most GROUP_SPAN lines
 *   place     the lines of site and caller are the same, but the names differ, as between two builds
 *   inlined   the site's line is the same, and one report names the function into which the site was inlined:
 *             that name is the other's caller, or the report lacks the other's second frame
 *   check     site and caller are the same functions, and a failed check is at most GROUP_CHECK lines from a
 *             bad access
 *   cycle     both recurse without end, and at least half of all their functions recur in both
 *
 * Four rules split keys that the rules above would join:
 *
 *   files     lines near each other, in a function that occurs in several files: other functions were inlined there
 *   sides     two lines, one past the end of an object and one before its beginning
 *   objects   two lines of one caller with different objects: the site is a helper of several bugs
 *   accessor  the same accessor at the top, at lines far apart
 *
 * An equal object joins nothing, because all decoders read the same input. A report that names no access joins the
 * readers or the writers of the same tool, if only one of the two exists.
 *
 * Two buckets are in one family when a key of one and a key of the other
 *
 *   function  have the same function at fault, at any line and with any caller
 *   call      have one caller, at lines at most GROUP_CALL apart. The program's entry does not count, nor a
 *             function that calls more than GROUP_CALLED others: a switch calls everything
 *   inlined   are related by a call: one key's site, without a line, called the other key's site
 *   cycle     share a function that recurs
 *
 * Keys that cannot be told apart (key.h) form one bucket for each text, and no family. */
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
	/* the rest join buckets into families */
	GROUP_SAME_FUNCTION,
	GROUP_SAME_CALL,
	GROUP_SHARED_CYCLE,
	GROUP_JOIN_COUNT
};

/* Returns the rule by which @a and @b alone are in one bucket, or GROUP_NOT. */
enum group_join relation_of_bucket(const struct key *a, const struct key *b);

/* Returns the rule by which they are in one family, or GROUP_NOT. */
enum group_join relation_of_family(const struct key *a, const struct key *b);

/* Return a few constant words: the rule that joined, or the difference ("they stand at different lines"). */
const char *relation_words(enum group_join join);
const char *relation_difference(const struct key *a, const struct key *b);

/* Are both keys the same in everything that the rules compare? */
bool relation_is_exact(const struct key *a, const struct key *b);

/* Are both sites in one function? One name in two files is two functions. */
bool relation_in_one_function(const struct key *a, const struct key *b);

/* Returns the function by which a key without a line at its site can match a key with one. */
const char *relation_meeting(const struct key *key);

#endif
