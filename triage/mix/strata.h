/* SPDX-License-Identifier: Apache-2.0
 * A stratum is a combination of groups that a mix names, in one class and idiom. These functions
 * give the weight of each stratum, and the stratum of a plan. */
#ifndef FENCEPOST_MIX_STRATA_H
#define FENCEPOST_MIX_STRATA_H

#include "mix.h"

/* All strata of a class and idiom. The number of a stratum has a digit for each law: 0 if the law
 * has no row, otherwise the group. */
struct strata {
	const struct mix *mix;
	enum plan_class class;
	enum plan_idiom idiom;
	size_t count;
	double *weights;  /* the weights add up to 1; 0: there is no such stratum */
	bool *occurs;     /* plans of the stratum exist; strata_make() leaves it false */
	bool *excluded;   /* the class has no such value */
	double inverse_m; /* 1 / sample of all laws that apply; conditions count by their weights */
};

/* Makes the strata. Returns 0, or -E2BIG for more than @most strata. strata_free() frees the result
 * either way. */
int strata_make(const struct mix *mix, enum plan_class class, enum plan_idiom idiom, size_t most,
	struct strata *ret);
void strata_free(struct strata *strata);

/* Returns the stratum of a plan with these @values on the axes of the laws. Returns SIZE_MAX if the
 * weight of the stratum is 0. */
size_t strata_find(const struct strata *strata, const uint8_t values[COUNT_AXES]);

/* Searches random plans for strata that have no plan yet, and fills in @occurs. */
void strata_search(struct strata *strata);

/* Returns the stratum of a plan, as strata_find() does. */
size_t strata_of_plan(
	const struct strata *strata, const struct plan *plan, const struct truth *truth);

#define STRATA_DROPPED_MAX 0.01

/* Adds up the weight of strata that do not occur. Returns 0, or -EDOM and a message if the sum is
 * above STRATA_DROPPED_MAX. */
int strata_drop(const struct strata *strata, double *ret_dropped, char **ret_error);

/* Returns a description of a stratum, such as "region=stack gap=+0". The caller frees the text. */
char *strata_words(const struct strata *strata, size_t number);

#endif
