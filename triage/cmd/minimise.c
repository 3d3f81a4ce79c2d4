/* SPDX-License-Identifier: Apache-2.0
 * The subcommand minimise: writes the simplest plan of the same bucket. */
#include "audit/minimal.h"
#include "base/complain.h"
#include "base/escape.h"
#include "base/util.h"
#include "cmd.h"
#include "option.h"
#include "runs/toolchain.h"

#include "harnesses/truth/describe.h"

#include <argp.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#define WHO "minimise"

struct arguments {
	const struct detector *detector;
	char *input, *output;
};

static error_t parse(int key, char *value, struct argp_state *state)
{
	struct arguments *arguments = state->input;

	switch (key) {
	case 'd':
		arguments->detector = &detectors[option_slug(
			WHO, "detector", value, detector_find, detector_slug)];
		break;
	case 'o': arguments->output = value; break;
	case ARGP_KEY_ARG:
		if (arguments->input != NULL)
			argp_error(state, "%s: unexpected argument", value);
		arguments->input = value;
		break;
	case ARGP_KEY_NO_ARGS: argp_error(state, "no INPUT given"); break;
	default: return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

/* "still silent (granule) under asan" */
static void print_answer(const struct audit_runner *runner, const struct plan *plan)
{
	struct audit audit;

	if (audit_run_plan(runner, plan, &audit) == 0)
		printf("still %s (%s) under %s\n", verdict_slug(audit.verdict),
			audit.verdict == VERDICT_SILENT ? cause_slug(audit.cause) : audit.seen.kind,
			runner->detector->slug);
	audit_free(&audit);
}

int cmd_minimise(int argc, char **argv)
{
	static const struct argp_option options[] = {
		{ "detector", 'd', "SLUG", 0, "run under this detector; default asan+ubsan", 0 },
		{ "output", 'o', "FILE", 0, "write FILE; default INPUT.min", 0 },
		{ 0 },
	};
	static const struct argp argp = { options, parse, "INPUT",
		"Writes the simplest plan that the detector reports like INPUT.\n"
		"A plan is the experiment that an input describes. Both reports fall into the "
		"same bucket. If the detector misses INPUT, it also misses the new plan, for the "
		"same cause and in the same region.\v"
		"Example: triage minimise -d asan -o small crashes/oob-write/ID/input\n"
		"Exit codes: 0 fine, 1 internal error or nothing is reported, 64 usage.",
		NULL, NULL, NULL };
	struct arguments arguments = { .detector = &detectors[DETECTOR_asan_ubsan] };
	AUTO_FREE uint8_t *bytes = NULL;
	AUTO_FREE char *program = NULL, *output = NULL;
	uint8_t canonical[PLAN_BYTES];
	char words[DESCRIBE_MAX];
	struct audit_runner runner;
	struct plan plan;
	size_t size;
	bool programs = option_programs(&argc, argv);
	int error;

	argp_err_exit_status = 64;
	argp_parse(&argp, argc, argv, 0, NULL, &arguments);
	if (*arguments.input == '\0')
		return complain(WHO, EXIT_USAGE,
			"no FILE given; next: make minimise FILE=path, such as one of crashes/*/*/input");
	if (programs) {
		option_print_program("replay", (int)(arguments.detector - detectors));
		return 0;
	}
	error = file_read(arguments.input, PLAN_BYTES, &bytes, &size);
	if (error != 0)
		return complain(WHO, error == -ENOENT ? 64 : 1, "%s: %s", arguments.input,
			strerror(-error));
	program = toolchain_program("replay", (enum detector_id)(arguments.detector - detectors));
	output = arguments.output != NULL ? format("%s", arguments.output) :
					    format("%s.min", arguments.input);
	plan = plan_decode(bytes, size, PLAN_FREE);
	runner = (struct audit_runner){ arguments.detector, program, false };
	error = minimal_plan(&runner, &plan);
	if (error == -ENODATA)
		return complain(WHO, 1,
			"%s: the plan breaks no rule and causes no report, so it cannot be minimised; next: build/bin/plan show",
			arguments.input);
	if (error != 0)
		return complain(WHO, 1, "%s: %s", program, strerror(-error));
	plan_encode(&plan, canonical);
	error = file_write(output, canonical, sizeof(canonical));
	if (error != 0)
		return complain(WHO, 1, "%s: %s", output, strerror(-error));
	describe_sentence(&plan, words);
	printf("%s\n", words);
	print_answer(&runner, &plan);
	escape_print(stdout, output);
	printf("\n");
	return 0;
}
