// SPDX-License-Identifier: Apache-2.0
// Sorts the lines of several processes that reported into one text at the same time.
#ifndef FENCEPOST_PARSE_MIXED_H
#define FENCEPOST_PARSE_MIXED_H

#include "internal.h"

// Notes, at a headline, whether another process is still reporting.
void mixed_open(struct parser *p);
// Sets p->into to the report to which this frame belongs. text follows the frame's number. Returns
// false if the report is unknown. Call mixed_done() afterwards.
bool mixed_frame(struct parser *p, uint64_t number, struct slice text);
// Do the same for a line about an address, for the line above a stack, and for a SUMMARY.
bool mixed_address(struct parser *p, struct slice body);
bool mixed_heading(struct parser *p, enum report_role role);
bool mixed_summary(struct parser *p, struct slice text);
// Sets p->into to the last report again.
void mixed_done(struct parser *p);
// Notes an empty line. It ends a stack of one process only.
void mixed_blank(struct parser *p);

#endif
