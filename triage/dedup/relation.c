/* SPDX-License-Identifier: Apache-2.0
 * The rules by which two crashes are of one bug. */
#include "relation.h"

#include "name.h"

#include <string.h>

static bool is_equal(const char *a, const char *b)
{
	return a != NULL && b != NULL && strcmp(a, b) == 0;
}

static bool contradicts(const struct key *a, const struct key *b)
{
	return a->access != REPORT_ACCESS_NONE && b->access != REPORT_ACCESS_NONE &&
		a->access != b->access;
}

/* Only a report of the same tool says the same when it says nothing of the access: what UBSan objects to
 * before an access need not be what ASan sees of it. */
static bool is_unknown(const struct key *a, const struct key *b)
{
	return a->access != b->access && a->tool != b->tool;
}

/* The same functions: what a key is made of besides its class. */
static bool are_functions_equal(const struct key *a, const struct key *b)
{
	const char *x = key_caller_name(a), *y = key_caller_name(b);

	return is_equal(key_site_name(a), key_site_name(b)) &&
		(is_equal(x, y) || (x == NULL && y == NULL));
}

bool relation_is_exact(const struct key *a, const struct key *b)
{
	return strcmp(a->text, b->text) == 0 && a->access == b->access && a->tool == b->tool &&
		key_compare_texts(key_top_place(a), key_top_place(b)) == 0 &&
		key_compare_texts(key_place(a), key_place(b)) == 0 &&
		key_compare_texts(key_caller_place(a), key_caller_place(b)) == 0;
}

/* Called at two lines for two objects, the site is a helper of two bugs. */
static bool is_helper_of_two(const struct key *a, const struct key *b)
{
	return a->object != NULL && b->object != NULL && strcmp(a->object, b->object) != 0 &&
		key_compare_texts(key_caller_place(a), key_caller_place(b)) != 0;
}

/* One goes past the end of an object, the other before its beginning: at two lines that is no loop. */
static bool are_opposite(const struct key *a, const struct key *b)
{
	return (a->side == REPORT_BEFORE && b->side == REPORT_AFTER) ||
		(a->side == REPORT_AFTER && b->side == REPORT_BEFORE);
}

/* One accessor on top, at lines that no tiny function has. */
static bool is_no_accessor(const struct key *a, const struct key *b)
{
	return a->site > 0 && b->site > 0 && is_equal(a->frames[0].name, b->frames[0].name) &&
		key_top_place(a) != NULL && key_top_place(b) != NULL &&
		key_lines_between(key_top_place(a), key_top_place(b)) > GROUP_NEAR;
}

/* Is @a's innermost function inlined in @b, which does not know? It stands at its line in the caller's
 * name, or the call's line comes one frame early. */
static bool is_inlined(const struct key *a, const struct key *b)
{
	const struct key_frame *caller = key_caller(a), *next = caller != NULL ? caller + 1 : NULL;

	if (caller == NULL)
		return false;
	if (!is_equal(key_site(a)->name, key_site(b)->name) &&
		is_equal(caller->name, key_site(b)->name))
		return true;
	return a->site + 2 < a->count && is_equal(next->place, key_caller_place(b));
}

/* Both stand at the same line. */
static enum group_join relation_at_place(const struct key *a, const struct key *b)
{
	if (is_no_accessor(a, b) ||
		(is_helper_of_two(a, b) && !is_inlined(a, b) && !is_inlined(b, a)))
		return GROUP_NOT;
	if (are_functions_equal(a, b))
		return key_compare_texts(key_caller_place(a), key_caller_place(b)) == 0 ?
			GROUP_KEY :
			GROUP_NEAR_LINES;
	if (is_equal(key_caller_place(a), key_caller_place(b)))
		return GROUP_PLACE;
	return is_inlined(a, b) || is_inlined(b, a) ? GROUP_INLINED : GROUP_NOT;
}

/* A loop, a row of reads: accesses of one sort. What accessed nothing, such as a check of a call's size, belongs
 * to its own line. */
static bool are_rows_of_accesses(const struct key *a, const struct key *b)
{
	return a->access == b->access &&
		(a->access != REPORT_ACCESS_NONE || a->class != KIND_CLASS_ACCESS);
}

/* How many functions recur in both, of those of @a. */
static size_t count_shared(const struct key *a, const struct key *b)
{
	size_t both = 0;

	for (size_t i = 0; i < a->count; i++) {
		size_t k = 0;

		while (k < b->count && !is_equal(a->frames[i].name, b->frames[k].name) &&
			!is_equal(a->frames[i].place, b->frames[k].place))
			k++;
		both += k < b->count;
	}
	return both;
}

/* Where a stack ends is luck, so no frame is the first one. */
static enum group_join relation_of_cycles(const struct key *a, const struct key *b)
{
	size_t both = count_shared(a, b);

	return both > 0 && 2 * both >= a->count + b->count - both ? GROUP_CYCLE : GROUP_NOT;
}

/* A check and an access: either may come first to the same mistake. */
static bool are_check_and_access(const struct key *a, const struct key *b)
{
	return (a->class == KIND_CLASS_ABORT && b->class == KIND_CLASS_ACCESS) ||
		(a->class == KIND_CLASS_ACCESS && b->class == KIND_CLASS_ABORT);
}

