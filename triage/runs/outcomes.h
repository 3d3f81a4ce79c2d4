/* SPDX-License-Identifier: Apache-2.0
 * Finds the plans with a given outcome, so that every number in a table leads to an input. */
#ifndef FENCEPOST_RUNS_OUTCOMES_H
#define FENCEPOST_RUNS_OUTCOMES_H

#include "results.h"

/* A set of bytes (harnesses/verdict/outcome.h): those of a verdict, or of a cause of silence. */
struct outcome_set {
	bool has[256];
};

/* Fills in the set of the verdict or cause @slug. False when there is no such slug. */
bool outcome_set_find(const char *slug, struct outcome_set *ret);
/* Returns the set of one verdict and cause. */
struct outcome_set outcome_set_of(enum verdict verdict, enum cause cause);

/* Counts the plans of a cell by their byte. 0, or -errno and a message that names the file. */
int outcomes_count(const struct measurement *run, struct cell cell, uint64_t ret_counts[256],
	char **ret_error);

/* Finds the @k-th plan, counted from 1, of the cell with a byte in @set, and returns its index and byte. 0; -ENOENT
 * without a message when there are fewer; or another -errno and a message. */
int outcomes_find(const struct measurement *run, struct cell cell, const struct outcome_set *set,
	uint64_t k, uint64_t *ret_index, uint8_t *ret_byte, char **ret_error);

#endif
