/* SPDX-License-Identifier: Apache-2.0
 * The gate with the real programs: green for the same plans in any order, red for what is lost, never
 * green with a dead detector, and clear about what it cannot compare. */
#include "measure/sandbox.h"

#include "dedup/key.h"
#include "runs/toolchain.h"

#define GATE     "build/bin/triage gate"
#define BASELINE "build/bin/triage baseline"
#define CELLS    "--detectors=asan --classes=oob-read,use-after-free --audit=4"
#define KEPT     "oob-read/asan+ubsan-heap-buffer-overflow"
#define OTHER    "use-after-free/asan+ubsan-heap-use-after-free"
#define BLIND    "oob-read/blind-asan-live-neighbour"

static char *first; /* the run that became the baseline */

/* Runs the gate, which must end with @code. What it said, for free. */
static char *gate_said(int code, const char *options)
{
	AUTO_FREE char *line = format(GATE " %s", options);
	char *said = NULL;
	struct child child = child_start(line, "log");
	int status = child_end(&child, &said);

	/* whole, where cmocka would cut it */
	if (!WIFEXITED(status) || WEXITSTATUS(status) != code)
		fputs(said, stderr);
	assert_exit(status, code, said);
	if (code != 64) {
		AUTO_FREE char *last = format("exit %d", code);

		assert_says(said, last);
	}
	return said;
}

/* Runs the gate; it must end with @code and say @what. */
__attribute__((format(printf, 3, 4))) static void gate(
	int code, const char *what, const char *options, ...)
{
	AUTO_FREE char *text = NULL;
	AUTO_FREE char *said = NULL;
	va_list list;

	va_start(list, options);
	assert_true(vasprintf(&text, options, list) >= 0);
	va_end(list);
	said = gate_said(code, text);
	if (strstr(said, what) == NULL)
		fputs(said, stderr);
	assert_says(said, what);
}

static void copy(const char *from, const char *to)
{
	AUTO_FREE char *line = format("cp -rL %s %s", from, to);

	free(run(0, line));
}

/* The first kept reproducer whose name begins like that; its key is no business of these tests. */
static void keep(const char *name)
{
	AUTO_FREE char *pattern = format("%s/crashes/%s-*", home, name);
	AUTO_FREE char *to = format("crashes/%s", name);
	glob_t found;

	assert_int_equal(glob(pattern, 0, NULL, &found), 0);
	assert_int_equal(file_make_directories(to), 0);
	rmdir(to);
	copy(found.gl_pathv[0], to);
	globfree(&found);
}

static char *text_of(const char *path)
{
	uint8_t *text = NULL;
	size_t size;

	assert_int_equal(file_read(path, 1 << 24, &text, &size), 0);
	return (char *)text;
}

/* A run of 300 plans under asan is the baseline, with three reproducers. */
static void enter(void)
{
	AUTO_FREE char *line = NULL;
	AUTO_FREE char *said = NULL;

	enter_sandbox("gate");
	if (first != NULL)
		return;
	assert_int_equal(mkdir("ci", 0755), 0);
	keep(KEPT);
	keep(OTHER);
	keep(BLIND);
	first = measure("--inputs=300 " CELLS);
	line = format(BASELINE " --run=%s", first);
	said = run(0, line);
	assert_says(said, "4 cells of 300 plans, 3 reproducers, 0 of them flaky");
}

/* ---- green ------------------------------------------------------------------------------------- */

static void test_green(void **state)
{
	AUTO_FREE char *backwards = NULL;
	static const char *const files[] = { "gate.txt", "summary.md", "junit.xml", "changes.tsv",
		"gate.json" };

	(void)state;
	enter();
	gate(0, "compared plan by plan", "--run=%s", first);
	backwards = measure("--inputs=300 " CELLS " --backwards --unit=37 --jobs=1");
	gate(0, "green, exit 0: 4 cells and 3 reproducers are as they were", "--run=%s", backwards);
	for (size_t i = 0; i < LENGTH(files); i++) {
		AUTO_FREE char *path = format("gate/%s", files[i]);

		assert_true(has_file(backwards, path));
	}
	/* and when it measures itself, with other processes */
	gate(0, "4 cells and 3 reproducers are as they were", "--jobs=3");
}

