/* SPDX-License-Identifier: Apache-2.0
 * Compares rates with exact tests, a correction for many tests, differences with intervals, and
 * smallest sets of detectors. inference_test.c has the answers of R and SciPy to the same numbers,
 * and the commands. */
#ifndef FENCEPOST_STATS_INFERENCE_H
#define FENCEPOST_STATS_INFERENCE_H

#include <stddef.h>
#include <stdint.h>

/* Returns the p-value of McNemar's exact two-sided test of two detectors on the same plans.
 * Detector a alone diagnosed @only_a of the plans, and detector b alone @only_b. Returns 1 if both
 * numbers are 0. */
double inference_mcnemar(uint64_t only_a, uint64_t only_b);

/* Returns the p-value of Fisher's exact one-sided test that the rate fell from @k0 of @n0 to @k1 of
 * @n1. The value is small if the second rate is much lower. Returns 1 without data. */
double inference_fisher_drop(uint64_t k0, uint64_t n0, uint64_t k1, uint64_t n1);

/* Returns the p-value of the same test for a rise. */
double inference_fisher_rise(uint64_t k0, uint64_t n0, uint64_t k1, uint64_t n1);

/* Adjusts @count p-values in place for many tests (S. Holm, 1979). Their order stays. */
void inference_holm(double *p, size_t count);

/* Returns the smallest fall of the rate @k0 of @n0, as a share of @n1, for which the p-value of
 * Fisher's test is below @alpha. Returns 1 if no fall is large enough. */
double inference_smallest_drop(uint64_t k0, uint64_t n0, uint64_t n1, double alpha);

/* Returns the smallest rise in the same way. */
double inference_smallest_rise(uint64_t k0, uint64_t n0, uint64_t n1, double alpha);

struct difference {
	double difference, low, high;
};

/* Returns the rate of detector a minus the rate of detector b over the same @n plans. Both
 * diagnosed @both of them, a alone @only_a, and b alone @only_b. The 95 % interval is that of R. G.
 * Newcombe, Statistics in Medicine 17 (1998), 2635, method 10. All results are NaN without plans.
 */
struct difference inference_paired(uint64_t both, uint64_t only_a, uint64_t only_b, uint64_t n);

/* Returns the upper end of the 95 % interval of a rate whose event never occurred in @n trials:
 * 3/n, at most 1. */
double inference_rule_of_three(uint64_t n);

/* The number of plans that one set of detectors (bits) diagnosed. */
struct pattern {
	uint32_t diagnosed;
	uint64_t count;
};
struct patterns {
	const struct pattern *list;
	size_t count;
};

/* Returns the number of plans that at least one detector of @set diagnosed. */
uint64_t inference_covered(const struct patterns *patterns, uint32_t set);

/* Returns the smallest subset of @all that covers enough plans in each of @groups. Enough is @share
 * of the plans that @all covers. Among equally small subsets, the one that covers most plans wins,
 * then the one with the lowest bits. Every subset is tried, so @all may have at most 20 bits. */
uint32_t inference_smallest_set(
	const struct patterns *groups, size_t count, uint32_t all, double share);

#endif
