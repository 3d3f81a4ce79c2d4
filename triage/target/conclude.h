/* SPDX-License-Identifier: Apache-2.0
 * What a run of a target came to: target.json, the last lines, the exit code. */
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
	bool followed;            /* it is known what of the library inputs reach */
	size_t reached;           /* functions of it */
	json_t *counts, *buckets; /* target_truth_json, buckets_json */
	struct target_deaths deaths;
	json_t *unrepeated; /* target_deaths_unrepeated */
	size_t saved;       /* crash files that were judged */
	size_t died;        /* of them those that were saved as crashes, not as hangs */
	size_t hangs;       /* files of hangs, judged or not */
	bool all_seeds_crash, failed, interrupted;
	bool later; /* the engine ran before, and was cut off with us */
};

/* Is there a library, and did no input come to it, as far as that is known? */
bool target_is_missed(const struct target_work *work);

/* Writes and prints it. @triaged: EXIT_FINE, EXIT_FINDING, or why the crashes could not be judged. The exit code. */
int target_conclude(const struct target_work *work, int triaged);

#endif
