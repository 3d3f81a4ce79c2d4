/* SPDX-License-Identifier: Apache-2.0
 * A measurement under a mix: its plans counted by strata, which are the combinations of groups that the mix names. */
#ifndef FENCEPOST_MIX_WEIGH_H
#define FENCEPOST_MIX_WEIGH_H

#include "mix.h"
#include "stats/weighted.h"

#define WEIGH_STRATA_MAX   4096           /* of a class and idiom */
#define WEIGH_ALL          CLASS_COUNT    /* in place of a class: all, by the mix's law for class */

struct weigh_stratum {
	double weight; /* what no plan can have is left out, and the rest adds up to 1 */
	uint64_t committed[DETECTOR_COUNT], right[DETECTOR_COUNT];
	uint64_t both[DETECTOR_COUNT][DETECTOR_COUNT];  /* [a][b]: committed under both */
	uint64_t alone[DETECTOR_COUNT][DETECTOR_COUNT]; /* and a was right, b not */
};

/* The violations of a class and idiom. */
struct weigh_cell {
	struct weigh_stratum *strata; /* NULL: the run has no such plans */
	size_t count;
	double dropped;   /* weight of what no plan can have */
	double inverse_m; /* 1 / m of all laws that apply */
};

struct weighing {
	const struct mix *mix;
	struct weigh_cell cells[CLASS_COUNT][IDIOM_COUNT];
};

/* Counts @run by the strata of @mix, which must outlive the result; weigh_free() frees it either way. 0, or -errno and
 * a message: -EDOM when more than STRATA_DROPPED_MAX (strata.h) of a weight falls on what no plan can have, -E2BIG for too many
 * strata, else as count_plans(). */
int weigh_make(const struct mix *mix, const struct measurement *run, struct weighing *ret,
	char **ret_error);
void weigh_free(struct weighing *weighing);

/* Return the share of the committed violations of @class (or WEIGH_ALL) that @detector diagnosed, and by how much @a
 * exceeds @b. NaN where there is none. */
struct weighted weigh_rate(
	const struct weighing *weighing, unsigned class, unsigned idiom, int detector);
struct difference weigh_difference(
	const struct weighing *weighing, unsigned class, unsigned idiom, int a, int b);

/* Is a rate of @class (or WEIGH_ALL) by construction? See mix_is_circular(). */
bool weigh_is_circular(
	const struct weighing *weighing, unsigned class, unsigned idiom, int detector);

/* Is @a ahead of @b under the mix, by an interval without 0, but not under @even? Neither rate may be by construction. */
bool weigh_overtakes(const struct weighing *weighing, const struct weighing *even, unsigned class,
	unsigned idiom, int a, int b);

#endif
