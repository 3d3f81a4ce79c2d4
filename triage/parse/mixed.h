// SPDX-License-Identifier: Apache-2.0
// Lines of several processes in one text.
#ifndef FENCEPOST_PARSE_MIXED_H
#define FENCEPOST_PARSE_MIXED_H

#include "internal.h"

// A headline was read: is another process still reporting?
void mixed_open(struct parser *p);
// Point p->into at the report that frame number, with what follows the number, belongs to. False:
// nobody's, or not sure whose. mixed_done() afterwards.
bool mixed_frame(struct parser *p, uint64_t number, struct slice text);
// The same for a line about an address, for a line above a stack, and for a SUMMARY.
bool mixed_address(struct parser *p, struct slice body);
bool mixed_heading(struct parser *p, enum report_role role);
bool mixed_summary(struct parser *p, struct slice text);
void mixed_done(struct parser *p);
void mixed_blank(struct parser *p); // it ends a stack, of one process alone

#endif
