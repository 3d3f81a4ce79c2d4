/* SPDX-License-Identifier: Apache-2.0
 * Prepares a program with a main() of its own, which AFL++ fuzzes as it is: make fuzz
 * PROGRAM='./tool @@'. */
#ifndef FENCEPOST_TARGET_TOOL_H
#define FENCEPOST_TARGET_TOOL_H

#include "fuzz.h"

/* Splits request->command, and fills in @argv, @program and @emulated. If there is no @source,
 * fills that in too. Returns 0, also without a command, or the exit code after a message was
 * printed. target_tool_close() frees the result either way. */
int target_tool_open(struct target_request *request);
void target_tool_close(struct target_request *request);

/* Returns the number of executions that AFL++ has written down in the run @directory. The number is
 * up to a minute old. */
uint64_t target_tool_executions(const char *directory);

#endif
