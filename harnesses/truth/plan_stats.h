/* SPDX-License-Identifier: Apache-2.0
 * Statistics over random plans: what uniformly random bytes decode to, against the shares that
 * make them a fair sample. */
#ifndef FENCEPOST_TRUTH_PLAN_STATS_H
#define FENCEPOST_TRUTH_PLAN_STATS_H

#include "arguments.h"
#include "describe.h"

#include <stdio.h>

/* What a fair sample is: the share of violating plans lies between the first two; each axis value has
 * at least the third of its uniform share among them, each combination at most the fourth. */
#define STATS_VIOLATING_LOW    0.30
#define STATS_VIOLATING_HIGH   0.70
#define STATS_VALUE_LOW        0.50
#define STATS_COMBINATION_HIGH 0.05

/* Below this many plans a class and idiom, chance alone could cross those lines. */
#define STATS_PLANS_ENOUGH 10000

#define STATS_VALUES_MAX 32

struct plan_stats {
	enum plan_class class;
	enum plan_idiom idiom;
	uint64_t plans, violating;
	/* of the violating plans; a row an axis, AXIS_PICK has none */
	uint64_t values[AXIS_NAMED_COUNT][STATS_VALUES_MAX];
	uint64_t combinations[REGION_COUNT][SIZE_COUNT][DISTANCE_COUNT];
};

struct plan_stats_combination {
	enum plan_region region;
	unsigned size; /* an index into plan_sizes */
	enum plan_distance distance;
	double share;
};

/* The next 64 random bits of the sequence that @state stands for.
 * splitmix64: Steele, Lea, Flood, "Fast splittable pseudorandom number generators", 2014. */
uint64_t plan_stats_random(uint64_t *state);

/* Fills @bytes with random ones. */
void plan_stats_random_bytes(uint64_t *state, uint8_t *bytes, size_t size);

/* Decodes @plans inputs of PLAN_BYTES random bytes each with class and idiom fixed. */
void plan_stats_collect(enum plan_class class, enum plan_idiom idiom, uint64_t plans, uint64_t seed,
	struct plan_stats *ret);

/* Shares between 0 and 1; 0 where nothing was counted. */
double plan_stats_violating(const struct plan_stats *stats);
double plan_stats_share(const struct plan_stats *stats, enum describe_axis axis, unsigned value);
double plan_stats_uniform(enum plan_class class, enum describe_axis axis);
struct plan_stats_combination plan_stats_largest(const struct plan_stats *stats);

bool plan_stats_violating_holds(const struct plan_stats *stats);

/* A value that the class does not allow must not occur at all. */
bool plan_stats_value_holds(
	const struct plan_stats *stats, enum describe_axis axis, unsigned value);

/* The number of shares that do not hold; @ret_first says which is the first, "" when all do. */
unsigned plan_stats_failures(const struct plan_stats *stats, char ret_first[DESCRIBE_MAX]);

/* One class as a table, a column an idiom. A share that does not hold is marked with '!'. */
void plan_stats_print(FILE *out, const struct plan_stats stats[IDIOM_COUNT]);

#endif
