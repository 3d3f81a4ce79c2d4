/* SPDX-License-Identifier: Apache-2.0
 * Sorts keys so that related keys are neighbours; the grouping then compares neighbours only. */
#ifndef FENCEPOST_DEDUP_ORDER_H
#define FENCEPOST_DEDUP_ORDER_H

#include "key.h"

/* Compares as strcmp does; 0 for two keys that the grouping must compare. */
typedef int order_of(const struct key *, const struct key *);

/* By the functions site and caller. All recursion is equal; keys that cannot be told apart go by their text. */
int order_by_functions(const struct key *a, const struct key *b);
/* By the place of the site, by the site, by the caller, and by relation_meeting(). */
int order_by_place(const struct key *a, const struct key *b);
int order_by_site(const struct key *a, const struct key *b);
int order_by_caller(const struct key *a, const struct key *b);
int order_by_meeting(const struct key *a, const struct key *b);

/* Sorts @list, @count indices of @keys, by @order and then by lines and the other fields. */
void order_sort(const struct key *keys, size_t *list, size_t count, order_of *order);

#endif
