/* SPDX-License-Identifier: Apache-2.0
 * Counts the marks of a target (harnesses/include/fencepost.h) in a run. */
#ifndef FENCEPOST_TARGET_TRUTH_H
#define FENCEPOST_TARGET_TRUTH_H

#include "fuzz/engine.h"
#include "harnesses/record/mark.h"

#include <jansson.h>

/* The shared memory of all jobs, which is untrusted: a target may write anything into it. */
struct target_truth {
	int jobs;
	struct record **records;
	struct marks **marks;
};

/* Makes the files in @directory. 0 or -errno. target_truth_close() frees the result either way. */
int target_truth_open(const char *directory, int jobs, struct target_truth *ret);
void target_truth_close(struct target_truth *truth);

/* The progress function for engine_run(), whose arg is a struct target_truth. */
void target_truth_progress(const struct engine_run *run, struct engine_progress *ret);

/* Returns the counts, after the engine has ended: {executions, deaths, unforeseen, left_out, marks [{file, line, class, reached,
 * triggered, detected, wrong_kind, trap, missed}]}. A new reference. */
json_t *target_truth_json(struct target_truth *truth);

/* Prints the table, from that JSON alone. */
void target_truth_print(FILE *out, const json_t *truth, const char *detector);

#endif
