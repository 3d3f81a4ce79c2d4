/* SPDX-License-Identifier: Apache-2.0
 * Child processes: how they start, and how their end is learned. */
#ifndef FENCEPOST_BASE_CHILD_H
#define FENCEPOST_BASE_CHILD_H

#include <stdint.h>
#include <sys/resource.h>
#include <sys/types.h>

enum child_place {
	CHILD_HERE,  /* in our process group: the terminal's Ctrl-C is its too */
	CHILD_GROUP, /* in a group of its own */
	CHILD_SESSION,
};

/* fork(). The child gets @death_signal when the thread that forked it ends, even if that was before it could
 * ask for the signal. 0 in the child, its pid, or -errno. */
pid_t child_fork(enum child_place place, int death_signal);

/* In the child: what are to be its descriptors 0, 1 and 2; -1: /dev/null. */
void child_standard(int in, int out, int err);

/* In the child: becomes @program, with @environment (NULL: our own) and every signal as a program expects it.
 * What keeps it from doing so is written to @failure (-1: nowhere), which closes on exec. */
void child_exec(const char *program, char *const argv[], char *const environment[], int failure)
	__attribute__((noreturn));

/* Waits for child_exec(), @failure being the pipe's other end. 0, or -errno of what kept the program from
 * running; then the child is gone. */
int child_started(pid_t child, int failure);

/* Waits for the child's end until @until_ms of clock_now_ms(), and leaves the child to child_finish(). 0;
 * -ETIMEDOUT when it still runs; any other -errno: how it ended cannot be learned, which is no end. */
int child_wait(pid_t child, int64_t until_ms);
#define CHILD_FOREVER INT64_MAX

/* Kills what the child's group still has, the child included unless it has ended, and reaps the child: not the
 * other way round, for a number that was reaped may be another group's. Fills *ret_status as waitpid() does,
 * and *ret_usage; either may be NULL. 0, or -errno as child_wait() has it, and *ret_status is untouched. */
int child_finish(pid_t child, int *ret_status, struct rusage *ret_usage);

/* What an error of this header's is, for people. */
const char *child_error(int error);

#endif
