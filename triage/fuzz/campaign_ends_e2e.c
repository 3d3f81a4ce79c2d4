/* SPDX-License-Identifier: Apache-2.0
 * Tests campaigns with the real AFL++ that are cut off, killed, wrongly requested or short of disk: no process is
 * left, and finds are kept. */
#include "sandbox.h"
#include "testing/cases.h"

/* ---- violent ends ---------------------------------------------------------------------------------- */

static void cut_off(int signal_number)
{
	struct child child = start_campaign("--time=600 --class=null-deref");
	AUTO_FREE char *said = NULL;
	AUTO_JSON json_t *cell = NULL;

	kill(child.pid, signal_number);
	said = child_said(&child, 130);
	assert_says(said, "interrupted");
	cell = the_cell();
	assert_true(json_is_true(json_object_get(cell, "interrupted")));
	assert_true(number(cell, "execs") > 1000);
	assert_nobody_left();
}

static void test_interrupt(void **state)
{
	(void)state;
	enter_campaigns("interrupt");
	cut_off(SIGINT);
}

static void test_terminate(void **state)
{
	(void)state;
	enter_campaigns("terminate");
	cut_off(SIGTERM);
}

static void test_killed_and_finished(void **state)
{
	struct child child;
	AUTO_FREE char *said = NULL;
	AUTO_FREE char *finished = NULL;
	AUTO_FREE char *run_path = NULL;
	AUTO_JSON json_t *cell = NULL;

	(void)state;
	enter_campaigns("killed");
	child = start_campaign("--time=600 --class=bad-length");
	kill(child.pid, SIGKILL);
	assert_true(WIFSIGNALED(child_end(&child, &said)));
	assert_nobody_left();
	run_path = the_run();
	assert_false(has_file(run_path, "campaign.json"));
	finished = finish(run_path);
	cell = the_cell();
	assert_true(json_is_true(json_object_get(cell, "interrupted")));
	assert_true(number(cell, "execs") > 1000);
}

static void test_target_killed(void **state)
{
	struct child child;
	AUTO_FREE char *said = NULL;
	AUTO_JSON json_t *cell = NULL;
	uint64_t before = 1000;
	int kills = 0;

	(void)state;
	enter_campaigns("target");
	child = start_campaign("--time=600 --class=misaligned --idiom=rust");
	for (int i = 0; i < 12; i++) {
		wait_for_executions(before);
		kills += kill(find_worker("fast-afl-asan"), SIGKILL) == 0;
		before = executions(NULL);
	}
	wait_for_executions(before + 1000);
	before = executions(NULL);
	kill(child.pid, SIGINT);
	said = child_said(&child, 130);
	assert_true(kills > 5);
	cell = the_cell();
	assert_true(number(cell, "execs") >= (json_int_t)before);
	assert_nobody_left();
}

/* ---- bad input --------------------------------------------------------------------------------- */

static int enter_numbered(void **state)
{
	static int number;
	AUTO_FREE char *name = format("rows-%d", number++);

	(void)state;
	enter_campaigns(name);
	unsetenv("MAKEFLAGS");
	return unsetenv("MAKELEVEL");
}

/* clang-format off */
#define SPEAKS(code, line) { code, line " >said 2>&1; code=$?; test -s said && exit $code" }
/* What make says, of which the tool's own line is one; and every name of a table that could have been meant. */
#define BAD_VARIABLE(typed, setting) \
	{ 2, "make fuzz " typed " >said 2>&1; code=$?; cat said; exit $code", { "#2", setting, "Error 64" } }
#define NAMED(row, table) \
	{ 0, "sed -n 's/^" row "([^\"]*\"\\([^\"]*\\)\".*/\\1/p' harnesses/" table " >names && test -s names && " \
	     "while read -r name; do grep -F -- \"$name\" said || { echo $name; exit 1; }; done <names" }

