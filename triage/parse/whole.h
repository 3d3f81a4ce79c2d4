// SPDX-License-Identifier: Apache-2.0
// Detects reports that are not whole, and marks them as damaged.
#ifndef FENCEPOST_PARSE_WHOLE_H
#define FENCEPOST_PARSE_WHOLE_H

#include "internal.h"

// Does body say that lines were left out, as "[snip]" does? The current report is then marked as
// damaged.
bool whole_marker(struct parser *p, struct slice body);
// Is the frame in body whole? The last line of a text without a newline may be cut. Report r is
// then marked as damaged.
bool whole_frame(struct parser *p, struct report *r, struct slice body);
// Moves the end of p->line to p->rest, if that end should have been a line of its own.
void whole_split(struct parser *p);
// Call it at the end of report r. Marks r as damaged if a stack is missing that r announced or that
// its tool always prints.
void whole_judge(struct report *r, const struct report_state *state);
// Marks the last report as damaged if the text ends within its headline.
void whole_last_line(struct parser *p);

#endif
