/* SPDX-License-Identifier: Apache-2.0
 * The copy of a crash file that a target gets: a file that it may spoil, under a name that suits it. */
#ifndef FENCEPOST_EXEC_INPUT_COPY_H
#define FENCEPOST_EXEC_INPUT_COPY_H

#include "program.h"

struct input_copy {
	char *directory, *path; /* nothing else is in the directory */
	int fd, standard_input; /* to write, and for a target to read */
};

/* Makes a directory in @parent. 0 or -errno; for input_copy_close either way. */
int input_copy_open(const char *parent, struct input_copy *ret);
void input_copy_close(struct input_copy *copy);

/* Copies the file at @path, called as program_input_name() has it. 0, or -errno when it cannot be read. */
int input_copy_fill(
	struct input_copy *copy, const struct program *target, const char *path, bool alone);

#endif
