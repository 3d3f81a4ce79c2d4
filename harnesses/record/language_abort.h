/* SPDX-License-Identifier: Apache-2.0
 * Reports of checks that only a build of Go or Rust has, for the models of these languages. */
#ifndef FENCEPOST_RECORD_LANGUAGE_ABORT_H
#define FENCEPOST_RECORD_LANGUAGE_ABORT_H

#include "record.h"

/* Reports @kind, the beginning of the language's own message. Then the plan lands, or the process ends as in the language:
 * TOOL_CHECKPTR prints a fatal error and exits with 2; TOOL_RUST prints a panic that does not unwind, and aborts.
 * @source and @line are the place of the check. */
_Noreturn void language_abort(enum tool tool, const char *kind, const char *source, int line);

#endif
