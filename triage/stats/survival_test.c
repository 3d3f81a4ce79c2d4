/* SPDX-License-Identifier: Apache-2.0
 * Tests of survival curves, against R's survival 3.5. */
#include "survival.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

#define LENGTH(array) (sizeof(array) / sizeof(*(array)))

static void assert_near(double is, double should)
{
	if (!(fabs(is - should) < 1e-12))
		fail_msg("%.17g instead of %.17g", is, should);
}

/* summary(survfit(Surv(c(1.5,2,2,3,4,4,5,6,6,6), c(1,1,1,0,1,0,1,0,0,0)) ~ 1, conf.type="log-log")) */
static void test_curve(void **state)
{
	static const struct survival_time times[] = { { 6, true }, { 2, false }, { 4, true },
		{ 1.5, false }, { 4, false }, { 3, true }, { 5, false }, { 2, false }, { 6, true },
		{ 6, true } };
	static const struct survival_step should[] = {
		{ 1.5, 0.9, 0.473009271362051, 0.985281393367343 },
		{ 2, 0.7, 0.328716593279735, 0.891949041224844 },
		{ 4, 0.583333333333333, 0.229786518923984, 0.820739497172156 },
		{ 5, 0.4375, 0.118715217914818, 0.725648792123680 },
	};
	struct survival_step steps[LENGTH(times)];
	size_t count = survival_curve(times, LENGTH(times), steps);

	(void)state;
	assert_int_equal(count, LENGTH(should));
	for (size_t i = 0; i < count; i++) {
		assert_near(steps[i].at, should[i].at);
		assert_near(steps[i].share, should[i].share);
		assert_near(steps[i].low, should[i].low);
		assert_near(steps[i].high, should[i].high);
	}
	assert_near(survival_at(steps, count, 1.4), 1);
	assert_near(survival_at(steps, count, 1.5), 0.9);
	assert_near(survival_at(steps, count, 3.9), 0.7);
	assert_near(survival_at(steps, count, 100), 0.4375);
}

static void test_ends(void **state)
{
	static const struct survival_time all[] = { { 1, false }, { 1, false } },
					  none[] = { { 1, true }, { 2, true } };
	struct survival_step steps[2];

	(void)state;
	assert_int_equal(survival_curve(all, 2, steps), 1);
	assert_near(steps[0].share, 0);
	assert_true(isnan(steps[0].low));
	assert_int_equal(survival_curve(none, 2, steps), 0);
	assert_near(survival_at(steps, 0, 5), 1);
	assert_int_equal(survival_curve(NULL, 0, steps), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_curve),
		cmocka_unit_test(test_ends),
	};

	return cmocka_run_group_tests_name("survival", tests, NULL, NULL);
}
