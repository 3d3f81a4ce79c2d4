/* SPDX-License-Identifier: Apache-2.0
 * Rates and their uncertainty. */
#include "statistics.h"

#include <math.h>
#include <stdio.h>

#define Z_95 1.959963984540054 /* the normal distribution's 97.5 % quantile */

struct rate rate_of(uint64_t k, uint64_t n)
{
	double count = (double)n, p = (double)k / count, z2 = Z_95 * Z_95;
	double centre = (p + z2 / (2 * count)) / (1 + z2 / count);
	double half = Z_95 * sqrt(p * (1 - p) / count + z2 / (4 * count * count)) /
		(1 + z2 / count);

	if (n == 0)
		return (struct rate){ 0, 0, NAN, NAN, NAN };
	return (struct rate){ k, n, p, k == 0 ? 0 : centre - half, k == n ? 1 : centre + half };
}

void rate_percent(uint64_t k, uint64_t n, char ret[RATE_PERCENT_MAX])
{
	double percent = 100 * ((double)k / (double)n);

	if (n == 0)
		snprintf(ret, RATE_PERCENT_MAX, "-");
	else if (k > 0 && percent < 0.05)
		snprintf(ret, RATE_PERCENT_MAX, "<0.1");
	else if (k < n && percent >= 99.95)
		snprintf(ret, RATE_PERCENT_MAX, ">99.9");
	else
		snprintf(ret, RATE_PERCENT_MAX, "%.1f", percent);
}

json_t *rate_json(uint64_t k, uint64_t n)
{
	struct rate rate = rate_of(k, n);

	if (n == 0)
		return json_pack("{sI sI sn sn sn}", "k", (json_int_t)0, "n", (json_int_t)0, "rate",
			"lo", "hi");
	return json_pack("{sI sI sf sf sf}", "k", (json_int_t)k, "n", (json_int_t)n, "rate",
		rate.rate, "lo", rate.low, "hi", rate.high);
}
