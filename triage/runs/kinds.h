/* SPDX-License-Identifier: Apache-2.0
 * Lists the kinds of runs under runs/: the "schema" in the run.json of each kind, and the file that
 * is written last. */
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
	RUN_KIND_COUNT /* none of these kinds, or a run.json that cannot be read */
};

struct run_kind_row {
	const char *schema;
	const char *slug;          /* short name for lists */
	const char *title;         /* name for sentences, such as "a measurement" */
	const char *file, *result; /* the file that is written last, and its schema */
	const char *begun; /* the file without which there is nothing to judge yet, or NULL */
	/* the command that finishes a run that was cut off; the run's id or directory follows */
	const char *finishing;
};
extern const struct run_kind_row run_kinds[RUN_KIND_COUNT];

/* Returns the kind of the run in @directory, by its run.json. */
enum run_kind run_kind_of(const char *directory);

/* Returns the file that the run wrote last. Returns NULL on failure, and a message that names the
 * file. For a run that was cut off, the message also has the next command. */
json_t *run_kind_result(enum run_kind kind, const char *directory, char **ret_error);

#endif
