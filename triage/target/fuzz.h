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

#endif
