/* SPDX-License-Identifier: Apache-2.0
 * Child processes: the only way in which this project starts them and waits for them. */
#ifndef FENCEPOST_BASE_CHILD_H
#define FENCEPOST_BASE_CHILD_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/resource.h>
#include <sys/types.h>

enum child_place {
	CHILD_HERE,  /* in our process group: Ctrl-C of the terminal reaches it too */
	CHILD_GROUP, /* in a group of its own */
	CHILD_SESSION,
};

/* Values of @standard that are no descriptors. */
enum {
	CHILD_NULL = -1, /* /dev/null */
	CHILD_PIPE = -2, /* a pipe whose other end is ours */
	CHILD_SAME = -3, /* the same as the descriptor before */
};

struct child_options {
	char *const *argv;        /* the program and its arguments; NULL: only run @call */
	const char *program;      /* its path, if that is not argv[0] */
	char *const *environment; /* for @argv; NULL: our own */
	/* Runs in the child before @argv, and may do only what is safe after a fork of many threads. Without @argv, the
	 * child exits with 0 afterwards, and the caller must have one thread. */
	void (*call)(void *arg);
	/* Runs in the parent after the fork; @call may wait for it. 0, or -errno, which ends the child. May be NULL. */
	int (*started)(pid_t child, void *arg);
	void *arg;
	const char *directory; /* working directory; NULL: ours */
	int standard[3]; /* its descriptors 0, 1 and 2: descriptors of ours, or values as above */
	enum child_place place;
	int death_signal; /* sent when the thread that started it ends; 0: SIGKILL */
	bool no_core;     /* do not write a core dump */
};

/* Starts a child. Returns its pid, and in @ret_ends our ends of its pipes (-1: no pipe; @ret_ends may be NULL without
 * pipes), which close on exec. Or -errno if the child, or its program, could not start; then nothing is left. */
pid_t child_spawn(const struct child_options *options, int ret_ends[3]);

/* Waits for the child's end until @until_ms of clock_now_ms(), and leaves the child to child_finish(). 0; -ETIMEDOUT
 * when it still runs; another -errno when its end cannot be learned. Do not treat such an error as an end. */
int child_wait(pid_t child, int64_t until_ms);
#define CHILD_FOREVER INT64_MAX

/* Kills the child's group, the child included if it still runs, then reaps the child. This order matters: after the
 * reaping, its number may belong to another group. Fills in *ret_status as waitpid() does, and *ret_usage; either may be
 * NULL. 0, or -errno as for child_wait(), and *ret_status is untouched. */
int child_finish(pid_t child, int *ret_status, struct rusage *ret_usage);

/* Waits for a child that ends by itself, without a limit, and reaps it. @child may also be an error of child_spawn(),
 * which is returned. 0 or -errno. */
int child_join(pid_t child, int *ret_status);

/* Returns an error of this header in words. */
const char *child_error(int error);

#endif
