/* SPDX-License-Identifier: Apache-2.0
 * Whether a target's inputs come to the library that it is there for. */
#ifndef FENCEPOST_TARGET_REACH_H
#define FENCEPOST_TARGET_REACH_H

#include "library.h"

/* Runs the program on the first of @inputs but for those in @left_out, in one process, and counts the functions of
 * the library that they reach; a file for that is made in @directory and removed. -errno when that is not known:
 * -ENOTSUP where no program can change its own text. */
int target_reach(const struct target_library *library, const char *directory,
	const struct inputs *inputs, const struct inputs *left_out, size_t *ret_reached);

#endif
