/* SPDX-License-Identifier: Apache-2.0
 * Questions to a report's data: where plans went, how far, for example. */
#ifndef FENCEPOST_REPORT_DATA_ASK_H
#define FENCEPOST_REPORT_DATA_ASK_H

#include "data.h"

/* NULL when there is no such cell, or nothing of it was judged. */
const struct report_data_cell *report_data_cell(
	const struct report_data *study, unsigned class, unsigned idiom, int detector);
uint64_t report_data_committed(const struct report_data_cell *cell);
uint64_t report_data_stopped(const struct report_data_cell *cell);

/* All 0 without the cell's per-plan file. */
struct report_data_places report_data_places(const struct report_data *study, struct cell cell);

/* From the cell's per-plan file; the caller frees. In order of region, then from the farthest before to the
 * farthest behind. */
struct report_data_distance *report_data_distances(
	const struct report_data *study, struct cell cell, size_t *ret_count);

/* "oob-read, go: heap object of ...": the first plan that was silent for @cause; NULL. The caller frees. */
char *report_data_example(const struct report_data *study, struct cell cell, enum cause cause);

/* The detector that reads as the article's in @idiom: its language's own, else asan+ubsan, else the first
 * that names anything; -1 without cells. */
int report_data_article(const struct report_data *study, enum plan_idiom idiom);
/* asan+ubsan, else asan, else the first with cells; -1. */
int report_data_main(const struct report_data *study, enum plan_idiom idiom);

#endif
