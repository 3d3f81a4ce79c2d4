/* SPDX-License-Identifier: Apache-2.0
 * Comparing rates: exact tests, their correction for many, differences with intervals, smallest sets.
 * inference_test.c holds what R and SciPy say of the same numbers, with the commands. */
#ifndef FENCEPOST_STATS_INFERENCE_H
#define FENCEPOST_STATS_INFERENCE_H

#include <stddef.h>
#include <stdint.h>

/* Exact two-sided McNemar test of two detectors on the same plans: @only_a and @only_b plans were
 * diagnosed by one of them alone. 1 when there are none. */
double inference_mcnemar(uint64_t only_a, uint64_t only_b);

/* Exact one-sided test of Fisher: how likely at most @k1 of @n1 are, were the rate that of all
 * @k0 + @k1 of @n0 + @n1. Small when the second rate is lower. 1 without data. */
double inference_fisher_drop(uint64_t k0, uint64_t n0, uint64_t k1, uint64_t n1);

/* The same for a rise: at least @k1 of @n1. */
double inference_fisher_rise(uint64_t k0, uint64_t n0, uint64_t k1, uint64_t n1);

/* Adjusts @p in place for @count tests (S. Holm, 1979); order is kept. */
void inference_holm(double *p, size_t count);

/* The smallest share of @n1 by which a rate of @k0 of @n0 must fall for Fisher's test to be below
 * @alpha; 1 when no fall would be seen. */
double inference_smallest_drop(uint64_t k0, uint64_t n0, uint64_t n1, double alpha);

/* Of the same for a rise. */
double inference_smallest_rise(uint64_t k0, uint64_t n0, uint64_t n1, double alpha);

struct difference {
	double difference, low, high;
};

/* Rate of a minus rate of b over the same @n plans, of which @both were diagnosed by both, @only_a and
 * @only_b by one: 95 % interval of R. G. Newcombe, Statistics in Medicine 17 (1998), 2635, method 10.
 * NaN without plans. */
struct difference inference_paired(uint64_t both, uint64_t only_a, uint64_t only_b, uint64_t n);

/* The upper end of the 95 % interval of a rate that was never seen in @n: 3/n, at most 1. */
double inference_rule_of_three(uint64_t n);

/* Plans by the set of those (bits) that diagnosed them. */
struct pattern {
	uint32_t diagnosed;
	uint64_t count;
};
struct patterns {
	const struct pattern *list;
	size_t count;
};

/* How many of them one of @set diagnosed. */
uint64_t inference_covered(const struct patterns *patterns, uint32_t set);

/* The smallest subset of @all that in each of @groups covers at least @share of what @all covers; of
 * several the one that covers most plans, then the one of the lowest bits. Tries every subset: @all
 * has at most 20 bits. */
uint32_t inference_smallest_set(
	const struct patterns *groups, size_t count, uint32_t all, double share);

#endif
