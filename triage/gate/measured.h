/* SPDX-License-Identifier: Apache-2.0
 * The run that is gated, or becomes the baseline: measured now, or taken. */
#ifndef FENCEPOST_GATE_MEASURED_H
#define FENCEPOST_GATE_MEASURED_H

#include "runs/outcome_archive.h"

struct measured {
	struct measurement run;
	json_t *results;
	struct plan_bytes_list plans;
};

/* What is measured; the last three are bits. */
struct gate_wanted {
	uint64_t inputs, seed;
	unsigned audits, jobs; /* jobs 0: one a core */
	uint32_t classes, idioms, detectors;
};

/* Measures, without tables on standard output. *ret_directory is the new run's, for the caller to
 * free, or NULL. Returns the exit code of triage measure: 0 fine, 2 audits disagree. */
int gate_measure(const struct gate_wanted *wanted, char **ret_directory);

/* Reads the run that @name means, which must be complete, random and of these sources' plans. 0, or the
 * exit code and a message that ends with the next command; the result is for measured_free either way. */
int measured_read(const char *name, struct measured *ret, char **ret_error);
void measured_free(struct measured *of);

/* Bits of the detectors whose programs are built. */
uint32_t gate_built(void);

/* NULL when the programs that are built are those that made the run; else why not, for the caller to
 * free. */
char *measured_other_programs(const struct measurement *run);

#endif
