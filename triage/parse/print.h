// SPDX-License-Identifier: Apache-2.0
// Prints parsed reports as JSON, and as text for a terminal.
#ifndef FENCEPOST_PARSE_PRINT_H
#define FENCEPOST_PARSE_PRINT_H

#include "parse.h"

#include <jansson.h>
#include <stdio.h>

// Returns the reports as a JSON object:
//
//   {"file": name,
//    "reports": [{"tool", "kind", "known", "inferred", "damaged", "access", "size", "address",
//      "near_null", "stacks": [{"role", "frames": [{"function", "file", "line", "column", "module",
//      "offset", "address"}]}], "headline", "message", "summary", "cause", "pid", "thread",
//      "region"}],
//    "exit"}
//
// A missing field is null. Addresses and offsets are strings ("0x50"), because JSON numbers do not
// hold 64 bits. Sizes, lines and columns are numbers. Bytes that are not UTF-8 become U+FFFD. The
// caller owns the result. Returns NULL if memory runs out.
json_t *report_json(const char *name, const struct reports *reports);

// Prints one report as a few indented lines. Control characters become \xNN. No report can
// therefore control the terminal.
void report_print(FILE *out, const struct report *report);

#endif
