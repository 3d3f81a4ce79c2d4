/* SPDX-License-Identifier: Apache-2.0
 * Fuzzes a user's own target, and triages the saved files, in one run.
 *
 * runs/<id>/run.json       the request; written first, schema fencepost/target-run/1
 * runs/<id>/...            files of the engine (fuzz/engine.h); record.<job>.marks beside each record
 * runs/<id>/record.<job>.death.*   the first report of each death, and its input (harnesses/record/keep.h)
 * runs/<id>/seeds/         a seed of ours, if the target had none; or the journal of trying the seeds
 * runs/<id>/crashes.json   as triage crashes writes it; absent when the engine failed without a saved file
 * runs/<id>/target.json    written last, schema fencepost/target/1 */
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
	const char *source;          /* as typed; of a @command any name */
	const char *program;         /* built from @source for @engine and @detector */
	const char *command;         /* of a program that is fuzzed as it is (tool.h), or NULL */
	char **argv;                 /* the words of @command, or NULL */
	bool emulated;               /* ... whose program has no coverage of its own */
	const char *sources, *flags; /* of the build, as words of a shell; or NULL */
	const char *build;           /* command for a shell that made @program, or NULL */
	enum engine_id engine;
	const struct detector *detector;
	const char *corpus,
		*dictionary; /* NULL: "<source without its suffix>/" and ".dict", if there */
	int time_s;          /* 0: do not fuzz, for the gate */
	uint64_t executions; /* limit besides @time_s; 0: none */
	int jobs, seed, timeout_ms;
	int loops;       /* AFL++'s executions in one process; 0: many */
	const char *run; /* for gate and accept; NULL: the newest */
	struct crashes_request crashes;
};

/* Fuzzes, triages and prints everything. Returns the exit code, EXIT_FINDING when there are crashes. *ret_directory gets
 * the path of the run, for the caller to free, or NULL. */
int target_fuzz(const struct target_request *request, char **ret_directory);

/* Finishes a run in @directory that was cut off: judges its saved files on its program. Returns as target_fuzz(). */
int target_finish(const char *directory, const struct crashes_request *crashes);

#endif
