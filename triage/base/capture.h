/* SPDX-License-Identifier: Apache-2.0
 * What a process says, in bounded memory: the beginning and the end of it. Reports stand at the end of
 * gigabytes of chatter as often as before them. */
#ifndef FENCEPOST_BASE_CAPTURE_H
#define FENCEPOST_BASE_CAPTURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CAPTURE_HEAD (128u << 10)
#define CAPTURE_TAIL (384u << 10)

struct capture {
	char *bytes; /* CAPTURE_HEAD, then a ring of CAPTURE_TAIL */
	uint64_t total;
};

void capture_open(struct capture *capture);
void capture_free(struct capture *capture);
void capture_reset(struct capture *capture);

/* Reads what @fd, which does not block, has now, up to @most bytes. False at its end. */
bool capture_read(struct capture *capture, int fd, size_t most);

/* Appends to @text, which has room for CAPTURE_HEAD + CAPTURE_TAIL + 100 bytes; a line of ours stands for
 * what was left out. Returns how many bytes. */
size_t capture_copy(const struct capture *capture, char *text);

#endif
