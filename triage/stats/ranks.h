/* SPDX-License-Identifier: Apache-2.0
 * Comparing two small samples by ranks. Larger or equal is all that is asked of values, so times that were
 * never reached take part as INFINITY: later than all others, and equal among themselves. ranks_test.c
 * holds what SciPy and R say of the same numbers, with the commands. */
#ifndef FENCEPOST_RANKS_H
#define FENCEPOST_RANKS_H

#include <stdbool.h>
#include <stddef.h>

/* Values of both together up to which p is exact. */
#define RANKS_EXACT_MAX 100

struct ranks {
	double u;   /* pairs in which a value of a is the larger; a tie is half a pair */
	double p;   /* two-sided: twice the smaller tail. 1 when a sample is empty */
	double a12; /* u of all pairs; NaN when a sample is empty */
	bool exact; /* p, over all ways to deal the values out; else by the normal distribution */
};

/* Mann-Whitney U (1947) with midranks, and the measure of A. Vargha and H. D. Delaney, Journal of
 * Educational and Behavioral Statistics 25 (2000), 101: how likely a value of @a is larger than one of
 * @b. The normal distribution is corrected for ties and continuity. */
struct ranks ranks_compare(const double *a, size_t a_count, const double *b, size_t b_count);

/* "negligible", "small", "medium" or "large": 0.56, 0.64 and 0.71 of the same paper, either way. */
const char *ranks_effect(double a12);

/* The smallest p that so many values can give, when none are tied. */
double ranks_smallest_p(size_t a_count, size_t b_count);

/* INFINITY when half of them are. NaN of nothing. */
double ranks_median(const double *values, size_t count);

#endif
