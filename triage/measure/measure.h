/* SPDX-License-Identifier: Apache-2.0
 * Measuring: the fast workers judge every plan of a run, then audits confirm a sample of it. */
#ifndef FENCEPOST_MEASURE_MEASURE_H
#define FENCEPOST_MEASURE_MEASURE_H

#include "runs/results.h"

#include <signal.h>

struct measure {
	const struct measurement *run;
	unsigned jobs;  /* processes at a time */
	uint64_t unit;  /* plans a worker process judges at most */
	bool backwards; /* the last plan first: the results are to be the same */
	struct results *results;
	char *error; /* for the user, when something failed; the caller frees */
};

/* Set by a signal handler: everything then comes to its end, and what is done is kept. */
extern volatile sig_atomic_t measure_interrupted;

/* Judges what the per-plan files, which have their sizes, do not hold yet. A plan that kills its worker
 * is judged by an audit. 0, or -errno and measure->error; also 0 when interrupted. */
int measure_judge(struct measure *measure);

/* Fills in results->cost. */
int measure_costs(struct measure *measure);

/* Audits a stratified sample: of each cell, region, outcome and kind of report that occurred up to 4 plans, then
 * random ones up to run->audits a cell. The same plans whoever judged them, in what order. Fills in
 * results->audited, which the caller frees. */
int measure_audit(struct measure *measure);

/* One plan in a process of its own. 0 or -errno. */
int measure_audit_one(enum detector_id detector, const struct plan *plan, uint8_t *ret_outcome);

#endif
