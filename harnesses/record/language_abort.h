/* SPDX-License-Identifier: Apache-2.0
 * The voices of the languages that are modelled: what a check says that only a build of Go or Rust adds. */
#ifndef FENCEPOST_RECORD_LANGUAGE_ABORT_H
#define FENCEPOST_RECORD_LANGUAGE_ABORT_H

#include "record.h"

/* A check that found what @kind says: @kind is how the language's own message begins. The plan lands, or
 * the process ends as the language's would: TOOL_CHECKPTR prints a fatal error and exits with 2, TOOL_RUST
 * prints a panic that does not unwind and aborts. @source and @line are where the check stands. */
_Noreturn void language_abort(enum tool tool, const char *kind, const char *source, int line);

#endif
