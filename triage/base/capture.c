/* SPDX-License-Identifier: Apache-2.0
 * Stores the beginning and the end of the output of a process. */
#include "capture.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void capture_open(struct capture *capture)
{
	/* untouched pages cost nothing: most processes say little */
	*capture = (struct capture){ .bytes = malloc(CAPTURE_HEAD + CAPTURE_TAIL) };
	if (capture->bytes == NULL)
		abort();
}

void capture_free(struct capture *capture)
{
	free(capture->bytes);
	*capture = (struct capture){ 0 };
}

void capture_reset(struct capture *capture)
{
	capture->total = 0;
}

/* Where the next bytes go, and how many fit in there. */
static char *room(const struct capture *capture, size_t *ret_size)
{
	size_t at = (size_t)((capture->total - CAPTURE_HEAD) % CAPTURE_TAIL);

	if (capture->total < CAPTURE_HEAD) {
		*ret_size = CAPTURE_HEAD - (size_t)capture->total;
		return capture->bytes + capture->total;
	}
	*ret_size = CAPTURE_TAIL - at;
	return capture->bytes + CAPTURE_HEAD + at;
}

bool capture_read(struct capture *capture, int fd, size_t most)
{
	while (most > 0) {
		size_t size;
		char *to = room(capture, &size);
		ssize_t got = read(fd, to, size < most ? size : most);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return errno == EAGAIN;
		if (got == 0)
			return false;
		capture->total += (uint64_t)got;
		most -= (size_t)got;
	}
	return true;
}

size_t capture_copy(const struct capture *capture, char *text)
{
	uint64_t behind = capture->total > CAPTURE_HEAD ? capture->total - CAPTURE_HEAD : 0;
	size_t head = (size_t)(capture->total - behind), n = head;
	const char *ring = capture->bytes + CAPTURE_HEAD;
	size_t at = (size_t)(behind % CAPTURE_TAIL);

	memcpy(text, capture->bytes, head);
	if (behind <= CAPTURE_TAIL) {
		memcpy(text + n, ring, (size_t)behind);
		return n + (size_t)behind;
	}
	n += (size_t)sprintf(
		text + n, "\n[%llu bytes left out]\n", (unsigned long long)(behind - CAPTURE_TAIL));
	memcpy(text + n, ring + at, CAPTURE_TAIL - at);
	memcpy(text + n + CAPTURE_TAIL - at, ring, at);
	return n + CAPTURE_TAIL;
}
