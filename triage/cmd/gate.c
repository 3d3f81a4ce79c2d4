/* SPDX-License-Identifier: Apache-2.0
 * The subcommand gate: a measurement compared with the baseline. */
#include "base/json_file.h"
#include "base/util.h"
#include "cmd.h"
#include "gate/accept.h"
#include "gate/compare.h"
#include "gate/json.h"
#include "gate/measured.h"
#include "gate/print.h"
#include "gate/replay.h"
#include "gate/rows.h"
#include "gate/self_check.h"
#include "gate/text.h"
#include "gate_arguments.h"
#include "option.h"
#include "runs/toolchain.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What the section was measured with, of the detectors that are asked for. */
static struct gate_wanted wanted_of(
	const struct gate_arguments *arguments, const struct baseline_section *section)
{
	struct gate_wanted wanted = { .inputs = section->inputs,
		.seed = section->seed,
		.audits = section->audits,
		.jobs = arguments->jobs };

	for (size_t i = 0; i < section->cell_count; i++) {
		wanted.classes |= BIT(section->cells[i].cell.class);
		wanted.idioms |= BIT(section->cells[i].cell.idiom);
		wanted.detectors |= BIT(section->cells[i].cell.detector);
	}
	wanted.detectors &= arguments->detectors;
	return wanted;
}

/* The cells of the baseline whose detectors are built, as pairs to be proven before anything is measured. */
static void prove_baseline(struct gate *gate, uint32_t built)
{
	struct plan_bytes_list cells = { 0 };

	cells.list = allocate(gate->section->cell_count + 1, sizeof(*cells.list));
	for (size_t i = 0; i < gate->section->cell_count; i++)
		if (built & BIT(gate->section->cells[i].cell.detector))
			cells.list[cells.count++].cell = gate->section->cells[i].cell;
	gate_prove_alive(gate, &cells);
	plan_bytes_free(&cells);
}

/* Self-test, then measuring with the options of the baseline. 0, or the exit code after a message. */
static int measure_run(const struct gate_arguments *arguments, struct gate *gate,
	char **ret_directory, int *ret_said)
{
	uint32_t built = gate_built() & arguments->detectors;
	AUTO_FREE char *here = toolchain_of(built);
	struct gate_wanted wanted;

	gate->section = baseline_nearest(gate->baseline, here);
	wanted = wanted_of(arguments, gate->section);
	if (!(wanted.detectors & built))
		return gate_end(arguments->name, 3,
			"no detector of the baseline is built; next: make gate");
	prove_baseline(gate, built);
	if (gate_any_dead(gate)) {
		gate_print_dead(stderr, gate);
		return gate_end(
			arguments->name, 1, "a detector no longer works, so nothing was measured");
	}
	*ret_said = gate_measure(&wanted, ret_directory);
	if (*ret_said == 130)
		return gate_end(arguments->name, 130, "interrupted");
	if (*ret_said == 0 || (*ret_said == 2 && *ret_directory != NULL))
		return 0;
	return gate_end(arguments->name, 1, "the measurement failed");
}

static void differ(struct gate *gate, json_t *sentence)
{
	json_array_append_new(gate->differences, sentence);
}

static void compare_options(struct gate *gate, const json_t *results)
{
	const char *detector;
	json_t *base;

	json_object_foreach(gate->section->options, detector, base) {
		const char *now = json_file_text(json_object_get(results, "options"), detector);
		const char *then = json_string_value(base);

		if (*now != '\0' && then != NULL && strcmp(now, then) != 0)
			differ(gate,
				json_sprintf("options of %s: \"%s\" in the baseline, \"%s\" now",
					detector, then, now));
	}
	if (gate->section->gone != NULL)
		differ(gate,
			json_sprintf(
				"the baseline has cells whose class, idiom or detector no longer "
				"exists:%s; next: make baseline",
				gate->section->gone));
}

/* What is wrong with the run as a whole. */
static void look_at_run(struct gate *gate, const json_t *results, bool is_measured)
{
	const json_t *audit = json_object_get(results, "audit"), *row;
	json_int_t sampled = json_file_number(audit, "sampled");
	json_int_t agreed = json_file_number(audit, "agreed");
	AUTO_FREE char *other = is_measured ? NULL : measured_other_programs(gate->run);
	size_t i;

	compare_options(gate, results);
	if (other != NULL)
		differ(gate, json_string(other));
	if (agreed < sampled)
		json_array_append_new(gate->findings,
			json_sprintf("%lld of %lld audits disagree with the fast verdicts; see "
				     "build/bin/triage show %s",
				(long long)(sampled - agreed), (long long)sampled, gate->run->id));
	json_array_append_new(gate->remarks,
		json_sprintf("%lld of %lld audits agree with the fast verdicts", (long long)agreed,
			(long long)sampled));
	json_array_foreach(json_object_get(results, "unavailable"), i, row)
		json_array_append_new(gate->remarks,
			json_sprintf("unavailable: %s: %s", json_file_text(row, "detector"),
				json_file_text(row, "reason")));
}

static bool is_same_sample(const struct measurement *run, const struct baseline_section *section)
{
	const struct measurement_part *part = run->parts;

	return run->part_count == 1 && part->shards == 1 && part->sample.kind == SAMPLE_RANDOM &&
		part->sample.seed == section->seed && part->sample.inputs == section->inputs;
}

