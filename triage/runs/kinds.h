/* SPDX-License-Identifier: Apache-2.0
 * The kinds of runs under runs/, one table: what "schema" in the run.json of each says, and which file is written last. */
#ifndef FENCEPOST_RUNS_KINDS_H
#define FENCEPOST_RUNS_KINDS_H

#include <jansson.h>

#define RUN_SCHEMA_MEASURE  "fencepost/measure/1"
#define RUN_SCHEMA_CAMPAIGN "fencepost/run/1"
#define RUN_SCHEMA_TARGET   "fencepost/target-run/1"
#define RUN_SCHEMA_CRASHES  "fencepost/crashes-run/1"

#define RESULTS_SCHEMA       "fencepost/results/1"
#define CAMPAIGN_SCHEMA      "fencepost/campaign/1"
#define TARGET_SCHEMA        "fencepost/target/1"
#define CRASH_BUCKETS_SCHEMA "fencepost/crashes/1"

enum run_kind {
	RUN_MEASUREMENT,
	RUN_CAMPAIGN,
	RUN_TARGET,
	RUN_CRASHES,
	RUN_KIND_COUNT /* none of these, or a run.json that cannot be read */
};

struct run_kind_row {
	const char *schema;
	const char *slug;          /* in lists */
	const char *title;         /* "a measurement" */
	const char *file, *result; /* what is written last, and its schema */
	const char *begun; /* the file without which there is nothing to be judged yet, or NULL */
	const char *
		finishing; /* the command that goes on with one that was cut off, before its id or directory */
};
extern const struct run_kind_row run_kinds[RUN_KIND_COUNT];

/* By @directory's run.json. */
enum run_kind run_kind_of(const char *directory);

/* What a run wrote last. NULL and a message that names the file and, for one that was cut off, the next command. */
json_t *run_kind_result(enum run_kind kind, const char *directory, char **ret_error);

#endif
