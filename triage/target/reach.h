/* SPDX-License-Identifier: Apache-2.0
 * Counts the functions of its library that a target's inputs reach. */
#ifndef FENCEPOST_TARGET_REACH_H
#define FENCEPOST_TARGET_REACH_H

#include "library.h"

/* Runs the program, in one process, on the first of @inputs that are not in @left_out. Counts the
 * library's functions that these inputs reach. A temporary file is made in @directory. Returns 0,
 * or -errno if the number stays unknown. -ENOTSUP: a program may not change its own code on this
 * system. */
int target_reach(const struct target_library *library, const char *directory,
	const struct inputs *inputs, const struct inputs *left_out, size_t *ret_reached);

#endif
