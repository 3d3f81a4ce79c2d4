/* SPDX-License-Identifier: Apache-2.0
 * Survival curves: which share has not come to an event yet. E. L. Kaplan and P. Meier, Journal of the
 * American Statistical Association 53 (1958), 457. */
#ifndef FENCEPOST_SURVIVAL_H
#define FENCEPOST_SURVIVAL_H

#include <stdbool.h>
#include <stddef.h>

struct survival_time {
	double at;
	bool censored; /* it was watched until then, and the event had not come */
};

/* From @at on the share is @share, with its 95 % interval: Greenwood's variance on the scale of the
 * logarithm of -log share, as in J. D. Kalbfleisch and R. L. Prentice, The Statistical Analysis of Failure
 * Time Data (1980). NaN where the share is 0. */
struct survival_step {
	double at, share, low, high;
};

/* One step for each time at which an event came; @ret has room for @count. Returns how many. */
size_t survival_curve(const struct survival_time *times, size_t count, struct survival_step *ret);

/* The share at @at, 1 before the first step. */
double survival_at(const struct survival_step *steps, size_t count, double at);

#endif
