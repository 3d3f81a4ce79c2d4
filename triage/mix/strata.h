/* SPDX-License-Identifier: Apache-2.0
 * The strata of a mix in one class and idiom: which weight each has, and in which one a plan is. */
#ifndef FENCEPOST_MIX_STRATA_H
#define FENCEPOST_MIX_STRATA_H

#include "mix.h"

/* A stratum's number has a digit for each law: 0 without a row, else the group. */
struct strata {
	const struct mix *mix;
	enum plan_class class;
	enum plan_idiom idiom;
	size_t count;
	double *weights;  /* they add up to 1; 0: no such stratum */
	bool *occurs;     /* there are plans; strata_make() knows of none */
	bool *excluded;   /* the class has no such value */
	double inverse_m; /* of the laws that apply, conditions by their weights */
};

/* 0, or -E2BIG for more than @most strata. strata_free() frees the result either way. */
int strata_make(const struct mix *mix, enum plan_class class, enum plan_idiom idiom, size_t most,
	struct strata *ret);
void strata_free(struct strata *strata);

/* Returns the stratum of a plan with these @values on the axes of the laws; SIZE_MAX if its weight is 0. */
size_t strata_find(const struct strata *strata, const uint8_t values[COUNT_AXES]);

/* Looks among random plans for strata that do not occur yet. */
void strata_search(struct strata *strata);

/* Returns the stratum of a plan, as strata_find() does. */
size_t strata_of_plan(
	const struct strata *strata, const struct plan *plan, const struct truth *truth);

#define STRATA_DROPPED_MAX 0.01

/* Adds up the weight of what does not occur. -EDOM and a message if it is above STRATA_DROPPED_MAX, else 0. */
int strata_drop(const struct strata *strata, double *ret_dropped, char **ret_error);

/* Returns a stratum in words, such as "region=stack gap=+0"; the caller frees. */
char *strata_words(const struct strata *strata, size_t number);

#endif
