/* SPDX-License-Identifier: Apache-2.0
 * The tool triage: one subcommand in each row of the table below.
 *
 * These are the folders in reading order. A file includes only from its own folder and from folders further up
 * (ci/order holds this). A plan is the experiment that the bytes of one input describe (harnesses/plan/plan.h).
 *
 * - base:    files, JSON, limits and messages, used by all other folders
 * - stats:   confidence intervals, significance, scores of a grouping
 * - testing: sandboxes for the tests
 * - parse:   turns the text of a sanitizer's report into a structure
 * - dedup:   makes a key of each report, and buckets of keys; a bucket is probably one bug
 * - formats: tables, charts, HTML and Markdown, SARIF, JUnit XML
 * - audit:   runs one plan in a process of its own, and judges the report that it prints
 * - runs:    the directory runs/, and the counts of a measurement in it
 * - mix:     rates under weights that a file names
 * - inputs:  the crash files that fuzzers left in a directory
 * - exec:    runs any program on one input, within limits of time and memory
 * - crashes: finds, replays, groups and prints the crashes of a directory
 * - measure: judges millions of plans fast, and audits a sample of them
 * - fuzz:    runs AFL++ or libFuzzer on our harnesses, and judges the saved inputs
 * - models:  compares the models of Go and Rust with the real languages
 * - gate:    compares a measurement with the committed baseline
 * - target:  fuzzes, triages and gates a user's own code
 * - report:  writes REPORT.md and report.html; each section is one function
 * - bench:   measures speed and grouping, for make bench
 * - cmd:     the command line of each subcommand */
#include "base/complain.h"
#include "base/limits.h"
#include "base/util.h"
#include "cmd/cmd.h"

#include "harnesses/base/begin.h"

#include <stdio.h>
#include <string.h>

static const struct {
	const char *name;
	int (*run)(int argc, char **argv);
	const char *help;
} commands[] = {
	{ "measure", cmd_measure,
		"judge random plans of every class under every detector, and print the rates" },
	{ "merge", cmd_merge, "add measurements or campaigns up into a new run" },
	{ "fuzz", cmd_fuzz,
		"fuzz our harnesses or your own code, then judge and group the crashes" },
	{ "crashes", cmd_crashes, "replay the crashes of any target, and group them by bug" },
	{ "gate", cmd_gate, "fail if a detector catches less than the baseline says" },
	{ "report", cmd_report, "write REPORT.md, report.html and CSV from a measurement" },
	{ "runs", cmd_runs, "list the runs under runs/" },
	{ "show", cmd_show,
		"print the tables of a run, one cell in sentences, or one of its inputs" },
	{ "count", cmd_count,
		"count the plans and verdicts of a measurement by properties of the plans" },
	{ "mix", cmd_mix, "write the frequencies of bugs among your crashes as weights (a mix)" },
	{ "replay", cmd_replay,
		"run one input, and print its plan in words, the verdict and the report" },
	{ "minimise", cmd_minimise, "write the simplest plan that is reported like an input" },
	{ "parse", cmd_parse, "print the contents of sanitizer reports as fields or JSON" },
	{ "concordance", cmd_concordance,
		"compare the models of Go and Rust with the real languages" },
};
#define COMMAND_COUNT (sizeof(commands) / sizeof(*commands))

/* Former names of subcommands, which scripts may still use. */
static const struct {
	const char *name, *now;
} former[] = {
	{ "campaign", "fuzz [CLASS...]" },
	{ "finish", "fuzz --finish [RUN]" },
	{ "target", "fuzz --target=SOURCE, gate --target=SOURCE or gate --accept --target=SOURCE" },
	{ "table", "show [RUN]" },
	{ "explain", "show RUN CLASS.DETECTOR" },
	{ "example", "show RUN CLASS.IDIOM.DETECTOR VERDICT|CAUSE [K]" },
	{ "detectors", "show --detectors" },
	{ "baseline", "gate --accept" },
	{ "why", "crashes --why A B" },
	{ "diff", "crashes --against RUN_A [RUN_B]" },
};

static int run(int (*command)(int argc, char **argv), int argc, char **argv)
{
	AUTO_FREE char *lack = limits_lack(LIMITS_FILES);

	return lack != NULL ? complain("triage", 1, "%s", lack) : command(argc, argv);
}

static void print_help(FILE *out)
{
	fprintf(out,
		"usage: triage COMMAND [ARGUMENT...]\n"
		"Measures memory-safety checkers, and groups crashes by bug.\n"
		"triage COMMAND --help explains a command.\n\n");
	for (size_t i = 0; i < COMMAND_COUNT; i++)
		fprintf(out, "  %-15s %s\n", commands[i].name, commands[i].help);
	fprintf(out,
		"\nExit codes: 0 fine, 1 internal error, 2 finding, 3 not comparable, 64 usage, 130 interrupted.\n");
}

int main(int argc, char **argv)
{
	program_begin();
	limits_raise();
	if (argc > 1 && (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "help") == 0)) {
		print_help(stdout);
		return 0;
	}
	if (argc > 1 && strcmp(argv[1], "--version") == 0) {
		printf("fencepost triage, plan version %d, key version %d\n", PLAN_VERSION,
			KEY_VERSION);
		return 0;
	}
	for (size_t i = 0; argc > 1 && i < COMMAND_COUNT; i++)
		if (strcmp(argv[1], commands[i].name) == 0) {
			AUTO_FREE char *name = format("triage %s", argv[1]);

			argv[1] = name; /* for "Usage: triage measure" in the help of argp */
			return run(commands[i].run, argc - 1, argv + 1);
		}
	for (size_t i = 0; argc > 1 && i < sizeof(former) / sizeof(*former); i++)
		if (strcmp(argv[1], former[i].name) == 0)
			return complain("triage", EXIT_USAGE, "%s is now: triage %s", argv[1],
				former[i].now);
	if (argc > 1)
		complain("triage", EXIT_USAGE, "%s: no such command", argv[1]);
	print_help(stderr);
	return 64;
}
