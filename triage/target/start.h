/* SPDX-License-Identifier: Apache-2.0
 * Whether a target's program comes to the point where inputs are run: one that does not crashes on no input, and
 * would be taken for mended. */
#ifndef FENCEPOST_TARGET_START_H
#define FENCEPOST_TARGET_START_H

#include "fuzz.h"

/* Runs it once, on no input. 0, or an exit code with a text for the caller to free, "PROGRAM does not start: "
 * and its own words: EXIT_USAGE when it is a mark that our own driver refuses, else EXIT_INTERNAL. */
int target_start(const struct target_request *request, char **ret_error);

/* Our own environment and @variable, "NAME=value"; the caller frees the list alone. */
char **target_environment_with(char *variable);

#endif
