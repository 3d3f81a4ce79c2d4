/* SPDX-License-Identifier: Apache-2.0
 * From an outcome to the plans that had it: every number in a table leads to an input. */
#ifndef FENCEPOST_RUNS_OUTCOMES_H
#define FENCEPOST_RUNS_OUTCOMES_H

#include "results.h"

/* Which bytes (harnesses/verdict/outcome.h) are meant: those of a verdict, or of a cause of silence. */
struct outcome_set {
	bool has[256];
};

/* The set of the verdict or cause @slug. False when there is no such slug. */
bool outcome_set_find(const char *slug, struct outcome_set *ret);
struct outcome_set outcome_set_of(enum verdict verdict, enum cause cause);

/* How many plans of a cell have each byte. 0 or -errno and a message that names the file. */
int outcomes_count(const struct measurement *run, struct cell cell, uint64_t ret_counts[256],
	char **ret_error);

/* The index and byte of the @k-th (from 1) plan of the cell with a byte in @set. -ENOENT and *ret_error NULL when
 * there are fewer; another -errno and a message. */
int outcomes_find(const struct measurement *run, struct cell cell, const struct outcome_set *set,
	uint64_t k, uint64_t *ret_index, uint8_t *ret_byte, char **ret_error);

#endif
