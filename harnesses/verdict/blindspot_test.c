/* SPDX-License-Identifier: Apache-2.0 */
#include "blindspot.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>

static void a_miss_that_nothing_explains_is_a_find(void **state)
{
	(void)state;
	for (int verdict = 0; verdict < VERDICT_COUNT; verdict++)
		assert_int_equal(blindspot_is((enum verdict)verdict, CAUSE_NONE),
			verdict == VERDICT_WRONG_KIND || verdict == VERDICT_SILENT);
	assert_true(blindspot_is(VERDICT_SILENT, CAUSE_GRANULE));
	assert_true(blindspot_is(VERDICT_SILENT, CAUSE_LIVE_NEIGHBOUR));
	assert_true(blindspot_is(VERDICT_SILENT, CAUSE_UNEXPLAINED));
}

static void what_the_row_explains_is_none(void **state)
{
	static const char *const counted[] = { "option-off", "no-access", "no-rule",
		"not-instrumented" };

	(void)state;
	for (size_t i = 0; i < 4; i++)
		assert_false(blindspot_is(VERDICT_SILENT, (enum cause)cause_find(counted[i])));
}

static void a_find_is_called_by_its_cause(void **state)
{
	(void)state;
	assert_string_equal(blindspot_slug(VERDICT_SILENT, CAUSE_SLACK), "slack");
	assert_string_equal(blindspot_slug(VERDICT_WRONG_KIND, CAUSE_NONE), "wrong-kind");
}

/* One death of a hunting program for each pair: two of them in one place would hide one. */
static void region_and_cause_have_a_place_of_their_own(void **state)
{
	unsigned seen[BLINDSPOT_PLACES] = { 0 };

	(void)state;
	for (int region = 0; region < REGION_COUNT; region++)
		for (int cause = 0; cause < CAUSE_COUNT; cause++) {
			struct plan plan = { .region = (enum plan_region)region };
			unsigned place = blindspot_place(
				&plan, VERDICT_SILENT, (enum cause)cause, "");

			assert_in_range(place, 0, BLINDSPOT_PLACES - 1);
			assert_int_equal(seen[place]++, 0);
		}
}

static void wrong_kinds_lie_beside_the_causes(void **state)
{
	static const char *const kinds[] = { "heap-use-after-free", "invalid-free", "bad-free",
		"SEGV", "unknown-crash", "" };
	struct plan plan = { .region = REGION_FOREIGN };

	(void)state;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
		unsigned place = blindspot_place(&plan, VERDICT_WRONG_KIND, CAUSE_NONE, kinds[i]);

		assert_in_range(place, BLINDSPOT_PLACES - BLINDSPOT_KINDS, BLINDSPOT_PLACES - 1);
	}
	assert_int_not_equal(blindspot_place(&plan, VERDICT_WRONG_KIND, CAUSE_NONE, kinds[0]),
		blindspot_place(&plan, VERDICT_WRONG_KIND, CAUSE_NONE, kinds[1]));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_miss_that_nothing_explains_is_a_find),
		cmocka_unit_test(what_the_row_explains_is_none),
		cmocka_unit_test(a_find_is_called_by_its_cause),
		cmocka_unit_test(region_and_cause_have_a_place_of_their_own),
		cmocka_unit_test(wrong_kinds_lie_beside_the_causes),
	};

	return cmocka_run_group_tests_name("find", tests, NULL, NULL);
}
