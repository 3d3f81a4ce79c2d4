/* SPDX-License-Identifier: Apache-2.0
 * Weighted rates and differences. */
#include "weighted.h"

#include <math.h>

#define Z_95 1.959963984540054 /* the normal distribution's 97.5 % quantile */

/* One end of Wilson's interval at @p; @side is -1 or 1. */
static double wilson(double p, double inverse_n, double side)
{
	double z2 = Z_95 * Z_95 * inverse_n;
	double half = Z_95 * sqrt(p * (1 - p) * inverse_n + z2 * inverse_n / 4);
	double end = (p + z2 / 2 + side * half) / (1 + z2);

	return end < 0 ? 0 : end > 1 ? 1 : end;
}

/* At 0 and 1 the strata's own smoothed rate stands in: p (1 - p) would be 0. */
static double inverse_effective(double p, double smoothed, double variance, double inverse_m)
{
	double spread = p > 0 && p < 1 ? p * (1 - p) : smoothed * (1 - smoothed);

	return inverse_m + (variance > 0 ? variance / spread : 0);
}

struct weighted weighted_rate(const struct weighted_stratum *strata, size_t count, double inverse_m)
{
	double rate = 0, smoothed = 0, empty = 0, variance = 0, share;
	struct weighted ret;

	for (size_t h = 0; h < count; h++) {
		double w = strata[h].weight, n = (double)strata[h].n, k = (double)strata[h].k;
		double p = (k + 1) / (n + 2);

		if (strata[h].n == 0) {
			empty += w;
			continue;
		}
		rate += w * k / n;
		smoothed += w * p;
		variance += w * w * p * (1 - p) / n;
	}
	share = inverse_effective(rate, smoothed, variance, inverse_m);
	ret = (struct weighted){ rate, rate + empty, Z_95 * sqrt(variance), wilson(rate, share, -1),
		wilson(fmin(rate + empty, 1), share, 1) };
	if (variance <= 0)
		ret = (struct weighted){ NAN, NAN, NAN, NAN, NAN };
	if (isnan(inverse_m))
		ret.low = ret.high = NAN;
	return ret;
}

/* Of n plans, with a pseudo-row at +1 and one at -1: the variance of their mean difference. */
static double paired_variance(const struct weighted_pair *pair)
{
	double n = (double)pair->n + 2, a = ((double)pair->only_a + 1) / n,
	       b = ((double)pair->only_b + 1) / n;

	return (a + b - (a - b) * (a - b)) / n;
}

struct difference weighted_difference(
	const struct weighted_pair *pairs, size_t count, double inverse_m)
{
	double mean = 0, square = 0, within = 0, empty = 0, sampled = 0, centre, half;

	for (size_t h = 0; h < count; h++) {
		double w = pairs[h].weight, n = (double)pairs[h].n, d;

		if (pairs[h].n == 0) {
			empty += w;
			continue;
		}
		d = ((double)pairs[h].only_a - (double)pairs[h].only_b) / n;
		mean += w * d;
		square += w * d * d;
		within += w * w * paired_variance(&pairs[h]);
	}
	if (within <= 0)
		return (struct difference){ NAN, NAN, NAN };
	centre = mean;
	if (inverse_m > 0) { /* m + 2 rows: m at the strata's differences, and the two */
		double rows = 1 / inverse_m + 2;

		centre = mean * (rows - 2) / rows;
		sampled = ((square * (rows - 2) + 2) / rows - centre * centre) / rows;
	}
	half = Z_95 * sqrt(sampled + within) + empty;
	return (struct difference){ mean, fmax(centre - half, -1), fmin(centre + half, 1) };
}
