/* SPDX-License-Identifier: Apache-2.0
 * Reads unrepeated deaths. In such a death the target died under its engine, but the input alone
 * does not crash it. Only the first report of each death is left, which harnesses/record/keep.h
 * kept. */
#ifndef FENCEPOST_TARGET_DEATHS_H
#define FENCEPOST_TARGET_DEATHS_H

#include "fuzz.h"

#include <jansson.h>

struct target_death {
	uint64_t hash, times;
	int wait_status;
	char *report, *input; /* paths of files in the run's directory */
	char *tried;          /* the input to replay: @input, or a crash file with the same bytes */
};

struct target_deaths {
	size_t count;
	struct target_death *list;
	uint64_t left_out; /* number of deaths beyond the limit */
};

/* Reads the deaths of all jobs in @directory. Equal deaths are read once. target_deaths_close()
 * frees them. */
void target_deaths_open(const char *directory, int jobs, struct target_deaths *ret);
void target_deaths_close(struct target_deaths *deaths);

/* Adds the inputs of the deaths to @inputs, unless an input with the same bytes is there. */
void target_deaths_inputs(struct target_deaths *deaths, struct inputs *inputs);

/* Returns the deaths whose inputs did not crash in the replay in @directory, and that belong to no
 * bucket. The list is [{id, severity, title, times, report, input, frames [...]}], the worst first.
 * The caller owns the new reference. */
json_t *target_deaths_unrepeated(const struct target_deaths *deaths, const char *directory);

/* Prints the list @unrepeated, both possible causes, and the commands that tell the causes apart.
 */
void target_deaths_print(const json_t *unrepeated, const struct target_request *request);

/* Prints only the causes and the commands. Used if no report was kept. */
void target_deaths_print_causes(const struct target_request *request);

/* Returns the number of unrepeated deaths of the run in @directory whose ids are not among the
 * @accepted buckets. */
size_t target_deaths_of_run(const char *directory, const json_t *accepted);

#endif
