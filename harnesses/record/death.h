/* SPDX-License-Identifier: Apache-2.0
 * Observes deaths that no sanitizer reports: hardware signals and aborts of glibc. */
#ifndef FENCEPOST_RECORD_DEATH_H
#define FENCEPOST_RECORD_DEATH_H

#include "verdict/verdict.h"

/* Installs handlers that record hardware signals and abort() before these end the process. */
void death_observe(void);

/* Called first by death_end(), unless NULL: an engine's driver may save the input. It runs in signal handlers and inside
 * runtimes that report, so it may neither allocate nor lock. */
extern void (*death_save)(void);

/* Ends the process by SIGABRT, without the handler of death_observe(). */
_Noreturn void death_end(void);

/* Returns the kind of a glibc message: "invalid-free", "heap-corruption", "stack-smashing", "buffer-overflow" or
 * "unknown". */
const char *glibc_abort_kind(const char *message);
/* Returns the owner of the check: TOOL_FORTIFY or TOOL_GLIBC. */
enum tool glibc_abort_tool(const char *message);

#endif
