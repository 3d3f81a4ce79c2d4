/* SPDX-License-Identifier: Apache-2.0
 * Sorts keys so that related keys become neighbours. The grouping then compares neighbours only. */
#ifndef FENCEPOST_DEDUP_ORDER_H
#define FENCEPOST_DEDUP_ORDER_H

#include "key.h"

/* Compares two keys as strcmp() does. The result is 0 for two keys that the grouping must compare.
 */
typedef int order_of(const struct key *, const struct key *);

/* Compares by the names of site and caller (key.h). All recursions are equal. Keys that cannot be
 * told apart are compared by their text. */
int order_by_functions(const struct key *a, const struct key *b);
/* Compare by the place of the site, by the site, by the caller, and by relation_meeting(). */
int order_by_place(const struct key *a, const struct key *b);
int order_by_site(const struct key *a, const struct key *b);
int order_by_caller(const struct key *a, const struct key *b);
int order_by_meeting(const struct key *a, const struct key *b);

/* Sorts @list, which has @count indices of @keys. Keys that are equal by @order are sorted by
 * lines, then by the other fields. */
void order_sort(const struct key *keys, size_t *list, size_t count, order_of *order);

#endif
