/* SPDX-License-Identifier: Apache-2.0
 * Grouping by keys. */
#include "group.h"

#include "name.h"

#include <stdlib.h>
#include <string.h>

/* Keys that could be related are compared with at most so many before them, so that a hostile directory
 * costs no quadratic time. */
#define COMPARED_MAX 512

/* ---- two keys -------------------------------------------------------------------------------- */

static bool is_equal(const char *a, const char *b)
{
	return a != NULL && b != NULL && strcmp(a, b) == 0;
}

static const char *name_of(const struct key_frame *frame)
{
	return frame != NULL ? frame->name : NULL;
}

static const char *place_of(const struct key_frame *frame)
{
	return frame != NULL ? frame->place : NULL;
}

/* The line of "file.c:41"; 0 of NULL. */
static unsigned long line_of(const char *place)
{
	const char *colon = place != NULL ? strrchr(place, ':') : NULL;

	return colon != NULL ? strtoul(colon + 1, NULL, 10) : 0;
}

/* How many lines lie between two places of one file; ULONG_MAX of two files, or when one is unknown. */
static unsigned long lines_between(const char *a, const char *b)
{
	size_t file = a != NULL ? strcspn(a, ":") : 0;
	unsigned long x = line_of(a), y = line_of(b);

	if (a == NULL || b == NULL || strncmp(a, b, file + 1) != 0)
		return ~0ul;
	return x > y ? x - y : y - x;
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
	const char *x = name_of(key_caller(a)), *y = name_of(key_caller(b));

	return is_equal(name_of(key_site(a)), name_of(key_site(b))) &&
		(is_equal(x, y) || (x == NULL && y == NULL));
}

static int compare_texts(const char *a, const char *b)
{
	if (a == NULL || b == NULL)
		return (a != NULL) - (b != NULL);
	return strcmp(a, b);
}

/* Of an accessor, if there is one; else of the site. */
static const char *top_place(const struct key *key)
{
	return key->count > 0 ? key->frames[0].place : NULL;
}

static bool is_exact(const struct key *a, const struct key *b)
{
	return strcmp(a->text, b->text) == 0 && a->access == b->access && a->tool == b->tool &&
		compare_texts(top_place(a), top_place(b)) == 0 &&
		compare_texts(key_place(a), key_place(b)) == 0 &&
		compare_texts(place_of(key_caller(a)), place_of(key_caller(b))) == 0;
}

/* Called at two lines for two objects, the site is a helper of two bugs. */
static bool is_helper_of_two(const struct key *a, const struct key *b)
{
	return a->object != NULL && b->object != NULL && strcmp(a->object, b->object) != 0 &&
		compare_texts(place_of(key_caller(a)), place_of(key_caller(b))) != 0;
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
		top_place(a) != NULL && top_place(b) != NULL &&
		lines_between(top_place(a), top_place(b)) > GROUP_NEAR;
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
	return a->site + 2 < a->count && is_equal(next->place, place_of(key_caller(b)));
}

/* Both stand at the same line. */
static enum group_join relation_at_place(const struct key *a, const struct key *b)
{
	if (is_no_accessor(a, b) ||
		(is_helper_of_two(a, b) && !is_inlined(a, b) && !is_inlined(b, a)))
		return GROUP_NOT;
	if (are_functions_equal(a, b))
		return compare_texts(place_of(key_caller(a)), place_of(key_caller(b))) == 0 ?
			GROUP_KEY :
			GROUP_NEAR_LINES;
	if (is_equal(place_of(key_caller(a)), place_of(key_caller(b))))
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

enum group_join group_relation(const struct key *a, const struct key *b)
{
	const char *place_a = key_place(a), *place_b = key_place(b);

	if (a->untold != KEY_TOLD || b->untold != KEY_TOLD)
		return a->untold == b->untold && strcmp(a->text, b->text) == 0 ? GROUP_KEY :
										 GROUP_NOT;
	if (are_check_and_access(a, b))
		return are_functions_equal(a, b) && lines_between(place_a, place_b) <= GROUP_CHECK ?
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
			lines_between(place_a, place_b) <= GROUP_NEAR && !is_helper_of_two(a, b) &&
			!is_no_accessor(a, b) && !are_opposite(a, b) ?
		GROUP_NEAR_LINES :
		GROUP_NOT;
}

/* One name in two files is two functions. */
static bool are_in_one_function(const struct key *a, const struct key *b)
{
	return is_equal(name_of(key_site(a)), name_of(key_site(b))) &&
		(key_place(a) == NULL || key_place(b) == NULL ||
			lines_between(key_place(a), key_place(b)) != ~0ul);
}

/* Where optimisation took a line away, it may have taken the function that was inlined there too: what is left
 * is the other's caller. */
static const char *name_meeting(const struct key *key)
{
	return name_of(key_place(key) == NULL ? key_site(key) : key_caller(key));
}

enum group_join group_kinship(const struct key *a, const struct key *b)
{
	const struct key_frame *x = key_caller(a), *y = key_caller(b);

