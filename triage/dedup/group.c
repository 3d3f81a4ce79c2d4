/* SPDX-License-Identifier: Apache-2.0
 * Groups keys into buckets and families. */
#include "group.h"

#include "base/util.h"
#include "order.h"

#include <stdlib.h>
#include <string.h>

/* Keys that could be related are compared with at most so many before them, so that a hostile directory
 * costs no quadratic time. */
#define COMPARED_MAX 512

struct grouping {
	const struct key *keys;
	size_t count;
	size_t *parent;
	unsigned long *low, *high; /* of each root: the lines that its sites span; 0: unknown */
	bool *scattered;           /* of each key: its site's function stands in several files */
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
		key_compare_texts(key_place(&g->keys[a]), key_place(&g->keys[b])) != 0;
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
	frames = allocate(most + 1, sizeof(*frames));
	kept = sort_frames(g, list, count, frames);
	for (size_t i = 0; i < count; i++) {
		const char *name = key_site_name(&g->keys[list[i]]);
		const struct key_frame **at = name != NULL ?
			bsearch(name, frames, kept, sizeof(*frames), compare_name) :
			NULL;

		if (at != NULL)
			g->scattered[list[i]] = (at > frames && compare_name(name, at - 1) == 0) ||
				(at + 1 < frames + kept && compare_name(name, at + 1) == 0);
	}
	free(frames);
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
				relation_of_bucket(a, b) == GROUP_NOT)
				continue;
			found[b->access] = true;
			near[b->access] = list[j];
		}
		for (int access = REPORT_READ; access <= REPORT_WRITE; access++)
			if (found[access] && !found[REPORT_READ + REPORT_WRITE - access])
				join_if(g, list[i], near[access],
					relation_of_bucket(a, &g->keys[near[access]]));
	}
}

static void join_near(struct grouping *g, const size_t *list, size_t count)
{
	for (size_t i = 0; i < count; i++)
		for (size_t j = i > COMPARED_MAX ? i - COMPARED_MAX : 0; j < i; j++) {
			const struct key *a = &g->keys[list[i]], *b = &g->keys[list[j]];

			if (a->access == b->access)
				join_if(g, list[j], list[i], relation_of_bucket(a, b));
		}
	join_unknown(g, list, count);
}

/* How many functions at fault were called from near the line that called the @at-th of @list, which is sorted
 * by those lines. */
static size_t count_called(const struct grouping *g, const size_t *list, size_t count, size_t at)
{
	const char *place = key_caller_place(&g->keys[list[at]]);
	const struct key *last = NULL;
	size_t called = 0;

	for (size_t i = 0; i < count; i++) {
		const struct key *key = &g->keys[list[i]];

		if (key_lines_between(key_caller_place(key), place) > GROUP_CALL)
			continue;
		called += last == NULL || !relation_in_one_function(key, last);
		last = key;
	}
	return called;
}

/* What many functions are called from is a switch, or a call by pointer: it says nothing. */
static void join_called(struct grouping *g, const size_t *list, size_t count)
{
	if (key_caller_name(&g->keys[list[0]]) == NULL)
		return;
	for (size_t i = 1; i < count; i++)
		for (size_t j = i > COMPARED_MAX ? i - COMPARED_MAX : 0; j < i; j++)
			if (root_of(g, list[j]) != root_of(g, list[i]) &&
				relation_of_family(&g->keys[list[j]], &g->keys[list[i]]) ==
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
			why = relation_of_family(&g->keys[list[i]], &g->keys[list[j]]);
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
	order_sort(g->keys, list, count, order);
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
	size_t count = 0;

	order_sort(g->keys, list, g->count, order_by_functions);
	for (size_t i = 0; i < g->count; i++) {
		size_t of = list[i];

		if (count > 0 && relation_is_exact(&g->keys[list[count - 1]], &g->keys[of]))
			join(g, list[count - 1], of, GROUP_KEY);
		else
			list[count++] = of;
	}
	return count;
}

static size_t number_trees(struct grouping *g, size_t *of)
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
	size_t *of = allocate(g->count + 1, sizeof(*of));

	g->ret->family_count = number_trees(g, of);
	for (size_t i = 0; i < g->count; i++)
		g->ret->family[g->ret->of[i]] = of[i];
	free(of);
}

static void open(struct grouping *g)
{
	g->parent = allocate(g->count + 1, sizeof(*g->parent));
	g->low = allocate(g->count + 1, sizeof(*g->low));
	g->high = allocate(g->count + 1, sizeof(*g->high));
	g->scattered = allocate(g->count + 1, sizeof(*g->scattered));
	for (size_t i = 0; i < g->count; i++) {
		g->parent[i] = i;
		g->low[i] = g->high[i] = key_line(key_place(&g->keys[i]));
	}
	*g->ret = (struct groups){ .of = allocate(g->count + 1, sizeof(size_t)),
		.family = allocate(g->count + 1, sizeof(size_t)),
		.links = allocate(g->count + 1, sizeof(struct group_link)) };
}

void group_make(const struct key *keys, size_t count, struct groups *ret)
{
	struct grouping g = { .keys = keys, .count = count, .ret = ret };
	size_t *list = allocate(count + 1, sizeof(*list)), unique;

	open(&g);
	for (size_t i = 0; i < count; i++)
		list[i] = i;
	unique = join_exact(&g, list);
	find_scattered(&g, list, unique);
	join_by(&g, list, unique, order_by_functions, join_near);
	join_by(&g, list, unique, order_by_place, join_near);
	ret->count = number_trees(&g, ret->of);
	ret->bucket_link_count = ret->link_count;
	join_by(&g, list, unique, order_by_functions, join_kin);
	join_by(&g, list, unique, order_by_site, join_kin);
	join_by(&g, list, unique, order_by_place, join_kin);
	join_by(&g, list, unique, order_by_caller, join_called);
	join_by(&g, list, unique, order_by_meeting, join_kin);
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
