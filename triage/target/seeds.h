/* SPDX-License-Identifier: Apache-2.0
 * Finds the seeds of a target, and tries them before fuzzing, because some may crash at once. A
 * seed is an input with which fuzzing begins. */
#ifndef FENCEPOST_TARGET_SEEDS_H
#define FENCEPOST_TARGET_SEEDS_H

#include "fuzz.h"

struct target_seeds {
	char *directory; /* directory of the seeds, for the engine */
	bool made_up;    /* the target had no seeds, so one was generated */
	struct inputs list;
	size_t tried;           /* number of tried seeds, from the start of the list */
	struct inputs crashing; /* tried seeds that crash, including those that exceed a limit */
	/* numbers of seeds that exceeded the time limit and the memory limit */
	size_t late, large;
	/* paths of the first seed of each sort; the list owns them */
	const char *first_crash, *first_late, *first_large;
	size_t refused;    /* number of tried seeds that end with another exit status than 0 */
	char *first_end;   /* crash_ended() of the first of these seeds, or NULL */
	const char *check; /* report_check() of the first seed that crashes, or NULL */
};
/* the time limit of a seed, in time limits of an execution under the engine */
#define TARGET_SEEDS_PATIENCE 10
#define TARGET_SEEDS_MIB      2048

/* Finds or generates the seeds, for the run in the directory @run. Returns 0, or an exit code after
 * a message was printed. target_seeds_free() frees the result either way. */
int target_seeds_find(
	const struct target_request *request, const char *run, struct target_seeds *ret);

/* Runs the target on the first seeds. Returns 0, or an exit code after a message was printed. */
int target_seeds_try(
	const struct target_request *request, const char *run, struct target_seeds *seeds);

void target_seeds_free(struct target_seeds *seeds);

/* Checks that the request's dictionary is a file. Returns 0, or EXIT_USAGE after a message was
 * printed. AFL++ would also take a directory, and would not complain about an empty one. */
int target_dictionary_check(const struct target_request *request);

/* Returns the path of the request's dictionary, or of the one beside its source, or NULL. The
 * caller frees the path. */
char *target_dictionary(const struct target_request *request);

#endif