/* The committed baseline holds for the programs that are built. */
static void test_committed(void **state)
{
	AUTO_FREE char *here = toolchain_of(BIT(DETECTOR_asan));
	AUTO_FREE char *path = format("%s/ci/baseline.json", home);
	AUTO_FREE char *text = text_of(path);
	const char *comma = strchr(here, ',');
	AUTO_FREE char *compiler = strndup(here, (size_t)(comma - here));

	(void)state;
	enter_sandbox("committed");
	if (strstr(text, compiler) == NULL)
		skip();
	/* an improvement too would be for make baseline */
	gate(0, "are as they were",
		"--strict --baseline=%s --crashes=%s/crashes --expected=%s/ci/expected.tsv %s",
		path, home, home, full_tier ? "" : "--detectors=asan");
}

/* ---- red --------------------------------------------------------------------------------------- */

static void test_reproducers(void **state)
{
	(void)state;
	enter();
	assert_int_equal(rename("crashes/" KEPT, "kept"), 0);
	gate(2, "removed: the baseline has it", "--run=%s", first);
	gate(2, "red, exit 2: 1 reproducers gone", "--run=%s", first);
	assert_int_equal(rename("kept", "crashes/" KEPT), 0);
	/* another input in its place, so another verdict */
	assert_int_equal(rename("crashes/" KEPT "/input", "input"), 0);
	assert_int_equal(file_write("crashes/" KEPT "/input", "\1", 1), 0);
	gate(2, KEPT "  right 0 of 10, else", "--run=%s", first);
	gate(2, "red, exit 2: 1 reproducers worse", "--run=%s", first);
	assert_int_equal(rename("input", "crashes/" KEPT "/input"), 0);
	gate(0, "4 cells and 3 reproducers are as they were", "--run=%s", first);
}

/* Kept under a key of an older version: the baseline brings it under today's, and the gate follows. */
static void test_rekeyed(void **state)
{
	static const char path[] = "crashes/" KEPT "/bucket.json";
	AUTO_JSON json_t *json = NULL;
	AUTO_JSON json_t *again = NULL;
	AUTO_FREE char *said = NULL;
	AUTO_FREE char *line = NULL;
	AUTO_FREE char *options = NULL;
	AUTO_FREE char *now = NULL;
	glob_t found;

	(void)state;
	enter();
	copy("crashes", "before");
	json = json_load_file(path, 0, NULL);
	json_object_set_new(json, "key_version", json_integer(1));
	assert_int_equal(file_write_json(path, json), 0);
	line = format(BASELINE " --run=%s --baseline=rekeyed.json", first);
	said = run(0, line);
	assert_says(said, "crashes: 3 reproducers are kept again as 3");
	assert_says(said, "3 reproducers, 0 of them flaky");
	assert_false(has_file("crashes", KEPT));
	assert_int_equal(glob("crashes/" KEPT "-*/bucket.json", 0, NULL, &found), 0);
	again = json_load_file(found.gl_pathv[0], 0, NULL);
	assert_int_equal(number(again, "key_version"), KEY_VERSION);
	globfree(&found);
	options = format("--run=%s --baseline=rekeyed.json", first);
	gate(0, "4 cells and 3 reproducers are as they were", "%s", options);
	now = run(0, line);
	assert_silent_of(now, "kept again");
	file_remove_tree("crashes");
	assert_int_equal(rename("before", "crashes"), 0);
}

/* What stands in the input's place is named as gone, and the others are replayed all the same. */
static void check_gone(const char *why)
{
	AUTO_FREE char *options = format("--run=%s", first);
	AUTO_FREE char *said = gate_said(2, options);
	AUTO_FREE char *named = format("gone: crashes/" KEPT "/input %s; next: git checkout "
				       "crashes/" KEPT "/input\n",
		why);

	assert_says(said, named);
	assert_says(said, "red, exit 2: 1 reproducers gone\n");
	assert_says(said, OTHER "  right 1 of 1\n");
	assert_says(said, BLIND "  silent 1 of 1\n");
}

