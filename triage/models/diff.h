/* SPDX-License-Identifier: Apache-2.0
 * What a concordance came to: tables, disagreements, and concordance.json. */
#ifndef FENCEPOST_MODELS_DIFF_H
#define FENCEPOST_MODELS_DIFF_H

#include "concordance.h"

#include <jansson.h>

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

/* A table, the first disagreements of each cell and the reasons of layouts, on standard output. */
void diff_print(const struct diff *comparison);

/* runs/<id>/concordance.json, schema fencepost/concordance/1. 0 or -errno, said on standard error. */
int diff_write(const struct diff *comparison);

/* Untrusted @text, bounded and without what could steer a terminal. */
json_t *diff_text(const char *text, size_t size);

#endif
