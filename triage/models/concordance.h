/* SPDX-License-Identifier: Apache-2.0
 * Runs a concordance: the same random plans run in a model of Go or Rust and in the language
 * itself, and the verdicts are compared. */
#ifndef FENCEPOST_MODELS_CONCORDANCE_H
#define FENCEPOST_MODELS_CONCORDANCE_H

#include "audit/audit.h"
#include "reference.h"

/* The result of one plan. A violation is `layout` if one side says that no rule of the language
 * decides which memory the violation meets. */
enum agreement {
	AGREEMENT_UNKNOWN, /* not run */
	AGREEMENT_SAME,    /* same verdict, and the same kind if there is a report */
	AGREEMENT_DIFFERS,
	AGREEMENT_TIMEOUT, /* different, because one side did not end */
	AGREEMENT_BROKEN,  /* different, because one side ended in an unexplained way */
	AGREEMENT_LAYOUT,
	AGREEMENT_FAILED, /* the model could not be run */
};

struct concordance {
	uint32_t detectors, classes; /* bits of enum detector_id and plan_class */
	/* @plans: number for each class and detector. @seed: as sample_plan() takes it. */
	uint64_t plans, seed;
	unsigned jobs;
	int timeout_ms; /* time limit of a reference */
	/* concordance_run() fills it in: an enum agreement for each detector, class and plan. */
	uint8_t *agreements;
};

static inline bool agreement_is_difference(enum agreement agreement)
{
	return agreement == AGREEMENT_DIFFERS || agreement == AGREEMENT_TIMEOUT ||
		agreement == AGREEMENT_BROKEN;
}

/* Is @detector a model of a language, which can be compared with the language itself? */
bool concordance_is_model(enum detector_id detector);

/* Returns the plan with index @i of a detector and class. */
struct plan concordance_plan(const struct concordance *concordance, enum detector_id detector,
	enum plan_class class, uint64_t i);

/* Returns the address of the agreement of that plan. */
uint8_t *concordance_at(const struct concordance *concordance, enum detector_id detector,
	enum plan_class class, uint64_t i);

/* Runs all plans, @jobs at a time, and shows the progress. After an interrupt (base/interrupts.h)
 * the finished plans stay. Returns 0 or -errno. concordance_free() frees the result. */
int concordance_run(struct concordance *concordance);
void concordance_free(struct concordance *concordance);

/* The results of one plan on both sides. */
struct concordance_pair {
	struct audit model;
	struct reference_run reference;
	enum agreement agreement;
};
/* Runs one plan on both sides. Returns 0 or -errno. concordance_pair_free() frees the result, also
 * after an error. */
int concordance_compare(enum detector_id detector, const struct plan *plan, int timeout_ms,
	struct concordance_pair *ret);
void concordance_pair_free(struct concordance_pair *pair);

#endif
