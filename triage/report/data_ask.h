/* SPDX-License-Identifier: Apache-2.0
 * Answers questions about the data of a report, such as the places and distances of plans. */
#ifndef FENCEPOST_REPORT_DATA_ASK_H
#define FENCEPOST_REPORT_DATA_ASK_H

#include "data.h"

/* Returns a cell. Returns NULL if the cell does not exist or has no judged plan. */
const struct report_data_cell *report_data_cell(
	const struct report_data *data, unsigned class, unsigned idiom, int detector);
/* Return the number of violations that were committed, and of those that were stopped. */
uint64_t report_data_committed(const struct report_data_cell *cell);
uint64_t report_data_stopped(const struct report_data_cell *cell);

/* Counts the plans of a cell by place. Without the per-plan file of the cell, all counts are 0. */
struct report_data_places report_data_places(const struct report_data *data, struct cell cell);

/* Finds the lowest and the highest rate of a cell, over all combinations of region, access, way,
 * size, width and reach. No mix over these plans gives a rate outside this range. @place selects
 * the plans at REPORT_DATA_BEHIND or REPORT_DATA_BEFORE; -1 selects all. Returns false if there are
 * no plans. */
bool report_data_range(const struct report_data *data, struct cell cell, int place,
	double *ret_least, double *ret_most);

/* Counts the plans of a cell by distance, from its per-plan file. The list is sorted by region,
 * then from the farthest before the object to the farthest behind it. The caller frees the list. */
struct report_data_distance *report_data_distances(
	const struct report_data *data, struct cell cell, size_t *ret_count);

/* Returns a description of the first plan that was silent for @cause, "oob-read, go: heap object of
 * ...", or NULL. The caller frees the text. */
char *report_data_example(const struct report_data *data, struct cell cell, enum cause cause);

/* Returns the detector that is compared with the article's figures in @idiom: the model of the
 * language's own ASan, or else asan+ubsan, or else the first detector with a rule. Returns -1 if
 * there are no cells. */
int report_data_article(const struct report_data *data, enum plan_idiom idiom);
/* Returns asan+ubsan, else asan, else the first detector with cells; -1 without cells. */
int report_data_main(const struct report_data *data, enum plan_idiom idiom);

#endif
