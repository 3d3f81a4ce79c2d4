/* SPDX-License-Identifier: Apache-2.0
 * Shows the results of a concordance (concordance.h): tables, disagreements, and the file
 * concordance.json. */
#ifndef FENCEPOST_MODELS_DIFF_H
#define FENCEPOST_MODELS_DIFF_H

#include "concordance.h"

#include <jansson.h>
#include <stdio.h>

/* The request and its results. */
struct diff {
	struct concordance *concordance;
	char *directory, *id;
	char *versions[DETECTOR_COUNT];
	json_t *unavailable, *cells;
	/* @undecided: number of cells in which too many plans are `layout` */
	uint64_t differs, failed, undecided;
	/* the rules were checked for another release of the language, so differences are no
	 * failure */
	bool other_release[DETECTOR_COUNT];
};

/* Counts the agreements of each cell. Runs each disagreement again to describe both sides in words.
 */
void diff_count(struct diff *comparison);

/* Prints a table, the first disagreements of each cell, and the reasons for `layout`. */
void diff_print(FILE *out, const struct diff *comparison);

/* Writes runs/<id>/concordance.json, schema fencepost/concordance/1, and prints its path. Returns
 * 0, or -errno after a message was printed. */
int diff_write(FILE *out, const struct diff *comparison);

#endif