static void test_input_gone(void **state)
{
	static const char input[] = "crashes/" KEPT "/input";
	AUTO_FREE char *large = format("is larger than the %d bytes of a plan", PLAN_BYTES);
	AUTO_FREE char *said = NULL;
	AUTO_FREE char *line = NULL;

	(void)state;
	enter();
	assert_int_equal(rename(input, "input"), 0);
	check_gone("cannot be read: No such file or directory");
	line = format(BASELINE " --run=%s --baseline=other.json", first);
	said = run(1, line);
	assert_says(said, "gone: crashes/" KEPT "/input cannot be read");
	assert_false(has_file(".", "other.json"));
	assert_int_equal(mkdir(input, 0755), 0);
	check_gone("cannot be read: Is a directory");
	assert_int_equal(rmdir(input), 0);
	assert_int_equal(mkfifo(input, 0644), 0);
	check_gone("cannot be read: Operation not supported");
	assert_int_equal(unlink(input), 0);
	assert_int_equal(symlink(input, input), 0);
	gate(2, "1 reproducers gone", "--run=%s", first);
	assert_int_equal(unlink(input), 0);
	assert_int_equal(file_write(input, "", 0), 0);
	check_gone("is empty");
	assert_int_equal(file_write(input, "1234567890123456789012345678901234", 33), 0);
	check_gone(large);
	assert_int_equal(chmod(input, 0), 0);
	if (access(input, R_OK) != 0) /* else this is root */
		check_gone("cannot be read: Permission denied");
	assert_int_equal(rename("input", input), 0);
	gate(0, "4 cells and 3 reproducers are as they were", "--run=%s", first);
}

/* @from, which occurs in the file at @path, becomes @to. */
static void replace_in(const char *path, const char *from, const char *to)
{
	AUTO_FREE char *text = text_of(path);
	const char *at = strstr(text, from);
	AUTO_FREE char *edited = NULL;

	assert_non_null(at);
	edited = format("%.*s%s%s", (int)(at - text), text, to, at + strlen(from));
	assert_int_equal(file_write(path, edited, strlen(edited)), 0);
}

/* A blind spot that is silent for another cause than the baseline or, where that does not tell, its bucket. */
static void test_other_cause(void **state)
{
	static const char bucket[] = "crashes/" BLIND "/bucket.json";

	(void)state;
	enter();
	replace_in("ci/baseline.json", "\"silent/live-neighbour 10", "\"silent/granule 10");
	gate(2, BLIND "  silent 0 of 10; silent for another cause: live-neighbour, where granule",
		"--run=%s", first);
	gate(2, "red, exit 2: 1 reproducers changed, 1 of them silent for other causes\n",
		"--run=%s", first);
	assert_int_equal(
		file_write("blind.tsv", "crashes/oob-read/blind-*\t-\t2026-11-23\twhy\n", 42), 0);
	gate(0, "1 accepted gaps", "--run=%s --expected=blind.tsv", first);
	replace_in("ci/baseline.json", "\"silent/granule 10", "\"silent 10");
	gate(0, "4 cells and 3 reproducers are as they were", "--run=%s", first);
	replace_in(bucket, "\"live-neighbour\"", "\"elsewhere\"");
	gate(2, "silent for another cause: live-neighbour, where elsewhere", "--run=%s", first);
	replace_in(bucket, "\"elsewhere\"", "\"somewhere\"");
	gate(3, "its verdict, cause or detector is none of ours", "--run=%s", first);
	replace_in(bucket, "\"somewhere\"", "\"live-neighbour\"");
	replace_in("ci/baseline.json", "\"silent 10", "\"silent/live-neighbour 10");
	gate(0, "4 cells and 3 reproducers are as they were", "--run=%s", first);
}

