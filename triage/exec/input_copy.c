/* SPDX-License-Identifier: Apache-2.0
 * Copying crash files for a target. */
#include "input_copy.h"

#include "base/util.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

int input_copy_open(const char *parent, struct input_copy *ret)
{
	int error;

	*ret = (struct input_copy){ .directory = format("%s/in", parent),
		.path = format("%s/in/input", parent),
		.fd = -1,
		.standard_input = -1 };
	error = file_make_directories(ret->directory);
	if (error != 0)
		return error;
	ret->fd = open(ret->path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	/* a description of its own, so that the target cannot write */
	ret->standard_input = open(ret->path, O_RDONLY | O_CLOEXEC);
	return ret->fd >= 0 && ret->standard_input >= 0 ? 0 : -errno;
}

void input_copy_close(struct input_copy *copy)
{
	if (copy->fd >= 0)
		close(copy->fd);
	if (copy->standard_input >= 0)
		close(copy->standard_input);
	if (copy->directory != NULL)
		file_remove_tree(copy->directory);
	free(copy->directory);
	free(copy->path);
	*copy = (struct input_copy){ .fd = -1, .standard_input = -1 };
}

static void call_it(struct input_copy *copy, const char *name)
{
	char *next = format("%s/%s", copy->directory, name);

	if (strcmp(next, copy->path) != 0 && rename(copy->path, next) != 0)
		unlink(copy->path); /* a new one is made where there is none */
	free(copy->path);
	copy->path = next;
}

/* A target may delete its input, or put another file there. */
static int renew(struct input_copy *copy)
{
	struct stat ours, there;

	if (fstat(copy->fd, &ours) != 0)
		return -errno;
	if (lstat(copy->path, &there) == 0 && ours.st_ino == there.st_ino &&
		ours.st_dev == there.st_dev)
		return 0;
	unlink(copy->path);
	close(copy->fd);
	copy->fd = open(copy->path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	return copy->fd >= 0 ? 0 : -errno;
}

static int fill(struct input_copy *copy, int from)
{
	ssize_t sent = 1;

	if (ftruncate(copy->fd, 0) != 0 || lseek(copy->fd, 0, SEEK_SET) != 0)
		return -errno;
	while (sent > 0) {
		sent = sendfile(copy->fd, from, NULL, 1 << 30);
		if (sent < 0)
			return -errno;
	}
	return 0;
}

int input_copy_fill(
	struct input_copy *copy, const struct program *target, const char *path, bool alone)
{
	AUTO_FREE char *name = program_input_name(target, path, alone);
	int from = file_open(path), error = 0;

	if (from < 0)
		return from;
	if (target->takes_file) {
		call_it(copy, name);
		error = renew(copy);
	}
	if (error == 0)
		error = fill(copy, from);
	close(from);
	return error;
}
