/* SPDX-License-Identifier: Apache-2.0
 * Scores a grouping of crashes against labels, which name the bug of each crash.
 *
 * Pairwise precision is the share of pairs in one cluster that have one label. Pairwise recall is the share of pairs
 * with one label that are in one cluster. BCubed (Bagga, Baldwin 1998) takes both for each crash and then the mean over
 * crashes, so that one large cluster does not outweigh all others. F1 is the harmonic mean of the two. */
#ifndef FENCEPOST_STATS_SCORE_H
#define FENCEPOST_STATS_SCORE_H

#include <stddef.h>

struct score {
	size_t items, labels, clusters;
	double true_pairs, found_pairs, both_pairs; /* pairs with one label, in one cluster, both */
	double precision, recall;                   /* pairwise; 1 when there is no pair */
	double bcubed_precision, bcubed_recall, bcubed_f1;
};

/* Scores @count crashes; label[i] and cluster[i] may be any numbers. */
void score_make(const size_t *label, const size_t *cluster, size_t count, struct score *ret);

/* Returns a number for each of @count texts, the same for equal texts; the caller frees. NULL equals no other text. */
size_t *score_numbers(char *const *texts, size_t count);

#endif
