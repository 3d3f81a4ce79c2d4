/* SPDX-License-Identifier: Apache-2.0
 * The subcommand measure: random or enumerated plans of every class under every detector. */
#include "base/complain.h"
#include "base/slugs.h"
#include "base/util.h"
#include "cmd.h"
#include "measure/request.h"
#include "mix/mix.h"
#include "option.h"
#include "runs/run_dir.h"
#include "runs/job.h"
#include "runs/toolchain.h"

#include <argp.h>
#include <stdlib.h>
#include <string.h>

#define WHO "measure"

#define INPUTS_MAX 10000000000u
#define JOBS_MAX   1024

struct arguments {
	struct measure_request request;
	const char *mix;
	bool draws;          /* plans from the mix */
	const char *sampled; /* an option that says what to measure, or NULL */
};

static void refuse(const char *name, const char *value, const char *what)
{
	exit(complain(WHO, EXIT_USAGE, "%s=%s: %s", name, value, what));
}

enum {
	OPTION_BACKWARDS = 1000,
	OPTION_UNIT,
	OPTION_COUNTS,
};

static error_t parse(int key, char *value, struct argp_state *state)
{
	struct arguments *arguments = state->input;
	struct measure_request *request = &arguments->request;

	if (key > ' ' && key < 128 && strchr("nscidpaSJ", key) != NULL)
		arguments->sampled = value;
	switch (key) {
	case 'n': request->sample.inputs = option_number(WHO, "N", value, 1, INPUTS_MAX); break;
	case 's':
		request->sample.seed = option_number(WHO, "seed", value, 0, INT64_MAX / 10);
		break;
	case 'c':
		request->classes = option_slugs(WHO, "classes", value, plan_class_find, class_slug);
		break;
	case 'i':
		request->idioms = option_slugs(WHO, "idioms", value, plan_idiom_find, idiom_slug);
		break;
	case 'd':
		request->detectors = option_slugs(
			WHO, "detectors", value, detector_find, detector_slug);
		break;
	case 'p':
		if (strcmp(value, "grid") != 0 && strcmp(value, "random") != 0 &&
			strcmp(value, "mix") != 0)
			refuse("plans", value, "must be random, grid or mix");
		arguments->draws = strcmp(value, "mix") == 0;
		request->sample.kind = strcmp(value, "grid") == 0 ? SAMPLE_GRID : SAMPLE_RANDOM;
		break;
	case 'j': request->jobs = (unsigned)option_number(WHO, "jobs", value, 1, JOBS_MAX); break;
	case 'a': request->audits = (unsigned)option_number(WHO, "audit", value, 0, 10000); break;
	case 'S':
		option_shard(WHO, value, MEASUREMENT_SHARDS_MAX, &request->shard, &request->shards);
		break;
	case 'r': request->resume = value; break;
	case 'x': arguments->mix = value; break;
	case 'J':
		if (!job_is_name(value))
			refuse("job", value,
				"must be a letter, then letters, digits, - and _, at most 64 in all");
		request->job = value;
		break;
	case OPTION_COUNTS: request->counts_only = true; break;
	case OPTION_BACKWARDS: request->backwards = true; break;
	case OPTION_UNIT: request->unit = option_number(WHO, "unit", value, 1, INPUTS_MAX); break;
	case ARGP_KEY_END:
		if (request->resume != NULL && arguments->sampled != NULL)
			refuse("resume", request->resume,
				"the run defines what is measured; next: leave the other options "
				"out");
		break;
	case ARGP_KEY_ARG: argp_error(state, "%s: unexpected argument", value); break;
	default: return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

/* Of what has no compiler here there are none: measuring says so. A run that is resumed says what it measures. */
static int print_programs(const struct measure_request *request)
{
	AUTO_FREE char *directory = NULL, *error = NULL;
	struct measurement run = { .detectors = request->detectors };

	if (request->resume != NULL) {
		directory = run_dir_find_measurement(request->resume, &error);
		if (directory == NULL || measurement_read(directory, &run, &error) != 0) {
			measurement_free(&run);
			return complain(WHO, EXIT_USAGE, "%s", error);
		}
	}
	for (int d = 0; d < DETECTOR_COUNT; d++) {
		if (!(run.detectors & BIT(d)) || !toolchain_has_compiler((enum detector_id)d))
			continue;
		option_print_program("measure", d);
		option_print_program("replay", d);
	}
	measurement_free(&run);
	return 0;
}

/* A mix that cannot be read must not cost a measurement. */
static int read_mix(struct arguments *arguments, struct mix *ret)
{
	AUTO_FREE char *error = NULL;
	struct measure_request *request = &arguments->request;

	if (arguments->draws && arguments->mix == NULL)
		return complain(WHO, EXIT_USAGE,
			"plans=mix: from which? Next: make measure PLANS=mix MIX=fuzzed");
	if (arguments->draws && (request->shards > 1 || request->job != NULL))
		return complain(
			WHO, EXIT_USAGE, "plans=mix: shards of it do not add up; leave shard out");
	if (arguments->mix != NULL && mix_read(arguments->mix, ret, &error) != 0)
		return complain(WHO, EXIT_USAGE, "%s", error);
	request->mix = arguments->draws ? ret : NULL;
	return 0;
}

static int measure(struct arguments *arguments)
{
	AUTO_FREE char *directory = NULL;
	struct mix mix = { 0 };
	int code = read_mix(arguments, &mix), shown;

	if (code == 0)
		code = measure_request_run(&arguments->request, &directory);
	if (arguments->mix != NULL && directory != NULL && (code == 0 || code == EXIT_FINDING)) {
		printf("\n");
		shown = show_mix(WHO, arguments->mix, directory, false);
		code = shown != 0 ? shown : code;
	}
	mix_free(&mix);
	return code;
}

int cmd_measure(int argc, char **argv)
{
	static const struct argp_option options[] = {
		{ "inputs", 'n', "N", 0,
			"Judge N random plans for each class and idiom; default 100000", 0 },
		{ "seed", 's', "N", 0, "Seed of the random plans; default 1", 0 },
		{ "plans", 'p', "random|grid|mix", 0,
			"random (default); or grid: judge each combination of size, width, region "
			"and distance once, for oob-read and oob-write only; or mix: draw "
			"violations from --mix",
			0 },
		{ "classes", 'c', "SLUGS", 0,
			"Only these classes, such as oob-read,oob-write; default all", 0 },
		{ "idioms", 'i', "SLUGS", 0, "Only this idiom, go or rust; default both", 0 },
		{ "detectors", 'd', "SLUGS", 0,
			"Only these detectors; default none,asan,ubsan,asan+ubsan", 0 },
		{ "jobs", 'j', "N", 0, "Run N processes at a time; default one for each core", 0 },
		{ "audit", 'a', "N", 0,
			"Audit at least N plans of each class, idiom and detector; default 32", 0 },
		{ "shard", 'S', "i/n", 0,
			"Judge only the i-th of n equal parts; triage merge adds the parts up", 0 },
		{ "job", 'J', "JOB", 0,
			"Judge the part of job JOB that --shard names, or continue that part; "
			"scripts/shard uses this option",
			0 },
		{ "counts", OPTION_COUNTS, "1", OPTION_ARG_OPTIONAL,
			"Keep counts alone: no plan can be shown or counted by other axes afterwards. Without this, the plans of more than 100000000 are kept packed",
			0 },
		{ "resume", 'r', "ID", 0,
			"Continue run ID, which was cut off; triage runs lists the ids", 0 },
		{ "mix", 'x', "MIX", 0,
			"Print the rates under this mix too: a name in harnesses/mixes/, or a file",
			0 },
		{ "backwards", OPTION_BACKWARDS, NULL, 0,
			"Judge the last plan first; the results are the same", 0 },
		{ "unit", OPTION_UNIT, "N", 0,
			"Start a new worker process after N plans; the results are the same", 0 },
		{ 0 },
	};
	static const struct argp argp = { options, parse, "",
		"Judges random plans of every class under every detector and prints the rates.\n"
		"A plan is one input: an object and an operation that keeps or breaks a rule of "
		"memory safety. A detector is a checker such as ASan. An audit judges one plan "
		"again, in a process of its own, by the full report. All results are kept in a "
		"new directory under runs/.\v"
		"Example: triage measure -n 10000 -c oob-read,oob-write -d asan,msan\n"
		"Ctrl-C keeps the plans that are judged, and --resume continues.\n"
		"Exit codes: 0 fine, 1 internal error, 2 an audit disagrees, 3 the run was begun "
		"with another toolchain or job, 64 usage, 75 another process is at work on the "
		"part, 130 interrupted.",
		NULL, NULL, NULL };
	struct arguments arguments = { .request = measure_request_default() };
	bool programs = option_programs(&argc, argv);

	arguments.request.out = stdout;
	argp_err_exit_status = 64;
	argp_parse(&argp, argc, argv, 0, NULL, &arguments);
	return programs ? print_programs(&arguments.request) : measure(&arguments);
}
