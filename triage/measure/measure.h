/* SPDX-License-Identifier: Apache-2.0
 * Measuring: fast workers (workers.h) judge every plan of a run, then audits (audits.h) judge a sample again. */
#ifndef FENCEPOST_MEASURE_MEASURE_H
#define FENCEPOST_MEASURE_MEASURE_H

#include "runs/results.h"

struct measure {
	const struct measurement *run;
	unsigned jobs;  /* processes at a time */
	uint64_t unit;  /* most plans of one worker process */
	bool backwards; /* the last plan first; the results must be the same */
	struct results *results;
	char *error; /* a message for the user, or NULL; the caller frees */
};

#endif
