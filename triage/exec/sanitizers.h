/* SPDX-License-Identifier: Apache-2.0
 * The environment of a target's processes: what its sanitizers are told. */
#ifndef FENCEPOST_EXEC_SANITIZERS_H
#define FENCEPOST_EXEC_SANITIZERS_H

#include "program.h"

/* How a process of a target is to report. */
struct sanitizers_reports {
	const char *log_path; /* for sanitizers; NULL: standard error */
	bool bare;            /* bare program counters (memory_map.h) */
	bool leaks;           /* look for leaks, unless target->leaks is off */
};

/* The environment of a target's process: the user's, and options of the sanitizers. Our defaults stand under what
 * the user, and then the campaign, say; only what reports cannot be read without stands above. For
 * program_arguments_free. */
char **sanitizers_environment(
	const struct program *target, const struct sanitizers_reports *reports);

/* Have the user's options switched leaks off? */
bool sanitizers_no_leaks(void);

#endif
