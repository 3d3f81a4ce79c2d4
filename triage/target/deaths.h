/* SPDX-License-Identifier: Apache-2.0
 * The deaths of a target under its engine whose inputs do not crash by themselves: the first report of each was
 * kept (harnesses/record/keep.h), and is all that there is. */
#ifndef FENCEPOST_TARGET_DEATHS_H
#define FENCEPOST_TARGET_DEATHS_H

#include "fuzz.h"

#include <jansson.h>

struct target_death {
	uint64_t hash, times;
	int wait_status;
	char *report, *input; /* files in the run */
	char *tried;          /* the input, or a crash file of the same bytes: what is replayed */
};

struct target_deaths {
	size_t count;
	struct target_death *list;
	uint64_t left_out; /* there is room for some kinds alone */
};

/* Of all jobs in @directory, each kind once. For target_deaths_close. */
void target_deaths_open(const char *directory, int jobs, struct target_deaths *ret);
void target_deaths_close(struct target_deaths *deaths);

/* Adds their inputs to those that are replayed, unless one of the same bytes is there already. */
void target_deaths_inputs(struct target_deaths *deaths, struct inputs *inputs);

/* After the replay in @directory, those whose input did not crash, and that are like no bucket: [{id, severity,
 * title, times, report, input, frames [...]}], worst first. A new reference. */
json_t *target_deaths_unrepeated(const struct target_deaths *deaths, const char *directory);

/* What target_deaths_unrepeated made, with both possible causes and the commands that tell them apart. */
void target_deaths_print(const json_t *unrepeated, const struct target_request *request);

/* The causes and commands alone, where no report was kept. */
void target_deaths_print_causes(const struct target_request *request);

/* How many deaths of the run in @directory did not repeat whose ids are not among @accepted buckets. */
size_t target_deaths_of_run(const char *directory, const json_t *accepted);

#endif
