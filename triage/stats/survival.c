/* SPDX-License-Identifier: Apache-2.0
 * The product over the times of events of the share that each left. */
#include "survival.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define Z_95 1.959963984540054 /* the normal distribution's 97.5 % quantile */

/* What is censored at the time of an event was at risk then. */
static int compare(const void *a, const void *b)
{
	const struct survival_time *left = a, *right = b;

	if (left->at != right->at)
		return left->at < right->at ? -1 : 1;
	return (int)left->censored - (int)right->censored;
}

static struct survival_step step(double at, double share, double variance)
{
	double width = share > 0 ? Z_95 * sqrt(variance) / -log(share) : NAN;

	return (struct survival_step){ at, share, pow(share, exp(width)), pow(share, exp(-width)) };
}

size_t survival_curve(const struct survival_time *times, size_t count, struct survival_step *ret)
{
	struct survival_time *sorted = calloc(count + 1, sizeof(*sorted));
	double share = 1, variance = 0;
	size_t steps = 0, end;

	if (sorted == NULL)
		abort();
	if (count > 0)
		memcpy(sorted, times, count * sizeof(*sorted));
	qsort(sorted, count, sizeof(*sorted), compare);
	for (size_t i = 0; i < count; i = end) {
		double at_risk = (double)(count - i), events;

		end = i + 1;
		if (sorted[i].censored)
			continue;
		while (end < count && !sorted[end].censored && sorted[end].at == sorted[i].at)
			end++;
		events = (double)(end - i);
		share *= 1 - events / at_risk;
		variance += events / (at_risk * (at_risk - events));
		ret[steps++] = step(sorted[i].at, share, variance);
	}
	free(sorted);
	return steps;
}

double survival_at(const struct survival_step *steps, size_t count, double at)
{
	double share = 1;

	for (size_t i = 0; i < count && steps[i].at <= at; i++)
		share = steps[i].share;
	return share;
}
