/* SPDX-License-Identifier: Apache-2.0
 * AFL++'s forkserver, as far as running inputs needs it. The target's runtime reads commands from
 * descriptor 198 and answers on 199 (AFL++, instrumentation/afl-compiler-rt.o.c, __afl_start_forkserver):
 *
 * old (up to 4.1x)   it sends 4 bytes of options. When it offers test cases in shared memory, the next 4
 *                    bytes it reads may accept them
 * new (from 4.2x)    it sends 0x41464c00 + version, wants the complement back, then sends its options, the
 *                    size of its map, a dictionary if it has one, and its version again. Shared memory that
 *                    it has as an option is not optional
 *
 * Then each 4 bytes that it reads make it fork; it answers with the child's pid and, when that has ended,
 * its wait status. A child in persistent mode stops itself instead of ending; it is killed, and the next
 * order says so, which makes the runtime fork again rather than wake it: each input has a process of its
 * own. Nobody wants coverage, but without a map to write it to the runtime of 4.04c, and with it AFL++'s driver
 * for libFuzzer's targets, takes no input from shared memory. */
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
	int commands, answers; /* our ends of two pipes */
	int far[2];            /* the runtime's, until it is greeted */
	bool in_memory;        /* the target takes its input from shared memory */
	bool killed;           /* a child that had stopped itself */
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

/* @environment, which is taken over, and what the runtime is to know: the segments, and in which mode it is. The
 * list and its strings are for the caller to free. */
char **forkserver_environment(
	const struct forkserver *server, char **environment, bool deferred, bool persistent);

/* In the child, for child_spawn(): puts the far ends of the pipes where the runtime looks for them. */
void forkserver_place(void *server);

/* Greets, waiting for at most @timeout_ms; @idle is called now and then while it waits. 0 or -errno
 * (-ETIMEDOUT; -EPROTO; -EPIPE when it is gone). */
int forkserver_greet(struct forkserver *server, int timeout_ms, void (*idle)(void *), void *arg);

/* Puts the input where the target expects it. */
void forkserver_input(struct forkserver *server, const uint8_t *bytes, size_t size);

/* Forks: the child's pid, or -errno. @idle as above. */
pid_t forkserver_fork(struct forkserver *server, void (*idle)(void *), void *arg);

/* The wait status of the child @child out of the answer @status: one that stopped itself has ended well. */
int forkserver_status(struct forkserver *server, pid_t child, int status);

/* Closes our ends and the segments; who it was is for the caller to kill. NULL-safe fields. */
void forkserver_close(struct forkserver *server);

#endif
