// SPDX-License-Identifier: Apache-2.0
// Adds reports, stacks and frames to the result of the parser, within the parser's limits. On
// failure these functions set out_of_memory or clipped themselves. A caller need not check.
#ifndef FENCEPOST_PARSE_BUILD_H
#define FENCEPOST_PARSE_BUILD_H

#include "internal.h"

// Returns a NUL-terminated copy of s, which the result owns.
const char *report_string(struct parser *p, struct slice s);
// Adds a report and makes it the current one. Returns NULL if a limit is reached.
struct report *report_open(struct parser *p, enum report_tool tool, struct slice headline);
// Completes the current report at its end: fills in the fields that depend on all of its lines.
void report_complete(struct parser *p);
// Completes all reports at the end of the text.
void report_judge_all(struct parser *p);
// Return the current report and its state. They return NULL if there is none.
struct report *report_current(struct parser *p);
struct report_state *report_current_state(struct parser *p);
// Removes the last report, which turned out to be no report.
void report_drop_last(struct parser *p);
// Sets the kind of report r. known says whether the kind is in kinds.def.
void report_set_kind(struct parser *p, struct report *r, struct slice kind, bool known);
// Adds a stack to the current report. Returns NULL if a limit is reached.
struct report_stack *report_open_stack(struct parser *p, enum report_role role);
// Adds an empty frame to the last stack. Returns NULL if a limit is reached.
struct report_frame *report_add_frame(struct parser *p);
// Sets the role of the next stack. The line above the stack names the role. With announced, a stack
// must follow; otherwise the report is damaged.
void report_expect_stack(struct parser *p, enum report_role role, bool announced);
// Marks report r as damaged. why is the reason, a constant. The first reason stays.
void report_damage(struct report *r, const char *why);
// Removes stacks of report r beyond the number stacks. Removes frames of the last stack beyond
// frames_of_last.
void report_cut(struct parser *p, struct report *r, size_t stacks, size_t frames_of_last);
// Opens the stack to which frame number belongs, or continues the open stack. Returns false if the
// frame is to be skipped.
bool report_route_frame(struct parser *p, uint64_t number);
// Frees the stacks of report r. Its strings belong to the arena.
void report_clear(struct report *r);
// Frees all strings of a result.
void report_arena_free(struct report_arena *arena);

#endif
