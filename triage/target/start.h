/* SPDX-License-Identifier: Apache-2.0
 * Checks that a target's program starts and runs an input. A program that does not start crashes on no input, and would
 * look as if its bugs were fixed. */
#ifndef FENCEPOST_TARGET_START_H
#define FENCEPOST_TARGET_START_H

#include "fuzz.h"

/* Runs the program once, without an input. 0, or an exit code with a text for the caller to free, "PROGRAM does not
 * start: " and its output. EXIT_USAGE: our driver refused a mark; else EXIT_INTERNAL. */
int target_start(const struct target_request *request, char **ret_error);

/* Returns our environment with @variable, "NAME=value". The caller frees the list, but not its strings. */
char **target_environment_with(char *variable);

#endif
