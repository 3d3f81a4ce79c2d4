/* SPDX-License-Identifier: Apache-2.0
 * The subcommand compare-engines: hunts with each engine in turn, and what came of them. */
#include "base/complain.h"
#include "base/file.h"
#include "base/slugs.h"
#include "cmd.h"
#include "fuzz/trial.h"
#include "option.h"
#include "runs/runs.h"
#include "runs/toolchain.h"

#include <argp.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define WHO "compare-engines"

struct comparing {
	int class; /* -1 until it is said */
	uint32_t idioms;
	const struct detector *detector;
	int trials, time_s;
	uint64_t executions; /* of a hunt; 0: any number */
	char *directory, *toolchain;
	json_t *document;
};

/* ---- the command line ------------------------------------------------------------------------ */

static error_t parse(int key, char *value, struct argp_state *state)
{
	struct comparing *comparing = state->input;

	switch (key) {
	case 'c':
		comparing->class = option_slug(WHO, "class", value, plan_class_find, class_slug);
		break;
	case 'i':
		comparing->idioms = option_slugs(WHO, "idiom", value, plan_idiom_find, idiom_slug);
		break;
	case 'd':
		comparing->detector = &detectors[option_slug(
			WHO, "detector", value, detector_find, detector_slug)];
		break;
	case 't': comparing->time_s = (int)option_number(WHO, "time", value, 1, 9999999); break;
	case 'x':
		comparing->executions = (uint64_t)option_number(
			WHO, "executions", value, 1, 999999999);
		break;
	case 'n': comparing->trials = (int)option_number(WHO, "trials", value, 1, 9999999); break;
	case ARGP_KEY_ARG: argp_usage(state); break;
	case ARGP_KEY_END:
		if (comparing->class < 0)
			argp_error(state, "say --class=SLUG");
		break;
	default: return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

/* ---- what is written down -------------------------------------------------------------------- */

/* "glibc 2.36, AFL++ 4.04c, libFuzzer 14.0.6", which is also clang's version */
static char *toolchain(void)
{
	char *words = toolchain_of(0);

	for (int engine = 0; engine < ENGINE_COUNT; engine++) {
		AUTO_FREE char *before = words;
		AUTO_FREE char *version = engine_version((enum engine_id)engine);

		words = format("%s, %s %s", before, engine_name((enum engine_id)engine), version);
	}
	return words;
}

static json_t *describe(const struct comparing *comparing, const char *schema)
{
	AUTO_FREE char *date = runs_date();

	return json_pack("{ss ss ss so ss si si si ss}", "schema", schema, "date", date, "class",
		plan_classes[comparing->class].slug, "idioms",
		slugs_json(comparing->idioms, idiom_slug), "detector", comparing->detector->slug,
		"trials_asked", comparing->trials, "time_s", comparing->time_s, "plan_version",
		PLAN_VERSION, "toolchain", comparing->toolchain);
}

static int write_file(const struct comparing *comparing, const char *name, const json_t *json)
{
	AUTO_FREE char *path = format("%s/%s", comparing->directory, name);
	int error = file_write_json(path, json);

	return error == 0 ? 0 : complain(WHO, error, "%s: %s", path, strerror(-error));
}

static int begin(struct comparing *comparing)
{
	AUTO_JSON json_t *run = NULL;

	comparing->toolchain = toolchain();
	comparing->directory = runs_make("compare-engines");
	if (comparing->directory == NULL)
		return complain(WHO, -1, "runs/ cannot be written to: %s", strerror(errno));
	run = describe(comparing, "fencepost/compare-engines-run/1");
	comparing->document = describe(comparing, "fencepost/compare-engines/1");
	json_object_set_new(comparing->document, "complete", json_false());
	json_object_set_new(comparing->document, "trials", json_array());
	return write_file(comparing, "run.json", run);
}

/* ---- running --------------------------------------------------------------------------------- */

static int hunts_of_a_trial(const struct comparing *comparing)
{
	return ENGINE_COUNT * __builtin_popcount(comparing->idioms);
}

static char *label(
	const struct comparing *comparing, enum engine_id engine, enum plan_idiom idiom, int trial)
{
	size_t done = json_array_size(json_object_get(comparing->document, "trials"));
	long left_s = ((long)comparing->trials * hunts_of_a_trial(comparing) - (long)done) *
		comparing->time_s;

	return format("trial %d of %d, %ld:%02ld left  %s %s %s", trial, comparing->trials,
		left_s / 60, left_s % 60, plan_classes[comparing->class].slug,
		plan_idiom_slug(idiom), engine_name(engine));
}

/* 0; 1 when interrupted; -1 when it could not be written down. */
static int hunt(
	const struct comparing *comparing, enum engine_id engine, enum plan_idiom idiom, int trial)
{
	AUTO_FREE char *directory = format(
		"%s/%s.%d", comparing->directory, engine_slug(engine), trial);
	AUTO_FREE char *words = label(comparing, engine, idiom, trial);
	struct campaign campaign = { .engine = engine,
		.detector = comparing->detector,
		.jobs = 1,
		.seed = trial,
		.executions = comparing->executions,
		.hunts = true,
		.label = words,
		.directory = directory };
	json_t *said = trial_run(
		&campaign, trial, (enum plan_class)comparing->class, idiom, comparing->time_s);

	if (said == NULL)
		return 1;
	json_array_append_new(json_object_get(comparing->document, "trials"), said);
	return write_file(comparing, "compare.json", comparing->document) != 0 ? -1 : 0;
}

/* The engines take turns at being first, so that neither has the warmer machine. */
static int run_trial(const struct comparing *comparing, int trial)
{
	int result = 0;

	for (int idiom = 0; idiom < IDIOM_COUNT; idiom++)
		for (int turn = 0; turn < ENGINE_COUNT && result == 0; turn++)
			if (comparing->idioms & BIT(idiom))
				result = hunt(comparing,
					(enum engine_id)((turn + trial + 1) % ENGINE_COUNT),
					(enum plan_idiom)idiom, trial);
	return result;
}

/* Are both programs there? */
static int check_programs(const struct comparing *comparing)
{
	for (int engine = 0; engine < ENGINE_COUNT; engine++) {
		AUTO_FREE char *program = format(
			"build/bin/hunt-%s-%s", engine_slug_at(engine), comparing->detector->slug);

		if (access(program, X_OK) != 0)
			return complain(WHO, -1, "%s: %s; next: make %s", program, strerror(errno),
				program);
		if (engine_check((enum engine_id)engine) != 0)
			return -1;
	}
	return 0;
}

/* @result of the trials, and whether all is written down. */
static int finish(const struct comparing *comparing, int result)
{
	json_t *document = comparing->document, *trials = json_object_get(document, "trials");
	bool failed = false;
	size_t i;
	const json_t *trial;
	int error;

	json_array_foreach(trials, i, trial)
		failed = failed || json_is_true(json_object_get(trial, "failed"));
	json_object_set_new(document, "results", trials_results(trials));
	json_object_set_new(document, "complete", json_boolean(result == 0));
	error = write_file(comparing, "compare.json", document);
	if (error == 0 && (error = trials_draw(comparing->directory, document)) != 0)
		complain(WHO, 0, "%s: %s", comparing->directory, strerror(-error));
	if (result == 0 && error == 0 && !failed &&
		(error = runs_point_latest(comparing->directory)) != 0)
		complain(WHO, 0, "runs/latest: %s", strerror(-error));
	trials_print(document);
	printf("\n%s/compare.json\n", comparing->directory);
	if (result > 0)
		printf("interrupted\n");
	return result > 0 ? 130 : result < 0 || error != 0 || failed ? 1 : 0;
}

static int compare(struct comparing *comparing)
{
	long seconds = (long)comparing->trials * hunts_of_a_trial(comparing) * comparing->time_s;
	int result = 0;

	printf("%d trials of %d s for each engine and idiom, %ld min %ld s\n", comparing->trials,
		comparing->time_s, seconds / 60, seconds % 60);
	engine_catch_interrupts();
	for (int trial = 1; trial <= comparing->trials && result == 0; trial++)
		result = run_trial(comparing, trial);
	return finish(comparing, result);
}

int cmd_compare_engines(int argc, char **argv)
{
	static const struct argp_option options[] = {
		{ "class", 'c', "SLUG", 0, "one class", 0 },
		{ "idiom", 'i', "SLUG", 0, "go, rust or both (default), each compared", 0 },
		{ "detector", 'd', "SLUG", 0, "default asan", 0 },
		{ "time", 't', "SECONDS", 0, "of one hunt; default 60", 0 },
		{ "executions", 'x', "N", 0, "that a hunt ends after, if there is time left", 0 },
		{ "trials", 'n', "N", 0, "hunts with each engine; default 10", 0 },
		{ 0 },
	};
	static const struct argp argp = {
		options,
		parse,
		"",
		"Hunts with AFL++ and libFuzzer in turns, equal times, and compares when each came to its first "
		"violation, diagnosis and find, and how much it tried.\v"
		"Ctrl-C keeps the trials that came to their end. Exit codes: 0 fine, 1 internal error or a trial "
		"failed, 64 usage, 130 interrupted.",
		NULL,
		NULL,
		NULL,
	};
	struct comparing comparing = { .class = -1,
		.idioms = BIT(IDIOM_COUNT) - 1,
		.detector = &detectors[DETECTOR_asan],
		.trials = 10,
		.time_s = 60 };
	int code;

	argp_err_exit_status = 64;
	argp_parse(&argp, argc, argv, 0, NULL, &comparing);
	code = check_programs(&comparing) != 0 || begin(&comparing) != 0 ? 1 : compare(&comparing);
	json_decref(comparing.document);
	free(comparing.directory);
	free(comparing.toolchain);
	return code;
}
