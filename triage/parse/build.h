// SPDX-License-Identifier: Apache-2.0
// Adding to the result, within its limits. These functions set out_of_memory or clipped by themselves.
#ifndef FENCEPOST_PARSE_BUILD_H
#define FENCEPOST_PARSE_BUILD_H

#include "internal.h"

const char *report_string(struct parser *p, struct slice s);
// A new report becomes the current one; NULL when a limit is reached.
struct report *report_open(struct parser *p, enum report_tool tool, struct slice headline);
// The current report is read to its end: what only then can be said is filled in.
void report_complete(struct parser *p);
// The text is: what only then can be said of any report.
void report_judge_all(struct parser *p);
struct report *report_current(struct parser *p); // NULL when there is none
struct report_state *report_current_state(struct parser *p);
void report_drop_last(struct parser *p);
void report_set_kind(struct parser *p, struct report *r, struct slice kind, bool known);
// A new stack of the current report.
struct report_stack *report_open_stack(struct parser *p, enum report_role role);
// A new empty frame at the end of the last stack, NULL at a limit.
struct report_frame *report_add_frame(struct parser *p);
// Role that the next stack shall have, given that the line above it says role. announced: a stack
// must follow.
void report_expect_stack(struct parser *p, enum report_role role, bool announced);
// The first reason stays.
void report_damage(struct report *r, const char *why);
void report_cut(struct parser *p, struct report *r, size_t stacks, size_t frames_of_last);
// Open the stack that is due when frame number comes, or continue the open one. False: skip it.
bool report_route_frame(struct parser *p, uint64_t number);
void report_clear(struct report *r);
void report_arena_free(struct report_arena *arena);

#endif
