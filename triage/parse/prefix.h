// SPDX-License-Identifier: Apache-2.0
// A line without what a logger, a CI system or a quotation put before it. p->ahead and
// p->line_before are its neighbours.
#ifndef FENCEPOST_PARSE_PREFIX_H
#define FENCEPOST_PARSE_PREFIX_H

#include "internal.h"

void prefix_begin(struct parser *p);
bool prefix_is_anchor(struct parser *p, struct slice line); // line begins as one of a speaker's
struct slice prefix_undo(struct parser *p, struct slice line);

#endif
