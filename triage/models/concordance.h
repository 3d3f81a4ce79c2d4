/* SPDX-License-Identifier: Apache-2.0
 * Concordance: runs random plans in a model of Go or Rust and in the language itself, and compares the verdicts. */
#ifndef FENCEPOST_MODELS_CONCORDANCE_H
#define FENCEPOST_MODELS_CONCORDANCE_H

#include "audit/audit.h"
#include "reference.h"

/* The result of one plan. A violation is `layout` if one side says that no rule decides
 * which memory it meets. */
enum agreement {
	AGREEMENT_UNKNOWN, /* not run */
	AGREEMENT_SAME,    /* same verdict, and same kind if there is a report */
	AGREEMENT_DIFFERS,
	AGREEMENT_TIMEOUT, /* different, because one side did not end, */
	AGREEMENT_BROKEN,  /* or ended in an unexplained way */
	AGREEMENT_LAYOUT,
	AGREEMENT_FAILED, /* the model could not be run */
};

struct concordance {
	uint32_t detectors, classes; /* bits of enum detector_id and plan_class */
	uint64_t plans, seed;        /* for each class and detector, as sample_plan() takes them */
	unsigned jobs;
	int timeout_ms; /* of a reference */
	/* Filled in by concordance_run(): an enum agreement for each detector, class and plan. */
	uint8_t *agreements;
};

static inline bool agreement_is_difference(enum agreement agreement)
{
	return agreement == AGREEMENT_DIFFERS || agreement == AGREEMENT_TIMEOUT ||
		agreement == AGREEMENT_BROKEN;
}

/* Is @detector a model of a language, which can be compared with the language itself? */
bool concordance_is_model(enum detector_id detector);

/* Returns plan @i of a detector and class. */
struct plan concordance_plan(const struct concordance *concordance, enum detector_id detector,
	enum plan_class class, uint64_t i);

/* Returns the place of that plan's agreement. */
uint8_t *concordance_at(const struct concordance *concordance, enum detector_id detector,
	enum plan_class class, uint64_t i);

/* Runs all plans, @jobs at a time, and shows the progress. After an interrupt (base/interrupts.h), finished plans stay.
 * 0 or -errno. concordance_free() frees the result. */
int concordance_run(struct concordance *concordance);
void concordance_free(struct concordance *concordance);

/* One plan on both sides. */
struct concordance_pair {
	struct audit model;
	struct reference_run reference;
	enum agreement agreement;
};
/* Runs one plan on both sides. 0 or -errno. concordance_pair_free() frees the result, also after an error. */
int concordance_compare(enum detector_id detector, const struct plan *plan, int timeout_ms,
	struct concordance_pair *ret);
void concordance_pair_free(struct concordance_pair *pair);

#endif
