/* SPDX-License-Identifier: Apache-2.0
 * Child processes: the one way to start one, and how its end is learned. */
#ifndef FENCEPOST_BASE_CHILD_H
#define FENCEPOST_BASE_CHILD_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/resource.h>
#include <sys/types.h>

enum child_place {
	CHILD_HERE,  /* in our process group: the terminal's Ctrl-C is its too */
	CHILD_GROUP, /* in a group of its own */
	CHILD_SESSION,
};

/* Instead of a descriptor of ours. */
enum {
	CHILD_NULL = -1, /* /dev/null */
	CHILD_PIPE = -2, /* a pipe whose other end is ours */
	CHILD_SAME = -3, /* the same as the descriptor before */
};

struct child_options {
	char *const *argv;        /* the program and its arguments; NULL: @call is all it does */
	const char *program;      /* its path, if that is not argv[0] */
	char *const *environment; /* of @argv; NULL: our own */
	/* Runs in the child, before @argv if that is given: then only what is safe after a fork of many threads.
	 * Without @argv the child exits with 0 behind it; this is for a process of one thread. */
	void (*call)(void *arg);
	/* Runs here, once it is forked: @call may wait for that. 0, or -errno, which ends it. NULL: nothing. */
	int (*started)(pid_t child, void *arg);
	void *arg;
	const char *directory; /* to work in; NULL: ours */
	int standard
		[3]; /* its descriptors 0, 1 and 2: ours, which may be the same number, or as above */
	enum child_place place;
	int death_signal; /* when the thread that started it ends, however early; 0: SIGKILL */
	bool no_core;     /* it leaves no core dump */
};

/* Starts it. Its pid, and our ends of its pipes in @ret_ends (-1: none; NULL when there is no pipe), which
 * close on exec. Or -errno of what kept it, or its program, from running; then nothing is left. */
pid_t child_spawn(const struct child_options *options, int ret_ends[3]);

/* Waits for the child's end until @until_ms of clock_now_ms(), and leaves the child to child_finish(). 0;
 * -ETIMEDOUT when it still runs; any other -errno: how it ended cannot be learned, which is no end. */
int child_wait(pid_t child, int64_t until_ms);
#define CHILD_FOREVER INT64_MAX

/* Kills what the child's group still has, the child included unless it has ended, and reaps the child: not the
 * other way round, for a number that was reaped may be another group's. Fills *ret_status as waitpid() does,
 * and *ret_usage; either may be NULL. 0, or -errno as child_wait() has it, and *ret_status is untouched. */
int child_finish(pid_t child, int *ret_status, struct rusage *ret_usage);

/* Both for a child that ends by itself, however long that takes, or for the error that child_spawn() gave. 0, or
 * -errno. */
int child_join(pid_t child, int *ret_status);

/* What an error of this header's is, for people. */
const char *child_error(int error);

#endif
