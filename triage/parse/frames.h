// SPDX-License-Identifier: Apache-2.0
// One line of a stack, in every form in which tools print a frame.
#ifndef FENCEPOST_PARSE_FRAMES_H
#define FENCEPOST_PARSE_FRAMES_H

#include "internal.h"

// What follows "#3 " in every sanitizer's stacks.
void frame_parse(struct parser *p, struct slice s, struct report_frame *frame);
// "function file:line:column" into its two parts; file is empty when there is none. in_module: a
// module and an offset stood behind it.
void frame_split(struct slice s, bool in_module, struct slice *function, struct slice *file);
// Clean a function name (unknown markers, Rust hash) and store it.
const char *frame_function(struct parser *p, struct slice s);
const char *frame_file(struct parser *p, struct slice s);
// "path/module+0x12ab" into frame. False when it is not of that form.
bool frame_module(struct parser *p, struct slice s, struct report_frame *frame);
// A whole "#N ..." line; true when the line is one (used or not).
bool frame_line(struct parser *p, struct slice body);

#endif
