/* SPDX-License-Identifier: Apache-2.0
 * The FAULT lines: where in the sources each class commits its violation. */
#ifndef FENCEPOST_AUDIT_FAULT_LINES_H
#define FENCEPOST_AUDIT_FAULT_LINES_H

#include "harnesses/plan/plan.h"

/* The class whose FAULT mark stands at @file:@line, or -1. @file as in a report: anything before
 * "harnesses/" is ignored. The table is made from the marks when the program is built. */
int fault_class_at(const char *file, unsigned line);

/* The first FAULT line of @class: its file and line; NULL when there is none. */
const char *fault_first(enum plan_class class, unsigned *ret_line);

/* "harnesses/classes/oob-read.c" within @file, or NULL when it is no source of a harness. */
const char *fault_source(const char *file);

#endif
