// SPDX-License-Identifier: Apache-2.0
// Reads one line of a stack, in every form that a tool prints.
#ifndef FENCEPOST_PARSE_FRAMES_H
#define FENCEPOST_PARSE_FRAMES_H

#include "internal.h"

// Fills in frame from the text after "#3 " in a stack of a sanitizer.
void frame_parse(struct parser *p, struct slice s, struct report_frame *frame);
// Splits "function file:line:column" in two. file is empty if the text has none. in_module says
// that a module and an offset followed the text.
void frame_split(struct slice s, bool in_module, struct slice *function, struct slice *file);
// Returns the function name without a Rust hash. Returns NULL for the names that tools give unknown
// functions.
const char *frame_function(struct parser *p, struct slice s);
// Returns the file name. Returns NULL for the names that tools give unknown files.
const char *frame_file(struct parser *p, struct slice s);
// Reads "path/module+0x12ab" into frame. Returns false if s has another form.
bool frame_module(struct parser *p, struct slice s, struct report_frame *frame);
// Reads a whole line "#N ...". Returns true if the line is a frame, even if the frame is not used.
bool frame_line(struct parser *p, struct slice body);
// Reads "-> function in file:1:2". hwasan_symbolize writes such a line below a frame that was
// inlined into that function.
bool frame_inlined(struct parser *p, struct slice body);

#endif
