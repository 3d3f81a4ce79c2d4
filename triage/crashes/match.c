/* SPDX-License-Identifier: Apache-2.0
 * Matching buckets. */
#include "match.h"

#include "base/json_file.h"
#include "base/util.h"
#include "dedup/group.h"

#include <stdlib.h>
#include <string.h>

void match_open(size_t count, struct match_side *ret)
{
	*ret = (struct match_side){ .count = count,
		.list = allocate(count + 1, sizeof(*ret->list)),
		.other = allocate(count + 1, sizeof(*ret->other)),
		.known = allocate(count + 1, sizeof(*ret->known)) };
	for (size_t i = 0; i < count; i++) {
		ret->other[i] = MATCH_NOBODY;
		ret->known[i] = MATCH_UNTRIED;
	}
}

void match_add(struct match_side *side, size_t i, struct key *key)
{
	struct match_bucket *bucket = &side->list[i];

	bucket->keys = list_grow(bucket->keys, bucket->count, sizeof(struct key *));
	bucket->keys[bucket->count++] = key;
}

void match_free(struct match_side *side)
{
	for (size_t i = 0; i < side->count; i++)
		free(side->list[i].keys);
	free(side->list);
	free(side->other);
	free(side->known);
	*side = (struct match_side){ 0 };
}

void match_of_file(const struct crashes_file *file, struct match_side *ret)
{
	size_t i, k;
	const json_t *bucket, *index;

	match_open(json_array_size(file->buckets), ret);
	json_array_foreach((json_t *)(uintptr_t)file->buckets, i, bucket) {
		ret->list[i].id = json_file_text(bucket, "id");
		json_array_foreach(json_object_get(bucket, "reports"), k, index)
			match_add(ret, i, &file->keys[json_integer_value(index)]);
	}
}

/* ---- which is which -------------------------------------------------------------------------- */

/* Two buckets, one of each side. */
struct couple {
	const struct match_side *a, *b;
	size_t i, k;
};

typedef bool is_couple(const struct couple *);

static bool any_match(const struct couple *c, bool is_match(const struct key *, const struct key *))
{
	const struct match_bucket *a = &c->a->list[c->i], *b = &c->b->list[c->k];

	for (size_t i = 0; i < a->count; i++)
		for (size_t j = 0; j < b->count; j++)
			if (is_match(a->keys[i], b->keys[j]))
				return true;
	return false;
}

static bool is_key(const struct key *x, const struct key *y)
{
	return strcmp(x->hex, y->hex) == 0 && x->untold == y->untold &&
		(x->access == y->access || x->access == REPORT_ACCESS_NONE ||
			y->access == REPORT_ACCESS_NONE);
}

static bool is_bucket(const struct key *x, const struct key *y)
{
	return is_key(x, y) && relation_of_bucket(x, y) != GROUP_NOT;
}

static bool are_shown(const struct couple *c)
{
	return c->a->known[c->i] == c->k && any_match(c, is_key);
}

static bool are_same(const struct couple *c)
{
	return any_match(c, is_bucket);
}

/* One key at several places has numbered ids, in the order of the lines: so equal ids go first. */
static bool are_numbered_alike(const struct couple *c)
{
	return c->a->known[c->i] == MATCH_UNTRIED &&
		strcmp(c->a->list[c->i].id, c->b->list[c->k].id) == 0;
}

static bool are_moved(const struct couple *c)
{
	return c->a->known[c->i] == MATCH_UNTRIED && any_match(c, is_key);
}

static void match(struct match_side *a, struct match_side *b, is_couple *is_match)
{
	for (size_t i = 0; i < a->count; i++)
		for (size_t k = 0; k < b->count && a->other[i] == MATCH_NOBODY; k++) {
			struct couple couple = { a, b, i, k };

			if (b->other[k] == MATCH_NOBODY && is_match(&couple)) {
				a->other[i] = k;
				b->other[k] = i;
			}
		}
}

void match_buckets(struct match_side *a, struct match_side *b)
{
	match(a, b, are_shown);
	match(a, b, are_same);
	match(a, b, are_numbered_alike);
	match(a, b, are_moved);
}

bool match_covers(const struct match_bucket *accepted, const struct match_bucket *now)
{
	for (size_t i = 0; i < now->count; i++) {
		size_t k = 0;

		while (k < accepted->count && !is_key(accepted->keys[k], now->keys[i]))
			k++;
		if (k == accepted->count)
			return false;
	}
	return true;
}