static const struct row rows[] = {
CASE("test_bad_arguments"),
{ 0, "for bad in --class=nope --idiom=x --detector=x --time=abc --time=0 --time=-1 --time= --jobs=x --jobs=0 --seed=1x "
     "--time=99999999999999999999 --class=; do " CAMPAIGN "$bad >said 2>&1; "
     "test $? = 64 && test $(wc -l <said) = 1 && test -z \"$(ls runs)\" || { echo $bad; cat said; exit 1; }; done" },

/* make must say what is wrong, and build no program of a detector. */
CASE("test_bad_variables"),
{ 0, "ln -s $tree/Makefile $tree/harnesses $tree/triage $tree/scripts ." },
BAD_VARIABLE("CLASS=nope", "class=nope"), NAMED("CLASS", "classes.def"),
BAD_VARIABLE("CLASS=oob-write,nope", "class=oob-write,nope"), NAMED("CLASS", "classes.def"),
BAD_VARIABLE("IDIOM=x", "idiom=x"), NAMED("IDIOM", "idioms.def"),
BAD_VARIABLE("DETECTOR=x", "detector=x"), NAMED("DETECTOR", "detectors.def"),
BAD_VARIABLE("TIME=abc", "time=abc"),
BAD_VARIABLE("TIME=0", "time=0"),
BAD_VARIABLE("TIME=-5", "time=-5"),
BAD_VARIABLE("TIME=1.5", "time=1.5"),
BAD_VARIABLE("JOBS=x", "jobs=x"),
BAD_VARIABLE("JOBS=0", "jobs=0"),

CASE("test_finish_of_nothing"),
SPEAKS(64, "build/bin/triage fuzz --finish runs/nope"),
SPEAKS(64, "build/bin/triage fuzz --finish"),
SPEAKS(0, "build/bin/triage fuzz --finish --help"),
SPEAKS(1, "build/bin/triage fuzz --finish crashes"),
/* names that scripts may still have */
{ 64, "build/bin/triage campaign --class=oob-read 2>&1", { "campaign is now: triage fuzz [CLASS...]", "#1" } },
{ 64, "build/bin/triage finish 2>&1", { "finish is now: triage fuzz --finish", "#1" } },
{ 64, "build/bin/triage target gate x.c 2>&1", { "gate --target=SOURCE", "#1" } },
{ 64, "build/bin/triage table x 2>&1", { "triage show [RUN]", "#1" } },
{ 64, "build/bin/triage explain oob-read asan 2>&1", { "triage show RUN CLASS.DETECTOR", "#1" } },
{ 64, "build/bin/triage example x 2>&1", { "triage show RUN CLASS.IDIOM.DETECTOR", "#1" } },
{ 64, "build/bin/triage detectors 2>&1", { "triage show --detectors", "#1" } },
{ 64, "build/bin/triage baseline 2>&1", { "triage gate --accept", "#1" } },
{ 64, "build/bin/triage why a b 2>&1", { "triage crashes --why", "#1" } },
{ 64, "build/bin/triage diff a b 2>&1", { "triage crashes --against", "#1" } },
SPEAKS(64, "build/bin/triage nope"),
SPEAKS(64, "build/bin/triage"),
SPEAKS(0, "build/bin/triage --help"),
SPEAKS(0, "build/bin/triage --version"),
CASES_END };
/* clang-format on */

static void test_full_disk(void **state)
{
	AUTO_FREE char *said = NULL;
	AUTO_FREE char *resumed = NULL;
	AUTO_FREE char *run_path = NULL;
	AUTO_FREE char *command = NULL;
	AUTO_JSON json_t *cell = NULL;
	struct child child;
	int status;

	(void)state;
	enter_campaigns("full");
	mount_small_disk("size=8m");
	child = start_campaign("--time=600 --executions=30000 --class=oob-write --idiom=go");
	fill_disk();
	status = child_end(&child, &said);
	assert_true(WIFEXITED(status));
	assert_int_not_equal(WEXITSTATUS(status), 0);
	assert_plain(said);
	assert_says(said, "No space left on device");
	assert_nobody_left();
	assert_int_equal(unlink("runs/filler"), 0);
	run_path = the_run();
	command = format("build/bin/triage fuzz --finish %s", run_path);
	assert_says(said, command);
	resumed = run(0, command);
	cell = the_cell();
	assert_true(number(cell, "execs") > 1000);
}

/* ---- the list of tests --------------------------------------------------------------------------- */

int main(void)
{
	static struct CMUnitTest tests[8] = {
		TEST(test_interrupt),
		TEST(test_killed_and_finished),
		TEST(test_target_killed),
	};
	AUTO_FREE char *cwd = realpath(".", NULL);
	size_t count = count_tests(tests);

	read_tier();
	setenv("tree", cwd, 1);
	count += cases_add(&tests[count], rows, enter_numbered, end_runs, NULL);
	if (full_tier)
		tests[count++] = (struct CMUnitTest)TEST(test_terminate);
	/* last: it changes our view of mounts */
	tests[count++] = (struct CMUnitTest)cmocka_unit_test_teardown(test_full_disk, empty_disk);
	return _cmocka_run_group_tests("campaign_ends", tests, count, set_up, tear_down);
}
