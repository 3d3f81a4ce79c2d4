/* SPDX-License-Identifier: Apache-2.0
 * A measurement from its beginning to its end, for the subcommand measure and for those that begin with one. */
#ifndef FENCEPOST_MEASURE_REQUEST_H
#define FENCEPOST_MEASURE_REQUEST_H

#include "runs/measurement.h"

#include <stdio.h>

struct measure_request {
	struct sample sample;
	unsigned shard, shards;
	unsigned audits;                     /* random ones a cell */
	unsigned jobs;                       /* processes at a time */
	uint32_t classes, idioms, detectors; /* bits */
	uint64_t unit;                       /* plans a worker process judges at most */
	bool backwards;                      /* the last plan first */
	const char *resume; /* go on with this run, which says what is measured; or NULL */
	FILE *out;          /* for the tables; NULL: none are printed */
};

/* What `triage measure` does without options. */
struct measure_request measure_request_default(void);

/* Measures, and leaves a run. Errors and progress are on standard error. Returns the exit code: 0 fine, 1
 * internal error, 2 audits disagree, 3 begun with another toolchain, 64 usage, 130 interrupted.
 * *ret_directory (unless NULL): the run's, for the caller to free; untouched when there is no run. */
int measure_request_run(const struct measure_request *request, char **ret_directory);

#endif
