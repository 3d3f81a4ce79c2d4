/* SPDX-License-Identifier: Apache-2.0
 * A program with a main() of its own, which AFL++ fuzzes as it is: make fuzz PROGRAM='./tool @@'. */
#ifndef FENCEPOST_TARGET_TOOL_H
#define FENCEPOST_TARGET_TOOL_H

#include "fuzz.h"

/* Splits request->command, and fills in @argv, @program, @emulated and, without one, @source. 0, also without a command;
 * or the exit code, with a message printed. target_tool_close() frees the result either way. */
int target_tool_open(struct target_request *request);
void target_tool_close(struct target_request *request);

/* Returns how many executions AFL++ has written down in the run @directory; it is up to a minute late. */
uint64_t target_tool_executions(const char *directory);

#endif
