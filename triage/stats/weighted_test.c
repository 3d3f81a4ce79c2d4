/* SPDX-License-Identifier: Apache-2.0
 * Rates and differences by hand, and the coverage of their intervals in simulations with fixed seeds. */
#include "weighted.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#define DRAWS      10000
#define STRATA_MAX 9
#define PLANS      300 /* of each stratum */
#define LENGTH(a)  (sizeof(a) / sizeof(*(a)))

static void assert_near(double a, double b)
{
	if (!(fabs(a - b) < 1e-12))
		fail_msg("%.15g is not %.15g", a, b);
}

/* V: (.7^2 (.75 .25) + .3^2 (1/6 5/6)) / 10 with n = 10, p = 9/12 and 2/12. */
static void test_rate_by_hand(void **state)
{
	const struct weighted_stratum strata[] = { { .7, 8, 10 }, { .3, 1, 10 }, { 0, 5, 5 } };
	struct weighted rate = weighted_rate(strata, 3, 0);
	double variance = .49 * .75 * .25 / 10 + .09 / 6 * 5 / 6 / 10;
	double spread = .59 * .41, share = variance / spread, z = 1.959963984540054, half;

	(void)state;
	assert_near(rate.rate, .59);
	assert_near(rate.most, .59);
	assert_near(rate.given, z * sqrt(variance));
	half = z * sqrt(spread * share + z * z * share * share / 4);
	assert_near(rate.low, (.59 + z * z * share / 2 - half) / (1 + z * z * share));
	assert_near(rate.high, (.59 + z * z * share / 2 + half) / (1 + z * z * share));
}

/* A stratum without plans is no silent zero, and an unknown sample has no interval. */
static void test_empty(void **state)
{
	const struct weighted_stratum strata[] = { { .75, 60, 100 }, { .25, 0, 0 } };
	struct weighted rate = weighted_rate(strata, 2, NAN),
			none = weighted_rate(&strata[1], 1, 0);

	(void)state;
	assert_near(rate.rate, .45);
	assert_near(rate.most, .7);
	assert_true(rate.given > 0 && isnan(rate.low) && isnan(rate.high));
	assert_true(isnan(none.rate) && isnan(none.most) && isnan(none.given) && isnan(none.low));
	assert_true(weighted_rate(strata, 2, .01).low < .45);
	assert_true(weighted_rate(strata, 2, .01).high > .7);
}

static void test_difference_by_hand(void **state)
{
	const struct weighted_pair pairs[] = { { .5, 6, 2, 10 }, { .5, 0, 0, 10 } };
	struct difference exact = weighted_difference(pairs, 2, 0);
	struct difference sampled = weighted_difference(pairs, 2, 1. / 8);
	double within = .25 * ((7. + 3) / 12 - 16. / 144) / 12 + .25 * (2. / 12) / 12;
	double centre = .2 * 8 / 10, between = ((.08 * 8 + 2) / 10 - centre * centre) / 10;

	(void)state;
	assert_near(exact.difference, .2);
	assert_near(exact.high - .2, 1.959963984540054 * sqrt(within));
	assert_near(.2 - exact.low, exact.high - .2);
	assert_near(sampled.difference, .2);
	assert_near((sampled.high + sampled.low) / 2, centre);
	assert_near((sampled.high - sampled.low) / 2, 1.959963984540054 * sqrt(within + between));
	assert_true(isnan(weighted_difference(pairs, 0, 0).low));
}

/* ---- coverage -------------------------------------------------------------------------------- */

static uint64_t random_state;

static double uniform(void)
{
	uint64_t z = random_state += 0x9e3779b97f4a7c15u;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	z = (z ^ z >> 27) * 0x94d049bb133111ebu;
	return (double)((z ^ z >> 31) >> 11) / 9007199254740992.0;
}

/* The number of the first sum above a random one. */
static size_t draw(const double *sums, size_t count)
{
	double u = uniform();
	size_t low = 0, high = count - 1;

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (u < sums[middle])
			high = middle;
		else
			low = middle + 1;
	}
	return low;
}

static void binomial_sums(double p, double *ret)
{
	double sum = 0;

	for (int k = 0; k <= PLANS; k++) {
		double log_p = lgamma(PLANS + 1) - lgamma(k + 1) - lgamma(PLANS - k + 1) +
			(k > 0 ? k * log(p) : 0) + (k < PLANS ? (PLANS - k) * log(1 - p) : 0);

		sum += p <= 0 ? k == 0 : p >= 1 ? k == PLANS : exp(log_p);
		ret[k] = sum;
	}
}

struct world {
	const char *name;
	size_t count, empty; /* the stratum without plans; count: none */
	double weights[STRATA_MAX];
};

static const struct world worlds[] = {
	{ "even", 4, 4, { .25, .25, .25, .25 } },
	{ ".97 .02 .01", 3, 3, { .97, .02, .01 } },
	{ "eight tiny", 9, 9, { .92, .01, .01, .01, .01, .01, .01, .01, .01 } },
	{ "one empty", 4, 3, { .4, .3, .2, .1 } },
};

