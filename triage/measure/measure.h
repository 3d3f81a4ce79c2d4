/* SPDX-License-Identifier: Apache-2.0
 * Describes a measurement. Fast workers (workers.h) judge every plan of a run. Audits (audits.h)
 * then judge a sample again. */
#ifndef FENCEPOST_MEASURE_MEASURE_H
#define FENCEPOST_MEASURE_MEASURE_H

#include "runs/results.h"

struct measure {
	const struct measurement *run;
	unsigned jobs;  /* number of processes at a time */
	uint64_t unit;  /* most plans that one worker process judges */
	bool backwards; /* the last plan runs first; the results must be the same */
	struct results *results;
	char *error; /* a message for the user, or NULL; the caller frees */
};

#endif
