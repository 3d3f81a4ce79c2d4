/* SPDX-License-Identifier: Apache-2.0
 * Statistics over random plans: the share of each axis value in plans of random bytes, and the limits of a fair sample. */
#ifndef FENCEPOST_TRUTH_PLAN_STATS_H
#define FENCEPOST_TRUTH_PLAN_STATS_H

#include "arguments.h"
#include "describe.h"

#include <stdio.h>

/* The limits of a fair sample. The share of violating plans lies between the first two. Among them, each axis value has at
 * least the third times its uniform share, and each combination at most the fourth as its share. */
#define STATS_VIOLATING_LOW    0.30
#define STATS_VIOLATING_HIGH   0.70
#define STATS_VALUE_LOW        0.50
#define STATS_COMBINATION_HIGH 0.05

/* With fewer plans of each class and idiom, chance alone could exceed these limits. */
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

/* Returns the next 64 random bits of the sequence @state.
 * splitmix64: Steele, Lea, Flood, "Fast splittable pseudorandom number generators", 2014. */
uint64_t plan_stats_random(uint64_t *state);

/* Fills @bytes with random bytes. */
void plan_stats_random_bytes(uint64_t *state, uint8_t *bytes, size_t size);

/* Counts @plans plans of a class and idiom, decoded from PLAN_BYTES random bytes each. */
void plan_stats_collect(enum plan_class class, enum plan_idiom idiom, uint64_t plans, uint64_t seed,
	struct plan_stats *ret);

/* Return shares between 0 and 1: of violating plans, of a value, its uniform share, and the largest combination. 0 when
 * nothing was counted. */
double plan_stats_violating(const struct plan_stats *stats);
double plan_stats_share(const struct plan_stats *stats, enum describe_axis axis, unsigned value);
double plan_stats_uniform(enum plan_class class, enum describe_axis axis);
struct plan_stats_combination plan_stats_largest(const struct plan_stats *stats);

bool plan_stats_violating_holds(const struct plan_stats *stats);

/* Is the share within the limits? A value that the class does not allow must not occur. */
bool plan_stats_value_holds(
	const struct plan_stats *stats, enum describe_axis axis, unsigned value);

/* Returns the number of shares outside the limits, and the first of them in words, or "". */
unsigned plan_stats_failures(const struct plan_stats *stats, char ret_first[DESCRIBE_MAX]);

/* Prints a class as a table with a column for each idiom. A share outside the limits is marked with '!'. */
void plan_stats_print(FILE *out, const struct plan_stats stats[IDIOM_COUNT]);

#endif
