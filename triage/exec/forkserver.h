/* SPDX-License-Identifier: Apache-2.0
 * A client of AFL++'s forkserver, for running inputs. The target's runtime reads commands from descriptor 198 and
 * answers on 199 (AFL++, instrumentation/afl-compiler-rt.o.c, __afl_start_forkserver):
 *
 * old (up to 4.1x)   the runtime sends 4 bytes of options. If it offers test cases in shared memory, the next 4
 *                    bytes that it reads may accept them
 * new (from 4.2x)    the runtime sends 0x41464c00 + version, expects the complement, then sends its options, the
 *                    size of its map, a dictionary if it has one, and its version again. If it offers shared
 *                    memory, shared memory is mandatory
 *
 * Afterwards it forks for each 4 bytes that it reads, and answers with the child's pid and later the child's wait
 * status. A child in persistent mode stops itself instead of ending. We kill it and say so in the next command, so that
 * the runtime forks again: each input gets a process of its own. We need no coverage, but without a coverage map
 * the runtime of 4.04c, and AFL++'s driver for libFuzzer targets with it, takes no input from shared memory. */
#ifndef FENCEPOST_EXEC_FORKSERVER_H
#define FENCEPOST_EXEC_FORKSERVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* As in AFL++'s config.h: the longest test case in shared memory. */
#define FORKSERVER_INPUT_MAX (1u << 20)

struct forkserver {
	pid_t pid;
	int commands, answers; /* our ends of both pipes */
	int far[2];            /* the runtime's ends, until forkserver_greet() */
	bool in_memory;        /* the target takes its input from shared memory */
	bool killed;           /* we killed a child that had stopped itself */
	int shared_id, map_id; /* of System V segments; -1: none */
	void *map;
	uint8_t *shared; /* 4 bytes of length, then the input */
};

#define FORKSERVER_NONE \
	{ \
		.pid = -1, .commands = -1, .answers = -1, .far = { -1, -1 }, .shared_id = -1, \
		.map_id = -1 \
	}

/* Makes the segments and the pipes. 0 or -errno. */
int forkserver_prepare(struct forkserver *server);

/* Returns @environment, which it takes over, with the variables that the runtime reads: the segments and its mode. The
 * caller frees the list and its strings. */
char **forkserver_environment(
	const struct forkserver *server, char **environment, bool deferred, bool persistent);

/* Moves the far ends of the pipes to descriptors 198 and 199. Runs in the child, for child_spawn(). */
void forkserver_place(void *server);

/* Exchanges the greeting above, within @timeout_ms, and calls @idle now and then meanwhile. 0 or -errno (-ETIMEDOUT;
 * -EPROTO; -EPIPE when the runtime is gone). */
int forkserver_greet(struct forkserver *server, int timeout_ms, void (*idle)(void *), void *arg);

/* Writes the input to the shared memory. */
void forkserver_input(struct forkserver *server, const uint8_t *bytes, size_t size);

/* Orders a fork. Returns the child's pid, or -errno. @idle as above. */
pid_t forkserver_fork(struct forkserver *server, void (*idle)(void *), void *arg);

/* Returns the wait status of @child from the answer @status. A child that stopped itself counts as exit code 0. */
int forkserver_status(struct forkserver *server, pid_t child, int status);

/* Closes the pipes and the segments. The caller kills the process. A server that was never prepared is fine. */
void forkserver_close(struct forkserver *server);

#endif
