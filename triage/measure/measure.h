/* SPDX-License-Identifier: Apache-2.0
 * Measuring: the fast workers (workers.h) judge every plan of a run, then audits (audits.h)
 * confirm a sample of it. */
#ifndef FENCEPOST_MEASURE_MEASURE_H
#define FENCEPOST_MEASURE_MEASURE_H

#include "runs/results.h"

struct measure {
	const struct measurement *run;
	unsigned jobs;  /* processes at a time */
	uint64_t unit;  /* plans a worker process judges at most */
	bool backwards; /* the last plan first: the results are to be the same */
	struct results *results;
	char *error; /* for the user, when something failed; the caller frees */
};

#endif