	if (a->untold != KEY_TOLD || b->untold != KEY_TOLD)
		return GROUP_NOT;
	if (a->class == KIND_CLASS_RECURSION && b->class == KIND_CLASS_RECURSION)
		return count_shared(a, b) > 0 ? GROUP_SHARED_CYCLE : GROUP_NOT;
	if (are_in_one_function(a, b) || is_equal(key_place(a), key_place(b)))
		return GROUP_SAME_FUNCTION;
	if ((key_place(a) == NULL) != (key_place(b) == NULL) &&
		is_equal(name_meeting(a), name_meeting(b)))
		return GROUP_INLINED;
	return is_equal(name_of(x), name_of(y)) && !name_is_entry(x->name) &&
			lines_between(x->place, y->place) <= GROUP_CALL ?
		GROUP_SAME_CALL :
		GROUP_NOT;
}

const char *group_join_words(enum group_join join)
{
	static const char *const words[] = {
		[GROUP_NOT] = "nothing joins them",
		[GROUP_KEY] = "same key, same lines",
		[GROUP_NEAR_LINES] = "same function, same caller, lines near each other",
		[GROUP_PLACE] = "same line, called from the same line",
		[GROUP_INLINED] = "one is seen from the function that the other was inlined into",
		[GROUP_CHECK_NEAR] = "a failed check and a bad access a few lines apart",
		[GROUP_CYCLE] = "the same functions recur",
		[GROUP_SAME_FUNCTION] = "the same function is at fault",
		[GROUP_SAME_CALL] = "called from nearly the same line",
		[GROUP_SHARED_CYCLE] = "a function recurs in both",
	};

	return words[join];
}

const char *group_difference_words(const struct key *a, const struct key *b)
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
	if (!is_equal(name_of(key_site(a)), name_of(key_site(b))))
		return "other functions are at fault";
	if (!are_functions_equal(a, b))
		return "other functions called the one at fault";
	if ((place_a != NULL) != (place_b != NULL))
		return "the line of only one is known";
	if (is_helper_of_two(a, b))
		return "two lines call the function at fault for two objects";
	if (is_no_accessor(a, b))
		return "they stand far apart in the function on top";
	if (are_opposite(a, b))
		return "one goes past an object's end, the other before its beginning";
	return "their lines are far apart";
}

/* ---- many keys ------------------------------------------------------------------------------- */

struct grouping {
	const struct key *keys;
	size_t count;
	size_t *parent;
	unsigned long *low, *high; /* of each root: the lines that its sites span; 0: unknown */
	bool *scattered;           /* of each key: its site's function stands in several files */
	struct groups *ret;
};

static void *numbers(size_t count, size_t size)
{
	void *list = calloc(count + 1, size);

	if (list == NULL)
		abort();
	return list;
}

static size_t root_of(struct grouping *g, size_t i)
{
	while (g->parent[i] != i)
		i = g->parent[i] = g->parent[g->parent[i]];
	return i;
}

static void join(struct grouping *g, size_t a, size_t b, enum group_join why)
{
	size_t x = root_of(g, a), y = root_of(g, b), kept = x < y ? x : y, gone = x < y ? y : x;

	if (x == y)
		return;
	g->parent[gone] = kept;
	if (g->low[gone] < g->low[kept])
		g->low[kept] = g->low[gone];
	if (g->high[gone] > g->high[kept])
		g->high[kept] = g->high[gone];
	g->ret->links[g->ret->link_count++] = (struct group_link){ a, b, why };
}

/* Would the bucket be longer than one place is? */
static bool is_too_long(struct grouping *g, size_t a, size_t b)
{
	size_t x = root_of(g, a), y = root_of(g, b);
	unsigned long low = g->low[x] < g->low[y] ? g->low[x] : g->low[y];
	unsigned long high = g->high[x] > g->high[y] ? g->high[x] : g->high[y];

	return high - low > GROUP_SPAN;
}

