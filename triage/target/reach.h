/* SPDX-License-Identifier: Apache-2.0
 * Counts the functions of its library that a target's inputs reach. */
#ifndef FENCEPOST_TARGET_REACH_H
#define FENCEPOST_TARGET_REACH_H

#include "library.h"

/* Runs the program, in one process, on the first of @inputs without those in @left_out, and counts the functions that
 * they reach. A temporary file is made in @directory. 0, or -errno when the number is unknown (-ENOTSUP: a program may
 * not change its own code here). */
int target_reach(const struct target_library *library, const char *directory,
	const struct inputs *inputs, const struct inputs *left_out, size_t *ret_reached);

#endif
