/* SPDX-License-Identifier: Apache-2.0
 * Checks that a target's program starts and runs an input. A program that does not start crashes on
 * no input. Its bugs would then look as if they were fixed. */
#ifndef FENCEPOST_TARGET_START_H
#define FENCEPOST_TARGET_START_H

#include "fuzz.h"

/* Runs the program once, without an input. Returns 0, or an exit code and a text in *ret_error:
 * "PROGRAM does not start: " and the output. The caller frees the text. EXIT_USAGE: our driver
 * refused a mark of the target. EXIT_INTERNAL: any other failure. */
int target_start(const struct target_request *request, char **ret_error);

/* Returns the environment of this process with @variable, "NAME=value", added. The caller frees the
 * list, but not its strings. */
char **target_environment_with(char *variable);

#endif
