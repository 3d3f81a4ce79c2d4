/* SPDX-License-Identifier: Apache-2.0
 * Makes the environment of a target's processes, with the options for its sanitizers. */
#ifndef FENCEPOST_EXEC_SANITIZERS_H
#define FENCEPOST_EXEC_SANITIZERS_H

#include "program.h"

/* The way in which a process of a target reports. */
struct sanitizers_reports {
	/* path prefix of the report files (logs.h); NULL: reports go to standard error */
	const char *log_path;
	bool bare; /* reports have bare program counters (memory_map.h) */
	/* the process looks for leaks, unless target->leaks is PROGRAM_LEAKS_OFF */
	bool leaks;
};

/* Returns the user's environment with sanitizer options added. Options of the user override those
 * of the campaign, and those of the campaign override Fencepost's defaults. A few options of
 * Fencepost override all others, because reports could not be read without them.
 * program_arguments_free() frees the result. */
char **sanitizers_environment(
	const struct program *target, const struct sanitizers_reports *reports);

/* Do the user's options switch the leak check off? */
bool sanitizers_no_leaks(void);

#endif
