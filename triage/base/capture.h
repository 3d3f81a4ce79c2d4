/* SPDX-License-Identifier: Apache-2.0
 * Keeps the output of a process in bounded memory: the beginning and the end of the output. A
 * sanitizer report may come before or after gigabytes of other output. */
#ifndef FENCEPOST_BASE_CAPTURE_H
#define FENCEPOST_BASE_CAPTURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CAPTURE_HEAD (128u << 10)
#define CAPTURE_TAIL (384u << 10)

struct capture {
	/* the first CAPTURE_HEAD bytes, then a ring buffer of the last CAPTURE_TAIL bytes */
	char *bytes;
	uint64_t total; /* bytes read so far */
};

/* Allocates the buffer. capture_free() frees it. */
void capture_open(struct capture *capture);
void capture_free(struct capture *capture);
/* Forgets all output, and keeps the buffer for the next process. */
void capture_reset(struct capture *capture);

/* Reads up to @most bytes that are ready at @fd, a descriptor that must not block. Returns false at
 * the end of the stream. */
bool capture_read(struct capture *capture, int fd, size_t most);

/* Copies the output to @text, which has room for CAPTURE_HEAD + CAPTURE_TAIL + 100 bytes. A line of
 * its own marks the place of bytes that were not kept. Returns the number of bytes. */
size_t capture_copy(const struct capture *capture, char *text);

#endif
