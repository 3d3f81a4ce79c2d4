/* SPDX-License-Identifier: Apache-2.0
 * Grouping by keys. */
#include "group.h"

#include <stdlib.h>
#include <string.h>

/* Keys at one place, or with one function on top, that are compared with each other: more than these are
 * compared with the first ones only, so that a hostile directory costs no quadratic time. */
#define COMPARED_MAX 512

/* ---- two keys -------------------------------------------------------------------------------- */

static bool is_equal(const char *a, const char *b)
{
	return a != NULL && b != NULL && strcmp(a, b) == 0;
}

static bool is_frame_equal(const struct key_frame *a, const struct key_frame *b)
{
	return is_equal(a->name, b->name) || is_equal(a->place, b->place);
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

/* Length of the longest common subsequence of the first GROUP_COMPARED names. */
static size_t common(const struct key *a, const struct key *b)
{
	size_t length[GROUP_COMPARED + 1][GROUP_COMPARED + 1] = { { 0 } };
	size_t m = a->count < GROUP_COMPARED ? a->count : GROUP_COMPARED;
	size_t n = b->count < GROUP_COMPARED ? b->count : GROUP_COMPARED;

	for (size_t i = 1; i <= m; i++)
		for (size_t j = 1; j <= n; j++) {
			size_t left = length[i][j - 1], up = length[i - 1][j];

			length[i][j] = left > up ? left : up;
			if (is_equal(a->frames[i - 1].name, b->frames[j - 1].name))
				length[i][j] = length[i - 1][j - 1] + 1;
		}
	return length[m][n];
}

static size_t compared(const struct key *key)
{
	return key->count < GROUP_COMPARED ? key->count : GROUP_COMPARED;
}

static enum group_join relation_of_stacks(const struct key *a, const struct key *b)
{
	size_t longer = compared(a) > compared(b) ? compared(a) : compared(b);
	size_t both = common(a, b);

	if (a->count == 0 || b->count == 0)
		return GROUP_NOT;
	if (!is_equal(a->frames[0].name, b->frames[0].name))
		return GROUP_NOT;
	return (double)both >= GROUP_SIMILAR * (double)longer ? GROUP_STACK : GROUP_NOT;
}

/* Is @a's innermost function inlined in @b, which does not know? It stands at its line in the caller's
 * name, or the call's line comes one frame early. */
static bool is_inlined(const struct key *a, const struct key *b)
{
	if (!is_equal(a->frames[0].name, b->frames[0].name) &&
		is_equal(a->frames[1].name, b->frames[0].name))
		return true;
	return a->count > 2 && is_equal(a->frames[2].place, b->frames[1].place);
}

/* Where a stack ends is luck, so no frame is the first one. */
static enum group_join relation_of_cycles(const struct key *a, const struct key *b)
{
	size_t both = 0;

	for (size_t i = 0; i < a->count; i++) {
		size_t k = 0;

		while (k < b->count && !is_frame_equal(&a->frames[i], &b->frames[k]))
			k++;
		both += k < b->count;
	}
	return both > 0 && 2 * both >= a->count + b->count - both ? GROUP_CYCLE : GROUP_NOT;
}

/* Both stand at the same place. */
static enum group_join relation_at_place(const struct key *a, const struct key *b)
{
	bool objects_differ = a->object != NULL && b->object != NULL &&
		strcmp(a->object, b->object) != 0;

	if (is_equal(a->object, b->object))
		return GROUP_OBJECT;
	if (a->count == 1 || b->count == 1)
		return GROUP_PLACE;
	if (is_inlined(a, b) || is_inlined(b, a))
		return GROUP_INLINED;
	if (is_equal(a->frames[1].place, b->frames[1].place)) {
		bool ends = a->count == 2 || b->count == 2;

		return ends || !objects_differ || is_frame_equal(&a->frames[2], &b->frames[2]) ?
			GROUP_PLACE :
			GROUP_NOT;
	}
	/* one caller at two lines may be two bugs that share a helper */
	return is_equal(a->frames[1].name, b->frames[1].name) && !objects_differ ? GROUP_PLACE :
										   GROUP_NOT;
}

/* The line that called the function on top. */
static const char *caller_of(const struct key *key)
{
	return key->count > 1 && key->class != KIND_CLASS_RECURSION ? key->frames[1].place : NULL;
}

/* Where lines play a part: not in recursion. */
static const char *place_of(const struct key *key)
{
	return key->class != KIND_CLASS_RECURSION ? key_place(key) : NULL;
}

static int compare_texts(const char *a, const char *b)
{
	if (a == NULL || b == NULL)
		return (a != NULL) - (b != NULL);
	return strcmp(a, b);
}

static bool is_exact(const struct key *a, const struct key *b)
{
	return strcmp(a->text, b->text) == 0 && compare_texts(place_of(a), place_of(b)) == 0 &&
		compare_texts(caller_of(a), caller_of(b)) == 0;
}

enum group_join group_relation(const struct key *a, const struct key *b)
{
	const char *place_a = place_of(a), *place_b = place_of(b);

	if (is_exact(a, b))
		return GROUP_KEY;
	if (a->class != b->class || contradicts(a, b) || is_unknown(a, b))
		return GROUP_NOT;
	if (a->class == KIND_CLASS_RECURSION)
		return relation_of_cycles(a, b);
	if (place_a != NULL && place_b != NULL)
		return strcmp(place_a, place_b) == 0 ? relation_at_place(a, b) : GROUP_NOT;
	return place_a == place_b ? relation_of_stacks(a, b) : GROUP_NOT;
}

const char *group_join_words(enum group_join join)
{
	static const char *const words[] = {
		[GROUP_NOT] = "nothing joins them",
		[GROUP_KEY] = "same key, same lines",
		[GROUP_PLACE] = "same place, same caller",
		[GROUP_INLINED] = "same place, one seen from the function it was inlined into",
		[GROUP_OBJECT] = "same place, same object",
		[GROUP_STACK] = "same function on top, nearly the same stack",
		[GROUP_CYCLE] = "the same functions recur",
	};

	return words[join];
}

const char *group_difference_words(const struct key *a, const struct key *b)
{
	const char *place_a = place_of(a), *place_b = place_of(b);

	if (a->class != b->class)
		return "their kinds are of different classes";
	if (contradicts(a, b))
		return "one reads, the other writes";
	if (is_unknown(a, b))
		return "they were reported by different tools, and one does not say what it accessed";
	if (a->class == KIND_CLASS_RECURSION)
		return "other functions recur";
	if (place_a != NULL && place_b != NULL)
		return strcmp(place_a, place_b) != 0 ?
			"they stand at different places" :
			"they stand at the same place, but come from different callers and access different "
			"or unknown objects";
	if (place_a != place_b)
		return "the line of only one is known";
	if (a->count == 0 || b->count == 0)
		return "one has no stack";
	if (!is_equal(a->frames[0].name, b->frames[0].name))
		return "other functions are on top, and their lines are unknown";
	return "their stacks have too few functions in common";
}

/* ---- many keys ------------------------------------------------------------------------------- */

struct grouping {
	const struct key *keys;
	size_t count;
	size_t *parent, *order;
	struct groups *ret;
};

static size_t root_of(struct grouping *g, size_t i)
{
	while (g->parent[i] != i)
		i = g->parent[i] = g->parent[g->parent[i]];
	return i;
}

static void join(struct grouping *g, size_t a, size_t b, enum group_join why)
{
	size_t x = root_of(g, a), y = root_of(g, b);

	if (x == y)
		return;
	g->parent[x > y ? x : y] = x > y ? y : x;
	g->ret->links[g->ret->link_count++] = (struct group_link){ a, b, why };
}

/* The function on top, for keys that are compared by their functions. */
static const char *top_of(const struct key *key)
{
	return key->class != KIND_CLASS_RECURSION && place_of(key) == NULL && key->count > 0 ?
		key->frames[0].name :
		NULL;
}

/* Only these can be related: the same class, and the same place or the same function on top. */
static int compare_candidates(const struct key *a, const struct key *b)
{
	int order = (int)a->class - (int)b->class;

	order = order != 0 ? order : compare_texts(place_of(a), place_of(b));
	return order != 0 ? order : compare_texts(top_of(a), top_of(b));
}

static int compare_keys(const void *x, const void *y, void *keys)
{
	size_t i = *(const size_t *)x, j = *(const size_t *)y;
	const struct key *a = (const struct key *)keys + i, *b = (const struct key *)keys + j;
	int order = compare_candidates(a, b);

	order = order != 0 ? order : strcmp(a->text, b->text);
	order = order != 0 ? order : compare_texts(caller_of(a), caller_of(b));
	return order != 0 ? order : (i > j) - (i < j);
}

/* Candidates stand side by side in @g->order from @first to before @end: one of each exact kind. */
static void join_near(struct grouping *g, const size_t *unique, size_t first, size_t end)
{
	for (size_t i = first; i < end; i++)
		for (size_t j = first; j < i && j - first < COMPARED_MAX; j++) {
			const struct key *a = &g->keys[unique[i]], *b = &g->keys[unique[j]];
			enum group_join why = a->access == b->access ? group_relation(a, b) :
								       GROUP_NOT;

			if (why != GROUP_NOT)
				join(g, unique[i], unique[j], why);
		}
}

/* A report without an access joins the readers or the writers, unless it could be either. */
static void join_unknown(struct grouping *g, const size_t *unique, size_t first, size_t end)
{
	for (size_t i = first; i < end; i++) {
		const struct key *a = &g->keys[unique[i]];
		size_t near[REPORT_ACCESS_COUNT] = { 0 };
		bool found[REPORT_ACCESS_COUNT] = { false };

		if (a->access != REPORT_ACCESS_NONE)
			continue;
		for (size_t j = first; j < end && j - first < COMPARED_MAX; j++) {
			const struct key *b = &g->keys[unique[j]];

			if (b->access == REPORT_ACCESS_NONE || found[b->access] ||
				group_relation(a, b) == GROUP_NOT)
				continue;
			found[b->access] = true;
			near[b->access] = unique[j];
		}
		for (int access = REPORT_READ; access <= REPORT_WRITE; access++)
			if (found[access] && !found[REPORT_READ + REPORT_WRITE - access])
				join(g, unique[i], near[access],
					group_relation(a, &g->keys[near[access]]));
	}
}

/* Joins what is exactly alike; of each kind the first stays in @unique. Returns how many. */
static size_t join_exact(struct grouping *g, size_t *unique)
{
	size_t count = 0;

	for (size_t i = 0; i < g->count; i++) {
		size_t of = g->order[i];

		if (count > 0 && is_exact(&g->keys[unique[count - 1]], &g->keys[of]))
			join(g, unique[count - 1], of, GROUP_KEY);
		else
			unique[count++] = of;
	}
	return count;
}

static void number(struct grouping *g)
{
	for (size_t i = 0; i < g->count; i++) {
		size_t root = root_of(g, i);

		g->ret->of[i] = root == i ? g->ret->count++ : g->ret->of[root];
	}
}

static size_t *numbers(size_t count)
{
	size_t *list = calloc(count + 1, sizeof(*list));

	if (list == NULL)
		abort();
	return list;
}

void group_make(const struct key *keys, size_t count, struct groups *ret)
{
	struct grouping g = { keys, count, numbers(count), numbers(count), ret };
	size_t *unique = numbers(count), unique_count;

	*ret = (struct groups){ .of = numbers(count),
		.links = calloc(count + 1, sizeof(*ret->links)) };
	if (ret->links == NULL)
		abort();
	for (size_t i = 0; i < count; i++)
		g.parent[i] = g.order[i] = i;
	qsort_r(g.order, count, sizeof(*g.order), compare_keys, (void *)(uintptr_t)keys);
	unique_count = join_exact(&g, unique);
	for (size_t first = 0, end; first < unique_count; first = end) {
		end = first + 1;
		while (end < unique_count &&
			compare_candidates(&keys[unique[first]], &keys[unique[end]]) == 0)
			end++;
		join_near(&g, unique, first, end);
		join_unknown(&g, unique, first, end);
	}
	number(&g);
	free(g.parent);
	free(g.order);
	free(unique);
}

void group_free(struct groups *groups)
{
	free(groups->of);
	free(groups->links);
	*groups = (struct groups){ 0 };
}
