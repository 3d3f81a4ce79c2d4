/* SPDX-License-Identifier: Apache-2.0
 * A server that has built the stages and runs plans for a client over a socket, each in a fork. */
#ifndef FENCEPOST_RECORD_SERVE_H
#define FENCEPOST_RECORD_SERVE_H

#include "record.h"

#include <sys/types.h>

/* The limits of one plan. */
#define SERVE_TIMEOUT_MS 10000
#define SERVE_REPORT_MAX (1 << 20)

/* The answer to PLAN_BYTES bytes; @output_size bytes of output follow. */
struct serve_answer {
	int error, wait_status;
	struct observation seen; /* from the record */
	struct evidence evidence;
	size_t output_size;
};

/* Serves until the client closes @fd. Each fork calls @run; its output and its record are the answer. */
void serve_plans(int fd, void (*run)(void *plan));

/* Send or receive all @size bytes. False: the other end is gone, or the socket's time limit is over. */
bool serve_send(int fd, const void *bytes, size_t size);
bool serve_receive(int fd, void *bytes, size_t size);

#endif
