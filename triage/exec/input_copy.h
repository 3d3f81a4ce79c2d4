/* SPDX-License-Identifier: Apache-2.0
 * A copy of a crash file for a target, which may change the copy and may need a certain file name. */
#ifndef FENCEPOST_EXEC_INPUT_COPY_H
#define FENCEPOST_EXEC_INPUT_COPY_H

#include "program.h"

struct input_copy {
	char *directory, *path; /* the directory holds nothing else */
	int fd, standard_input; /* to write the copy, and for the target to read */
};

/* Makes a directory in @parent. 0 or -errno; input_copy_close() frees the result either way. */
int input_copy_open(const char *parent, struct input_copy *ret);
void input_copy_close(struct input_copy *copy);

/* Copies the file at @path, under the name of program_input_name(). 0, or -errno when @path cannot be read. */
int input_copy_fill(
	struct input_copy *copy, const struct program *target, const char *path, bool alone);

#endif
