/* SPDX-License-Identifier: Apache-2.0
 * The subcommand show: prints the results of a run: its tables, the sentences of a cell, or an input. */
#include "base/complain.h"
#include "base/escape.h"
#include "base/json_file.h"
#include "base/util.h"
#include "cmd.h"
#include "fuzz/campaign_table.h"
#include "mix/print.h"
#include "option.h"
#include "runs/kinds.h"
#include "runs/results.h"
#include "runs/run_dir.h"
#include "runs/table.h"

#include <argp.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define WHO "show"

struct arguments {
	const char *words[3]; /* RUN, CELL, VERDICT or CAUSE */
	const char *output, *mix;
	uint64_t k;
	bool markdown, detectors;
};

static error_t parse(int key, char *value, struct argp_state *state)
{
	struct arguments *arguments = state->input;

	switch (key) {
	case 'o': arguments->output = value; break;
	case 'm': arguments->markdown = true; break;
	case 'd': arguments->detectors = true; break;
	case 'x': arguments->mix = value; break;
	case ARGP_KEY_ARG:
		if (state->arg_num > 3)
			argp_usage(state);
		else if (state->arg_num == 3)
			arguments->k = option_number(WHO, "K", value, 1, INT64_MAX);
		else
			arguments->words[state->arg_num] = value;
		break;
	default: return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

/* ---- detectors ------------------------------------------------------------------------------- */

static void print_options(const char *name, const char *options)
{
	if (*options != '\0')
		printf("%-14s %s=%s\n", "", name, options);
}

static int show_detectors(void)
{
	for (int d = 0; d < DETECTOR_COUNT; d++) {
		const struct detector *detector = &detectors[d];

		printf("%-14s %s\n", detector->slug, detector->title);
		printf("%-14s checks: %s\n", "",
			*detector->checks != '\0' ? detector->checks : "none");
		print_options("ASAN_OPTIONS", detector->asan_options);
		print_options("UBSAN_OPTIONS", detector->ubsan_options);
		print_options("MSAN_OPTIONS", detector->msan_options);
		printf("%-14s has a rule for:", "");
		for (int c = 0; c < CLASS_COUNT; c++)
			if (detector_has_rule(d, (enum plan_class)c))
				printf(" %s", plan_classes[c].slug);
		printf("\n\n");
	}
	return 0;
}

/* ---- a run ----------------------------------------------------------------------------------- */

static void print_results(const json_t *results, bool markdown)
{
	(markdown ? results_print_markdown : results_print)(stdout, results);
}

static void print_campaign(const json_t *done, bool markdown)
{
	(markdown ? campaign_print_markdown : campaign_print)(
		stdout, json_object_get(done, "campaigns"));
}

/* A line a bug. */
static void print_buckets(const json_t *done, bool markdown)
{
	size_t i = 0;
	const json_t *bucket;

	(void)markdown;
	json_array_foreach(json_object_get(done, "buckets"), i, bucket) {
		printf("%s  %s  ", json_file_text(bucket, "id"),
			json_file_text(bucket, "severity"));
		escape_print(stdout, json_file_text(bucket, "title"));
		printf("\n");
	}
	printf("%zu bucket%s\n", i, i == 1 ? "" : "s");
}

static void (*const printers[RUN_KIND_COUNT])(const json_t *done, bool markdown) = {
	[RUN_MEASUREMENT] = print_results,
	[RUN_CAMPAIGN] = print_campaign,
	[RUN_TARGET] = print_buckets,
	[RUN_CRASHES] = print_buckets,
};

static int show_run(const char *run, bool markdown)
{
	enum run_kind kind = run_kind_of(run);
	AUTO_FREE char *why = NULL;
	AUTO_JSON json_t *done = NULL;

	if (kind == RUN_KIND_COUNT)
		return complain(WHO, 1, "%s/run.json: damaged, or an unknown kind of run", run);
	/* the only table whose sums are looked at before they are printed */
	done = kind == RUN_MEASUREMENT ? results_read(run, &why) : run_kind_result(kind, run, &why);
	if (done != NULL && kind == RUN_CAMPAIGN &&
		!json_is_array(json_object_get(done, "campaigns")))
		why = format("%s/campaign.json: no list of campaigns", run);
	if (why != NULL)
		return complain(WHO, 1, "%s", why);
	printers[kind](done, markdown);
	return 0;
}

/* The newest of any kind; NULL when there is none. */
static char *newest(void)
{
	struct run_dirs runs;
	char *found;

	run_dir_list(&runs);
	found = runs.count > 0 ? format("%s", runs.list[runs.count - 1]) : NULL;
	run_dir_free(&runs);
	return found;
}

/* The run's directory: @name, the one that the file @name is in, or the one under runs/ of this id. */
static char *directory_of(const char *name)
{
	const char *slash = strrchr(name, '/');
	struct stat status;

	if (strcmp(name, "latest") == 0 && access("runs/latest", F_OK) != 0)
		return newest();
	if (stat(name, &status) == 0 && S_ISREG(status.st_mode))
		return slash != NULL ? format("%.*s", (int)(slash - name), name) : format(".");
	return slash == NULL && stat(name, &status) != 0 ? format("runs/%s", name) :
							   format("%s", name);
}

/* ---- a run under a mix ----------------------------------------------------------------------- */

static int show_weighed(const struct mix *mix, const struct measurement *run, bool markdown)
{
	AUTO_FREE char *error = NULL;
	struct weighing *weighing = allocate(2, sizeof(*weighing));
	int failed = weigh_make(&mix_even, run, &weighing[1], &error), code = 0;

	if (failed == 0)
		failed = weigh_make(mix, run, &weighing[0], &error);
	if (failed != 0)
		code = complain(
			WHO, failed == -EDOM || failed == -E2BIG ? EXIT_USAGE : 1, "%s", error);
	else if (mix_print(stdout, run, &weighing[0], &weighing[1], markdown) == 0)
		code = complain(WHO, EXIT_NOTHING,
			"%s has no violation that counts; next: make measure", run->directory);
	weigh_free(&weighing[0]);
	weigh_free(&weighing[1]);
	free(weighing);
	return code;
}

int show_mix(const char *who, const char *name, const char *directory, bool markdown)
{
	AUTO_FREE char *error = NULL;
	struct mix mix;
	struct measurement run = { 0 };
	int code = 0;

	if (mix_read(name, &mix, &error) != 0)
		code = complain(who, EXIT_USAGE, "%s", error);
	else if (measurement_read(directory, &run, &error) != 0)
		code = complain(who, 1, "%s", error);
	else if (measurement_check_version(&run, &error) != 0)
		code = complain(who, EXIT_NOTHING, "%s", error);
	else
		code = show_weighed(&mix, &run, markdown);
	measurement_free(&run);
	mix_free(&mix);
	return code;
}

static int show_tables(const struct arguments *arguments)
{
	const char *name = arguments->words[0] != NULL ? arguments->words[0] : "latest";
	AUTO_FREE char *run = directory_of(name);
	AUTO_FREE char *job = NULL;

	if (run == NULL)
		return complain(WHO, 3, "there are no runs yet; next: make measure");
	if (access(run, F_OK) != 0)
		return complain(
			WHO, EXIT_USAGE, "%s: no such run; next: build/bin/triage runs", name);
	job = format("%s/job.json", run);
	if (access(job, F_OK) == 0)
		return complain(WHO, EXIT_USAGE, "%s: a job; next: build/bin/triage merge --job %s",
			name, name);
	if (arguments->mix != NULL && run_kind_of(run) != RUN_MEASUREMENT)
		return complain(WHO, EXIT_USAGE,
			"%s: only a measurement can be shown under a mix; next: build/bin/triage "
			"runs",
			run);
	if (arguments->mix != NULL)
		return show_mix(WHO, arguments->mix, run, arguments->markdown);
	return show_run(run, arguments->markdown);
}

int cmd_show(int argc, char **argv)
{
	static const struct argp_option options[] = {
		{ "markdown", 'm', NULL, 0, "print tables as Markdown", 0 },
		{ "detectors", 'd', NULL, 0,
			"show the detectors instead of a run: their flags, options, and the "
			"classes that they have a rule for",
			0 },
		{ "mix", 'x', "MIX", 0,
			"show the rates under a mix instead; MIX is a name in harnesses/mixes/, "
			"or a file",
			0 },
		{ "output", 'o', "FILE", 0,
			"write the input to FILE; default RUN/examples/CELL.CAUSE.K.plan", 0 },
		{ 0 },
	};
	static const struct argp argp = { options, parse, "[RUN [CELL [VERDICT|CAUSE [K]]]]",
		"Shows the results of a run as tables. With CELL, shows one cell of a "
		"measurement in sentences: its rates, and the causes of its misses. With a "
		"verdict or a cause, writes the K-th input that has it to a file; default the "
		"first.\v"
		"RUN is a directory, an id under runs/, or latest (default). CELL is "
		"CLASS.DETECTOR or CLASS.IDIOM.DETECTOR.\n"
		"\n"
		"  triage show\n"
		"  triage show latest oob-read.asan\n"
		"  triage show latest oob-read.rust.asan wide-check 3\n"
		"\n"
		"Exit codes: 0 fine, 1 internal error or a damaged run, 3 no such cell or fewer "
		"than K, 64 usage.",
		NULL, NULL, NULL };
	struct arguments arguments = { .k = 1 };

	argp_err_exit_status = EXIT_USAGE;
	argp_parse(&argp, argc, argv, 0, NULL, &arguments);
	if (arguments.detectors)
		return show_detectors();
	if (arguments.words[1] == NULL)
		return show_tables(&arguments);
	if (arguments.words[2] == NULL)
		return show_cell(arguments.words[0], arguments.words[1]);
	return show_input(arguments.words[0], arguments.words[1], arguments.words[2], arguments.k,
		arguments.output);
}