/* Changes the first byte @from of a cell in a copy of the run, which is called @name, to @to. */
static void change_run(const char *name, const char *cell, uint8_t from, uint8_t to)
{
	AUTO_FREE char *to_path = format("runs/%s", name);
	AUTO_FREE char *plans = format("runs/%s/plans/%s.u8", name, cell);
	AUTO_FREE uint8_t *bytes = NULL;
	uint8_t *at;
	size_t size;

	copy(first, to_path);
	assert_int_equal(file_read(plans, 1 << 20, &bytes, &size), 0);
	at = memchr(bytes, from, size);
	assert_non_null(at);
	*at = to;
	assert_int_equal(file_write(plans, bytes, size), 0);
}

static void test_changed(void **state)
{
	uint8_t live = outcome_of(VERDICT_SILENT, CAUSE_LIVE_NEIGHBOUR),
		block = outcome_of(VERDICT_SILENT, CAUSE_INTRA_OBJECT),
		wrong = outcome_of(VERDICT_WRONG_KIND, CAUSE_NONE),
		right = outcome_of(VERDICT_RIGHT, CAUSE_NONE),
		trap = outcome_of(VERDICT_TRAP, CAUSE_NONE);

	(void)state;
	enter();
	change_run("20261123-000000-moved", "oob-read.go.asan", live, block);
	gate(2, "silent/live-neighbour -> silent/intra-object: oob-read, go",
		"--run=20261123-000000-moved");
	gate(2, "red, exit 2: 1 cells changed, 1 of them silent for other causes\n",
		"--run=20261123-000000-moved");
	change_run("20261123-000000-other", "oob-read.go.asan", wrong, trap);
	gate(0, "green, exit 0: 1 cells changed\n", "--run=20261123-000000-other");
	change_run("20261123-000000-better", "oob-read.go.asan", wrong, right);
	gate(0, "improved: oob-read.go.asan: 1 plans better, such as plan ",
		"--run=20261123-000000-better");
	gate(0, "next: make baseline\ngate: green, exit 0: 1 improved\n",
		"--run=20261123-000000-better");
	gate(2, "red, exit 2: 1 improved, which --strict", "--strict --run=20261123-000000-better");
	gate(0, "4 cells and 3 reproducers are as they were", "--strict --run=%s", first);
}

/* A per-plan byte changed in a copy of the run: the plan is named, and can be replayed from a file. */
static void test_lost(void **state)
{
	AUTO_FREE char *plans = NULL;
	AUTO_FREE char *said = NULL;
	FILE *file;
	int byte, at = 0;

	(void)state;
	enter();
	copy(first, "runs/20261123-000000-lost");
	plans = format("%s", "runs/20261123-000000-lost/plans/use-after-free.go.asan.u8");
	file = fopen(plans, "r+");
	assert_non_null(file);
	while ((byte = fgetc(file)) != outcome_of(VERDICT_RIGHT, CAUSE_NONE) && byte != EOF)
		at++;
	fseek(file, at, SEEK_SET);
	fputc(outcome_of(VERDICT_WRONG_KIND, CAUSE_NONE), file);
	fclose(file);
	gate(2, "right -> wrong-kind: use-after-free, go", "--run=20261123-000000-lost");
	said = format("runs/20261123-000000-lost/gate/inputs/use-after-free.go.asan.%d.plan", at);
	assert_int_equal(access(said, R_OK), 0);
	gate(2, "right -> wrong-kind", "--run=20261123-000000-lost --output=elsewhere");
	assert_true(has_file("elsewhere", "junit.xml"));
}