/* The rates of the strata, the next alike again. Where they are 0 and 1 the weights alone are uncertain, and the coverage
 * is that of Wilson's interval for one rate, which swings about 95 %: 93.5 % at .25 of 20. */
static const struct {
	double of[3], least;
} rates[] = {
	{ { .95, .6, .1 }, .94 },
	{ { .3, .9, .5 }, .94 },
	{ { .8, .05, .99 }, .94 },
	{ { 1, 0, 0 }, .93 },
	{ { 0, 1, 0 }, .93 },
};

/* Weights as a sample of @m shows them. */
static void draw_weights(const struct world *world, size_t m, double *ret)
{
	double sums[STRATA_MAX] = { 0 };

	for (size_t h = 0; h < world->count; h++) {
		sums[h] = world->weights[h] + (h > 0 ? sums[h - 1] : 0);
		ret[h] = 0;
	}
	for (size_t i = 0; i < m; i++)
		ret[draw(sums, world->count)] += 1 / (double)m;
}

/* The share of draws whose interval holds the truth; the intervals' mean width. */
static double cover(const struct world *world, const double *pattern, size_t m, double *ret_width)
{
	static double sums[3][PLANS + 1];
	double truth = 0, covered = 0, width = 0, weights[STRATA_MAX];
	struct weighted_stratum strata[STRATA_MAX];

	for (int p = 0; p < 3; p++)
		binomial_sums(pattern[p], sums[p]);
	for (size_t h = 0; h < world->count; h++)
		truth += world->weights[h] * pattern[h % 3];
	for (int i = 0; i < DRAWS; i++) {
		struct weighted rate;

		draw_weights(world, m, weights);
		for (size_t h = 0; h < world->count; h++)
			strata[h] = (struct weighted_stratum){ weights[h],
				h == world->empty ? 0 : draw(sums[h % 3], PLANS + 1),
				h == world->empty ? 0 : PLANS };
		rate = weighted_rate(strata, world->count, 1 / (double)m);
		covered += rate.low <= truth && truth <= rate.high;
		width += rate.high - rate.low;
	}
	*ret_width = width / DRAWS;
	return covered / DRAWS;
}

static void test_coverage(void **state)
{
	static const size_t sizes[] = { 20, 92, 400 };
	int failed = 0;

	(void)state;
	random_state = 1;
	for (size_t w = 0; w < LENGTH(worlds); w++)
		for (size_t r = 0; r < LENGTH(rates); r++)
			for (size_t s = 0; s < LENGTH(sizes); s++) {
				double width;
				double covered = cover(&worlds[w], rates[r].of, sizes[s], &width);

				printf("%-12s rates %zu m %3zu: %.1f %% covered, %.1f points wide\n",
					worlds[w].name, r, sizes[s], 100 * covered, 100 * width);
				failed += covered < rates[r].least;
			}
	assert_int_equal(failed, 0);
}

/* The same for the difference of two detectors, which differ by the strata's rates. */
static double cover_difference(const struct world *world, size_t m)
{
	static const double a[3] = { .9, .2, .7 };
	static double sums[3][PLANS + 1];
	double truth = 0, covered = 0, weights[STRATA_MAX];
	struct weighted_pair pairs[STRATA_MAX];

	for (int p = 0; p < 3; p++)
		binomial_sums(a[p], sums[p]);
	for (size_t h = 0; h < world->count; h++)
		truth += world->weights[h] * (h % 3 == 1 ? -a[1] : a[h % 3]);
	for (int i = 0; i < DRAWS; i++) {
		struct difference found;

		draw_weights(world, m, weights);
		for (size_t h = 0; h < world->count; h++) {
			size_t k = draw(sums[h % 3], PLANS + 1);

			pairs[h] = (struct weighted_pair){ weights[h], h % 3 == 1 ? 0 : k,
				h % 3 == 1 ? k : 0, h == world->empty ? 0 : PLANS };
		}
		found = weighted_difference(pairs, world->count, 1 / (double)m);
		covered += found.low <= truth && truth <= found.high;
	}
	return covered / DRAWS;
}

static void test_coverage_of_differences(void **state)
{
	static const size_t sizes[] = { 20, 92, 400 };
	int failed = 0;

	(void)state;
	random_state = 2;
	for (size_t w = 0; w < LENGTH(worlds); w++)
		for (size_t s = 0; s < LENGTH(sizes); s++) {
			double covered = cover_difference(&worlds[w], sizes[s]);

			printf("%-12s m %3zu: %.1f %% covered\n", worlds[w].name, sizes[s],
				100 * covered);
			failed += covered < .94;
		}
	assert_int_equal(failed, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rate_by_hand),
		cmocka_unit_test(test_empty),
		cmocka_unit_test(test_difference_by_hand),
		cmocka_unit_test(test_coverage),
		cmocka_unit_test(test_coverage_of_differences),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
