/* SPDX-License-Identifier: Apache-2.0
 * Converts plans to the arguments of `plan make`, and back. */
#ifndef FENCEPOST_TRUTH_ARGUMENTS_H
#define FENCEPOST_TRUTH_ARGUMENTS_H

#include "describe.h"

/* The axes that `plan make` names. A value is an index: into the axis's enum, into plan_sizes or
 * plan_widths, or 0 and 1; the value of pick is the number itself, and it has no names. */
enum describe_axis {
	AXIS_REGION,
	AXIS_ACCESS,
	AXIS_WAY,
	AXIS_DISTANCE,
	AXIS_HOW,
	AXIS_SIZE,
	AXIS_WIDTH,
	AXIS_SIDE,
	AXIS_REACH,
	AXIS_OP,
	AXIS_PICK,
	AXIS_COUNT
};
#define AXIS_NAMED_COUNT AXIS_PICK

/* Returns the name of an axis. */
const char *describe_axis_key(enum describe_axis axis);

/* Returns the name of a value; NULL past the last value, and for AXIS_PICK. */
const char *describe_axis_value(enum plan_idiom idiom, enum describe_axis axis, unsigned value);

/* Returns the values that violating plans of @class can have, as bits; 0 for AXIS_PICK. */
uint32_t describe_axis_allowed(enum plan_class class, enum describe_axis axis);

/* Returns the value of @plan on an axis. */
unsigned describe_axis_get(const struct plan *plan, enum describe_axis axis);

/* Writes the arguments, "oob-write go breaks region=heap size=40 ...". describe_parse() gives the same plan again. */
void describe_arguments(const struct plan *plan, char ret[DESCRIBE_MAX]);

/* Parses arguments: class and idiom first, then `breaks` or `keeps` and axes as key=value in any order. A missing axis
 * gets the value of byte 0, so `width` is then the widest that fits. 0, or -EINVAL and a message that names the argument
 * and the valid values; @ret is then untouched. */
int describe_parse(
	int count, char *const arguments[], struct plan *ret, char ret_error[DESCRIBE_MAX]);

#endif
