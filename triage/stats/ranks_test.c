/* SPDX-License-Identifier: Apache-2.0
 * Tests of comparing by ranks, against SciPy 1.10 and R 4.2. The command that gave a number stands beside
 * it. */
#include "ranks.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <cmocka.h>

#define LENGTH(array) (sizeof(array) / sizeof(*(array)))

/* Relative, so that small probabilities count too. */
static void assert_near(double is, double should)
{
	double scale = fabs(should) > 1e-300 ? fabs(should) : 1;

	if (!(fabs(is - should) / scale < 1e-9))
		fail_msg("%.17g instead of %.17g", is, should);
}

static void test_exact(void **state)
{
	static const double a[] = { 0.11, 0.35, 0.2, 0.9, 1.4, 0.7 },
			    b[] = { 0.5, 1.1, 2.3, 1.9, 3.2 };
	struct ranks result = ranks_compare(a, LENGTH(a), b, LENGTH(b));
	double low[10], high[10];

	(void)state;
	/* SciPy: mannwhitneyu(a, b, method='exact'); R: wilcox.test(a, b, exact=TRUE) */
	assert_true(result.exact);
	assert_near(result.u, 4);
	assert_near(result.p, 0.05194805194805195);
	assert_near(result.a12, 4.0 / 30);
	/* the other way round */
	result = ranks_compare(b, LENGTH(b), a, LENGTH(a));
	assert_near(result.u, 26);
	assert_near(result.p, 0.05194805194805195);
	assert_near(result.a12, 26.0 / 30);
	/* mannwhitneyu(range(1, 11), range(11, 21), method='exact') */
	for (int i = 0; i < 10; i++) {
		low[i] = i;
		high[i] = 10 + i;
	}
	assert_near(ranks_compare(low, 10, high, 10).p, 1.082508822446903e-05);
	assert_near(ranks_compare(low, 10, high, 10).a12, 0);
	assert_near(ranks_compare(low, 10, low, 10).p, 1);
}

/* r = rankdata(a + b); s = [sum(c) for c in combinations(r, len(a))]; w = sum(r[:len(a)]);
 * 2 * min(sum(x <= w for x in s), sum(x >= w for x in s)) / len(s) */
static void test_ties(void **state)
{
	static const double a[] = { 1, 2, 2, 3, 5, 5, 5 }, b[] = { 2, 4, 5, 6, 6, 7, 7, 9 };
	/* five trials, of which two never got there, against five that never did */
	static const double some[] = { 0.4, 1.2, INFINITY, INFINITY, 3 },
			    never[] = { INFINITY, INFINITY, INFINITY, INFINITY, INFINITY };
	struct ranks result = ranks_compare(a, LENGTH(a), b, LENGTH(b));

	(void)state;
	assert_near(result.u, 9.5);
	assert_near(result.p, 0.02641802641802642);
	result = ranks_compare(some, 5, never, 5);
	assert_near(result.u, 5);
	assert_near(result.p, 1.0 / 6);
	assert_near(result.a12, 0.2);
	result = ranks_compare(never, 5, never, 5);
	assert_near(result.p, 1);
	assert_near(result.a12, 0.5);
}

static void test_many(void **state)
{
	double a[60], b[70];
	struct ranks result;

	(void)state;
	/* a = [i*37%41/4 for i in range(40)], b = [i*29%43/4 + 1.1 for i in range(35)], no ties:
	 * mannwhitneyu(a, b, method='exact'); R: wilcox.test(a, b, exact=TRUE) */
	for (int i = 0; i < 40; i++)
		a[i] = i * 37 % 41 / 4.0;
	for (int i = 0; i < 35; i++)
		b[i] = i * 29 % 43 / 4.0 + 1.1;
	result = ranks_compare(a, 40, b, 35);
	assert_true(result.exact);
	assert_near(result.u, 570);
	assert_near(result.p, 0.170019229466982);
	/* [i*7919%53 for i in range(60)], [i*104729%61 + 3 for i in range(70)]:
	 * mannwhitneyu(a, b, method='asymptotic') */
	for (int i = 0; i < 60; i++)
		a[i] = i * 7919 % 53;
	for (int i = 0; i < 70; i++)
		b[i] = i * 104729 % 61 + 3;
	result = ranks_compare(a, 60, b, 70);
	assert_false(result.exact);
	assert_near(result.u, 1596.5);
	assert_near(result.p, 0.0188048092624425);
	for (int i = 0; i < 70; i++)
		a[i % 60] = b[i] = 1;
	assert_near(ranks_compare(a, 60, b, 70).p, 1);
}

static void test_nothing(void **state)
{
	static const double one[] = { 1 };

	(void)state;
	assert_near(ranks_compare(one, 1, NULL, 0).p, 1);
	assert_near(ranks_compare(NULL, 0, one, 1).p, 1);
	assert_true(isnan(ranks_compare(NULL, 0, NULL, 0).a12));
	assert_near(ranks_compare(one, 1, one, 1).p, 1);
}

static void test_words(void **state)
{
	(void)state;
	assert_string_equal(ranks_effect(0.5), "negligible");
	assert_string_equal(ranks_effect(0.55), "negligible");
	assert_string_equal(ranks_effect(0.56), "small");
	assert_string_equal(ranks_effect(0.44), "small");
	assert_string_equal(ranks_effect(0.64), "medium");
	assert_string_equal(ranks_effect(0.71), "large");
	assert_string_equal(ranks_effect(0), "large");
}

/* That is what two samples give of which one is all below the other. */
static void test_smallest_p(void **state)
{
	static const double values[] = { 1, 2, 3, 4, 5, 6, 7, 8 };

	(void)state;
	for (size_t n = 1; n <= 4; n++)
		for (size_t m = 1; m <= 4; m++)
			assert_near(
				ranks_smallest_p(n, m), ranks_compare(values, n, values + n, m).p);
	assert_near(ranks_smallest_p(2, 2), 1.0 / 3);
	assert_near(ranks_smallest_p(10, 10), 2.0 / 184756);
	assert_near(ranks_smallest_p(0, 10), 1);
}

static void test_median(void **state)
{
	static const double odd[] = { 3, 1, 2 }, even[] = { 4, 1, 2, 3 },
			    half[] = { 1, INFINITY, 2, INFINITY };

	(void)state;
	assert_near(ranks_median(odd, 3), 2);
	assert_near(ranks_median(even, 4), 2.5);
	assert_true(isinf(ranks_median(half, 4)));
	assert_true(isnan(ranks_median(NULL, 0)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_exact),
		cmocka_unit_test(test_ties),
		cmocka_unit_test(test_many),
		cmocka_unit_test(test_nothing),
		cmocka_unit_test(test_words),
		cmocka_unit_test(test_smallest_p),
		cmocka_unit_test(test_median),
	};

	return cmocka_run_group_tests_name("ranks", tests, NULL, NULL);
}
