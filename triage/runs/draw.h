/* SPDX-License-Identifier: Apache-2.0
 * Draws the plans of a cell that are audited: up to 4 of each region, outcome and kind of report that occurred, then random
 * ones. Plans have ranks, a hash of their number in the sample; of any set the lowest are drawn. The draw of a whole is
 * therefore the draw of what its parts have drawn, and a job is audited once, not once a part. */
#ifndef FENCEPOST_RUNS_DRAW_H
#define FENCEPOST_RUNS_DRAW_H

#include "audited.h"

#include "harnesses/verdict/heard.h"

struct draw_pick {
	uint64_t number; /* of the plan in its sample */
	uint64_t index;  /* of its byte in the per-plan file */
	uint8_t outcome, heard;
};

/* Returns an empty draw with at most @random random plans. draw_free() frees it, and accepts NULL. */
struct draw *draw_new(unsigned random);
void draw_free(struct draw *draw);

void draw_offer(struct draw *draw, enum plan_region region, struct draw_pick pick);

/* Appends what was drawn to a list, sorted by index, with the fast answers alone: no more random ones than it takes to have
 * @random in all or, for the draw of a part (@part), all of them. @kinds: of the bytes `heard`. */
void draw_list(const struct draw *draw, struct cell cell, const struct heard_table *kinds,
	bool part, struct audited **list, size_t *count);

/* Returns the path of the plans that a part of a job has drawn: as audits.jsonl, without audits. The caller frees. */
char *draw_path(const struct measurement *run);

#endif
