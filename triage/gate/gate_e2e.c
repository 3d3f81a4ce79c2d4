/* SPDX-License-Identifier: Apache-2.0
 * Tests the gate with the real programs: green for the same plans in any order, red for lost inputs, never green
 * with a dead detector, and clear about runs that it cannot compare. */
#include "measure/sandbox.h"

#include "dedup/key.h"
#include "runs/toolchain.h"
#include "testing/cases.h"

#define CELLS "--detectors=asan --classes=oob-read,use-after-free --audit=4"
#define KEPT  "oob-read/asan+ubsan-heap-buffer-overflow"
#define OTHER "use-after-free/asan+ubsan-heap-use-after-free"
#define BLIND "oob-read/blind-asan-live-neighbour"

/* ---- rows ---------------------------------------------------------------------------------------- */

/* clang-format off */
/* Whatever it ends with but 64 is in its last words too. */
#define GATE(code, options, ...) { code, "build/bin/triage gate " options " 2>&1", { "exit " #code, __VA_ARGS__ } }
#define STRINGED(number) #number
#define STRING(number) STRINGED(number)
#define UNCHANGED(options) GATE(0, options, "4 cells and 3 reproducers are unchanged")
#define GATE_IN(directory, code, options, ...) \
	{ code, "cd ../" directory " && build/bin/triage gate " options " 2>&1", { "exit " #code, __VA_ARGS__ } }
#define MEASURED(name, options) \
	{ 0, "build/bin/triage measure --inputs=300 " CELLS options " 2>&1 | " \
	     "sed -n 's|.*results: \\(runs/.*\\)/results.json.*|\\1|p' >" name " && test -s " name }
/* A copy of the run in which the first byte @from of a cell is @to; the plan's number is left in at. */
#define CHANGED(name, cell, from, to) \
	{ 0, "cp -rL $first runs/" name " && file=runs/" name "/plans/" cell ".u8 && " \
	     "od -An -v -tu1 -w1 $file | awk \"\\$1 == " from " { print NR - 1; exit }\" >at && test -s at && " \
	     "printf \"\\\\$(printf %03o " to ")\" | dd of=$file bs=1 seek=$(cat at) conv=notrunc 2>/dev/null" }
/* The first @from of a file becomes @to. */
#define REPLACE(path, from, to) \
	{ 0, "grep -qF '" from "' '" path "' && sed -i '0,\\|" from "|s||" to "|' '" path "'" }

/* What stands in the input's place is named as gone, and the others are replayed all the same. */
#define INPUT "crashes/" KEPT "/input"
#define GONE(why) \
	GATE(2, "--run=$first", "gone: " INPUT " " why "; next: git checkout " INPUT "\n", \
		"red, exit 2: 1 reproducer gone\n", OTHER "  right 1 of 1\n", BLIND "  silent 1 of 1\n")

/* A tree with the programs that @links make. */
#define PROGRAMS(name, links) \
	"rm -rf ../" name " && mkdir -p ../" name "/build/bin ../" name "/runs && cd ../" name " && cp -rL ../gate/ci . && " \
	"link() { ln -sf \"$1\" build/bin/$2; }; link $home/build/bin/triage triage && " links " && "
/* clang-format on */

/* ---- beginnings ---------------------------------------------------------------------------------- */

static void set_number(const char *name, int number)
{
	AUTO_FREE char *text = format("%d", number);

	setenv(name, text, 1);
}

static int begin(void **state)
{
	if (set_up(state) != 0)
		return -1;
	set_number("live", outcome_of(VERDICT_SILENT, CAUSE_LIVE_NEIGHBOUR));
	set_number("block", outcome_of(VERDICT_SILENT, CAUSE_INTRA_OBJECT));
	set_number("wrong", outcome_of(VERDICT_WRONG_KIND, CAUSE_NONE));
	set_number("right", outcome_of(VERDICT_RIGHT, CAUSE_NONE));
	set_number("trap", outcome_of(VERDICT_TRAP, CAUSE_NONE));
	set_number("key_version", KEY_VERSION);
	return setenv("home", home, 1);
}

/* A run of 300 plans under asan, $first, is the baseline, with three reproducers; of each the first kept one whose
 * name begins like that, for its key is no business of these tests. */
static int enter(void **state)
{
	static const struct row keep = { 0,
		"mkdir ci && for name in " KEPT " " OTHER " " BLIND
		"; do mkdir -p crashes/${name%/*} && "
		"cp -rL $(ls -d $home/crashes/$name-* | head -n 1) crashes/$name || exit 1; done" };
	static const struct row accept = { 0, "build/bin/triage gate --accept --run=$first 2>&1",
		{ "4 cells of 300 plans, 3 reproducers, 0 of them flaky" } };
	AUTO_FREE char *first = NULL;

	(void)state;
	enter_sandbox("gate");
	if (getenv("first") != NULL)
		return 0;
	cases_run("enter", &keep);
	first = measure("--inputs=300 " CELLS);
	setenv("first", first, 1);
	cases_run("enter", &accept);
	return 0;
}

static char *text_of(const char *path)
{
	uint8_t *text = NULL;
	size_t size;

	assert_int_equal(file_read(path, 1 << 24, &text, &size), 0);
	return (char *)text;
}

/* The committed baseline holds for the programs that are built. */
static void test_committed(void **state)
{
	/* an improvement too would be for make baseline */
	static const struct row gate = GATE(0,
		"--strict --baseline=$home/ci/baseline.json --crashes=$home/crashes "
		"--expected=$home/ci/expected.tsv $these",
		"are unchanged");
	AUTO_FREE char *here = toolchain_of(BIT(DETECTOR_asan));
	AUTO_FREE char *path = format("%s/ci/baseline.json", home);
	AUTO_FREE char *text = text_of(path);
	const char *comma = strchr(here, ',');
	AUTO_FREE char *compiler = strndup(here, (size_t)(comma - here));

	(void)state;
	enter_sandbox("committed");
	if (strstr(text, compiler) == NULL)
		skip();
	setenv("these", full_tier ? "" : "--detectors=asan", 1);
	cases_run("test_committed", &gate);
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
	child = child_start(
		"build/bin/triage gate --accept --detectors=asan --baseline=new.json --jobs=1",
		"log");
	while (run_directory == NULL)
		run_directory = new_run(&before);
	while (!has_file(run_directory, "run.json"))
		sleep_ms(STEP_MS);
	kill(child.pid, SIGINT);
	said = child_said(&child, 130);
	assert_says(said, "make measure RESUME=");
	assert_says(said, "baseline: ended, exit 130");
	assert_false(has_file(".", "new.json"));
	globfree(&before);
}

/* clang-format off */
static const struct row rows[] = {
/* ---- green ------------------------------------------------------------------------------------- */

/* And when it measures itself, with other processes. */
CASE("test_green"),
GATE(0, "--run=$first", "compared plan by plan"),
MEASURED("backwards", " --backwards --unit=37 --jobs=1"),
GATE(0, "--run=$(cat backwards)", "green, exit 0: 4 cells and 3 reproducers are unchanged"),
{ 0, "cd $(cat backwards)/gate && ls gate.txt summary.md junit.xml changes.tsv gate.json" },
UNCHANGED("--jobs=3"),

/* ---- red --------------------------------------------------------------------------------------- */

CASE("test_reproducers"),
{ 0, "mv crashes/" KEPT " kept" },
GATE(2, "--run=$first", "removed: the baseline has it", "red, exit 2: 1 reproducer gone"),
/* another input in its place, so another verdict */
{ 0, "mv kept crashes/" KEPT " && mv " INPUT " input && printf '\\001' > " INPUT },
GATE(2, "--run=$first", KEPT "  right 0 of 10, else", "red, exit 2: 1 reproducer worse"),
{ 0, "mv input " INPUT },
UNCHANGED("--run=$first"),

/* Kept under a key of an older version: the baseline brings it under today's, and the gate follows. */
CASE("test_rekeyed"),
{ 0, "cp -rL crashes before && sed -i 's/\"key_version\": [0-9]*/\"key_version\": 1/' crashes/" KEPT "/bucket.json && "
     "grep -q '\"key_version\": 1' crashes/" KEPT "/bucket.json" },
{ 0, "build/bin/triage gate --accept --run=$first --baseline=rekeyed.json 2>&1",
	{ "crashes: 3 reproducers became 3", "3 reproducers, 0 of them flaky" } },
{ 0, "test ! -e crashes/" KEPT " && grep -q '\"key_version\": '$key_version crashes/" KEPT "-*/bucket.json" },
UNCHANGED("--run=$first --baseline=rekeyed.json"),
{ 0, "build/bin/triage gate --accept --run=$first --baseline=rekeyed.json 2>&1", { "!reproducers became" } },
{ 0, "rm -r crashes && mv before crashes" },

CASE("test_input_gone"),
{ 0, "mv " INPUT " input" },
GONE("cannot be read: No such file or directory"),
{ 1, "build/bin/triage gate --accept --run=$first --baseline=other.json 2>&1", { "gone: " INPUT " cannot be read" } },
{ 0, "test ! -e other.json && mkdir " INPUT },
GONE("cannot be read: Is a directory"),
{ 0, "rmdir " INPUT " && mkfifo " INPUT },
GONE("cannot be read: Operation not supported"),
{ 0, "rm " INPUT " && ln -s " INPUT " " INPUT },
GATE(2, "--run=$first", "1 reproducer gone"),
{ 0, "rm " INPUT " && : > " INPUT },
GONE("is empty"),
{ 0, "printf 123456789012345678901234567890123 > " INPUT },
GONE("is larger than the " STRING(PLAN_BYTES) " bytes of a plan"),
/* root reads what nobody may */
{ 0, "chmod 0 " INPUT "; test -r " INPUT " || build/bin/triage gate --run=$first 2>&1 | "
     "grep -F 'gone: " INPUT " cannot be read: Permission denied; next: git checkout " INPUT "'" },
{ 0, "mv -f input " INPUT },
UNCHANGED("--run=$first"),

/* A blind spot that is silent for another cause than the baseline or, where that does not tell, its bucket. */
CASE("test_other_cause"),
#define BUCKET "crashes/" BLIND "/bucket.json"
REPLACE("ci/baseline.json", "\"silent/live-neighbour 10", "\"silent/granule 10"),
GATE(2, "--run=$first", BLIND "  silent 0 of 10; silent for another cause: live-neighbour instead of granule",
	"red, exit 2: 1 reproducer changed, 1 of them silent for other causes\n"),
PUT("blind.tsv", "crashes/oob-read/blind-*\t-\t2026-11-23\twhy\n"),
GATE(0, "--run=$first --expected=blind.tsv", "1 gap accepted"),
REPLACE("ci/baseline.json", "\"silent/granule 10", "\"silent 10"),
UNCHANGED("--run=$first"),
REPLACE(BUCKET, "\"live-neighbour\"", "\"elsewhere\""),
GATE(2, "--run=$first", "silent for another cause: live-neighbour instead of elsewhere"),
REPLACE(BUCKET, "\"elsewhere\"", "\"somewhere\""),
GATE(3, "--run=$first", "its verdict, cause or detector is unknown"),
REPLACE(BUCKET, "\"somewhere\"", "\"live-neighbour\""),
REPLACE("ci/baseline.json", "\"silent 10", "\"silent/live-neighbour 10"),
UNCHANGED("--run=$first"),

CASE("test_changed"),
CHANGED("20261123-000000-moved", "oob-read.go.asan", "$live", "$block"),
GATE(2, "--run=20261123-000000-moved", "silent/live-neighbour -> silent/intra-object: oob-read, go",
	"red, exit 2: 1 cell changed, 1 of them silent for other causes\n"),
CHANGED("20261123-000000-other", "oob-read.go.asan", "$wrong", "$trap"),
GATE(0, "--run=20261123-000000-other", "green, exit 0: 1 cell changed\n"),
CHANGED("20261123-000000-better", "oob-read.go.asan", "$wrong", "$right"),
GATE(0, "--run=20261123-000000-better", "improved: oob-read.go.asan: 1 plans better, such as plan ",
	"next: make baseline\ngate: green, exit 0: 1 improved\n"),
GATE(2, "--strict --run=20261123-000000-better", "red, exit 2: 1 improved, which counts as a finding under --strict"),
UNCHANGED("--strict --run=$first"),

/* A per-plan byte changed in a copy of the run: the plan is named, and can be replayed from a file. */
CASE("test_lost"),
CHANGED("20261123-000000-lost", "use-after-free.go.asan", "$right", "$wrong"),
GATE(2, "--run=20261123-000000-lost", "right -> wrong-kind: use-after-free, go"),
{ 0, "test -r runs/20261123-000000-lost/gate/inputs/use-after-free.go.asan.$(cat at).plan" },
GATE(2, "--run=20261123-000000-lost --output=elsewhere", "right -> wrong-kind"),
{ 0, "test -e elsewhere/junit.xml" },

/* The program that should speak is another one that does not. */
CASE("test_dead"),
{ 0, PROGRAMS("dead", "link $home/build/bin/measure-asan measure-asan && link $home/build/bin/replay-none replay-asan") "true" },
GATE_IN("dead", 1, "--crashes=none", "DEAD asan"),
GATE_IN("dead", 1, "--crashes=none --run=../gate/$first", "DEAD "),
{ 0, "rm ../dead/build/bin/replay-asan" },
GATE_IN("dead", 3, "--crashes=none", "no detector of the baseline is built"),
GATE_IN("dead", 1, "--crashes=none --run=../gate/$first", "is not built"),
{ 0, "ln -s /bin/false ../dead/build/bin/replay-asan" },
GATE_IN("dead", 1, "--crashes=none --run=../gate/$first", "build/bin/replay-asan could not run: "),

/* Of two detectors the first cannot be run: the other's reproducers are replayed. */
CASE("test_broken_program"),
{ 0, PROGRAMS("broken", "link $home/build/bin/replay-asan+ubsan replay-asan+ubsan && link /bin/false replay-asan")
     "cp -rL ../gate/crashes ." },
GATE_IN("broken", 1, "--run=../gate/$first",
	"failed: 1 reproducers from crashes/" BLIND " on were not replayed: build/bin/replay-asan could not run: ",
	KEPT "  right 1 of 1\n", OTHER "  right 1 of 1\n"),

CASE("test_no_symbolizer"),
{ 1, "env PATH=/nowhere build/bin/triage gate --run=$first 2>&1",
	{ "llvm-symbolizer is missing: none is in PATH; next: scripts/bootstrap", "gate: broken, exit 1: llvm-symbolizer is missing" } },
{ 1, "env PATH=/nowhere build/bin/triage gate --accept --baseline=other.json 2>&1",
	{ "baseline: broken, exit 1: llvm-symbolizer is missing" } },

/* ---- not comparable ---------------------------------------------------------------------------- */

CASE("test_baselines"),
GATE(3, "--baseline=none.json", "none.json: No such file or directory; next: make baseline"),
{ 0, "head -c $(($(wc -c < ci/baseline.json) / 2)) ci/baseline.json > cut.json" },
GATE(3, "--baseline=cut.json --run=$first", "cut.json:"),
/* its plans are not beside it */
{ 0, "cp ci/baseline.json alone.json" },
GATE(3, "--baseline=alone.json --run=$first", "alone."),
{ 0, "sed 's/\"stage_version\": ./\"stage_version\": 9/' ci/baseline.json > stage.json" },
GATE(3, "--baseline=stage.json --run=$first", "the baseline has stage version 9"),
PUT("bad.tsv", "oob-read.go.asan\n"),
GATE(3, "--expected=bad.tsv --run=$first", "bad.tsv:1: must be"),

CASE("test_runs"),
#define ANOTHER "sed -i 's/\"toolchain\": \".*\"/\"toolchain\": \"clang 99.0.0, glibc 2.36\"/' runs/20261123-000003-other/run.json"
{ 64, "build/bin/triage gate --run=runs/nothing 2>&1", { "no such run" } },
{ 0, "cp -rL $first runs/20261123-000001-cut && rm runs/20261123-000001-cut/results.json" },
GATE(3, "--run=20261123-000001-cut", "make measure RESUME="),
{ 0, "cp -rL $first runs/20261123-000003-other && " ANOTHER },
GATE(3, "--run=20261123-000003-other", "clang 99.0.0"),
/* some hundred plans cannot tell: another seed is compared by rates */
MEASURED("other", " --seed=2"),
GATE(3, "--run=$(cat other)", "another seed or number of plans"),
/* what cannot be written to; the old baseline stays */
GATE(1, "--run=$first --output=/proc/none", "/proc/none"),
{ 1, "build/bin/triage gate --accept --run=$first --baseline=/proc/none.json 2>&1", { "/proc/none.json: " } },

/* ---- the report ---------------------------------------------------------------------------------- */

/* From what is stored alone, the same bytes each time, and nothing beside the run unless asked for. */
CASE("test_report"),
{ 0, "build/bin/triage report --uncommitted $first && mv $first/report/report.html once && test ! -e REPORT.md" },
{ 0, "build/bin/triage report $first && cmp once $first/report/report.html && "
     "ls REPORT.md" },
{ 0, "cp -rL $first runs/20261123-000009-killed && rm runs/20261123-000009-killed/results.json" },
{ 3, "build/bin/triage report 20261123-000009-killed" },
{ 64, "build/bin/triage report nothing" },
CASES_END };
/* clang-format on */

int main(void)
{
	struct CMUnitTest tests[LENGTH(rows) + 2] = { TEST(test_committed),
		TEST(test_interrupted) };
	size_t count = 2 + cases_add(&tests[2], rows, enter, end_runs, NULL);

	read_tier();
	return _cmocka_run_group_tests("gate", tests, count, begin, tear_down);
}
