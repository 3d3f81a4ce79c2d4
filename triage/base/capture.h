/* SPDX-License-Identifier: Apache-2.0
 * The output of a process in bounded memory: its beginning and its end. A report may come before or after
 * gigabytes of other output. */
#ifndef FENCEPOST_BASE_CAPTURE_H
#define FENCEPOST_BASE_CAPTURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CAPTURE_HEAD (128u << 10)
#define CAPTURE_TAIL (384u << 10)

struct capture {
	char *bytes;    /* CAPTURE_HEAD, then a ring of CAPTURE_TAIL */
	uint64_t total; /* bytes read so far */
};

/* Allocates the buffer; capture_free() frees it. */
void capture_open(struct capture *capture);
void capture_free(struct capture *capture);
/* Forgets all output, and keeps the buffer for the next process. */
void capture_reset(struct capture *capture);

/* Reads up to @most bytes that are ready at @fd, which must not block. False at the end of the stream. */
bool capture_read(struct capture *capture, int fd, size_t most);

/* Copies the output to @text, which has room for CAPTURE_HEAD + CAPTURE_TAIL + 100 bytes. One line of ours replaces
 * the bytes that were left out. Returns the number of bytes. */
size_t capture_copy(const struct capture *capture, char *text);

#endif
