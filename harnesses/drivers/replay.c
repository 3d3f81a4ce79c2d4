/* SPDX-License-Identifier: Apache-2.0
 * The replay driver: runs one input of any class, or one after another for a client that judges them. */
#include "base/begin.h"
#include "base/utf8.h"
#include "classes/class.h"
#include "classes/class_run.h"
#include "input.h"
#include "record/death.h"
#include "record/serve.h"
#include "verdict/detectors.h"

#include <argp.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define TEXT(number)    #number
#define VERSION(number) "fencepost replay, plan version " TEXT(number)
const char *argp_program_version = VERSION(PLAN_VERSION);

struct arguments {
	const char *exec;
	bool show_options, serve;
};

enum {
	OPTION_EXEC = 1000,
	OPTION_OPTIONS,
	OPTION_SERVE,
};

/* Uninstrumented: MSan knows nothing of argp, whose memory would look uninitialised. */
static UNINSTRUMENTED error_t parse_option(int key, char *value, struct argp_state *state)
{
	struct arguments *arguments = state->input;

	switch (key) {
	case OPTION_EXEC: arguments->exec = value; break;
	case OPTION_OPTIONS: arguments->show_options = true; break;
	case OPTION_SERVE: arguments->serve = true; break;
	case ARGP_KEY_ARGS: break; /* an audit with long arguments must not differ */
	case ARGP_KEY_END:
		if (arguments->exec == NULL && !arguments->show_options && !arguments->serve)
			argp_usage(state);
		break;
	default: return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

static void run_here(void *arg)
{
	const struct plan *plan = arg;

	death_observe();
	class_run(plan);
}

static void serve(void *arg)
{
	(void)arg;
	serve_plans(STDIN_FILENO, run_here);
}

static int run_staged(void (*body)(void *), void *arg)
{
	const char *failure = stage_run(body, arg);

	if (failure != NULL)
		fprintf(stderr, "replay: stage not built: %s\n", failure);
	return failure != NULL;
}

static int fail(const char *path, int error)
{
	fprintf(stderr, "replay: ");
	utf8_print(stderr, path);
	fprintf(stderr, ": %s\n", strerror(error));
	return 1;
}

/* Not inlined: merged with serving, its call would have no line in reports. */
static __attribute__((noinline)) int exec_one(const char *path)
{
	const char *record_path = getenv("FENCEPOST_RECORD");
	uint8_t bytes[PLAN_BYTES];
	ssize_t size = input_read(path, bytes, sizeof(bytes));
	struct plan plan;

	if (size < 0)
		return fail(path, (int)-size);
	if (record_path != NULL && (record = record_map(record_path)) == NULL)
		return fail(record_path, errno);
	plan = plan_decode(bytes, (size_t)size, PLAN_FREE);
	return run_staged(run_here, &plan);
}

static int print_options(void)
{
	printf("%s\nchecks        %s\nASAN_OPTIONS  %s\nUBSAN_OPTIONS %s\nMSAN_OPTIONS  %s\n",
		detector_self->slug, detector_self->checks, detector_self->asan_options,
		detector_self->ubsan_options, detector_self->msan_options);
	return 0;
}

int main(int argc, char **argv)
{
	static const struct argp_option options[] = {
		{ "options", OPTION_OPTIONS, NULL, 0, "Print the detector's row and stop", 0 },
		{ "exec", OPTION_EXEC, "FILE", 0, "Run FILE in this very process, print nothing",
			0 },
		{ "serve", OPTION_SERVE, NULL, 0,
			"Run plans that come through the socket on standard input, each in a fork",
			0 },
		{ 0 },
	};
	static const struct argp argp = {
		options,
		parse_option,
		NULL,
		"Runs an input under the detector that this program was built with; what the detector "
		"says is all that is said. In words, with truth and verdict: build/bin/triage replay.\v"
		"Exit codes: 0 the input ran, 1 it could not be read or run, 64 usage.",
		NULL,
		NULL,
		NULL,
	};
	struct arguments arguments = { 0 };

	program_begin();
	argp_err_exit_status = 64;
	argp_parse(&argp, argc, argv, 0, NULL, &arguments);
	if (arguments.show_options)
		return print_options();
	return arguments.serve ? run_staged(serve, NULL) : exec_one(arguments.exec);
}
