/* SPDX-License-Identifier: Apache-2.0
 * A process that has built the stages runs plans for another, each in a fork, over a socket. */
#ifndef FENCEPOST_RECORD_SERVE_H
#define FENCEPOST_RECORD_SERVE_H

#include "record.h"

#include <sys/types.h>

/* What one plan may take and say. */
#define SERVE_TIMEOUT_MS 10000
#define SERVE_REPORT_MAX (1 << 20)

/* The answer to PLAN_BYTES bytes; @output_size bytes of output follow. */
struct serve_answer {
	int error, wait_status;
	struct observation seen; /* the record's */
	struct evidence evidence;
	size_t output_size;
};

/* Serves until the client closes @fd. @run is called in the forks; what it says and leaves in the record is
 * the answer. */
void serve_plans(int fd, void (*run)(void *plan));

/* All of @size bytes, or false: the other end is gone, or a time limit of the socket's is over. */
bool serve_send(int fd, const void *bytes, size_t size);
bool serve_receive(int fd, void *bytes, size_t size);

#endif
