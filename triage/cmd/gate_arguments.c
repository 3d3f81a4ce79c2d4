/* SPDX-License-Identifier: Apache-2.0
 * The command line of gate and baseline. */
#include "gate_arguments.h"

#include "base/complain.h"
#include "base/slugs.h"
#include "base/util.h"
#include "dedup/symbols.h"
#include "gate/rows.h"
#include "gate/text.h"
#include "harnesses/verdict/detectors.h"
#include "option.h"

#include <errno.h>
#include <string.h>

int gate_find_symbolizer(const struct gate_arguments *arguments)
{
	AUTO_FREE char *program = symbols_program();
	AUTO_FREE char *words = gate_symbolizer_words(-ENOENT);

	return program != NULL ? 0 : gate_end(arguments->name, 1, words);
}

/* cmd_gate looks at these. */
#define OPTION_ELSEWHERE 256

static error_t parse(int key, char *value, struct argp_state *state)
{
	struct gate_arguments *arguments = state->input;

	switch (key) {
	case 'r': arguments->run = value; break;
	case 'b': arguments->baseline = value; break;
	case 'e': arguments->expected = value; break;
	case 'c': arguments->crashes = value; break;
	case 'o': arguments->output = value; break;
	case 'd':
		arguments->detectors = option_slugs(
			arguments->name, "detectors", value, detector_find, detector_slug);
		break;
	case 'j':
		arguments->jobs = (unsigned)option_number(arguments->name, "jobs", value, 1, 1024);
		break;
	case 's': arguments->strict = true; break;
	case OPTION_ELSEWHERE: break;
	case ARGP_KEY_ARG: argp_error(state, "%s: unexpected argument", value); break;
	default: return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

static const struct argp_option options[] = {
	{ "run", 'r', "RUN", 0,
		"Use this run instead of measuring now: a directory, an id under runs/, or latest",
		0 },
	{ "baseline", 'b', "FILE", 0, "Path of the baseline; default ci/baseline.json", 0 },
	{ "crashes", 'c', "DIRECTORY", 0, "Directory of the kept reproducers; default crashes", 0 },
	{ "detectors", 'd', "SLUGS", 0, "Only these detectors; default all that are built", 0 },
	{ "jobs", 'j', "N", 0, "Run N processes at a time; default one for each core", 0 },
	{ "expected", 'e', "FILE", 0,
		"The list of accepted regressions; default ci/expected.tsv; not with --accept", 0 },
	{ "strict", 's', NULL, 0, "Exit with 2 on an improvement too; not with --accept", 0 },
	{ "output", 'o', "DIRECTORY", 0,
		"Write the results there; default gate/ in the directory of the run; not with "
		"--accept",
		0 },
	{ "accept", OPTION_ELSEWHERE, NULL, 0,
		"Write the measured results into the baseline; --accept --help explains it", 0 },
	{ "target", OPTION_ELSEWHERE, "SOURCE", 0,
		"Compare the crashes of your own code instead; --target=SOURCE --help explains it",
		0 },
	{ 0 },
};

struct gate_arguments gate_arguments_read(
	const char *name, const char *words, int argc, char **argv)
{
	const struct argp argp = { options, parse, "", words, NULL, NULL, NULL };
	struct gate_arguments arguments = { .name = name,
		.baseline = "ci/baseline.json",
		.expected = "ci/expected.tsv",
		.crashes = "crashes",
		.detectors = BIT(DETECTOR_COUNT) - 1 };

	argp_err_exit_status = 64;
	argp_parse(&argp, argc, argv, 0, NULL, &arguments);
	return arguments;
}
