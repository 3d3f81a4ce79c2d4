/* SPDX-License-Identifier: Apache-2.0
 * Computes rates and differences over weighted strata. A stratum is a group of plans with one
 * weight. The errors have closed forms; weighted_test.c measures their coverage.
 *
 * Two things are uncertain. One is the rate in each stratum: a longer run makes it more certain.
 * The other is the weights: only a larger sample behind the mix makes them more certain. A stratum
 * has the weight w, and k of its n plans are right. m reports are behind the weights:
 *
 *   given the mix   V = sum of w^2 p (1 - p) / n, with p = (k + 1) / (n + 2)
 *   with the mix    a Wilson interval (E. B. Wilson, 1927) at the rate, with
 *                   1/n_eff = 1/m + V / (rate (1 - rate))
 *
 * The weights of all strata add up to 1. */
#ifndef FENCEPOST_STATS_WEIGHTED_H
#define FENCEPOST_STATS_WEIGHTED_H

#include "inference.h"

struct weighted_stratum {
	double weight;
	uint64_t k, n;
};

/* Returns a rate. @inverse_m is 1/m: 0 for weights that are no sample, NaN for a sample of unknown
 * size. A stratum without plans may have any rate, and the result then lies between @rate and
 * @most. The result is NaN if there is no plan at all. */
struct weighted {
	double rate, most;
	double given; /* half the width of the 95 % interval, if the weights are exact */
	/* The 95 % interval with the uncertainty of the weights and of strata without plans. NaN if
	 * the size of the sample is unknown. */
	double low, high;
};
struct weighted weighted_rate(
	const struct weighted_stratum *strata, size_t count, double inverse_m);

/* The plans of a stratum that both detectors judged. @only_a: a alone was right. @only_b: b alone
 * was right. */
struct weighted_pair {
	double weight;
	uint64_t only_a, only_b, n;
};

/* Returns the rate of detector a minus the rate of detector b under one mix. Both share the error
 * of the mix: V = (sum of w d^2 - (sum of w d)^2) / m + sum of w^2 V_h. One row at +1 and one row
 * at -1 are added to the sample, and to each stratum (D. G. Bonett, R. M. Price, 2012).
 *
 * A stratum without plans may have any difference, which widens the interval. The result is NaN
 * without plans. If the size of the sample is unknown, the interval is the one for exact weights.
 */
struct difference weighted_difference(
	const struct weighted_pair *pairs, size_t count, double inverse_m);

#endif
