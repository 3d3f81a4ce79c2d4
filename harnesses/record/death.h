/* SPDX-License-Identifier: Apache-2.0
 * Deaths that no sanitizer announces: hardware signals, and what glibc says when it aborts. */
#ifndef FENCEPOST_RECORD_DEATH_H
#define FENCEPOST_RECORD_DEATH_H

#include "verdict/verdict.h"

/* From now on hardware signals and abort() are observed before they end the process. */
void death_observe(void);

/* What death_end calls first, if it is not NULL: an engine's driver may save the input here. It runs in
 * signal handlers and inside reporting runtimes, so it may neither allocate nor lock. */
extern void (*death_save)(void);

/* Ends the process by SIGABRT, unseen by death_observe's handler. */
_Noreturn void death_end(void);

/* "invalid-free", "heap-corruption", "stack-smashing", "buffer-overflow" or "unknown". */
const char *glibc_abort_kind(const char *message);
/* Whose check it is: TOOL_FORTIFY or TOOL_GLIBC. */
enum tool glibc_abort_tool(const char *message);

#endif
