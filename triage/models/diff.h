/* SPDX-License-Identifier: Apache-2.0
 * What a concordance came to: tables, disagreements, and concordance.json. */
#ifndef FENCEPOST_MODELS_DIFF_H
#define FENCEPOST_MODELS_DIFF_H

#include "concordance.h"

#include <jansson.h>
#include <stdio.h>

/* What was asked for, and what came of it. */
struct diff {
	struct concordance *concordance;
	char *directory, *id;
	char *versions[DETECTOR_COUNT];
	json_t *unavailable, *cells;
	uint64_t differs, failed, undecided; /* undecided: cells with more layout than may be */
	bool other_release
		[DETECTOR_COUNT]; /* than the rules were checked for: differences are no failure */
};

/* From agreements to cells; disagreements are run once more for what both sides say. */
void diff_count(struct diff *comparison);

/* A table, the first disagreements of each cell and the reasons of layouts. */
void diff_print(FILE *out, const struct diff *comparison);

/* runs/<id>/concordance.json, schema fencepost/concordance/1. Its path is printed. 0 or -errno, of which a line is said. */
int diff_write(FILE *out, const struct diff *comparison);

/* Untrusted @text, bounded and without what could steer a terminal. */
json_t *diff_text(const char *text, size_t size);

#endif
