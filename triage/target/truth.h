/* SPDX-License-Identifier: Apache-2.0
 * What the marks of a target (harnesses/include/fencepost.h) came to in a run. */
#ifndef FENCEPOST_TARGET_TRUTH_H
#define FENCEPOST_TARGET_TRUTH_H

#include "fuzz/engine.h"
#include "harnesses/record/mark.h"

#include <jansson.h>

/* The shared memory of all jobs. A target may have written anything into it. */
struct target_truth {
	int jobs;
	struct record **records;
	struct marks **marks;
};

/* Makes the files in @directory. 0 or -errno; for target_truth_close either way. */
int target_truth_open(const char *directory, int jobs, struct target_truth *ret);
void target_truth_close(struct target_truth *truth);

/* For engine_run. Its arg is the truth. */
void target_truth_progress(const struct engine_run *run, struct engine_progress *ret);

/* After the engine has ended: {executions, deaths, unforeseen, left_out, marks [{file, line, class, reached,
 * triggered, detected, wrong_kind, trap, missed}]}. A new reference. */
json_t *target_truth_json(struct target_truth *truth);

/* The table, from the JSON alone. */
void target_truth_print(FILE *out, const json_t *truth, const char *detector);

#endif
