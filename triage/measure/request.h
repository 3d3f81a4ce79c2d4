/* SPDX-License-Identifier: Apache-2.0
 * A whole measurement, for the subcommand measure and for others that begin with one. */
#ifndef FENCEPOST_MEASURE_REQUEST_H
#define FENCEPOST_MEASURE_REQUEST_H

#include "runs/measurement.h"

#include <stdio.h>

struct measure_request {
	struct sample sample;
	unsigned shard, shards;
	const char *job;                     /* whose part the shard is; or NULL */
	unsigned audits;                     /* least audits of each cell */
	unsigned jobs;                       /* processes at a time */
	uint32_t classes, idioms, detectors; /* bits */
	uint64_t unit;                       /* a worker process ends after this many plans */
	bool backwards;                      /* the last plan first */
	const char *resume; /* a run to continue, which then defines the rest; or NULL */
	FILE *out;          /* for the tables; NULL: none are printed */
};

/* Returns the request of `triage measure` without options. */
struct measure_request measure_request_default(void);

/* Measures into a new run, with errors and progress on standard error. Returns the exit code: 0 fine, 1 internal error,
 * 2 audits disagree, 3 begun with another toolchain, 64 usage, 75 another process is at work on the part, 130 interrupted. *ret_directory (unless NULL) gets the
 * path of the run, for the caller to free; it is untouched when there is no run. */
int measure_request_run(const struct measure_request *request, char **ret_directory);

#endif
