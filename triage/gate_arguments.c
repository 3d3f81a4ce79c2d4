/* SPDX-License-Identifier: Apache-2.0
 * The command line of gate and baseline. */
#include "gate_arguments.h"

#include "../harnesses/detectors.h"
#include "file.h"
#include "report_print.h"
#include "slugs.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The last line names the code. */
int gate_end(const struct gate_arguments *arguments, int code, const char *text)
{
	fprintf(stderr, "%s: ", arguments->name);
	report_print_escaped(stderr, text);
	fprintf(stderr, "\n%s: exit %d\n", arguments->name, code);
	return code;
}

/* Bits of slugs between blanks or commas. */
static uint32_t parse_detectors(const char *value, struct argp_state *state)
{
	AUTO_FREE char *list = format("%s", value);
	char *rest = list;
	uint32_t bits = 0;

	for (char *slug = strsep(&rest, ", "); slug != NULL; slug = strsep(&rest, ", ")) {
		AUTO_FREE char *all = slugs_all(detector_slug);
		int found = detector_find(slug);

		if (*slug == '\0')
			continue;
		if (found < 0)
			argp_error(state, "--detectors: no such detector; there are:%s", all);
		bits |= BIT(found);
	}
	return bits;
}

static error_t parse(int key, char *value, struct argp_state *state)
{
	struct gate_arguments *arguments = state->input;
	char *rest;
	unsigned long jobs;

	switch (key) {
	case 'r': arguments->run = value; break;
	case 'b': arguments->baseline = value; break;
	case 'e': arguments->expected = value; break;
	case 'c': arguments->crashes = value; break;
	case 'o': arguments->output = value; break;
	case 'd': arguments->detectors = parse_detectors(value, state); break;
	case 'j':
		jobs = strtoul(value, &rest, 10);
		if (*value < '0' || *value > '9' || *rest != '\0' || jobs < 1 || jobs > 1024)
			argp_error(state, "--jobs must be a whole number from 1 to 1024");
		arguments->jobs = (unsigned)jobs;
		break;
	case ARGP_KEY_ARG: argp_usage(state); break;
	default: return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

static const struct argp_option options[] = {
	{ "run", 'r', "RUN", 0,
		"A directory, an id under runs/, or latest, instead of measuring now", 0 },
	{ "baseline", 'b', "FILE", 0, "Default ci/baseline.json", 0 },
	{ "crashes", 'c', "DIRECTORY", 0, "Of kept reproducers; default crashes", 0 },
	{ "detectors", 'd', "SLUGS", 0, "Only these; default all that are built", 0 },
	{ "jobs", 'j', "N", 0, "Processes at a time; default one a core", 0 },
	{ "expected", 'e', "FILE", 0, "gate only; default ci/expected.tsv", 0 },
	{ "output", 'o', "DIRECTORY", 0, "gate only; default gate/ in the run's directory", 0 },
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
