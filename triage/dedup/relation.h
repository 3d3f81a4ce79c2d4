/* SPDX-License-Identifier: Apache-2.0
 * Decides whether two keys are in one bucket or in one family, and gives the reason. The words
 * site, caller and accessor are those of key.h.
 *
 * Two keys are in one bucket if their accesses do not contradict each other and one of these holds:
 *
 *  key       site, caller and their lines are the same
 *  near      site and caller are the same functions, and the site's lines are at most GROUP_NEAR
 *            apart: a loop or a row of reads is one bug. A bad access that is neither a read nor a
 *            write joins only its own line. A bucket spans at most GROUP_SPAN lines
 *  place     the lines of site and caller are the same, but the names differ, as between two builds
 *  inlined   the site's line is the same, and one report names the function into which the site was
 *            inlined: that name is the other's caller, or the other report lacks its second frame
 *  check     site and caller are the same functions, and a failed check is at most GROUP_CHECK
 *            lines from a bad access
 *  cycle     both recurse without end, and at least half of all their functions recur in both
 *
 * Four rules split keys that the rules above would join:
 *
 *  files     the lines are near each other, but in a function that occurs in several files: other
 *            functions were inlined there
 *  sides     at two lines, one access is past the end of an object and one before its beginning
 *  objects   two lines of one caller access different objects: the site is a helper of several bugs
 *  accessor  the same accessor is at the top, at lines far apart
 *
 * An equal object joins nothing, because all decoders read the same input. Some reports name no
 * access. Such a report joins the readers or the writers of the same tool, if only one of the two
 * exists.
 *
 * Two buckets are in one family if a key of one and a key of the other fulfil one of these:
 *
 *  function  both have the same function at fault, at any line and with any caller
 *  call      both have one caller, at lines at most GROUP_CALL apart. The program's entry does not
 *            count. A function that calls more than GROUP_CALLED others does not count either: a
 *            switch calls everything
 *  inlined   one key's site has no line, and called the other key's site
 *  cycle     both share a function that recurs
 *
 * Keys that cannot be told apart (enum key_untold) form one bucket for each text, and no family. */
#ifndef FENCEPOST_DEDUP_RELATION_H
#define FENCEPOST_DEDUP_RELATION_H

#include "key.h"

#define GROUP_NEAR   30 /* unit of these distances: lines; GROUP_CALLED counts functions */
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
	/* the rules from here on join buckets into families */
	GROUP_SAME_FUNCTION,
	GROUP_SAME_CALL,
	GROUP_SHARED_CYCLE,
	GROUP_JOIN_COUNT
};

/* Returns the rule that puts @a and @b alone into one bucket, or GROUP_NOT. */
enum group_join relation_of_bucket(const struct key *a, const struct key *b);

/* Returns the rule that puts @a and @b into one family, or GROUP_NOT. */
enum group_join relation_of_family(const struct key *a, const struct key *b);

/* Return a few constant words: relation_words() the rule that joined two keys,
 * relation_difference() the difference of two keys ("they stand at different lines"). */
const char *relation_words(enum group_join join);
const char *relation_difference(const struct key *a, const struct key *b);

/* Are both keys equal in everything that the rules compare? */
bool relation_is_exact(const struct key *a, const struct key *b);

/* Are both sites in one function? One name in two files counts as two functions. */
bool relation_in_one_function(const struct key *a, const struct key *b);

/* Returns the function by which a key without a line at its site can match a key with a line. */
const char *relation_meeting(const struct key *key);

#endif
