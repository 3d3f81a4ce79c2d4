// SPDX-License-Identifier: Apache-2.0
// Removes the prefix that a logger, a CI system or a quotation put before a line. p->ahead and
// p->line_before are the next and the previous line.
#ifndef FENCEPOST_PARSE_PREFIX_H
#define FENCEPOST_PARSE_PREFIX_H

#include "internal.h"

// Forgets all prefixes. Call it before a new text.
void prefix_begin(struct parser *p);
// Does the line begin in the way in which lines of a known tool begin?
bool prefix_is_anchor(struct parser *p, struct slice line);
// Returns the line without its prefix.
struct slice prefix_undo(struct parser *p, struct slice line);

#endif
