/* SPDX-License-Identifier: Apache-2.0
 * Counts the marks of a target in a run. A mark is a macro that says when an access breaks the
 * rules (harnesses/include/fencepost.h). */
#ifndef FENCEPOST_TARGET_TRUTH_H
#define FENCEPOST_TARGET_TRUTH_H

#include "fuzz/engine.h"
#include "harnesses/record/mark.h"

#include <jansson.h>

/* The shared memory of all jobs. It is untrusted: a target may write anything into it. */
struct target_truth {
	int jobs;
	struct record **records;
	struct marks **marks;
};

/* Makes the files of the shared memory in @directory. Returns 0 or -errno. target_truth_close()
 * frees the result either way. */
int target_truth_open(const char *directory, int jobs, struct target_truth *ret);
void target_truth_close(struct target_truth *truth);

/* Is the progress function for engine_run(). run->arg is a struct target_truth. */
void target_truth_progress(const struct engine_run *run, struct engine_progress *ret);

/* Returns the counts; the engine must have ended. The JSON is {executions, deaths, unforeseen,
 * left_out, marks [{file, line, class, reached, triggered, detected, wrong_kind, trap, missed}]}.
 * The caller owns the new reference. */
json_t *target_truth_json(struct target_truth *truth);

/* Prints the table. The only source is the JSON @truth. */
void target_truth_print(FILE *out, const json_t *truth, const char *detector);

#endif
