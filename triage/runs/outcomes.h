/* SPDX-License-Identifier: Apache-2.0
 * Finds the plans that have a given outcome. Every number in a table therefore leads to an input.
 */
#ifndef FENCEPOST_RUNS_OUTCOMES_H
#define FENCEPOST_RUNS_OUTCOMES_H

#include "results.h"

/* A set of outcome bytes (harnesses/verdict/outcome.h): those of a verdict, or those of a cause of
 * silence. */
struct outcome_set {
	bool has[256];
};

/* Fills in the set of the verdict or the cause with the name @slug. Returns false if there is no
 * such name. */
bool outcome_set_find(const char *slug, struct outcome_set *ret);
/* Returns the set of one verdict and cause. */
struct outcome_set outcome_set_of(enum verdict verdict, enum cause cause);

/* Counts the plans of a cell by their outcome byte. Returns 0, or -errno and a message that names
 * the file. */
int outcomes_count(const struct measurement *run, struct cell cell, uint64_t ret_counts[256],
	char **ret_error);

/* Finds the @k-th plan of the cell, counted from 1, whose byte is in @set. Gives its index and its
 * byte. Returns 0, or -ENOENT without a message if there are fewer than @k, or another -errno and a
 * message. */
int outcomes_find(const struct measurement *run, struct cell cell, const struct outcome_set *set,
	uint64_t k, uint64_t *ret_index, uint8_t *ret_byte, char **ret_error);

#endif
