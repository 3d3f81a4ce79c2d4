/* SPDX-License-Identifier: Apache-2.0
 * Rates and their uncertainty. */
#ifndef FENCEPOST_STATISTICS_H
#define FENCEPOST_STATISTICS_H

#include <stdint.h>

/* A rate of @k out of @n, with its 95 % Wilson score interval (E. B. Wilson, 1927; the form in
 * Brown, Cai and DasGupta, 2001). With n = 0 rate, low and high are NaN. */
struct rate {
	uint64_t k, n;
	double rate, low, high;
};

struct rate rate_of(uint64_t k, uint64_t n);

#endif
