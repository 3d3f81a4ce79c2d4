/* SPDX-License-Identifier: Apache-2.0
 * Unrepeated deaths: the target died under its engine, but the input alone does not crash it. Only the first report of
 * each, which harnesses/record/keep.h kept, is left. */
#ifndef FENCEPOST_TARGET_DEATHS_H
#define FENCEPOST_TARGET_DEATHS_H

#include "fuzz.h"

#include <jansson.h>

struct target_death {
	uint64_t hash, times;
	int wait_status;
	char *report, *input; /* paths of files in the run */
	char *tried;          /* the input to replay: @input, or a crash file with the same bytes */
};

struct target_deaths {
	size_t count;
	struct target_death *list;
	uint64_t left_out; /* deaths beyond the limit */
};

/* Reads the deaths of all jobs in @directory, each kind once. target_deaths_close() frees them. */
void target_deaths_open(const char *directory, int jobs, struct target_deaths *ret);
void target_deaths_close(struct target_deaths *deaths);

/* Adds their inputs to @inputs, unless an input with the same bytes is there. */
void target_deaths_inputs(struct target_deaths *deaths, struct inputs *inputs);

/* Returns the deaths whose inputs did not crash in the replay in @directory, and that fit no bucket: [{id, severity,
 * title, times, report, input, frames [...]}], the worst first. A new reference. */
json_t *target_deaths_unrepeated(const struct target_deaths *deaths, const char *directory);

/* Prints that list, with both possible causes and the commands that tell them apart. */
void target_deaths_print(const json_t *unrepeated, const struct target_request *request);

/* Prints only the causes and commands, when no report was kept. */
void target_deaths_print_causes(const struct target_request *request);

/* Returns the number of unrepeated deaths of the run in @directory whose ids are not among the @accepted buckets. */
size_t target_deaths_of_run(const char *directory, const json_t *accepted);

#endif