/* 0, or the exit code after a message. */
static int check_versions(const struct gate_arguments *arguments, const struct gate *gate)
{
	const struct baseline_section *section = gate->section;
	AUTO_FREE char *text = NULL;

	if (gate->run->plan_version != section->plan_version)
		text = format("the baseline has plan version %d, but the run has %d; next: make "
			      "baseline",
			section->plan_version, gate->run->plan_version);
	else if (gate->run->stage_version != section->stage_version)
		text = format("the baseline has stage version %d, but the run has %d; next: make "
			      "baseline",
			section->stage_version, gate->run->stage_version);
	if (text == NULL)
		return 0;
	return gate_end(arguments->name, EXIT_NOTHING, text);
}

static int judge(
	const struct gate_arguments *arguments, struct gate *gate, const struct measured *taken)
{
	struct plan_bytes_list base = { 0 };
	AUTO_FREE char *error = NULL;
	int code = 0;

	if (gate->same_plans &&
		baseline_plans(arguments->baseline, gate->section, &base, &error) != 0)
		code = gate_end(arguments->name, 3, error);
	if (code == 0) {
		gate_prove_alive(gate, &taken->plans);
		gate_compare(gate, &taken->plans, &base);
	}
	if (code == 0)
		gate_replay(gate, arguments->crashes);
	if (code == 0 && gate_accept(gate, arguments->expected, &error) != 0)
		code = gate_end(arguments->name, 3, error);
	plan_bytes_free(&base);
	return code;
}

static int conclude(const struct gate_arguments *arguments, struct gate *gate)
{
	AUTO_FREE char *directory = arguments->output != NULL ?
		format("%s", arguments->output) :
		format("%s/gate", gate->run->directory);
	AUTO_FREE char *error = NULL;

	gate_conclude(gate);
	if (gate_write(gate, directory, &error) != 0) {
		json_array_append_new(gate->failures,
			json_sprintf("%s; --output=DIRECTORY puts it elsewhere", error));
		gate_conclude(gate);
	}
	gate_print(stdout, gate, directory);
	return gate->code;
}

static int gate_taken(const struct gate_arguments *arguments, struct gate *gate,
	const struct measured *taken, int measured)
{
	const struct measurement *run = &taken->run;
	int code;

	gate->run = run;
	gate->section = baseline_nearest(gate->baseline, run->toolchain);
	gate->same_toolchain = toolchain_is_part(run->toolchain, gate->section->toolchain);
	gate->same_plans = is_same_sample(run, gate->section);
	gate->exact = gate->same_toolchain && gate->same_plans;
	code = check_versions(arguments, gate);
	if (code != 0)
		return code;
	look_at_run(gate, taken->results, measured >= 0);
	code = judge(arguments, gate, taken);
	return code != 0 ? code : conclude(arguments, gate);
}

static int gate(const struct gate_arguments *arguments)
{
	struct baseline baseline;
	struct gate gate = { .baseline = &baseline,
		.detectors = arguments->detectors,
		.strict = arguments->strict,
		.differences = json_array(),
		.remarks = json_array(),
		.findings = json_array(),
		.failures = json_array() };
	struct measured taken = { 0 };
	AUTO_FREE char *error = NULL;
	AUTO_FREE char *directory = NULL;
	int code = 0, measured = -1;

	if (baseline_read(arguments->baseline, &baseline, &error) != 0) {
		AUTO_FREE char *text = format(
			"%s; next: make baseline, or git checkout %s", error, arguments->baseline);

		code = gate_end(arguments->name, 3, text);
	}
	if (code == 0)
		code = gate_find_symbolizer(arguments);
	if (code == 0 && arguments->run == NULL)
		code = measure_run(arguments, &gate, &directory, &measured);
	if (code == 0) {
		code = measured_read(
			directory != NULL ? directory : arguments->run, &taken, &error);
		code = code != 0 ? gate_end(arguments->name, code, error) :
				   gate_taken(arguments, &gate, &taken, measured);
	}
	gate_free(&gate);
	measured_free(&taken);
	baseline_free(&baseline);
	return code;
}

int cmd_gate(int argc, char **argv)
{
	static const char words[] =
		"Fails if a detector catches less than the baseline says.\n"
		"The gate first checks that each detector still reports a known violation. It "
		"then measures, and replays the kept reproducers. With the baseline's toolchain, "
		"seed and number of plans, the gate compares plan by plan. Otherwise it compares "
		"rates.\v"
		"Exit codes: 0 fine; 1 internal error, or a detector that no longer works; 2 a "
		"regression (a cell is worse, its causes of silence changed, or a reproducer is "
		"reported differently), or with --strict an improvement; 3 not comparable or too "
		"little data; 64 usage; 130 interrupted.\n"
		"Each improved cell is listed with a plan. make baseline accepts the "
		"improvement; until then the exit code stays 0.\n"
		"Example: triage gate --run latest --strict";
	struct gate_arguments arguments;
	bool accepts = option_take(&argc, argv, "--accept");

	if (option_has(argc, argv, "--target"))
		return cmd_target(accepts ? TARGET_ACCEPT : TARGET_GATE, argc, argv);
	if (accepts)
		return gate_accept_run(argc, argv);
	arguments = gate_arguments_read("gate", words, argc, argv);
	return gate(&arguments);
}
