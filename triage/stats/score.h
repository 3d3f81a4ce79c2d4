/* SPDX-License-Identifier: Apache-2.0
 * How good a grouping is, held against labels: crash by crash which bug it is of.
 *
 * Pairwise: of the pairs of crashes put together, how many have one label (precision); of those with one
 * label, how many are put together (recall). BCubed (Bagga, Baldwin 1998): the same for each crash, then the
 * mean over crashes, so that one large bucket does not outweigh all others; F1 is the harmonic mean of the
 * two. */
#ifndef FENCEPOST_STATS_SCORE_H
#define FENCEPOST_STATS_SCORE_H

#include <stddef.h>

struct score {
	size_t items, labels, clusters;
	double true_pairs, found_pairs, both_pairs; /* of one label, of one cluster, of both */
	double precision, recall;                   /* of pairs; 1 where there is no pair */
	double bcubed_precision, bcubed_recall, bcubed_f1;
};

/* Of @count crashes: label[i] and cluster[i] are any numbers. */
void score_make(const size_t *label, const size_t *cluster, size_t count, struct score *ret);

/* A number for each of @count texts, the same for equal ones; the caller frees. A NULL is equal to none. */
size_t *score_numbers(char *const *texts, size_t count);

#endif
