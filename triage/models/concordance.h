/* SPDX-License-Identifier: Apache-2.0
 * Concordance: random plans through a model of Go or Rust and through the language itself. */
#ifndef FENCEPOST_MODELS_CONCORDANCE_H
#define FENCEPOST_MODELS_CONCORDANCE_H

#include "audit/audit.h"
#include "reference.h"

/* What became of one plan: `layout` when it violates, and either side says that no rule decides what it meets. */
enum agreement {
	AGREEMENT_UNKNOWN, /* not run */
	AGREEMENT_SAME,    /* verdict, and the kind where something was reported */
	AGREEMENT_DIFFERS,
	AGREEMENT_TIMEOUT, /* differs, because one side did not end, */
	AGREEMENT_BROKEN,  /* or ended in a way that nobody can explain */
	AGREEMENT_LAYOUT,
	AGREEMENT_FAILED, /* the model could not be run */
};

struct concordance {
	uint32_t detectors, classes; /* bits of enum detector_id and plan_class */
	uint64_t plans, seed;        /* of each class and detector; what sample_plan takes */
	unsigned jobs;
	int timeout_ms; /* of a reference */
	/* concordance_run fills it in: an enum agreement for each detector, class and plan. */
	uint8_t *agreements;
};

static inline bool agreement_is_difference(enum agreement agreement)
{
	return agreement == AGREEMENT_DIFFERS || agreement == AGREEMENT_TIMEOUT ||
		agreement == AGREEMENT_BROKEN;
}

/* Has @detector a model, that is: is there another program to compare it with? */
bool concordance_is_model(enum detector_id detector);

struct plan concordance_plan(const struct concordance *concordance, enum detector_id detector,
	enum plan_class class, uint64_t i);

/* Where that plan's agreement stands. */
uint8_t *concordance_at(const struct concordance *concordance, enum detector_id detector,
	enum plan_class class, uint64_t i);

/* Runs every plan, @jobs at a time, and shows how far it is. What is done when an interrupt comes (base/interrupts.h)
 * stays. 0 or -errno. concordance_free frees the result. */
int concordance_run(struct concordance *concordance);
void concordance_free(struct concordance *concordance);

/* One plan on both sides. */
struct concordance_pair {
	struct audit model;
	struct reference_run reference;
	enum agreement agreement;
};
/* 0 or -errno. concordance_pair_free frees the result, also after an error. */
int concordance_compare(enum detector_id detector, const struct plan *plan, int timeout_ms,
	struct concordance_pair *ret);
void concordance_pair_free(struct concordance_pair *pair);

#endif
