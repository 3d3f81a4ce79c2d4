/* SPDX-License-Identifier: Apache-2.0
 * The subcommand minimise: the plainest plan that still falls into the same bucket.
 *
 * afl-tmin shortens inputs; plans are all equally long and read byte by byte as axes, so plainer means
 * more axes at their first value. */
#include "bucket.h"
#include "cmd.h"
#include "file.h"
#include "report_print.h"

#include "../harnesses/words.h"

#include <argp.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

struct arguments {
	const struct detector *detector;
	char *input, *output;
};

static error_t parse(int key, char *value, struct argp_state *state)
{
	struct arguments *arguments = state->input;
	int detector;

	switch (key) {
	case 'd':
		detector = detector_find(value);
		if (detector < 0)
			argp_failure(state, 64, 0, "no such detector; see make list");
		arguments->detector = &detectors[detector];
		break;
	case 'o': arguments->output = value; break;
	case ARGP_KEY_ARG:
		if (arguments->input != NULL)
			argp_usage(state);
		arguments->input = value;
		break;
	case ARGP_KEY_NO_ARGS: argp_usage(state); break;
	default: return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

#define JUDGED_MAX (KEY_DIGITS + KIND_MAX + 2)

/* The verdict, and the key and kind, of @plan. 0 or -errno. */
static int judge(const struct audit_runner *runner, const struct plan *plan,
	enum verdict *ret_verdict, char ret_key[JUDGED_MAX])
{
	struct audit audit;
	int error = audit_run_plan(runner, plan, &audit);

	if (error == 0)
		error = audit_symbolize(runner, &audit, 1);
	if (error == 0) {
		*ret_verdict = audit.seen.tool == TOOL_NONE ? VERDICT_SILENT : audit.verdict;
		bucket_key(&audit, ret_key);
		/* a key takes overflows of the heap and of the stack for one */
		snprintf(ret_key + KEY_DIGITS, JUDGED_MAX - KEY_DIGITS, " %s", audit.seen.kind);
	}
	audit_free(&audit);
	return error;
}

/* Tries the lower values of one byte, the lowest first. True when one gives the same verdict and key. */
static bool lower(const struct audit_runner *runner, struct plan *plan, unsigned byte,
	enum verdict verdict, const char *key)
{
	uint8_t bytes[PLAN_BYTES], tried[PLAN_BYTES];

	plan_encode(plan, bytes);
	for (unsigned value = 0; value < bytes[byte] && value < SIZE_COUNT; value++) {
		struct plan candidate;
		enum verdict seen;
		char seen_key[JUDGED_MAX];

		memcpy(tried, bytes, PLAN_BYTES);
		tried[byte] = (uint8_t)value;
		candidate = plan_decode(tried, PLAN_BYTES, PLAN_FREE);
		plan_encode(&candidate, tried);
		if (memcmp(tried, bytes, PLAN_BYTES) >= 0)
			continue;
		if (judge(runner, &candidate, &seen, seen_key) != 0 || seen != verdict ||
			strcmp(seen_key, key) != 0)
			continue;
		*plan = candidate;
		return true;
	}
	return false;
}

static int minimise(const struct audit_runner *runner, struct plan *plan)
{
	enum verdict verdict;
	char key[JUDGED_MAX];
	bool changed = true;
	int error = judge(runner, plan, &verdict, key);

	if (error != 0)
		return error;
	if (verdict == VERDICT_SILENT)
		return -ENODATA;
	while (changed) {
		changed = false;
		/* the first two bytes are class and idiom, the third makes it a violation */
		for (unsigned byte = 3; byte < PLAN_BYTES; byte++)
			changed |= lower(runner, plan, byte, verdict, key);
	}
	return 0;
}

static int complain(const char *path, const char *message)
{
	fprintf(stderr, "minimise: ");
	report_print_escaped(stderr, path);
	fprintf(stderr, ": %s\n", message);
	return 1;
}

int cmd_minimise(int argc, char **argv)
{
	static const struct argp_option options[] = {
		{ "detector", 'd', "SLUG", 0, "default asan+ubsan", 0 },
		{ "output", 'o', "FILE", 0, "default INPUT.min", 0 },
		{ 0 },
	};
	static const struct argp argp = { options, parse, "INPUT",
		"Writes the plainest plan whose report falls into the same bucket as INPUT's.",
		NULL, NULL, NULL };
	struct arguments arguments = { .detector = &detectors[DETECTOR_asan_ubsan] };
	AUTO_FREE uint8_t *bytes = NULL;
	AUTO_FREE char *program = NULL, *output = NULL;
	uint8_t canonical[PLAN_BYTES];
	char words[WORDS_MAX];
	struct plan plan;
	size_t size;
	int error;

	argp_err_exit_status = 64;
	argp_parse(&argp, argc, argv, 0, NULL, &arguments);
	error = file_read(arguments.input, PLAN_BYTES, &bytes, &size);
	if (error != 0)
		return complain(arguments.input, strerror(-error));
	program = format("build/bin/replay-%s", arguments.detector->slug);
	output = arguments.output != NULL ? format("%s", arguments.output) :
					    format("%s.min", arguments.input);
	plan = plan_decode(bytes, size, PLAN_FREE);
	error = minimise(&(struct audit_runner){ arguments.detector, program, false }, &plan);
	if (error == -ENODATA)
		return complain(
			arguments.input, "nothing is reported of it, so there is nothing to keep");
	if (error != 0)
		return complain(program, strerror(-error));
	plan_encode(&plan, canonical);
	error = file_write(output, canonical, sizeof(canonical));
	if (error != 0)
		return complain(output, strerror(-error));
	words_sentence(&plan, words);
	printf("%s\n", words);
	report_print_escaped(stdout, output);
	printf("\n");
	return 0;
}
