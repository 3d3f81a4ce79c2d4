/* SPDX-License-Identifier: Apache-2.0
 * Computes rates and their uncertainty. */
#ifndef FENCEPOST_STATS_STATISTICS_H
#define FENCEPOST_STATS_STATISTICS_H

#include <stdint.h>
#include <jansson.h>

/* A rate of @k out of @n, with its 95 % Wilson score interval (E. B. Wilson, 1927; the form in
 * Brown, Cai and DasGupta, 2001). With n = 0, the rate and both ends of the interval are NaN. */
struct rate {
	uint64_t k, n;
	double rate, low, high;
};

/* Returns the rate and its interval. */
struct rate rate_of(uint64_t k, uint64_t n);

/* Returns the rate as {k, n, rate, lo, hi}. JSON has no NaN, so with n = 0 the rate is null. The
 * caller owns the new reference. */
json_t *rate_json(uint64_t k, uint64_t n);

/* Writes @k of @n in per cent, such as "71.2". Only k = 0 gives "0.0", and only k = n gives
 * "100.0". Values close to them give "<0.1" and ">99.9". n = 0 gives "-". */
#define RATE_PERCENT_MAX 16
void rate_percent(uint64_t k, uint64_t n, char ret[RATE_PERCENT_MAX]);

#endif
