/* SPDX-License-Identifier: Apache-2.0
 * Reads a driver's input file. */
#ifndef FENCEPOST_DRIVERS_INPUT_H
#define FENCEPOST_DRIVERS_INPUT_H

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

/* Reads up to @most bytes of the file at @path. Returns their number, or -errno. */
static inline ssize_t input_read(const char *path, void *bytes, size_t most)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC), error;
	size_t size = 0;
	ssize_t got;

	if (fd < 0)
		return -errno;
	do {
		got = read(fd, (char *)bytes + size, most - size);
		size += got > 0 ? (size_t)got : 0;
	} while ((got > 0 && size < most) || (got < 0 && errno == EINTR));
	error = got < 0 ? -errno : 0;
	close(fd);
	return error != 0 ? error : (ssize_t)size;
}

#endif
