/* SPDX-License-Identifier: Apache-2.0
 * An input behind a number, for the subcommand show. */
#include "base/complain.h"
#include "base/escape.h"
#include "base/util.h"
#include "cmd.h"
#include "runs/outcomes.h"
#include "runs/run_dir.h"

#include "harnesses/truth/describe.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WHO "show"

struct arguments {
	const char *cell, *outcome, *output;
	uint64_t k;
};

/* "right 123, silent/granule 4": what the cell has, or that it has nothing. */
static void print_had(FILE *out, const uint64_t counts[256])
{
	const char *between = "";

	for (unsigned byte = 0; byte < 256; byte++) {
		char words[OUTCOME_WORDS_MAX];

		if (counts[byte] == 0 || !outcome_is_valid((uint8_t)byte))
			continue;
		results_outcome_words((uint8_t)byte, words);
		fprintf(out, "%s%s %" PRIu64, between, words, counts[byte]);
		between = ", ";
	}
	fprintf(out, "%s\n", *between != '\0' ? "" : "nothing, no plan is judged");
}

/* There are fewer than K. */
static int too_few(const struct arguments *arguments, const struct measurement *run,
	struct cell cell, const struct outcome_set *set)
{
	AUTO_FREE char *name = cell_name(cell);
	AUTO_FREE char *error = NULL;
	uint64_t counts[256], have = 0;

	if (outcomes_count(run, cell, counts, &error) != 0)
		return complain(WHO, 1, "%s", error);
	for (unsigned byte = 0; byte < 256; byte++)
		have += set->has[byte] ? counts[byte] : 0;
	fprintf(stderr, "show: %s in %s has %" PRIu64 " %s; it has: ", name, run->directory, have,
		arguments->outcome);
	print_had(stderr, counts);
	return 3;
}

static int no_such_outcome(void)
{
	fprintf(stderr, "show: no such verdict or cause; there are:");
	for (int v = 0; v < VERDICT_COUNT; v++)
		fprintf(stderr, " %s", verdict_slug((enum verdict)v));
	for (int c = CAUSE_NONE + 1; c < CAUSE_COUNT; c++)
		fprintf(stderr, " %s", cause_slug((enum cause)c));
	fprintf(stderr, "\n");
	return 64;
}

static int not_in_run(const struct measurement *run, struct cell cell)
{
	AUTO_FREE char *name = cell_name(cell);

	fprintf(stderr, "show: %s has no cell %s; its classes:", run->directory, name);
	for (int c = 0; c < CLASS_COUNT; c++)
		if (run->classes & BIT(c))
			fprintf(stderr, " %s", plan_classes[c].slug);
	fprintf(stderr, "; idioms:");
	for (int i = 0; i < IDIOM_COUNT; i++)
		if (run->idioms & BIT(i))
			fprintf(stderr, " %s", plan_idiom_slug((enum plan_idiom)i));
	fprintf(stderr, "; detectors:");
	for (int d = 0; d < DETECTOR_COUNT; d++)
		if (run->detectors & BIT(d))
			fprintf(stderr, " %s", detectors[d].slug);
	fprintf(stderr, "\n");
	return 64;
}

static char *output_path(
	const struct arguments *arguments, const struct measurement *run, struct cell cell)
{
	AUTO_FREE char *directory = format("%s/examples", run->directory);
	AUTO_FREE char *name = cell_name(cell);

	if (arguments->output != NULL)
		return format("%s", arguments->output);
	file_make_directories(directory);
	return format(
		"%s/%s.%s.%" PRIu64 ".plan", directory, name, arguments->outcome, arguments->k);
}

static void print_example(const struct arguments *arguments, struct cell cell,
	const struct plan *plan, uint64_t index, uint8_t byte, const char *path)
{
	AUTO_FREE char *name = cell_name(cell);
	struct truth truth = truth_of(plan);
	char words[DESCRIBE_MAX] = "", truth_words[DESCRIBE_MAX] = "";

	describe_sentence(plan, words);
	describe_truth(plan, &truth, truth_words);
	printf("%s, %s number %" PRIu64 " (plan %" PRIu64 ")\n  %s\n  %s\n", name,
		arguments->outcome, arguments->k, index, words, truth_words);
	if (outcome_verdict(byte) == VERDICT_SILENT)
		printf("  silent (%s): %s\n", cause_slug(outcome_cause(byte)),
			cause_words(outcome_cause(byte)));
	escape_print(stdout, path);
	printf("\n  make replay FILE=");
	escape_print(stdout, path);
	printf(" DETECTOR=%s\n", detectors[cell.detector].slug);
}

/* Of a run that can be read. */
static int show(const struct arguments *arguments, const struct measurement *run, struct cell cell,
	const struct outcome_set *set)
{
	AUTO_FREE char *error = NULL;
	AUTO_FREE char *path = NULL;
	uint64_t index;
	uint8_t byte;
	int found = outcomes_find(run, cell, set, arguments->k, &index, &byte, &error);
	uint8_t bytes[PLAN_BYTES];
	struct plan plan;

	if (found == -ENOENT)
		return too_few(arguments, run, cell, set);
	if (found != 0)
		return complain(WHO, found == -ENODATA ? 3 : 1, "%s", error);
	plan = measurement_plan(run, cell.class, cell.idiom, index);
	plan_encode(&plan, bytes);
	path = output_path(arguments, run, cell);
	found = file_write(path, bytes, sizeof(bytes));
	if (found != 0) {
		error = format("%s: %s; -o FILE puts it elsewhere", path, strerror(-found));
		return complain(WHO, 1, "%s", error);
	}
	print_example(arguments, cell, &plan, index, byte, path);
	return 0;
}

int show_input(
	const char *name, const char *cell_words, const char *words, uint64_t k, const char *output)
{
	const struct arguments arguments = { cell_words, words, output, k };
	AUTO_FREE char *error = NULL;
	AUTO_FREE char *directory = NULL;
	struct outcome_set set;
	struct cell cell;
	struct measurement run;
	int code;

	if (cell_parse(arguments.cell, &cell, &error) != 0)
		return complain(WHO, 64, "%s", error);
	if (!outcome_set_find(arguments.outcome, &set))
		return no_such_outcome();
	directory = run_dir_find_measurement(name, &error);
	if (directory == NULL)
		return complain(WHO, 64, "%s", error);
	if (measurement_read(directory, &run, &error) != 0)
		code = complain(WHO, 1, "%s", error);
	else if (measurement_check_version(&run, &error) != 0)
		code = complain(WHO, 3, "%s", error);
	else if (!measurement_has_cell(&run, (int)cell.class, (int)cell.idiom, (int)cell.detector))
		code = not_in_run(&run, cell);
	else
		code = show(&arguments, &run, cell, &set);
	measurement_free(&run);
	return code;
}
