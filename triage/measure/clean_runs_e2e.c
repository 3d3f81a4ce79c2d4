/* SPDX-License-Identifier: Apache-2.0
 * Tests scripts/clean-runs: old runs are removed, except those that a process works on or that other commands use. */
#include "crashes/sandbox.h"
#include "runs/run_dir.h"

/* Oldest first: an old measurement, two whole ones, one that was cut off, a campaign and a run of a target. */
static const struct {
	const char *id, *schema, *results;
} rows[] = {
	{ "20260101-000000-measure", "fencepost/measure/1", "\"complete\": true" },
	{ "20260102-000000-measure", "fencepost/measure/1", "\"complete\": true" },
	{ "20260103-000000-measure", "fencepost/measure/1", "\"complete\": false" },
	{ "20260104-000000-oob-read", "fencepost/run/1", NULL },
	{ "20260105-000000-target", "fencepost/target-run/1", NULL },
	{ "20260106-000000-oob-write", "fencepost/run/1", NULL },
};

static int make_tree(void **state)
{
	(void)state;
	assert_int_equal(enter_scratch(), 0);
	free(expect(0, "mkdir scripts && cp $home/scripts/clean-runs scripts/"));
	return 0;
}

static void make_runs(const char *latest)
{
	free(expect(0, "rm -rf runs && mkdir runs"));
	for (size_t i = 0; i < LENGTH(rows); i++) {
		free(expect(0,
			"mkdir -p runs/%s/plans && echo x >runs/%s/plans/y && "
			"printf '{\\n \"schema\": \"%s\"\\n}\\n' >runs/%s/run.json",
			rows[i].id, rows[i].id, rows[i].schema, rows[i].id));
		if (rows[i].results != NULL)
			free(expect(0,
				"printf '{\\n %s,\\n \"schema\": \"fencepost/results/1\"\\n}\\n' "
				">runs/%s/results.json",
				rows[i].results, rows[i].id));
	}
	if (latest != NULL)
		free(expect(0, "ln -s %s runs/latest", latest));
}

/* The days of the runs that are left, such as "2 6". */
static void assert_days(const char *days)
{
	AUTO_FREE char *left = expect(
		0, "ls runs | sed -n 's/^2026010\\([0-9]\\)-.*/\\1/p' | xargs echo -n");

	assert_string_equal(left, days);
}

static void test_newest_stay(void **state)
{
	AUTO_FREE char *said = NULL;
	AUTO_FREE char *all = NULL;

	(void)state;
	make_runs("20260106-000000-oob-write");
	all = expect(0, "sh scripts/clean-runs 6");
	assert_string_equal(all, "");
	said = expect(0, "sh scripts/clean-runs 1");
	assert_says(said, "removed runs/20260101-000000-measure\n");
	assert_says(said, "kept runs/20260102-000000-measure: the newest complete measurement");
	assert_days("2 6");
}

static void test_latest_stays(void **state)
{
	AUTO_FREE char *said = NULL;
	AUTO_FREE char *error = NULL;
	AUTO_FREE char *shown = NULL;

	(void)state;
	make_runs("20260104-000000-oob-read");
	said = expect(0, "sh scripts/clean-runs 1");
	assert_says(said, "kept runs/20260104-000000-oob-read: runs/latest points to it\n");
	assert_days("2 4 6");
	/* what explain and report show is there still */
	shown = run_dir_find_measurement("latest", &error);
	assert_non_null(shown);
	assert_string_equal(shown, "runs/20260102-000000-measure");
}

/* As the process does that runs it. */
static void test_locked_stays(void **state)
{
	AUTO_FREE char *said = NULL;
	AUTO_FREE char *again = NULL;
	int lock;

	(void)state;
	make_runs(NULL);
	lock = run_dir_lock("runs/20260103-000000-measure");
	assert_true(lock >= 0);
	said = expect(0, "sh scripts/clean-runs 1");
	assert_says(said, "kept runs/20260103-000000-measure: a process still works on it\n");
	assert_days("2 3 6");
	free(expect(0, "[ -e runs/20260103-000000-measure/plans/y ]"));
	close(lock);
	again = expect(0, "sh scripts/clean-runs 1");
	assert_says(again, "removed runs/20260103-000000-measure\n");
	assert_days("2 6");
}

static void test_nothing(void **state)
{
	(void)state;
	free(expect(0,
		"rm -rf runs && sh scripts/clean-runs 1 && mkdir runs && sh scripts/clean-runs 1"));
	free(expect(0,
		"ln -s 20250101-000000-gone runs/latest && sh scripts/clean-runs 1 && [ ! -L runs/latest ]"));
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_newest_stay),
		cmocka_unit_test(test_latest_stays), cmocka_unit_test(test_locked_stays),
		cmocka_unit_test(test_nothing) };

	return cmocka_run_group_tests_name("clean_runs", tests, make_tree, tear_down);
}