/* The program that should speak is another one that does not. */
static void test_dead(void **state)
{
	AUTO_FREE char *programs = format("%s/build/bin", home);
	AUTO_FREE char *from = format("%s/measure-asan", programs);
	AUTO_FREE char *none = format("%s/replay-none", programs);
	AUTO_FREE char *triage = format("%s/triage", programs);

	(void)state;
	enter();
	enter_sandbox("dead");
	unlink("build");
	assert_int_equal(file_make_directories("build/bin"), 0);
	assert_int_equal(symlink(from, "build/bin/measure-asan"), 0);
	assert_int_equal(symlink(none, "build/bin/replay-asan"), 0);
	assert_int_equal(symlink(triage, "build/bin/triage"), 0);
	copy("../gate/ci", ".");
	gate(1, "DEAD asan", "--crashes=none");
	gate(1, "DEAD ", "--crashes=none --run=../gate/%s", first);
	unlink("build/bin/replay-asan");
	gate(3, "no detector of the baseline is built", "--crashes=none");
	gate(1, "is not built", "--crashes=none --run=../gate/%s", first);
	assert_int_equal(symlink("/bin/false", "build/bin/replay-asan"), 0);
	gate(1, "build/bin/replay-asan could not be run: ", "--crashes=none --run=../gate/%s",
		first);
}

/* Of two detectors the first cannot be run: the other's reproducers are replayed. */
static void test_broken_program(void **state)
{
	AUTO_FREE char *both = format("%s/build/bin/replay-asan+ubsan", home);
	AUTO_FREE char *triage = format("%s/build/bin/triage", home);
	AUTO_FREE char *options = NULL;
	AUTO_FREE char *said = NULL;

	(void)state;
	enter();
	enter_sandbox("broken");
	unlink("build");
	assert_int_equal(file_make_directories("build/bin"), 0);
	assert_int_equal(symlink(both, "build/bin/replay-asan+ubsan"), 0);
	assert_int_equal(symlink(triage, "build/bin/triage"), 0);
	assert_int_equal(symlink("/bin/false", "build/bin/replay-asan"), 0);
	copy("../gate/ci", ".");
	copy("../gate/crashes", ".");
	options = format("--run=../gate/%s", first);
	said = gate_said(1, options);
	assert_says(said,
		"failed: 1 reproducers from crashes/" BLIND " on were not replayed: "
		"build/bin/replay-asan could not be run: ");
	assert_says(said, KEPT "  right 1 of 1\n");
	assert_says(said, OTHER "  right 1 of 1\n");
}

static void test_no_symbolizer(void **state)
{
	AUTO_FREE char *line = NULL;
	AUTO_FREE char *said = NULL;
	AUTO_FREE char *made = NULL;

	(void)state;
	enter();
	line = format("env PATH=/nowhere " GATE " --run=%s", first);
	said = run(1, line);
	assert_says(said, "llvm-symbolizer is missing: none is in PATH; next: scripts/bootstrap");
	assert_says(said, "gate: broken, exit 1: llvm-symbolizer is missing");
	made = run(1, "env PATH=/nowhere " BASELINE " --baseline=other.json");
	assert_says(made, "baseline: broken, exit 1: llvm-symbolizer is missing");
}

/* A measurement that is interrupted ends the command, and can be resumed. */
static void test_interrupted(void **state)
{
	AUTO_FREE char *said = NULL;
	AUTO_FREE char *run_directory = NULL;
	struct child child;
	glob_t before;

	(void)state;
	enter_sandbox("interrupted");
	find_runs(&before);
	child = child_start(BASELINE " --detectors=asan --baseline=new.json --jobs=1", "log");
	while (run_directory == NULL)
		run_directory = new_run(&before);
	while (!has_file(run_directory, "run.json"))
		sleep_ms(STEP_MS);
	kill(child.pid, SIGINT);
	said = child_said(&child, 130);
	assert_says(said, "to go on: make measure RESUME=");
	assert_says(said, "baseline: ended, exit 130");
	assert_false(has_file(".", "new.json"));
	globfree(&before);
}

/* ---- not comparable ---------------------------------------------------------------------------- */