enum group_join relation_of_bucket(const struct key *a, const struct key *b)
{
	const char *place_a = key_place(a), *place_b = key_place(b);

	if (a->untold != KEY_TOLD || b->untold != KEY_TOLD)
		return a->untold == b->untold && strcmp(a->text, b->text) == 0 ? GROUP_KEY :
										 GROUP_NOT;
	if (are_check_and_access(a, b))
		return are_functions_equal(a, b) &&
				key_lines_between(place_a, place_b) <= GROUP_CHECK ?
			GROUP_CHECK_NEAR :
			GROUP_NOT;
	if (a->class != b->class || contradicts(a, b) || is_unknown(a, b))
		return GROUP_NOT;
	if (a->class == KIND_CLASS_RECURSION)
		return relation_of_cycles(a, b);
	if (place_a == NULL || place_b == NULL || a->class == KIND_CLASS_TIMEOUT)
		return strcmp(a->text, b->text) == 0 && (place_a != NULL) == (place_b != NULL) ?
			GROUP_KEY :
			GROUP_NOT;
	if (strcmp(place_a, place_b) == 0)
		return relation_at_place(a, b);
	return strcmp(a->text, b->text) == 0 && are_rows_of_accesses(a, b) &&
			key_lines_between(place_a, place_b) <= GROUP_NEAR &&
			!is_helper_of_two(a, b) && !is_no_accessor(a, b) && !are_opposite(a, b) ?
		GROUP_NEAR_LINES :
		GROUP_NOT;
}

/* One name in two files is two functions. */
bool relation_in_one_function(const struct key *a, const struct key *b)
{
	return is_equal(key_site_name(a), key_site_name(b)) &&
		(key_place(a) == NULL || key_place(b) == NULL ||
			key_lines_between(key_place(a), key_place(b)) != ~0ul);
}

/* Where optimisation took a line away, it may have taken the function that was inlined there too: what is left
 * is the other's caller. */
const char *relation_meeting(const struct key *key)
{
	return key_place(key) == NULL ? key_site_name(key) : key_caller_name(key);
}

enum group_join relation_of_family(const struct key *a, const struct key *b)
{
	const struct key_frame *x = key_caller(a), *y = key_caller(b);

	if (a->untold != KEY_TOLD || b->untold != KEY_TOLD)
		return GROUP_NOT;
	if (a->class == KIND_CLASS_RECURSION && b->class == KIND_CLASS_RECURSION)
		return count_shared(a, b) > 0 ? GROUP_SHARED_CYCLE : GROUP_NOT;
	if (relation_in_one_function(a, b) || is_equal(key_place(a), key_place(b)))
		return GROUP_SAME_FUNCTION;
	if ((key_place(a) == NULL) != (key_place(b) == NULL) &&
		is_equal(relation_meeting(a), relation_meeting(b)))
		return GROUP_INLINED;
	return is_equal(key_caller_name(a), key_caller_name(b)) && !name_is_entry(x->name) &&
			key_lines_between(x->place, y->place) <= GROUP_CALL ?
		GROUP_SAME_CALL :
		GROUP_NOT;
}

const char *relation_words(enum group_join join)
{
	static const char *const words[] = {
		[GROUP_NOT] = "nothing joins them",
		[GROUP_KEY] = "same key, same lines",
		[GROUP_NEAR_LINES] = "same function, same caller, lines near each other",
		[GROUP_PLACE] = "same line, called from the same line",
		[GROUP_INLINED] = "one report names the function into which the other was inlined",
		[GROUP_CHECK_NEAR] = "a failed check and a bad access a few lines apart",
		[GROUP_CYCLE] = "the same functions recur",
		[GROUP_SAME_FUNCTION] = "the same function is at fault",
		[GROUP_SAME_CALL] = "called from nearly the same line",
		[GROUP_SHARED_CYCLE] = "a function recurs in both",
	};

	return words[join];
}

const char *relation_difference(const struct key *a, const struct key *b)
{
	const char *place_a = key_place(a), *place_b = key_place(b);

	if (a->untold != KEY_TOLD || b->untold != KEY_TOLD)
		return a->untold == KEY_NO_STACK || b->untold == KEY_NO_STACK ?
			"one has no stack" :
			"one is a check that fails at the program's end";
	if (a->class != b->class)
		return "their kinds are of different classes";
	if (contradicts(a, b))
		return "one reads, the other writes";
	if (is_unknown(a, b))
		return "they were reported by different tools, and one does not say what it accessed";
	if (a->class == KIND_CLASS_RECURSION)
		return "other functions recur";
	if (!is_equal(key_site_name(a), key_site_name(b)))
		return "other functions are at fault";
	if (!are_functions_equal(a, b))
		return "other functions called the one at fault";
	if ((place_a != NULL) != (place_b != NULL))
		return "only one line is known";
	if (is_helper_of_two(a, b))
		return "two lines call the function at fault for two objects";
	if (is_no_accessor(a, b))
		return "their lines in the top function are far apart";
	if (are_opposite(a, b))
		return "one goes past an object's end, the other before its beginning";
	return "their lines are far apart";
}
