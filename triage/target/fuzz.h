/* SPDX-License-Identifier: Apache-2.0
 * Fuzzes a user's own target, and triages the saved files, in one run. The files are:
 *
 *   runs/<id>/run.json       the request; written first, schema fencepost/target-run/1
 *   runs/<id>/...            files of the engine (fuzz/engine.h); record.<job>.marks beside each
 *                            record
 *   runs/<id>/record.<job>.death.*   the first report of each death, and its input
 *                            (harnesses/record/keep.h)
 *   runs/<id>/seeds/         a generated seed, if the target had none; or the results of trying the
 *                            seeds
 *   runs/<id>/crashes.json   as triage crashes writes it; absent if the engine failed without a
 *                            saved file
 *   runs/<id>/target.json    the result; written last, schema fencepost/target/1 */
#ifndef FENCEPOST_TARGET_FUZZ_H
#define FENCEPOST_TARGET_FUZZ_H

#include "crashes/run.h"
#include "fuzz/engine.h"

/* The default options of the replay. */
#define TARGET_REPLAY \
	{ \
		.timeout_s = 10, .memory_mib = 2048, .jobs = 4 \
	}

struct target_request {
	const char *source; /* path of the source as typed; with @command, any name */
	/* path of the program, built from @source for @engine and @detector */
	const char *program;
	/* command line of a program that is fuzzed as it is (tool.h), or NULL */
	const char *command;
	char **argv;   /* words of @command, or NULL */
	bool emulated; /* the program of @command has no coverage of its own */
	/* further sources and flags of the build, as words of a shell; or NULL */
	const char *sources, *flags;
	const char *build; /* the shell command that made @program, or NULL */
	enum engine_id engine;
	const struct detector *detector;
	/* NULL: "<source without its suffix>/" and "<source without its suffix>.dict", if they
	 * exist */
	const char *corpus, *dictionary;
	int time_s;          /* seconds to fuzz; 0: the gate does not fuzz */
	uint64_t executions; /* most executions; 0: only the time limits */
	int jobs, seed, timeout_ms;
	int loops;       /* executions of AFL++ in one process; 0: many */
	const char *run; /* the run that the gate reads; NULL: the newest */
	struct crashes_request crashes;
};

/* Fuzzes, triages and prints all results. Returns the exit code, EXIT_FINDING if there are crashes.
 * *ret_directory becomes the path of the run, or NULL; the caller frees it. */
int target_fuzz(const struct target_request *request, char **ret_directory);

/* Finishes the run in @directory, which was cut off: judges its saved files on its program. Returns
 * as target_fuzz() does. */
int target_finish(const char *directory, const struct crashes_request *crashes);

#endif
