/* SPDX-License-Identifier: Apache-2.0
 * Tests of comparing rates, against R 4.2 and SciPy 1.10. The command that gave a number stands beside it. */
#include "inference.h"
#include "statistics.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

/* Relative, so that small probabilities count too. */
static void assert_near(double is, double should)
{
	double scale = fabs(should) > 1e-300 ? fabs(should) : 1;

	if (!(fabs(is - should) / scale < 1e-7))
		fail_msg("%.17g instead of %.17g", is, should);
}

static void test_mcnemar(void **state)
{
	(void)state;
	/* R: binom.test(3, 13)$p.value, and so on; SciPy: binomtest(3, 13).pvalue */
	assert_near(inference_mcnemar(3, 10), 0.09228515625);
	assert_near(inference_mcnemar(10, 3), 0.09228515625);
	assert_near(inference_mcnemar(120, 140), 0.238607235610443);
	assert_near(inference_mcnemar(0, 40), 1.81898940354586e-12);
	assert_near(inference_mcnemar(4900, 5100), 0.0465855277049474);
	assert_near(inference_mcnemar(7, 7), 1);
	assert_near(inference_mcnemar(0, 0), 1);
	assert_true(inference_mcnemar(0, 1000000) == 0);
}

static void test_fisher(void **state)
{
	(void)state;
	/* R: fisher.test(matrix(c(k1, n1-k1, k0, n0-k0), 2, byrow=TRUE), alternative="less")$p.value;
	 * SciPy: fisher_exact([[k1, n1-k1], [k0, n0-k0]], 'less')[1] */
	assert_near(inference_fisher_drop(30, 30, 27, 30), 0.11864406779661);
	assert_near(inference_fisher_drop(1000, 1000, 990, 1000), 0.000954732582670807);
	assert_near(inference_fisher_drop(43200, 100000, 8550, 20000), 0.121948099177485);
	assert_near(inference_fisher_drop(5, 10, 5, 10), 0.67185910065167);
	assert_near(inference_fisher_drop(9000, 10000, 8700, 10000), 1.61784754498835e-11);
	/* alternative="greater" */
	assert_near(inference_fisher_rise(0, 10000, 3, 10000), 0.124981249062453);
	assert_near(inference_fisher_rise(12, 50000, 40, 50000), 6.35222894833139e-05);
	assert_near(inference_fisher_drop(0, 10, 0, 10), 1);
	assert_near(inference_fisher_drop(10, 10, 10, 10), 1);
	assert_near(inference_fisher_drop(0, 0, 3, 10), 1);
	assert_near(inference_fisher_rise(3, 10, 0, 0), 1);
}

static void test_holm(void **state)
{
	/* R: p.adjust(c(0.01, 0.04, 0.03, 0.005, 0.5), "holm") */
	double p[] = { 0.01, 0.04, 0.03, 0.005, 0.5 };
	static const double adjusted[] = { 0.04, 0.09, 0.09, 0.025, 0.5 };
	double many[] = { 0.4, 0.6 };

	(void)state;
	inference_holm(p, 5);
	for (size_t i = 0; i < 5; i++)
		assert_near(p[i], adjusted[i]);
	inference_holm(many, 2);
	assert_near(many[0], 0.8);
	assert_near(many[1], 0.8);
	inference_holm(p, 0);
}

static void assert_difference(struct difference is, double difference, double low, double high)
{
	assert_near(is.difference, difference);
	assert_near(is.low, low);
	assert_near(is.high, high);
}

static void test_paired(void **state)
{
	(void)state;
	/* The first is the paper's own example, table II: 0.0569 to 0.3404. All by its formulas in R, the
	 * single intervals by prop.test(k, n, correct=FALSE)$conf.int. */
	assert_difference(
		inference_paired(36, 12, 2, 50), 0.2, 0.0569295840032387, 0.340427602974941);
	assert_difference(
		inference_paired(20, 12, 2, 50), 0.2, 0.0561564248417483, 0.329206995400141);
	assert_difference(inference_paired(4000, 300, 20, 10000), 0.028, 0.0245314034138916,
		0.0314681045750666);
	assert_near(inference_paired(10, 0, 0, 10).difference, 0);
	assert_true(isnan(inference_paired(0, 0, 0, 0).difference));
}

static void test_smallest(void **state)
{
	(void)state;
	/* R: for (k1 in floor(n1*k0/n0):0) if (fisher.test(...)$p.value < alpha) break */
	assert_near(inference_smallest_drop(30, 30, 30, 0.05), 5.0 / 30);
	assert_near(inference_smallest_drop(1000, 1000, 1000, 0.05), 0.005);
	assert_near(inference_smallest_drop(432, 1000, 1000, 0.0003), 0.076);
	assert_near(inference_smallest_rise(0, 1000, 1000, 0.05), 0.005);
	assert_near(inference_smallest_drop(2, 3, 3, 0.05), 1);
	assert_near(inference_smallest_drop(0, 100, 100, 0.05), 1);
	assert_near(inference_smallest_drop(0, 0, 100, 0.05), 1);
}

static void test_rates(void **state)
{
	/* R: prop.test(43, 100, correct=FALSE)$conf.int */
	struct rate rate = rate_of(43, 100);

	(void)state;
	assert_near(rate.low, 0.337332985241101);
	assert_near(rate.high, 0.527846104507877);
	assert_near(rate_of(0, 100).low, 0);
	assert_near(rate_of(100, 100).high, 1);
	assert_near(inference_rule_of_three(10000), 0.0003);
	assert_near(inference_rule_of_three(2), 1);
}

static void test_sets(void **state)
{
	/* 1 and 2 do the first group between them, 4 nearly so; only 2 and 8 do the second */
	static const struct pattern first[] = { { 1, 50 }, { 2, 48 }, { 5, 500 }, { 6, 400 } };
	static const struct pattern second[] = { { 10, 7 }, { 8, 1 }, { 0, 100 } };
	const struct patterns groups[] = { { first, 4 }, { second, 3 } };

	(void)state;
	assert_int_equal(inference_covered(&groups[0], 4), 900);
	assert_int_equal(inference_covered(&groups[0], 15), 998);
	assert_int_equal(inference_covered(&groups[1], 15), 8);
	assert_int_equal(inference_smallest_set(groups, 2, 15, 1), 11);
	assert_int_equal(inference_smallest_set(groups, 2, 15, 0.9), 12);
	assert_int_equal(inference_smallest_set(groups, 2, 15, 0.8), 3);
	assert_int_equal(inference_smallest_set(groups, 1, 3, 1), 3);
	assert_int_equal(inference_smallest_set(groups, 0, 15, 1), 0);
	assert_int_equal(inference_smallest_set(groups, 2, 0, 1), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_mcnemar),
		cmocka_unit_test(test_fisher),
		cmocka_unit_test(test_holm),
		cmocka_unit_test(test_paired),
		cmocka_unit_test(test_smallest),
		cmocka_unit_test(test_rates),
		cmocka_unit_test(test_sets),
	};

	return cmocka_run_group_tests_name("inference", tests, NULL, NULL);
}
