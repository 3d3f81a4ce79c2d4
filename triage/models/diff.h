/* SPDX-License-Identifier: Apache-2.0
 * The results of a concordance: tables, disagreements, and concordance.json. */
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
	uint64_t differs, failed, undecided; /* undecided: cells with too many plans of layout */
	bool other_release
		[DETECTOR_COUNT]; /* the rules were checked for another release: differences are no failure */
};

/* Counts the agreements by cell, and runs each disagreement again for the words of both sides. */
void diff_count(struct diff *comparison);

/* Prints a table, the first disagreements of each cell, and the reasons of layouts. */
void diff_print(FILE *out, const struct diff *comparison);

/* Writes runs/<id>/concordance.json, schema fencepost/concordance/1, and prints its path. 0, or -errno with a message
 * printed. */
int diff_write(FILE *out, const struct diff *comparison);

#endif
