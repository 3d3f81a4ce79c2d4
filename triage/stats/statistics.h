/* SPDX-License-Identifier: Apache-2.0
 * Rates and their uncertainty. */
#ifndef FENCEPOST_STATS_STATISTICS_H
#define FENCEPOST_STATS_STATISTICS_H

#include <stdint.h>
#include <jansson.h>

/* A rate of @k out of @n, with its 95 % Wilson score interval (E. B. Wilson, 1927; the form in
 * Brown, Cai and DasGupta, 2001). With n = 0 rate, low and high are NaN. */
struct rate {
	uint64_t k, n;
	double rate, low, high;
};

struct rate rate_of(uint64_t k, uint64_t n);

/* The same as {k, n, rate, lo, hi}. JSON has no NaN: a rate of nothing is null. */
json_t *rate_json(uint64_t k, uint64_t n);

/* @k of @n in per cent, for people: "71.2". Only none reads as "0.0" and only all as "100.0"; between
 * them stand "<0.1" and ">99.9". "-" of nothing. */
#define RATE_PERCENT_MAX 16
void rate_percent(uint64_t k, uint64_t n, char ret[RATE_PERCENT_MAX]);

#endif