/* Lines of a function that others were inlined into unseen are those others' lines. */
static bool is_scattered(const struct grouping *g, size_t a, size_t b)
{
	return g->scattered[a] &&
		compare_texts(key_place(&g->keys[a]), key_place(&g->keys[b])) != 0;
}

static void join_if(struct grouping *g, size_t a, size_t b, enum group_join why)
{
	bool by_lines = why == GROUP_NEAR_LINES || why == GROUP_CHECK_NEAR;

	if (why != GROUP_NOT && !(by_lines && (is_too_long(g, a, b) || is_scattered(g, a, b))))
		join(g, a, b, why);
}

/* ---- functions that stand in several files ---------------------------------------------------- */

static size_t file_size(const struct key_frame *frame)
{
	return frame->place != NULL ? strcspn(frame->place, ":") : 0;
}

static int compare_frames(const void *a, const void *b)
{
	const struct key_frame *x = *(const struct key_frame *const *)a;
	const struct key_frame *y = *(const struct key_frame *const *)b;
	size_t in_x = file_size(x), in_y = file_size(y);
	int order = strcmp(x->name, y->name);

	if (order == 0 && in_x != in_y)
		order = in_x < in_y ? -1 : 1;
	return order != 0 || in_x == 0 ? order : memcmp(x->place, y->place, in_x);
}

/* All frames with a place, one of each name and file, in the order of both. */
static size_t sort_frames(
	const struct grouping *g, const size_t *list, size_t count, const struct key_frame **ret)
{
	size_t all = 0, kept = 0;

	for (size_t i = 0; i < count; i++)
		for (size_t f = 0; f < g->keys[list[i]].count; f++)
			if (g->keys[list[i]].frames[f].place != NULL)
				ret[all++] = &g->keys[list[i]].frames[f];
	if (all > 0)
		qsort(ret, all, sizeof(*ret), compare_frames);
	for (size_t i = 0; i < all; i++)
		if (kept == 0 || compare_frames(&ret[kept - 1], &ret[i]) != 0)
			ret[kept++] = ret[i];
	return kept;
}

static int compare_name(const void *name, const void *frame)
{
	return strcmp(name, (*(const struct key_frame *const *)frame)->name);
}

static void find_scattered(struct grouping *g, const size_t *list, size_t count)
{
	const struct key_frame **frames = NULL;
	size_t most = 0, kept;

	for (size_t i = 0; i < count; i++)
		most += g->keys[list[i]].count;
	frames = numbers(most, sizeof(*frames));
	kept = sort_frames(g, list, count, frames);
	for (size_t i = 0; i < count; i++) {
		const char *name = name_of(key_site(&g->keys[list[i]]));
		const struct key_frame **at = name != NULL ?
			bsearch(name, frames, kept, sizeof(*frames), compare_name) :
			NULL;

		if (at != NULL)
			g->scattered[list[i]] = (at > frames && compare_name(name, at - 1) == 0) ||
				(at + 1 < frames + kept && compare_name(name, at + 1) == 0);
	}
	free(frames);
}

/* ---- orders in which keys that could be related stand side by side ---------------------------- */

typedef int order_of(const struct key *, const struct key *);

/* The same functions; all recursion; of what cannot be told apart the same text. */
static int by_functions(const struct key *a, const struct key *b)
{
	bool cycle_a = a->class == KIND_CLASS_RECURSION, cycle_b = b->class == KIND_CLASS_RECURSION;
	int order = (int)a->untold - (int)b->untold;

	if (order != 0 || a->untold != KEY_TOLD)
		return order != 0 ? order : strcmp(a->text, b->text);
	if (cycle_a || cycle_b)
		return cycle_a - cycle_b;
	order = compare_texts(name_of(key_site(a)), name_of(key_site(b)));
	return order != 0 ? order : compare_texts(name_of(key_caller(a)), name_of(key_caller(b)));
}

static int by_place(const struct key *a, const struct key *b)
{
	return compare_texts(key_place(a), key_place(b));
}

static int by_site(const struct key *a, const struct key *b)
{
	return compare_texts(name_of(key_site(a)), name_of(key_site(b)));
}

static int by_caller(const struct key *a, const struct key *b)
{
	return compare_texts(name_of(key_caller(a)), name_of(key_caller(b)));
}

