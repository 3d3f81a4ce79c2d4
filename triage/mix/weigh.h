/* SPDX-License-Identifier: Apache-2.0
 * Weighs a measurement by a mix: counts its plans in strata (strata.h), and computes rates with the
 * weights of the strata. */
#ifndef FENCEPOST_MIX_WEIGH_H
#define FENCEPOST_MIX_WEIGH_H

#include "mix.h"
#include "stats/weighted.h"

#define WEIGH_STRATA_MAX 4096 /* most strata of a class and idiom */
/* stands for all classes, weighted by the mix's law for class */
#define WEIGH_ALL CLASS_COUNT

struct weigh_stratum {
	double weight; /* weight among the strata that plans can have; these weights add up to 1 */
	uint64_t committed[DETECTOR_COUNT], right[DETECTOR_COUNT];
	/* both[a][b]: violations that were committed under both a and b */
	uint64_t both[DETECTOR_COUNT][DETECTOR_COUNT];
	/* alone[a][b]: those of them that a diagnosed and b did not */
	uint64_t alone[DETECTOR_COUNT][DETECTOR_COUNT];
};

/* The violations of a class and idiom. */
struct weigh_cell {
	struct weigh_stratum *strata; /* NULL: the run has no such plans */
	size_t count;
	double dropped;   /* weight of strata that no plan can have */
	double inverse_m; /* 1 / sample of all laws that apply */
};

struct weighing {
	const struct mix *mix;
	struct weigh_cell cells[CLASS_COUNT][IDIOM_COUNT];
};

/* Counts @run by the strata of @mix, which must outlive the result. weigh_free() frees the result
 * either way. Returns 0, or as count_plans(), or one of these and a message:
 *
 *   -EDOM   more than STRATA_DROPPED_MAX of a weight belongs to strata that no plan can have
 *   -E2BIG  there are too many strata */
int weigh_make(const struct mix *mix, const struct measurement *run, struct weighing *ret,
	char **ret_error);
void weigh_free(struct weighing *weighing);

/* weigh_rate() returns the share of the committed violations of @class (or WEIGH_ALL) that
 * @detector diagnosed. weigh_difference() returns the rate of @a minus the rate of @b. Both are NaN
 * if there are no such violations. */
struct weighted weigh_rate(
	const struct weighing *weighing, unsigned class, unsigned idiom, int detector);
struct difference weigh_difference(
	const struct weighing *weighing, unsigned class, unsigned idiom, int a, int b);

/* Is a rate of @class (or WEIGH_ALL) by construction, as mix_is_circular() explains? */
bool weigh_is_circular(
	const struct weighing *weighing, unsigned class, unsigned idiom, int detector);

/* Is @a ahead of @b under the mix, but not under @even? The interval of the difference must not
 * contain 0. A rate by construction does not count. */
bool weigh_overtakes(const struct weighing *weighing, const struct weighing *even, unsigned class,
	unsigned idiom, int a, int b);

#endif
