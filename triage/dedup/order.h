/* SPDX-License-Identifier: Apache-2.0
 * Orders in which keys that could be related stand side by side. */
#ifndef FENCEPOST_DEDUP_ORDER_H
#define FENCEPOST_DEDUP_ORDER_H

#include "key.h"

/* 0 of what is compared with each other. */
typedef int order_of(const struct key *, const struct key *);

/* The same functions; all recursion; of what cannot be told apart the same text. */
int order_by_functions(const struct key *a, const struct key *b);
int order_by_place(const struct key *a, const struct key *b);
int order_by_site(const struct key *a, const struct key *b);
int order_by_caller(const struct key *a, const struct key *b);
int order_by_meeting(const struct key *a, const struct key *b);

/* Sorts @list, indices of @keys, by @order and then by lines and all else. */
void order_sort(const struct key *keys, size_t *list, size_t count, order_of *order);

#endif
