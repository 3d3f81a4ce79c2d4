/* SPDX-License-Identifier: Apache-2.0
 * Mann-Whitney's test by counting: of all ways to deal the ranks out, how many lie as far out. */
#include "ranks.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static int compare(const void *a, const void *b)
{
	const double left = *(const double *)a, right = *(const double *)b;

	return left < right ? -1 : left > right;
}

static void *allocate(size_t count, size_t size)
{
	void *list = calloc(count + 1, size);

	if (list == NULL)
		abort();
	return list;
}

/* Both samples in order. Free it. */
static double *pool(const double *a, size_t a_count, const double *b, size_t b_count)
{
	double *all = allocate(a_count + b_count, sizeof(*all));

	if (a_count > 0)
		memcpy(all, a, a_count * sizeof(*a));
	if (b_count > 0)
		memcpy(all + a_count, b, b_count * sizeof(*b));
	qsort(all, a_count + b_count, sizeof(*all), compare);
	return all;
}

/* The end of the run of equal values that starts at @from. */
static size_t ties_end(const double *sorted, size_t count, size_t from)
{
	size_t end = from + 1;

	while (end < count && sorted[end] == sorted[from])
		end++;
	return end;
}

/* Twice the midrank of each of @sorted, which is a whole number. Free it. */
static size_t *double_midranks(const double *sorted, size_t count)
{
	size_t *ranks = allocate(count, sizeof(*ranks)), end;

	for (size_t i = 0; i < count; i = end) {
		end = ties_end(sorted, count, i);
		for (size_t k = i; k < end; k++)
			ranks[k] = i + 1 + end;
	}
	return ranks;
}

static double count_pairs(const double *a, size_t a_count, const double *b, size_t b_count)
{
	double pairs = 0;

	for (size_t i = 0; i < a_count; i++)
		for (size_t k = 0; k < b_count; k++)
			pairs += a[i] > b[k] ? 1 : a[i] == b[k] ? 0.5 : 0;
	return pairs;
}

/* ways[k * (most + 1) + s]: of how many sets of k ranks twice the sum is s. Free it. */
static double *count_ways(const size_t *ranks, size_t count, size_t chosen, size_t most)
{
	double *ways = allocate((chosen + 1) * (most + 1), sizeof(*ways));

	ways[0] = 1;
	for (size_t i = 0; i < count; i++)
		for (size_t k = i + 1 < chosen ? i + 1 : chosen; k > 0; k--) {
			double *with = &ways[k * (most + 1)], *without = with - (most + 1);

			for (size_t sum = ranks[i]; sum <= most; sum++)
				with[sum] += without[sum - ranks[i]];
		}
	return ways;
}

/* @sum: twice the sum of the ranks of the @chosen. */
static double exact_p(const size_t *ranks, size_t count, size_t chosen, size_t sum)
{
	size_t most = count * (count + 1);
	double *ways = count_ways(ranks, count, chosen, most), *all = &ways[chosen * (most + 1)];
	double below = 0, above = 0, total = 0, smaller;

	for (size_t s = 0; s <= most; s++) {
		below += s <= sum ? all[s] : 0;
		above += s >= sum ? all[s] : 0;
		total += all[s];
	}
	free(ways);
	smaller = 2 * (below < above ? below : above) / total;
	return smaller < 1 ? smaller : 1;
}

static double normal_p(const double *sorted, size_t count, size_t a_count, double u)
{
	double n = (double)count, pairs = (double)a_count * (double)(count - a_count);
	double ties = 0, distance = fabs(u - pairs / 2) - 0.5, deviation;
	size_t end;

	for (size_t i = 0; i < count; i = end) {
		double tied;

		end = ties_end(sorted, count, i);
		tied = (double)(end - i);
		ties += tied * tied * tied - tied;
	}
	deviation = sqrt(pairs / 12 * (n + 1 - ties / (n * (n - 1))));
	return distance <= 0 || deviation == 0 ? 1 : erfc(distance / deviation / sqrt(2));
}

struct ranks ranks_compare(const double *a, size_t a_count, const double *b, size_t b_count)
{
	size_t count = a_count + b_count;
	struct ranks result = { .u = count_pairs(a, a_count, b, b_count), .p = 1, .a12 = NAN };
	double *sorted;
	size_t *ranks;

	result.exact = count <= RANKS_EXACT_MAX;
	if (a_count == 0 || b_count == 0)
		return result;
	result.a12 = result.u / ((double)a_count * (double)b_count);
	sorted = pool(a, a_count, b, b_count);
	ranks = double_midranks(sorted, count);
	/* the sum of a's ranks is u and what they would be without b */
	result.p = result.exact ?
		exact_p(ranks, count, a_count, (size_t)(2 * result.u) + a_count * (a_count + 1)) :
		normal_p(sorted, count, a_count, result.u);
	free(sorted);
	free(ranks);
	return result;
}

const char *ranks_effect(double a12)
{
	/* the paper's thresholds are rounded, and so is this */
	double away = fabs(a12 - 0.5) + 1e-9;

	return away < 0.06  ? "negligible" :
		away < 0.14 ? "small" :
		away < 0.21 ? "medium" :
			      "large";
}

double ranks_smallest_p(size_t a_count, size_t b_count)
{
	double ways = 1;

	for (size_t i = 1; i <= b_count; i++)
		ways = ways * (double)(a_count + i) / (double)i;
	return ways > 2 ? 2 / ways : 1;
}

double ranks_median(const double *values, size_t count)
{
	double *sorted = pool(values, count, NULL, 0);
	double median = count == 0 ? NAN :
		count % 2 == 1     ? sorted[count / 2] :
				     (sorted[count / 2 - 1] + sorted[count / 2]) / 2;

	free(sorted);
	return median;
}
