/* SPDX-License-Identifier: Apache-2.0
 * A copy of a crash file for a target. The target may change the copy, and may need a certain file
 * name. */
#ifndef FENCEPOST_EXEC_INPUT_COPY_H
#define FENCEPOST_EXEC_INPUT_COPY_H

#include "program.h"

struct input_copy {
	char *directory, *path; /* the copy at @path is the only file of the directory */
	/* descriptors: one writes the copy, the other is the target's standard input */
	int fd, standard_input;
};

/* Makes a directory for the copy in @parent. Returns 0 or -errno. input_copy_close() frees the
 * result either way. */
int input_copy_open(const char *parent, struct input_copy *ret);
void input_copy_close(struct input_copy *copy);

/* Copies the file at @path, under the name that program_input_name() gives with @alone. Returns 0,
 * or -errno if the file cannot be read. */
int input_copy_fill(
	struct input_copy *copy, const struct program *target, const char *path, bool alone);

#endif
