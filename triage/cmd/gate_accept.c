/* SPDX-License-Identifier: Apache-2.0
 * gate --accept: a measurement becomes the baseline. */
#include "base/json_file.h"
#include "base/util.h"
#include "cmd.h"
#include "gate/measured.h"
#include "gate/print.h"
#include "gate/rekey.h"
#include "gate/replay.h"
#include "gate/rows.h"
#include "gate/self_check.h"
#include "gate/text.h"
#include "gate_arguments.h"

#include <stdio.h>

#define INPUTS 20000
#define SEED   1
#define AUDITS 8

/* Kept reproducers follow the keys before they are recorded. */
static int rekey(const struct gate_arguments *arguments)
{
	AUTO_FREE char *error = NULL;
	size_t before, after;

	if (gate_rekey(arguments->crashes, &before, &after, &error) != 0)
		return gate_end(arguments->name, 1, error);
	if (before > 0)
		printf("%s: %zu reproducers became %zu, with keys of version %d\n",
			arguments->crashes, before, after, KEY_VERSION);
	return 0;
}

static int write_baseline(const struct gate_arguments *arguments, const struct measured *taken)
{
	struct baseline_reproducer *reproducers = NULL;
	AUTO_FREE char *error = NULL;
	size_t count = 0, flaky = 0;
	int code = rekey(arguments);

	if (code != 0)
		return code;
	if (gate_record(arguments->crashes, &reproducers, &count, &error) != 0)
		code = gate_end(arguments->name, 1, error);
	else if (baseline_write(arguments->baseline, &taken->run,
			 json_object_get(taken->results, "options"), reproducers, count,
			 &error) != 0)
		code = gate_end(arguments->name, 1, error);
	for (size_t i = 0; i < count; i++)
		flaky += reproducers[i].again < reproducers[i].tries;
	if (code == 0)
		printf("%s: the section of %s: %zu cells of %llu plans, %zu reproducers, %zu of "
		       "them flaky; next: git diff %s\n",
			arguments->baseline, taken->run.toolchain, taken->plans.count,
			(unsigned long long)taken->run.parts[0].sample.inputs, count, flaky,
			arguments->baseline);
	gate_recorded_free(reproducers, count);
	return code;
}

/* Why @taken may not be what later runs are held against; NULL. */
static const char *unworthy(const struct measured *taken)
{
	const json_t *audit = json_object_get(taken->results, "audit");
	const struct measurement *run = &taken->run;

	if (run->part_count != 1 || run->parts[0].shards != 1)
		return "a baseline must be one run, but this run was merged from others; next: "
		       "make baseline";
	if (json_file_number(audit, "sampled") == 0)
		return "the run has no audits, so nothing confirms it; next: make baseline";
	if (json_file_number(audit, "agreed") != json_file_number(audit, "sampled"))
		return "audits of the run disagree; next: build/bin/triage show";
	return NULL;
}

static int baseline(const struct gate_arguments *arguments)
{
	struct gate gate = { .detectors = arguments->detectors };
	struct measured taken = { 0 };
	AUTO_FREE char *error = NULL;
	AUTO_FREE char *directory = NULL;
	const struct gate_wanted wanted = { INPUTS, SEED, AUDITS, arguments->jobs,
		BIT(CLASS_COUNT) - 1, BIT(IDIOM_COUNT) - 1, gate_built() & arguments->detectors };
	int code = gate_find_symbolizer(arguments);

	if (code != 0)
		return code;
	if (arguments->run == NULL)
		code = gate_measure(&wanted, &directory);
	if (code != 0)
		return gate_end(arguments->name, code, "the measurement failed or was interrupted");
	code = measured_read(directory != NULL ? directory : arguments->run, &taken, &error);
	if (code == 0 && arguments->run != NULL)
		error = measured_other_programs(&taken.run);
	if (code != 0 || error != NULL) {
		code = gate_end(arguments->name, code != 0 ? code : 3, error);
	} else if (unworthy(&taken) != NULL) {
		code = gate_end(arguments->name, 3, unworthy(&taken));
	} else {
		gate_prove_alive(&gate, &taken.plans);
		gate_print_dead(stderr, &gate);
		code = gate_any_dead(&gate) ? gate_end(arguments->name, 1, "a detector is dead") :
					      write_baseline(arguments, &taken);
	}
	gate_free(&gate);
	measured_free(&taken);
	return code;
}

int gate_accept_run(int argc, char **argv)
{
	static const char words[] =
		"Makes the present results the baseline. Measures with every detector that is "
		"built, and writes the results into the toolchain's section of the baseline. "
		"Sections of other toolchains stay. Kept reproducers with keys of an older "
		"version are grouped again.\v"
		"Exit codes: 0 fine, 1 internal error, or a detector that no longer works, 2 "
		"audits disagree, 3 the run cannot be a baseline, 64 usage, 130 interrupted.";
	struct gate_arguments arguments = gate_arguments_read("baseline", words, argc, argv);

	return baseline(&arguments);
}
