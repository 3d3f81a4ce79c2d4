/* SPDX-License-Identifier: Apache-2.0
 * Fuzzing a target of a user's own, and triaging what was saved, in one run.
 *
 * runs/<id>/run.json       what was asked; written first, schema fencepost/target-run/1
 * runs/<id>/...            the engine's, as fuzz/engine.h has it; record.<job>.marks beside each record
 * runs/<id>/record.<job>.death.*   the first report of each death, and its input (harnesses/record/keep.h)
 * runs/<id>/seeds/         the seeds that were made up, or the journal of those that were tried
 * runs/<id>/crashes.json   as triage crashes writes it; not when the engine failed and nothing was saved
 * runs/<id>/target.json    written last, schema fencepost/target/1 */
#ifndef FENCEPOST_TARGET_FUZZ_H
#define FENCEPOST_TARGET_FUZZ_H

#include "crashes/run.h"
#include "fuzz/engine.h"

/* How inputs are replayed, unless the command line says otherwise. */
#define TARGET_REPLAY \
	{ \
		.timeout_s = 10, .memory_mib = 2048, .jobs = 4 \
	}

#define TARGET_SCHEMA "fencepost/target/1"

struct target_request {
	const char *source;  /* as typed */
	const char *program; /* built of it for @engine and @detector */
	const char *sources,
		*flags; /* that it was built with besides, words as a shell reads them; or NULL */
	enum engine_id engine;
	const struct detector *detector;
	const char *corpus,
		*dictionary; /* NULL: "<source without its suffix>/" and ".dict", if there */
	int time_s;          /* 0: no fuzzing, where there is a choice */
	uint64_t executions; /* that fuzzing ends after, if there is time left; 0: any number */
	int jobs, seed, timeout_ms;
	int loops;       /* AFL++'s executions a process; 0: many */
	const char *run; /* of gate and accept; NULL: the newest */
	struct crashes_request crashes;
};

/* Fuzzes and triages, with everything printed. EXIT_FINDING when there are crashes. *ret_directory, for the
 * caller to free, is NULL when no run was made. */
int target_fuzz(const struct target_request *request, char **ret_directory);

/* Judges what a run in @directory saved that was cut off before it could, on the program that it had. As
 * target_fuzz. */
int target_finish(const char *directory, const struct crashes_request *crashes);

/* "message" of "harnesses/examples/message.c", with '_' for what would surprise a shell. The caller frees. */
char *target_name(const char *source);
/* The path without its suffix, and @end behind it. The caller frees. */
char *target_beside(const char *source, const char *end);
/* How the source is called in runs: from here where that is shorter. The caller frees. */
char *target_identity(const char *source);

/* What make is told to do something else with it: "TARGET=fuzz/x.c SOURCES='a.c b.c' DETECTOR=asan"; and the command
 * of its gate, "DETECTOR=asan ci/gate --target fuzz/x.c". Fit for a shell; the caller frees. */
char *target_variables(const struct target_request *request);
char *target_gate_command(const struct target_request *request);

/* The newest complete run, not a failed one, of the request's source and detector, or request->run. NULL with *ret_error set for
 * free when request->run is none; NULL without when there is no run. The caller frees. */
char *target_find_run(const struct target_request *request, char **ret_error);

#define TARGET_HANGS_MAX 4 /* each may take as long as a replay may, and AFL++ keeps hundreds */

/* Adds the engine's crash files and the first hangs by name, TARGET_HANGS_MAX at most (libFuzzer's are crash
 * files); returns how many hangs there are. */
size_t target_kept(const char *directory, struct inputs *inputs);

/* The same, and the seeds that crash. */
void target_saved(const char *directory, struct inputs *inputs);

#endif
