/* SPDX-License-Identifier: Apache-2.0
 * Rates and differences over weighted strata, with errors in closed form. weighted_test.c measures their coverage.
 *
 * Two things are uncertain: the rate in each stratum, which a longer run narrows, and the weights, which only a larger
 * sample behind the mix narrows. With weights w, k right of n in a stratum and m reports behind the weights:
 *   given the mix   V = sum of w^2 p (1 - p) / n, with p = (k + 1) / (n + 2)
 *   with the mix    a Wilson interval (E. B. Wilson, 1927) at the rate, with 1/n_eff = 1/m + V / (rate (1 - rate))
 * The weights of all strata add up to 1. */
#ifndef FENCEPOST_STATS_WEIGHTED_H
#define FENCEPOST_STATS_WEIGHTED_H

#include "inference.h"

struct weighted_stratum {
	double weight;
	uint64_t k, n;
};

/* @inverse_m is 1/m: 0 for weights that are no sample, NaN for a sample of unknown size. A stratum
 * without plans may have any rate: the result then lies between @rate and @most. NaN without any
 * plan. */
struct weighted {
	double rate, most;
	double given; /* half the 95 % interval, given the mix */
	double low,
		high; /* 95 % with the mix, strata without plans included; NaN if the sample is unknown */
};
struct weighted weighted_rate(
	const struct weighted_stratum *strata, size_t count, double inverse_m);

/* The plans of a stratum that both detectors judged; one alone was right about some. */
struct weighted_pair {
	double weight;
	uint64_t only_a, only_b, n;
};

/* Returns the rate of a minus that of b under one mix, whose error they share: V = (sum of w d^2 -
 * (sum of w d)^2) / m + sum of w^2 V_h. To the sample one row at +1 and one at -1 are added, and to
 * each stratum likewise (D. G. Bonett, R. M. Price, 2012). A stratum without plans may have any
 * difference, which widens the interval. NaN without plans; with an unknown sample the interval is
 * that given the mix. */
struct difference weighted_difference(
	const struct weighted_pair *pairs, size_t count, double inverse_m);

#endif