static void test_baselines(void **state)
{
	AUTO_FREE char *text = NULL;
	char *at;

	(void)state;
	enter();
	text = text_of("ci/baseline.json");
	gate(3, "none.json: No such file or directory; next: make baseline",
		"--baseline=none.json");
	assert_int_equal(file_write("cut.json", text, strlen(text) / 2), 0);
	gate(3, "cut.json:", "--baseline=cut.json --run=%s", first);
	/* its plans are not beside it */
	assert_int_equal(file_write("alone.json", text, strlen(text)), 0);
	gate(3, "alone.", "--baseline=alone.json --run=%s", first);
	at = strstr(text, "\"stage_version\": ");
	assert_non_null(at);
	at[strlen("\"stage_version\": ")] = '9';
	assert_int_equal(file_write("stage.json", text, strlen(text)), 0);
	gate(3, "the baseline is of stage version 9", "--baseline=stage.json --run=%s", first);
	assert_int_equal(file_write("bad.tsv", "oob-read.go.asan\n", 17), 0);
	gate(3, "bad.tsv:1: must be", "--expected=bad.tsv --run=%s", first);
}

static void test_runs(void **state)
{
	AUTO_FREE char *other = NULL;
	AUTO_FREE char *line = NULL;
	AUTO_FREE char *said = NULL;

	(void)state;
	enter();
	gate(64, "no such run", "--run=runs/nothing");
	copy(first, "runs/20261123-000001-cut");
	unlink("runs/20261123-000001-cut/results.json");
	gate(3, "make measure RESUME=", "--run=20261123-000001-cut");
	edit("runs/20261123-000001-cut", "toolchain", json_string("clang 99.0.0, glibc 2.36"));
	copy("runs/20261123-000001-cut", "runs/20261123-000002-other");
	copy(first, "runs/20261123-000003-other");
	edit("runs/20261123-000003-other", "toolchain", json_string("clang 99.0.0, glibc 2.36"));
	gate(3, "another toolchain: clang 99.0.0", "--run=20261123-000003-other");
	/* some hundred plans cannot tell: another seed is compared by rates */
	other = measure("--inputs=300 " CELLS " --seed=2");
	gate(3, "another seed or number of plans", "--run=%s", other);
	/* what cannot be written to; the old baseline stays */
	gate(1, "/proc/none", "--run=%s --output=/proc/none", first);
	line = format(BASELINE " --run=%s --baseline=/proc/none.json", first);
	said = run(1, line);
	assert_says(said, "/proc/none.json: ");
}

/* ---- the report ---------------------------------------------------------------------------------- */

static char *draw(int code, const char *options)
{
	AUTO_FREE char *line = format("build/bin/triage report %s", options);

	return run(code, line);
}

/* From what is stored alone, the same bytes each time, and nothing beside the run unless asked for. */
static void test_report(void **state)
{
	AUTO_FREE char *options = NULL;
	AUTO_FREE char *path = NULL;
	AUTO_FREE char *once = NULL;
	AUTO_FREE char *again = NULL;

	(void)state;
	enter();
	options = format("--uncommitted %s", first);
	path = format("%s/report/report.html", first);
	free(draw(0, options));
	once = text_of(path);
	assert_false(has_file(".", "REPORT.md"));
	free(draw(0, first));
	again = text_of(path);
	assert_string_equal(once, again);
	assert_true(has_file(".", "REPORT.md"));
	assert_true(has_file("ci/figures", "verdicts-go.svg"));
	copy(first, "runs/20261123-000009-killed");
	unlink("runs/20261123-000009-killed/results.json");
	free(draw(3, "20261123-000009-killed"));
	free(draw(64, "nothing"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_green),
		TEST(test_committed),
		TEST(test_reproducers),
		TEST(test_rekeyed),
		TEST(test_input_gone),
		TEST(test_other_cause),
		TEST(test_changed),
		TEST(test_lost),
		TEST(test_dead),
		TEST(test_broken_program),
		TEST(test_no_symbolizer),
		TEST(test_interrupted),
		TEST(test_baselines),
		TEST(test_runs),
		TEST(test_report),
	};

	read_tier();
	return cmocka_run_group_tests_name("gate", tests, set_up, tear_down);
}
