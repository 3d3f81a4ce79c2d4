/* SPDX-License-Identifier: Apache-2.0
 * Matching buckets. */
#include "match.h"

#include "document.h"
#include "group.h"

#include <stdlib.h>
#include <string.h>

void match_open(size_t count, struct match_side *ret)
{
	*ret = (struct match_side){ .count = count,
		.list = calloc(count + 1, sizeof(*ret->list)),
		.other = calloc(count + 1, sizeof(*ret->other)) };
	if (ret->list == NULL || ret->other == NULL)
		abort();
	for (size_t i = 0; i < count; i++)
		ret->other[i] = MATCH_NOBODY;
}

void match_add(struct match_side *side, size_t i, struct key *key)
{
	struct match_bucket *bucket = &side->list[i];

	bucket->keys = reallocarray(bucket->keys, bucket->count + 1, sizeof(struct key *));
	if (bucket->keys == NULL)
		abort();
	bucket->keys[bucket->count++] = key;
}

void match_free(struct match_side *side)
{
	for (size_t i = 0; i < side->count; i++)
		free(side->list[i].keys);
	free(side->list);
	free(side->other);
	*side = (struct match_side){ 0 };
}

void match_of_file(const struct crashes_file *file, struct match_side *ret)
{
	size_t i, k;
	const json_t *bucket, *index;

	match_open(json_array_size(file->buckets), ret);
	json_array_foreach((json_t *)(uintptr_t)file->buckets, i, bucket) {
		ret->list[i].id = document_text(bucket, "id");
		json_array_foreach(json_object_get(bucket, "reports"), k, index)
			match_add(ret, i, &file->keys[json_integer_value(index)]);
	}
}

/* ---- which is which -------------------------------------------------------------------------- */

static bool is_same(struct key *x, struct key *y)
{
	const char *at_x = key_place(x), *at_y = key_place(y);

	return strcmp(x->hex, y->hex) == 0 &&
		strcmp(at_x != NULL ? at_x : "", at_y != NULL ? at_y : "") == 0;
}

static bool is_moved(struct key *x, struct key *y)
{
	return strcmp(x->hex, y->hex) == 0;
}

static bool any_match(const struct match_bucket *a, const struct match_bucket *b,
	bool is_match(struct key *, struct key *))
{
	for (size_t i = 0; i < a->count; i++)
		for (size_t j = 0; j < b->count; j++)
			if (is_match(a->keys[i], b->keys[j]))
				return true;
	return false;
}

static bool are_same(const struct match_bucket *a, const struct match_bucket *b)
{
	return any_match(a, b, is_same);
}

static bool are_moved(const struct match_bucket *a, const struct match_bucket *b)
{
	return any_match(a, b, is_moved);
}

/* One key at several places has numbered ids, in the order of the lines: so equal ids go first. */
static bool ids_match(const struct match_bucket *a, const struct match_bucket *b)
{
	return strcmp(a->id, b->id) == 0;
}

static void match(struct match_side *a, struct match_side *b,
	bool is_match(const struct match_bucket *, const struct match_bucket *))
{
	for (size_t i = 0; i < a->count; i++)
		for (size_t k = 0; k < b->count && a->other[i] == MATCH_NOBODY; k++)
			if (b->other[k] == MATCH_NOBODY && is_match(&a->list[i], &b->list[k])) {
				a->other[i] = k;
				b->other[k] = i;
			}
}

void match_buckets(struct match_side *a, struct match_side *b)
{
	match(a, b, are_same);
	match(a, b, ids_match);
	match(a, b, are_moved);
}
