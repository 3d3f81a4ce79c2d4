/* SPDX-License-Identifier: Apache-2.0
 * fuzz --target and gate --target: targets of a user's own. */
#include "base/complain.h"
#include "base/slugs.h"
#include "base/util.h"
#include "cmd.h"
#include "crashes/run.h"
#include "option.h"
#include "target/gate.h"
#include "target/tool.h"

#include <argp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define WHO "target"

#define JOBS_MAX   1024
#define TIMEOUT_MS 1000

enum {
	OPTION_SARIF = 256,
	OPTION_JUNIT,
	OPTION_HTML,
	OPTION_PROGRAM,
	OPTION_COMMAND,
	OPTION_SOURCES,
	OPTION_FLAGS,
	OPTION_BUILD,
	OPTION_TIMEOUT,
	OPTION_EXECUTIONS,
	OPTION_LOOPS,
	OPTION_CLASS,
	OPTION_ACCEPT
};

static error_t parse(int key, char *value, struct argp_state *state)
{
	struct target_request *request = state->input;

	switch (key) {
	case 'd': request->detector = cmd_fuzzed_detector(WHO, value, false); break;
	case OPTION_CLASS:
		exit(complain(WHO, EXIT_USAGE,
			"CLASS= and TARGET= exclude each other; next: leave one out"));
	case 'e':
		request->engine = (enum engine_id)option_slug(
			WHO, "engine", value, engine_find, engine_slug_at);
		break;
	case 'c': request->corpus = value; break;
	case 'x': request->dictionary = value; break;
	case 't': request->time_s = (int)option_number(WHO, "time", value, 1, 9999999); break;
	case 'j': request->jobs = (int)option_number(WHO, "jobs", value, 1, JOBS_MAX); break;
	case 's': request->seed = (int)option_number(WHO, "seed", value, 1, 9999999); break;
	case 'r': request->run = value; break;
	case OPTION_TIMEOUT:
		request->timeout_ms = (int)option_number(WHO, "timeout", value, 1, 600000);
		break;
	case OPTION_LOOPS:
		request->loops = (int)option_number(WHO, "loops", value, 1, 999999999);
		break;
	case OPTION_EXECUTIONS:
		request->executions = (uint64_t)option_number(
			WHO, "executions", value, 1, 999999999);
		break;
	case OPTION_ACCEPT: break; /* taken off before */
	case OPTION_PROGRAM: request->program = value; break;
	case OPTION_COMMAND: request->command = value; break;
	case OPTION_SOURCES: request->sources = value; break;
	case OPTION_FLAGS: request->flags = value; break;
	case OPTION_BUILD: request->build = value; break;
	case OPTION_SARIF: request->crashes.forms[FORM_SARIF] = value; break;
	case OPTION_HTML: request->crashes.forms[FORM_HTML] = value; break;
	case OPTION_JUNIT: request->crashes.forms[FORM_JUNIT] = value; break;
	case 'T': request->source = value; break;
	case ARGP_KEY_ARG: argp_usage(state); break;
	default: return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

static const struct argp_option options[] = {
	{ "target", 'T', "SOURCE", 0, "path of your harness; required", 0 },
	{ "accept", OPTION_ACCEPT, NULL, 0, "gate only: accept the present crashes", 0 },
	{ "program", OPTION_PROGRAM, "FILE", 0,
		"program that scripts/build-target made from SOURCE; required", 0 },
	{ "command", OPTION_COMMAND, "WORDS", 0,
		"fuzz only: command line of a program with a main() of its own, which AFL++ "
		"fuzzes as it is; @@ stands for the input. SOURCE is then any name, and "
		"--program is not required",
		0 },
	{ "sources", OPTION_SOURCES, "WORDS", 0,
		"further sources of the build; only printed commands use them", 0 },
	{ "flags", OPTION_FLAGS, "WORDS", 0, "flags of the build; only printed commands use them",
		0 },
	{ "build", OPTION_BUILD, "COMMAND", 0, "command of the build; only printed commands use it",
		0 },
	{ "detector", 'd', "SLUG", 0, "detector of the build; default asan+ubsan", 0 },
	{ "engine", 'e', "SLUG", 0, "engine of the build: afl (default) or libfuzzer", 0 },
	{ "corpus", 'c', "DIRECTORY", 0,
		"seeds; default: the directory with the name of SOURCE, without its suffix", 0 },
	{ "dict", 'x', "FILE", 0, "dictionary; default: the .dict file with the name of SOURCE",
		0 },
	{ "time", 't', "SECONDS", 0, "fuzz for so long; default 60, for the gate 0", 0 },
	{ "executions", OPTION_EXECUTIONS, "N", 0,
		"end fuzzing after N executions, or after its time", 0 },
	{ "loops", OPTION_LOOPS, "N", 0, "run N inputs in one process of AFL++; default 10000", 0 },
	{ "timeout", OPTION_TIMEOUT, "MILLISECONDS", 0, "limit of one execution; default 1000", 0 },
	{ "jobs", 'j', "N", 0, "run N processes of the engine at a time; default 1", 0 },
	{ "seed", 's', "N", 0, "seed of the engine; default 1", 0 },
	{ "run", 'r', "RUN", 0,
		"gate only: compare the crashes of this run; default the newest run of SOURCE", 0 },
	{ "sarif", OPTION_SARIF, "FILE", 0, "also write the buckets to FILE", 0 },
	{ "html", OPTION_HTML, "FILE", 0, "also write the buckets to FILE", 0 },
	{ "junit", OPTION_JUNIT, "FILE", 0, "also write the buckets, or the gate's cases, to FILE",
		0 },
	{ "class", OPTION_CLASS, "SLUG", OPTION_HIDDEN, "of our harnesses only", 0 },
	{ 0 },
};

static const struct argp argp = {
	options,
	parse,
	"",
	"Fuzzes your own code (a target) and judges the saved crashes. `triage gate` compares "
	"the crashes with the accepted ones, and with --accept accepts them. These commands "
	"build the target and call this one: make fuzz TARGET=..., ci/gate --target ... and make "
	"baseline TARGET=...\v"
	"  make fuzz TARGET=harnesses/examples/message.c TIME=20\n"
	"  ci/gate --target harnesses/examples/message.c\n"
	"\n"
	"Exit codes: 0 fine, 1 internal error, 2 the target crashes (gate: in a way that is not "
	"accepted), 3 nothing to compare, or no part of the library was checked, 64 usage, 130 "
	"interrupted.",
	NULL,
	NULL,
	NULL,
};

/* Our own code that a target is linked with. */
static int print_programs(const struct target_request *request)
{
	const char *slug = request->detector->slug;

	printf("build/%s/target/%s.o\nbuild/%s/target/support.o\n", slug,
		engine_slug(request->engine), slug);
	return 0;
}

static int fuzz(struct target_request *request)
{
	char *directory = NULL;
	int code;

	request->time_s = request->time_s > 0 ? request->time_s : 60;
	code = target_fuzz(request, &directory);
	free(directory);
	return code;
}

static int fuzz_tool(enum target_verb verb, bool programs, struct target_request *request)
{
	int code;

	if (verb != TARGET_FUZZ)
		return complain(WHO, EXIT_USAGE,
			"PROGRAM= has no gate; next: make fuzz, then build/bin/triage crashes --against");
	if (request->sources != NULL || request->flags != NULL || request->build != NULL ||
		request->detector != NULL || request->engine != ENGINE_AFL)
		return complain(WHO, EXIT_USAGE,
			"AFL++ fuzzes PROGRAM= as it was built; next: leave out SOURCES=, "
			"FLAGS=, BUILD=, DETECTOR= and ENGINE=");
	crashes_forget(&request->crashes);
	code = target_tool_open(request);
	if (code == 0 && !programs) /* none of ours is needed */
		code = fuzz(request);
	target_tool_close(request);
	return code;
}

int cmd_target(enum target_verb verb, int argc, char **argv)
{
	static int (*const judge[])(const struct target_request *request) = {
		[TARGET_GATE] = target_gate, [TARGET_ACCEPT] = target_accept
	};
	struct target_request request = {
		.jobs = 1, .seed = 1, .timeout_ms = TIMEOUT_MS, .crashes = TARGET_REPLAY
	};
	static char *none[] = { NULL };
	bool programs = option_programs(&argc, argv);

	argp_err_exit_status = EXIT_USAGE;
	argp_parse(&argp, argc, argv, 0, NULL, &request);
	request.crashes.directories = none;
	request.crashes.out = stdout;
	if (request.command != NULL)
		return fuzz_tool(verb, programs, &request);
	if (request.detector == NULL)
		request.detector = &detectors[DETECTOR_asan_ubsan];
	if (programs)
		return print_programs(&request);
	if (request.source == NULL || request.program == NULL)
		return complain(WHO, EXIT_USAGE,
			"--target=SOURCE or --program=FILE is missing; next: give both");
	if (access(request.source, R_OK) != 0)
		return complain(WHO, EXIT_USAGE, "%s: no such file", request.source);
	if (access(request.program, X_OK) != 0)
		return complain(WHO, EXIT_USAGE, "%s: no program; scripts/build-target makes it",
			request.program);
	crashes_forget(&request.crashes);
	return verb == TARGET_FUZZ ? fuzz(&request) : judge[verb](&request);
}
