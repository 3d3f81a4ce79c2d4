/* SPDX-License-Identifier: Apache-2.0
 * Concludes a run of a target: writes target.json, prints the last lines, and chooses the exit
 * code. */
#ifndef FENCEPOST_TARGET_CONCLUDE_H
#define FENCEPOST_TARGET_CONCLUDE_H

#include "deaths.h"
#include "library.h"
#include "seeds.h"
#include "truth.h"

struct target_work {
	const struct target_request *request;
	char *directory;
	struct target_seeds seeds;
	struct target_truth truth;
	struct target_library library;
	bool followed;            /* the number @reached is known */
	size_t reached;           /* number of the library's functions that inputs reach */
	json_t *counts, *buckets; /* results of target_truth_json() and buckets_json() */
	struct target_deaths deaths;
	json_t *unrepeated; /* result of target_deaths_unrepeated() */
	size_t saved;       /* number of crash files that were judged */
	size_t died;        /* number of these that are no hangs */
	size_t hangs;       /* number of hang files, judged or not */
	bool all_seeds_crash, failed, interrupted;
	bool later; /* this process finishes a run that was cut off */
};

/* Is there a library that no input reaches? Only certain knowledge counts. */
bool target_is_missed(const struct target_work *work);

/* Writes and prints the results. @triaged is the exit code of judging the crashes. Returns the exit
 * code of the run. */
int target_conclude(const struct target_work *work, int triaged);

#endif
