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
	case OPTION_CLASS: exit(complain(WHO, EXIT_USAGE, "say CLASS= or TARGET=: both are there"));
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
	{ "target", 'T', "SOURCE", 0, "your harness; needed", 0 },
	{ "accept", OPTION_ACCEPT, NULL, 0, "gate: accept the crashes that there are", 0 },
	{ "program", OPTION_PROGRAM, "FILE", 0, "what scripts/build-target made of SOURCE; needed",
		0 },
	{ "command", OPTION_COMMAND, "WORDS", 0,
		"fuzz: a program with a main() of its own and its arguments, @@ for the file, that is "
		"fuzzed by AFL++ as it is; SOURCE is then any name, and no --program is needed",
		0 },
	{ "sources", OPTION_SOURCES, "WORDS", 0,
		"that it was built of besides, for the commands that are printed", 0 },
	{ "flags", OPTION_FLAGS, "WORDS", 0, "that it was built with, likewise", 0 },
	{ "build", OPTION_BUILD, "COMMAND", 0, "that it was built by, likewise", 0 },
	{ "detector", 'd', "SLUG", 0, "that it was built for; default asan+ubsan", 0 },
	{ "engine", 'e', "SLUG", 0, "that it was built for: afl (default) or libfuzzer", 0 },
	{ "corpus", 'c', "DIRECTORY", 0, "seeds; default: the directory named as SOURCE is", 0 },
	{ "dict", 'x', "FILE", 0, "dictionary; default: the .dict named as SOURCE is", 0 },
	{ "time", 't', "SECONDS", 0, "of fuzzing; default 60, for the gate none", 0 },
	{ "executions", OPTION_EXECUTIONS, "N", 0, "that fuzzing ends after, if there is time left",
		0 },
	{ "loops", OPTION_LOOPS, "N", 0, "AFL++'s executions a process; default 10000", 0 },
	{ "timeout", OPTION_TIMEOUT, "MILLISECONDS", 0, "of one execution; default 1000", 0 },
	{ "jobs", 'j', "N", 0, "the engine's processes at a time; default 1", 0 },
	{ "seed", 's', "N", 0, "the engine's seed; default 1", 0 },
	{ "run", 'r', "RUN", 0, "gate: the run to look at; default the newest of SOURCE", 0 },
	{ "sarif", OPTION_SARIF, "FILE", 0, "write the buckets there too", 0 },
	{ "html", OPTION_HTML, "FILE", 0, "write the buckets there too", 0 },
	{ "junit", OPTION_JUNIT, "FILE", 0, "write the buckets, or the gate's cases, there too",
		0 },
	{ "class", OPTION_CLASS, "SLUG", OPTION_HIDDEN, "of our harnesses only", 0 },
	{ 0 },
};

static const struct argp argp = {
	options,
	parse,
	"",
	"A target of your own: fuzz it and judge what was saved; gate: compare its crashes with the accepted ones, "
	"or accept those that there are. make fuzz TARGET=..., ci/gate --target ... and make baseline TARGET=... "
	"build it and call this.\v"
	"  make fuzz TARGET=harnesses/examples/message.c TIME=20\n"
	"  ci/gate --target harnesses/examples/message.c\n\n"
	"Exit codes: 0 fine, 1 internal error, 2 it crashes (gate: in a way that is not accepted), 3 nothing to "
	"compare, or nothing of the library was looked at, 64 usage, 130 interrupted.",
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
			"PROGRAM= is fuzzed by AFL++ as it was built; next: leave out SOURCES=, FLAGS=, "
			"BUILD=, DETECTOR= and ENGINE=");
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
		return complain(WHO, EXIT_USAGE, "say --target=SOURCE and --program=FILE");
	if (access(request.source, R_OK) != 0)
		return complain(WHO, EXIT_USAGE, "%s: no such file", request.source);
	if (access(request.program, X_OK) != 0)
		return complain(WHO, EXIT_USAGE, "%s: no program; scripts/build-target makes it",
			request.program);
	crashes_forget(&request.crashes);
	return verb == TARGET_FUZZ ? fuzz(&request) : judge[verb](&request);
}
