/* SPDX-License-Identifier: Apache-2.0
 * Knows the FAULT lines: the source lines on which each class commits its violation. */
#ifndef FENCEPOST_AUDIT_FAULT_LINES_H
#define FENCEPOST_AUDIT_FAULT_LINES_H

#include "harnesses/plan/plan.h"

/* Returns the class that has a FAULT mark at @file:@line, or -1. The part of @file before
 * "harnesses/" is ignored. The build makes the table of lines from the marks. */
int fault_class_at(const char *file, unsigned line);

/* Returns the file of the first FAULT line of @class, and the line in *ret_line. Returns NULL if
 * there is none. */
const char *fault_first(enum plan_class class, unsigned *ret_line);

/* Returns the part of @file from "harnesses/" on. Returns NULL if @file is no source of a harness.
 */
const char *fault_source(const char *file);

#endif
