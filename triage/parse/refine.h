// SPDX-License-Identifier: Apache-2.0
// What a stack says beyond the words above it.
#ifndef FENCEPOST_PARSE_REFINE_H
#define FENCEPOST_PARSE_REFINE_H

#include "parse.h"

// What the stack says beyond the words of the report, to be asked once functions are known: a signal
// that came while free(), realloc() or delete looked at a pointer is a bad-free, and neither READ nor
// WRITE. Headline and message stay as they are. Twice is as good as once.
void parse_refine(struct report *report);

#endif
