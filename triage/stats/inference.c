/* SPDX-License-Identifier: Apache-2.0
 * Exact tests by sums of probabilities, from the largest term down. */
#include "inference.h"

#include "statistics.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

#define NEGLIGIBLE 1e-17 /* of a sum: below what a double holds */

static double at_most_one(double p)
{
	return p < 1 ? p : 1;
}

/* Logarithm of n over k. */
static double log_choose(uint64_t n, uint64_t k)
{
	return lgamma((double)n + 1) - lgamma((double)k + 1) - lgamma((double)(n - k) + 1);
}

double inference_mcnemar(uint64_t only_a, uint64_t only_b)
{
	uint64_t n = only_a + only_b, k = only_a < only_b ? only_a : only_b;
	double term = 1, sum = 1;

	if (n == 0 || only_a == only_b)
		return 1;
	for (uint64_t i = k; i > 0 && term > sum * NEGLIGIBLE; i--) {
		term *= (double)i / (double)(n - i + 1);
		sum += term;
	}
	return at_most_one(2 * sum * exp(log_choose(n, k) - (double)n * log(2)));
}

/* At most @k1 of the @n1, out of @n0 + @n1 with @k of a kind. */
static double at_most(uint64_t k, uint64_t n0, uint64_t k1, uint64_t n1)
{
	uint64_t least = k > n0 ? k - n0 : 0, most = k < n1 ? k : n1;
	double first, term = 1, sum = 1;

	if (k1 >= most)
		return 1;
	if (k1 < least)
		return 0;
	first = log_choose(n1, k1) + log_choose(n0, k - k1) - log_choose(n0 + n1, k);
	/* above the mean the terms grow first, and none of them is negligible */
	for (uint64_t i = k1; i > least; i--) {
		term *= (double)i / (double)(n1 - i + 1) * (double)(n0 - k + i) /
			(double)(k - i + 1);
		sum += term;
		if (term < sum * NEGLIGIBLE)
			break;
	}
	return at_most_one(sum * exp(first));
}

double inference_fisher_drop(uint64_t k0, uint64_t n0, uint64_t k1, uint64_t n1)
{
	return n0 == 0 || n1 == 0 ? 1 : at_most(k0 + k1, n0, k1, n1);
}

double inference_fisher_rise(uint64_t k0, uint64_t n0, uint64_t k1, uint64_t n1)
{
	return n0 == 0 || n1 == 0 ? 1 : inference_fisher_drop(n0 - k0, n0, n1 - k1, n1);
}

struct ranked {
	double p;
	size_t index;
};

static int compare_ranked(const void *a, const void *b)
{
	const struct ranked *left = a, *right = b;

	if (left->p != right->p)
		return left->p < right->p ? -1 : 1;
	return left->index < right->index ? -1 : 1;
}

void inference_holm(double *p, size_t count)
{
	struct ranked *order = calloc(count + 1, sizeof(*order));
	double least = 0;

	if (order == NULL)
		abort();
	for (size_t i = 0; i < count; i++)
		order[i] = (struct ranked){ p[i], i };
	qsort(order, count, sizeof(*order), compare_ranked);
	for (size_t i = 0; i < count; i++) {
		double adjusted = at_most_one(order[i].p * (double)(count - i));

		least = adjusted > least ? adjusted : least;
		p[order[i].index] = least;
	}
	free(order);
}

double inference_smallest_drop(uint64_t k0, uint64_t n0, uint64_t n1, double alpha)
{
	uint64_t seen = 0, unseen;
	double rate;

	if (n0 == 0 || n1 == 0 || inference_fisher_drop(k0, n0, 0, n1) >= alpha)
		return 1;
	rate = (double)k0 / (double)n0;
	unseen = (uint64_t)(rate * (double)n1) + 1;
	/* @seen is low enough, @unseen is not */
	while (unseen - seen > 1) {
		uint64_t middle = seen + (unseen - seen) / 2;

		if (inference_fisher_drop(k0, n0, middle, n1) < alpha)
			seen = middle;
		else
			unseen = middle;
	}
	return rate - (double)seen / (double)n1;
}

double inference_smallest_rise(uint64_t k0, uint64_t n0, uint64_t n1, double alpha)
{
	return n0 == 0 ? 1 : inference_smallest_drop(n0 - k0, n0, n1, alpha);
}

/* Correlation of the two, with Newcombe's correction for continuity. */
static double correlation(double both, double only_a, double only_b, double n)
{
	double neither = n - both - only_a - only_b;
	double product = (both + only_a) * (only_b + neither) * (both + only_b) *
		(only_a + neither);
	double excess = both * neither - only_a * only_b;

	if (product <= 0)
		return 0;
	if (excess > 0)
		excess = excess > n / 2 ? excess - n / 2 : 0;
	return excess / sqrt(product);
}

struct difference inference_paired(uint64_t both, uint64_t only_a, uint64_t only_b, uint64_t n)
{
	struct rate a = rate_of(both + only_a, n), b = rate_of(both + only_b, n);
	double phi = correlation((double)both, (double)only_a, (double)only_b, (double)n);
	double a_down = a.rate - a.low, a_up = a.high - a.rate;
	double b_down = b.rate - b.low, b_up = b.high - b.rate;
	double down = a_down * a_down - 2 * phi * a_down * b_up + b_up * b_up;
	double up = a_up * a_up - 2 * phi * a_up * b_down + b_down * b_down;

	return (struct difference){ a.rate - b.rate, a.rate - b.rate - sqrt(down < 0 ? 0 : down),
		a.rate - b.rate + sqrt(up < 0 ? 0 : up) };
}

double inference_rule_of_three(uint64_t n)
{
	return n > 3 ? 3 / (double)n : 1;
}

uint64_t inference_covered(const struct patterns *patterns, uint32_t set)
{
	uint64_t covered = 0;

	for (size_t i = 0; i < patterns->count; i++)
		if (patterns->list[i].diagnosed & set)
			covered += patterns->list[i].count;
	return covered;
}

/* What @set covers of all groups together; 0 when it is too little in one of them. */
static uint64_t worth(
	const struct patterns *groups, size_t count, uint32_t set, const double *asked)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < count; i++) {
		uint64_t covered = inference_covered(&groups[i], set);

		if ((double)covered < asked[i])
			return 0;
		sum += covered;
	}
	return sum;
}

uint32_t inference_smallest_set(
	const struct patterns *groups, size_t count, uint32_t all, double share)
{
	double *asked = calloc(count + 1, sizeof(*asked));
	uint32_t best = all;
	uint64_t best_worth = 0;

	if (asked == NULL)
		abort();
	for (size_t i = 0; i < count; i++)
		asked[i] = share * (double)inference_covered(&groups[i], all);
	/* each subset of the bits of @all once, from the lowest up */
	for (uint32_t set = all & -all; set != 0; set = (set - all) & all) {
		int fewer = __builtin_popcount(best) - __builtin_popcount(set);
		uint64_t now = fewer >= 0 ? worth(groups, count, set, asked) : 0;

		if (now > 0 && (fewer > 0 || now > best_worth)) {
			best = set;
			best_worth = now;
		}
	}
	free(asked);
	return best_worth > 0 ? best : 0;
}
