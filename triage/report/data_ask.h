/* SPDX-License-Identifier: Apache-2.0
 * Queries on a report's data, such as the places and distances of plans. */
#ifndef FENCEPOST_REPORT_DATA_ASK_H
#define FENCEPOST_REPORT_DATA_ASK_H

#include "data.h"

/* Returns a cell; NULL when it does not exist or has no judged plan. */
const struct report_data_cell *report_data_cell(
	const struct report_data *study, unsigned class, unsigned idiom, int detector);
/* Return the number of violations that were committed, and of those that were stopped. */
uint64_t report_data_committed(const struct report_data_cell *cell);
uint64_t report_data_stopped(const struct report_data_cell *cell);

/* Counts the plans of a cell by place; all 0 without its per-plan file. */
struct report_data_places report_data_places(const struct report_data *study, struct cell cell);

/* Finds the lowest and the highest rate among the combinations of region, access, way, size, width and
 * reach in a cell: no mix over these plans can leave that range. @place narrows the plans to those at
 * REPORT_DATA_BEHIND or REPORT_DATA_BEFORE; -1 takes all. False without plans. */
bool report_data_range(const struct report_data *study, struct cell cell, int place,
	double *ret_least, double *ret_most);

/* Counts the plans of a cell by distance, from its per-plan file. The list is sorted by region, then from the farthest
 * before the object to the farthest behind it. The caller frees. */
struct report_data_distance *report_data_distances(
	const struct report_data *study, struct cell cell, size_t *ret_count);

/* Returns the first plan that was silent for @cause, "oob-read, go: heap object of ...", or NULL. The caller frees. */
char *report_data_example(const struct report_data *study, struct cell cell, enum cause cause);

/* Returns the detector that is compared with the article's figures in @idiom: the language's own, else asan+ubsan, else the
 * first with a rule; -1 without cells. */
int report_data_article(const struct report_data *study, enum plan_idiom idiom);
/* Returns asan+ubsan, else asan, else the first detector with cells; -1 without cells. */
int report_data_main(const struct report_data *study, enum plan_idiom idiom);

#endif
