/* SPDX-License-Identifier: Apache-2.0
 * The seeds of a target: which there are, and which of them crash it before anything is fuzzed. */
#ifndef FENCEPOST_TARGET_SEEDS_H
#define FENCEPOST_TARGET_SEEDS_H

#include "fuzz.h"

struct target_seeds {
	char *directory; /* for the engine */
	bool made_up;    /* there were none, so it has one of ours */
	struct inputs list;
	size_t tried;           /* of the list, from its first on */
	struct inputs crashing; /* of those that were tried; also the late and the large */
	size_t late, large;     /* over our limits, which are no limits of the target's */
	const char *first_crash, *first_late, *first_large; /* of the list */
};
#define TARGET_SEEDS_PATIENCE 10 /* times as long as an execution may take under the engine */
#define TARGET_SEEDS_MIB      2048

/* Finds or makes them, for a run in @run. 0, or an exit code with a message printed; for target_seeds_free
 * either way. */
int target_seeds_find(
	const struct target_request *request, const char *run, struct target_seeds *ret);

/* Runs the target on the first ones. 0, or an exit code with a message printed. */
int target_seeds_try(
	const struct target_request *request, const char *run, struct target_seeds *seeds);

void target_seeds_free(struct target_seeds *seeds);

/* 0, or EXIT_USAGE with a message: the request's own is not a file. AFL++ takes a directory as well, and says
 * nothing that reaches anybody when it holds no word. */
int target_dictionary_check(const struct target_request *request);

/* The request's, the one beside its source, or NULL. The caller frees. */
char *target_dictionary(const struct target_request *request);

#endif
