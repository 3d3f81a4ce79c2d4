/* SPDX-License-Identifier: Apache-2.0
 * Runs a whole measurement, for the subcommand measure and for others that begin with a
 * measurement. */
#ifndef FENCEPOST_MEASURE_REQUEST_H
#define FENCEPOST_MEASURE_REQUEST_H

#include "mix/mix.h"
#include "runs/measurement.h"

#include <stdio.h>

struct measure_request {
	struct sample sample;
	const struct mix *mix; /* mix from which the plans are drawn; NULL: none */
	unsigned shard, shards;
	/* name of the job (runs/job.h) whose part this shard is; or NULL */
	bool counts_only; /* only the counts are kept, not the plans */
	const char *job;
	unsigned audits;                     /* fewest audits of each cell */
	unsigned jobs;                       /* number of processes at a time */
	uint32_t classes, idioms, detectors; /* sets of bits */
	uint64_t unit;                       /* number of plans after which a worker process ends */
	bool backwards;                      /* the last plan runs first */
	const char *resume; /* a run to continue, which then defines the other members; or NULL */
	FILE *out;          /* stream for the tables; NULL: no tables are printed */
};

/* Returns the request of `triage measure` without options. */
struct measure_request measure_request_default(void);

/* Measures into a new run. Errors and progress go to standard error. *ret_directory becomes the
 * path of the run, unless ret_directory is NULL; the caller frees it. Without a run it stays
 * unchanged. Returns the exit code:
 *
 *   0    fine
 *   1    internal error
 *   2    audits disagree
 *   3    the run was begun with another toolchain
 *   64   usage
 *   75   another process works on the part
 *   130  interrupted */
int measure_request_run(const struct measure_request *request, char **ret_directory);

#endif
