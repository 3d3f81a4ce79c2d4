/* SPDX-License-Identifier: Apache-2.0
 * A client of AFL++'s forkserver: a process of the target that forks a child for each input. The
 * target's runtime reads commands from descriptor 198 and answers on 199. The source is AFL++,
 * instrumentation/afl-compiler-rt.o.c, __afl_start_forkserver. Two forms of its greeting exist:
 *
 *   old (up to 4.1x)   The runtime sends 4 bytes of options. If the options offer shared memory for
 *                      inputs, the client may accept with the next 4 bytes.
 *   new (from 4.2x)    The runtime sends 0x41464c00 + version and expects the complement. It then
 *                      sends its options, the size of its map, a dictionary if it has one, and its
 *                      version again. Shared memory that is offered is mandatory.
 *
 * After the greeting, the runtime forks for each 4 bytes that it reads. It answers with the child's
 * pid, and later with the child's wait status.
 *
 * A child in persistent mode stops itself instead of ending. This client kills such a child and
 * says so in the next command. The runtime then forks again, and each input gets a process of its
 * own.
 *
 * Triage needs no coverage. The client passes a coverage map all the same, because without a map
 * the runtime of 4.04c takes no input from shared memory. AFL++'s driver for libFuzzer targets
 * depends on that runtime. */
#ifndef FENCEPOST_EXEC_FORKSERVER_H
#define FENCEPOST_EXEC_FORKSERVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* bytes of the longest input in shared memory, as in AFL++'s config.h */
#define FORKSERVER_INPUT_MAX (1u << 20)

struct forkserver {
	pid_t pid;
	int commands, answers; /* this process's ends of both pipes */
	int far[2];            /* the runtime's ends of both pipes, until forkserver_greet() */
	bool in_memory;        /* the target takes its input from shared memory */
	bool killed;           /* the client killed a child that had stopped itself */
	int shared_id, map_id; /* identifiers of System V segments; -1: no segment */
	void *map;
	uint8_t *shared; /* 4 bytes of length, then the input */
};

#define FORKSERVER_NONE \
	{ \
		.pid = -1, .commands = -1, .answers = -1, .far = { -1, -1 }, .shared_id = -1, \
		.map_id = -1 \
	}

/* Makes the shared segments and the pipes. Returns 0 or -errno. */
int forkserver_prepare(struct forkserver *server);

/* Adds the variables that the runtime reads: its segments and its mode. Takes over @environment and
 * returns the longer list. The caller frees the list and its strings. */
char **forkserver_environment(
	const struct forkserver *server, char **environment, bool deferred, bool persistent);

/* Moves the runtime's ends of the pipes to descriptors 198 and 199. child_spawn() calls this
 * function in the child. */
void forkserver_place(void *server);

/* Exchanges the greeting within @timeout_ms, and calls @idle(@arg) now and then while it waits.
 * Returns 0 or -errno: -ETIMEDOUT, -EPROTO, or -EPIPE if the runtime is gone. */
int forkserver_greet(struct forkserver *server, int timeout_ms, void (*idle)(void *), void *arg);

/* Writes the @size bytes of the input to the shared memory. */
void forkserver_input(struct forkserver *server, const uint8_t *bytes, size_t size);

/* Orders the runtime to fork, and calls @idle(@arg) now and then while it waits. Returns the
 * child's pid, or -errno. */
pid_t forkserver_fork(struct forkserver *server, void (*idle)(void *), void *arg);

/* Returns the wait status of @child. @status is the answer of the runtime. A child that stopped
 * itself counts as an exit with code 0. */
int forkserver_status(struct forkserver *server, pid_t child, int status);

/* Closes the pipes and the segments. The caller kills the runtime's process. A server that was
 * never prepared is allowed. */
void forkserver_close(struct forkserver *server);

#endif
