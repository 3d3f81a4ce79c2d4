/* SPDX-License-Identifier: Apache-2.0
 * The environment of a target's processes, with the options for its sanitizers. */
#ifndef FENCEPOST_EXEC_SANITIZERS_H
#define FENCEPOST_EXEC_SANITIZERS_H

#include "program.h"

/* The way in which a process of a target reports. */
struct sanitizers_reports {
	const char *log_path; /* file of reports; NULL: standard error */
	bool bare;            /* report bare program counters (memory_map.h) */
	bool leaks;           /* look for leaks, unless target->leaks is off */
};

/* Returns the user's environment with sanitizer options. The user's options override the campaign's, and those override
 * our defaults. A few of ours override all, because reports cannot be read without them. program_arguments_free() frees
 * the result. */
char **sanitizers_environment(
	const struct program *target, const struct sanitizers_reports *reports);

/* Do the user's options turn the leak check off? */
bool sanitizers_no_leaks(void);

#endif
