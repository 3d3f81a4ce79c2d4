/* SPDX-License-Identifier: Apache-2.0
 * Scores whose answer is known by hand. */
#include "score.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <cmocka.h>

static void assert_near(double a, double b)
{
	if (fabs(a - b) > 1e-9)
		fail_msg("%.12f is not %.12f", a, b);
}

static void test_make(void **state)
{
	/* a a a b b | clusters 1 1 2 2 3 */
	static const size_t label[] = { 7, 7, 7, 9, 9 }, cluster[] = { 1, 1, 2, 2, 3 };
	struct score score;

	(void)state;
	score_make(label, cluster, 5, &score);
	assert_int_equal(score.items, 5);
	assert_int_equal(score.labels, 2);
	assert_int_equal(score.clusters, 3);
	assert_near(score.true_pairs, 4);
	assert_near(score.found_pairs, 2);
	assert_near(score.both_pairs, 1);
	assert_near(score.precision, 0.5);
	assert_near(score.recall, 0.25);
	/* 1, 1, 1/2, 1/2, 1 and 2/3, 2/3, 1/3, 1/2, 1/2 */
	assert_near(score.bcubed_precision, 0.8);
	assert_near(score.bcubed_recall, 8.0 / 15);
	assert_near(score.bcubed_f1, 0.64);
}

static void test_ends(void **state)
{
	static const size_t alone[] = { 1, 2, 3 }, together[] = { 1, 1, 1 };
	struct score score;

	(void)state;
	score_make(together, together, 3, &score);
	assert_near(score.bcubed_f1, 1);
	assert_near(score.recall, 1);
	score_make(together, alone, 3, &score);
	assert_near(score.precision, 1);
	assert_near(score.recall, 0);
	assert_near(score.bcubed_recall, 1.0 / 3);
	score_make(alone, together, 3, &score);
	assert_near(score.precision, 0);
	score_make(alone, together, 0, &score);
	assert_near(score.bcubed_f1, 1);
}

static void test_numbers(void **state)
{
	char a[] = "a", b[] = "b", again[] = "a";
	char *texts[] = { a, NULL, b, again, NULL };
	size_t *numbers = score_numbers(texts, 5);

	(void)state;
	assert_int_equal(numbers[0], numbers[3]);
	assert_int_not_equal(numbers[0], numbers[2]);
	assert_int_not_equal(numbers[1], numbers[4]);
	free(numbers);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_make),
		cmocka_unit_test(test_ends),
		cmocka_unit_test(test_numbers),
	};

	return cmocka_run_group_tests_name("score", tests, NULL, NULL);
}