static int by_meeting(const struct key *a, const struct key *b)
{
	return compare_texts(name_meeting(a), name_meeting(b));
}

static int compare_lines(unsigned long a, unsigned long b)
{
	return (a > b) - (a < b);
}

struct sorting {
	const struct key *keys;
	order_of *order;
};

static int compare_keys(const void *x, const void *y, void *arg)
{
	const struct sorting *sorting = arg;
	size_t i = *(const size_t *)x, j = *(const size_t *)y;
	const struct key *a = &sorting->keys[i], *b = &sorting->keys[j];
	int order = sorting->order(a, b);

	/* the caller's line, where it is what is compared; else the site's */
	if (order == 0 && sorting->order == by_caller)
		order = compare_lines(
			line_of(place_of(key_caller(a))), line_of(place_of(key_caller(b))));
	if (order == 0)
		order = compare_lines(line_of(key_place(a)), line_of(key_place(b)));
	order = order != 0 ? order : strcmp(a->text, b->text);
	order = order != 0 ? order : (int)a->access - (int)b->access;
	order = order != 0 ? order : (int)a->tool - (int)b->tool;
	order = order != 0 ? order : compare_texts(key_place(a), key_place(b));
	if (order == 0)
		order = compare_texts(place_of(key_caller(a)), place_of(key_caller(b)));
	order = order != 0 ? order : compare_texts(top_place(a), top_place(b));
	return order != 0 ? order : (i > j) - (i < j);
}

/* ---- buckets --------------------------------------------------------------------------------- */

/* A report without an access joins the readers or the writers, unless it could be either. */
static void join_unknown(struct grouping *g, const size_t *list, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const struct key *a = &g->keys[list[i]];
		size_t near[REPORT_ACCESS_COUNT] = { 0 };
		bool found[REPORT_ACCESS_COUNT] = { false };

		if (a->access != REPORT_ACCESS_NONE)
			continue;
		for (size_t j = i > COMPARED_MAX ? i - COMPARED_MAX : 0;
			j < count && j < i + COMPARED_MAX; j++) {
			const struct key *b = &g->keys[list[j]];

			if (b->access == REPORT_ACCESS_NONE || found[b->access] ||
				group_relation(a, b) == GROUP_NOT)
				continue;
			found[b->access] = true;
			near[b->access] = list[j];
		}
		for (int access = REPORT_READ; access <= REPORT_WRITE; access++)
			if (found[access] && !found[REPORT_READ + REPORT_WRITE - access])
				join_if(g, list[i], near[access],
					group_relation(a, &g->keys[near[access]]));
	}
}

static void join_near(struct grouping *g, const size_t *list, size_t count)
{
	for (size_t i = 0; i < count; i++)
		for (size_t j = i > COMPARED_MAX ? i - COMPARED_MAX : 0; j < i; j++) {
			const struct key *a = &g->keys[list[i]], *b = &g->keys[list[j]];

			if (a->access == b->access)
				join_if(g, list[j], list[i], group_relation(a, b));
		}
	join_unknown(g, list, count);
}

/* How many functions at fault were called from near the line that called the @at-th of @list, which is sorted
 * by those lines. */
static size_t count_called(const struct grouping *g, const size_t *list, size_t count, size_t at)
{
	const char *place = place_of(key_caller(&g->keys[list[at]]));
	const struct key *last = NULL;
	size_t called = 0;

	for (size_t i = 0; i < count; i++) {
		const struct key *key = &g->keys[list[i]];

		if (lines_between(place_of(key_caller(key)), place) > GROUP_CALL)
			continue;
		called += last == NULL || !are_in_one_function(key, last);
		last = key;
	}
	return called;
}

/* What many functions are called from is a switch, or a call by pointer: it says nothing. */
static void join_called(struct grouping *g, const size_t *list, size_t count)
{
	if (name_of(key_caller(&g->keys[list[0]])) == NULL)
		return;
	for (size_t i = 1; i < count; i++)
		for (size_t j = i > COMPARED_MAX ? i - COMPARED_MAX : 0; j < i; j++)
			if (root_of(g, list[j]) != root_of(g, list[i]) &&
				group_kinship(&g->keys[list[j]], &g->keys[list[i]]) ==
					GROUP_SAME_CALL &&
				count_called(g, list, count, i) <= GROUP_CALLED &&
				count_called(g, list, count, j) <= GROUP_CALLED)
				join(g, list[j], list[i], GROUP_SAME_CALL);
}

