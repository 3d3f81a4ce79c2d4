/* SPDX-License-Identifier: Apache-2.0
 * The results of a run of a target: target.json, the last lines, the exit code. */
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
	bool followed;            /* @reached is known */
	size_t reached;           /* functions of the library that inputs reach */
	json_t *counts, *buckets; /* target_truth_json, buckets_json */
	struct target_deaths deaths;
	json_t *unrepeated; /* target_deaths_unrepeated */
	size_t saved;       /* judged crash files */
	size_t died;        /* of these, the ones that are no hangs */
	size_t hangs;       /* hang files, judged or not */
	bool all_seeds_crash, failed, interrupted;
	bool later; /* finishes a run that was cut off */
};

/* Is there a library that no input reaches, as far as that is known? */
bool target_is_missed(const struct target_work *work);

/* Writes and prints the results. @triaged is the exit code of judging the crashes. Returns the exit code of the run. */
int target_conclude(const struct target_work *work, int triaged);

#endif
