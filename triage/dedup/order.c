/* SPDX-License-Identifier: Apache-2.0
 * Orders of keys. */
#include "order.h"

#include "relation.h"

#include <stdlib.h>
#include <string.h>

/* The same functions; all recursion; of what cannot be told apart the same text. */
int order_by_functions(const struct key *a, const struct key *b)
{
	bool cycle_a = a->class == KIND_CLASS_RECURSION, cycle_b = b->class == KIND_CLASS_RECURSION;
	int order = (int)a->untold - (int)b->untold;

	if (order != 0 || a->untold != KEY_TOLD)
		return order != 0 ? order : strcmp(a->text, b->text);
	if (cycle_a || cycle_b)
		return cycle_a - cycle_b;
	order = key_compare_texts(key_site_name(a), key_site_name(b));
	return order != 0 ? order : key_compare_texts(key_caller_name(a), key_caller_name(b));
}

int order_by_place(const struct key *a, const struct key *b)
{
	return key_compare_texts(key_place(a), key_place(b));
}

int order_by_site(const struct key *a, const struct key *b)
{
	return key_compare_texts(key_site_name(a), key_site_name(b));
}

int order_by_caller(const struct key *a, const struct key *b)
{
	return key_compare_texts(key_caller_name(a), key_caller_name(b));
}

int order_by_meeting(const struct key *a, const struct key *b)
{
	return key_compare_texts(relation_meeting(a), relation_meeting(b));
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
	if (order == 0 && sorting->order == order_by_caller)
		order = compare_lines(key_line(key_caller_place(a)), key_line(key_caller_place(b)));
	if (order == 0)
		order = compare_lines(key_line(key_place(a)), key_line(key_place(b)));
	order = order != 0 ? order : strcmp(a->text, b->text);
	order = order != 0 ? order : (int)a->access - (int)b->access;
	order = order != 0 ? order : (int)a->tool - (int)b->tool;
	order = order != 0 ? order : key_compare_texts(key_place(a), key_place(b));
	if (order == 0)
		order = key_compare_texts(key_caller_place(a), key_caller_place(b));
	order = order != 0 ? order : key_compare_texts(key_top_place(a), key_top_place(b));
	return order != 0 ? order : (i > j) - (i < j);
}

void order_sort(const struct key *keys, size_t *list, size_t count, order_of *order)
{
	struct sorting sorting = { keys, order };

	qsort_r(list, count, sizeof(*list), compare_keys, &sorting);
}