/* Families, but for those of a call. */
static void join_kin(struct grouping *g, const size_t *list, size_t count)
{
	for (size_t i = 1; i < count; i++)
		for (size_t j = i > COMPARED_MAX ? i - COMPARED_MAX : 0; j < i; j++) {
			enum group_join why;

			if (root_of(g, list[j]) == root_of(g, list[i]))
				continue;
			why = group_kinship(&g->keys[list[i]], &g->keys[list[j]]);
			if (why == GROUP_NOT || why == GROUP_SAME_CALL ||
				(why == GROUP_SAME_FUNCTION && is_scattered(g, list[i], list[j])))
				continue;
			join(g, list[j], list[i], why);
		}
}

/* Calls @join_block for each block of @list that @order takes for alike. */
static void join_by(struct grouping *g, size_t *list, size_t count, order_of *order,
	void join_block(struct grouping *, const size_t *, size_t))
{
	struct sorting sorting = { g->keys, order };

	qsort_r(list, count, sizeof(*list), compare_keys, &sorting);
	for (size_t first = 0, end; first < count; first = end) {
		for (end = first + 1;
			end < count && order(&g->keys[list[first]], &g->keys[list[end]]) == 0;)
			end++;
		join_block(g, list + first, end - first);
	}
}

/* Joins what is exactly alike; of each kind the first stays in @list. Returns how many. */
static size_t join_exact(struct grouping *g, size_t *list)
{
	struct sorting sorting = { g->keys, by_functions };
	size_t count = 0;

	qsort_r(list, g->count, sizeof(*list), compare_keys, &sorting);
	for (size_t i = 0; i < g->count; i++) {
		size_t of = list[i];

		if (count > 0 && is_exact(&g->keys[list[count - 1]], &g->keys[of]))
			join(g, list[count - 1], of, GROUP_KEY);
		else
			list[count++] = of;
	}
	return count;
}

static size_t number(struct grouping *g, size_t *of)
{
	size_t count = 0;

	for (size_t i = 0; i < g->count; i++) {
		size_t root = root_of(g, i);

		of[i] = root == i ? count++ : of[root];
	}
	return count;
}

static void number_families(struct grouping *g)
{
	size_t *of = numbers(g->count, sizeof(*of));

	g->ret->family_count = number(g, of);
	for (size_t i = 0; i < g->count; i++)
		g->ret->family[g->ret->of[i]] = of[i];
	free(of);
}

static void open(struct grouping *g)
{
	g->parent = numbers(g->count, sizeof(*g->parent));
	g->low = numbers(g->count, sizeof(*g->low));
	g->high = numbers(g->count, sizeof(*g->high));
	g->scattered = numbers(g->count, sizeof(*g->scattered));
	for (size_t i = 0; i < g->count; i++) {
		g->parent[i] = i;
		g->low[i] = g->high[i] = line_of(key_place(&g->keys[i]));
	}
	*g->ret = (struct groups){ .of = numbers(g->count, sizeof(size_t)),
		.family = numbers(g->count, sizeof(size_t)),
		.links = numbers(g->count, sizeof(struct group_link)) };
}

void group_make(const struct key *keys, size_t count, struct groups *ret)
{
	struct grouping g = { .keys = keys, .count = count, .ret = ret };
	size_t *list = numbers(count, sizeof(*list)), unique;

	open(&g);
	for (size_t i = 0; i < count; i++)
		list[i] = i;
	unique = join_exact(&g, list);
	find_scattered(&g, list, unique);
	join_by(&g, list, unique, by_functions, join_near);
	join_by(&g, list, unique, by_place, join_near);
	ret->count = number(&g, ret->of);
	ret->bucket_link_count = ret->link_count;
	join_by(&g, list, unique, by_functions, join_kin);
	join_by(&g, list, unique, by_site, join_kin);
	join_by(&g, list, unique, by_place, join_kin);
	join_by(&g, list, unique, by_caller, join_called);
	join_by(&g, list, unique, by_meeting, join_kin);
	number_families(&g);
	free(g.parent);
	free(g.low);
	free(g.high);
	free(g.scattered);
	free(list);
}

void group_free(struct groups *groups)
{
	free(groups->of);
	free(groups->family);
	free(groups->links);
	*groups = (struct groups){ 0 };
}
