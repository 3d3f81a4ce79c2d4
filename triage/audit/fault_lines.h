/* SPDX-License-Identifier: Apache-2.0
 * The FAULT lines: the lines of the sources on which each class commits its violation. */
#ifndef FENCEPOST_AUDIT_FAULT_LINES_H
#define FENCEPOST_AUDIT_FAULT_LINES_H

#include "harnesses/plan/plan.h"

/* Returns the class with a FAULT mark at @file:@line, or -1. In @file, anything before "harnesses/" is ignored. The
 * build makes the table from the marks. */
int fault_class_at(const char *file, unsigned line);

/* Returns the file of the first FAULT line of @class, with the line in *ret_line; NULL when there is none. */
const char *fault_first(enum plan_class class, unsigned *ret_line);

/* Returns the part of @file from "harnesses/" on, or NULL when it is no source of a harness. */
const char *fault_source(const char *file);

#endif
