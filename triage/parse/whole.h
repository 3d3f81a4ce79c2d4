// SPDX-License-Identifier: Apache-2.0
// What shows that a report is not whole.
#ifndef FENCEPOST_PARSE_WHOLE_H
#define FENCEPOST_PARSE_WHOLE_H

#include "internal.h"

bool whole_marker(struct parser *p, struct slice body);
bool whole_frame(struct parser *p, struct report *r, struct slice body);
void whole_split(struct parser *p);
void whole_judge(struct report *r, const struct report_state *state);
void whole_last_line(struct parser *p);

#endif
