/* SPDX-License-Identifier: Apache-2.0
 * Draws the plans of a cell that are audited. Up to 4 plans of each region, outcome and kind of
 * report that occurred are drawn, then random plans.
 *
 * Each plan has a rank, a hash of its number in the sample. The plans with the lowest ranks are
 * drawn. The draw of a whole job is therefore a draw from what its parts have drawn, and the job is
 * audited once. */
#ifndef FENCEPOST_RUNS_DRAW_H
#define FENCEPOST_RUNS_DRAW_H

#include "audited.h"

#include "harnesses/verdict/heard.h"

struct draw_pick {
	uint64_t number; /* number of the plan in its sample */
	uint64_t index;  /* index of the plan's byte in the per-plan file */
	uint8_t outcome, heard;
};

/* Returns an empty draw with at most @random random plans. draw_free() frees it, and accepts NULL.
 */
struct draw *draw_new(unsigned random);
void draw_free(struct draw *draw);

void draw_offer(struct draw *draw, enum plan_region region, struct draw_pick pick);

/* Appends the drawn plans, with the workers' answers alone, to a list that is sorted by index. The
 * draw of a part (@part) gives all its random plans. Any other draw gives only as many as are
 * missing to @random plans in all. @kinds translates the bytes `heard`. */
void draw_list(const struct draw *draw, struct cell cell, const struct heard_table *kinds,
	bool part, struct audited **list, size_t *count);

/* Returns the path of the file of plans that a part of a job has drawn. It has the form of
 * audits.jsonl, without the audits. The caller frees the path. */
char *draw_path(const struct measurement *run);

#endif
