/* SPDX-License-Identifier: Apache-2.0
 * The run that the gate judges or that becomes the baseline: measured now, or an older one. */
#ifndef FENCEPOST_GATE_MEASURED_H
#define FENCEPOST_GATE_MEASURED_H

#include "runs/outcome_archive.h"

struct measured {
	struct measurement run;
	json_t *results;
	struct plan_bytes_list plans;
};

/* A request to measure; the last three are bits. */
struct gate_wanted {
	uint64_t inputs, seed;
	unsigned audits, jobs; /* jobs 0: one for each core */
	uint32_t classes, idioms, detectors;
};

/* Measures, without tables on standard output. *ret_directory gets the path of the new run, for the caller to free, or
 * NULL. Returns the exit code of triage measure: 0 fine, 2 audits disagree. */
int gate_measure(const struct gate_wanted *wanted, char **ret_directory);

/* Reads the run @name, which must be complete, random and of this plan version. 0, or the exit code and a message that
 * ends with the next command. measured_free() frees the result either way. */
int measured_read(const char *name, struct measured *ret, char **ret_error);
void measured_free(struct measured *of);

/* Returns the detectors whose programs are built, as bits. */
uint32_t gate_built(void);

/* Returns NULL if the present programs made the run; else the difference in words, for the caller to free. */
char *measured_other_programs(const struct measurement *run);

#endif
