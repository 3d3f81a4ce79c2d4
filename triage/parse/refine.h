// SPDX-License-Identifier: Apache-2.0
// Corrects the kind of a report by the functions in its stack.
#ifndef FENCEPOST_PARSE_REFINE_H
#define FENCEPOST_PARSE_REFINE_H

#include "parse.h"

// Corrects the kind of a report from the functions in its stack. Call it once the functions are
// known. A signal inside free(), realloc() or delete becomes a bad-free, which neither reads nor
// writes. The headline and the message stay. A second call changes nothing.
void parse_refine(struct report *report);

#endif
