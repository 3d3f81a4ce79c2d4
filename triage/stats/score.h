/* SPDX-License-Identifier: Apache-2.0
 * Scores a grouping of crashes against labels. A label names the bug of a crash. A cluster is a
 * group that the program made.
 *
 * Pairwise precision is the share of pairs in one cluster that have one label. Pairwise recall is
 * the share of pairs with one label that are in one cluster. BCubed (Bagga, Baldwin 1998) computes
 * both for each crash, and takes the mean over crashes. One large cluster therefore does not
 * outweigh all others. F1 is the harmonic mean of precision and recall. */
#ifndef FENCEPOST_STATS_SCORE_H
#define FENCEPOST_STATS_SCORE_H

#include <stddef.h>

struct score {
	size_t items, labels, clusters;
	/* numbers of pairs: with one label; in one cluster; with both */
	double true_pairs, found_pairs, both_pairs;
	double precision, recall; /* pairwise; 1 if there is no pair */
	double bcubed_precision, bcubed_recall, bcubed_f1;
};

/* Scores @count crashes; label[i] and cluster[i] may be any numbers. */
void score_make(const size_t *label, const size_t *cluster, size_t count, struct score *ret);

/* Returns a number for each of @count texts. Equal texts have equal numbers, and NULL equals no
 * other text. The caller frees the list. */
size_t *score_numbers(char *const *texts, size_t count);

#endif
