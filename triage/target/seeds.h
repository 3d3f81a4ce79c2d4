/* SPDX-License-Identifier: Apache-2.0
 * The seeds of a target: finds them, and tries them before fuzzing, because some may crash at once. */
#ifndef FENCEPOST_TARGET_SEEDS_H
#define FENCEPOST_TARGET_SEEDS_H

#include "fuzz.h"

struct target_seeds {
	char *directory; /* of the seeds, for the engine */
	bool made_up;    /* the target had none, so we made one */
	struct inputs list;
	size_t tried;           /* number of tried seeds, the first of the list */
	struct inputs crashing; /* tried seeds that crash, the late and the large included */
	size_t late, large;     /* exceeded our limit of time, of memory */
	const char *first_crash, *first_late, *first_large; /* paths of the list */
	size_t refused;    /* tried seeds that end with another exit status than 0 */
	char *first_end;   /* crash_ended() of the first of these, or NULL */
	const char *check; /* report_check() of the first that crashes, or NULL */
};
#define TARGET_SEEDS_PATIENCE 10 /* times the time limit of an execution under the engine */
#define TARGET_SEEDS_MIB      2048

/* Finds or makes the seeds, for a run in @run. 0, or an exit code with a message printed. target_seeds_free() frees the
 * result either way. */
int target_seeds_find(
	const struct target_request *request, const char *run, struct target_seeds *ret);

/* Runs the target on the first seeds. 0, or an exit code with a message printed. */
int target_seeds_try(
	const struct target_request *request, const char *run, struct target_seeds *seeds);

void target_seeds_free(struct target_seeds *seeds);

/* Checks that the request's dictionary is a file. 0, or EXIT_USAGE with a message. AFL++ would also take a directory, and
 * would not complain about an empty one. */
int target_dictionary_check(const struct target_request *request);

/* Returns the request's dictionary, or the one beside its source, or NULL. The caller frees. */
char *target_dictionary(const struct target_request *request);

#endif
