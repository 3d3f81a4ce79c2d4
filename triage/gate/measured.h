/* SPDX-License-Identifier: Apache-2.0
 * Provides the run that the gate judges or that becomes the baseline. The run is measured now, or
 * is an older one. */
#ifndef FENCEPOST_GATE_MEASURED_H
#define FENCEPOST_GATE_MEASURED_H

#include "runs/outcome_archive.h"

struct measured {
	struct measurement run;
	json_t *results;
	struct plan_bytes_list plans;
};

/* A request to measure. @classes, @idioms and @detectors are sets of bits. */
struct gate_wanted {
	uint64_t inputs, seed;
	unsigned audits, jobs; /* @jobs 0: one job for each core */
	uint32_t classes, idioms, detectors;
};

/* Measures, and prints no tables on standard output. *ret_directory becomes the path of the new
 * run, or NULL; the caller frees it. Returns the exit code of `triage measure`: 0 fine, 2 audits
 * disagree. */
int gate_measure(const struct gate_wanted *wanted, char **ret_directory);

/* Reads the run @name, which must be complete, random and of this plan version. Returns 0, or the
 * exit code and a message in *ret_error. The message ends with the next command. measured_free()
 * frees the result either way. */
int measured_read(const char *name, struct measured *ret, char **ret_error);
void measured_free(struct measured *of);

/* Returns the set of detectors whose programs are built, as bits. */
uint32_t gate_built(void);

/* Returns NULL if the present programs made the run. Otherwise returns the difference in words,
 * which the caller frees. */
char *measured_other_programs(const struct measurement *run);

#endif
