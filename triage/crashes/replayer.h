/* SPDX-License-Identifier: Apache-2.0
 * A replayer is a process that runs crash files on a target, one after another. It is a separate
 * process because it becomes the parent of the target's orphans (exec/exec.h). */
#ifndef FENCEPOST_CRASHES_REPLAYER_H
#define FENCEPOST_CRASHES_REPLAYER_H

#include "crash.h"
#include "exec/exec.h"

/* bytes of the text @ended; escaping makes a byte up to eight bytes long */
#define REPLAY_ENDED_MAX (8 * EXEC_WORDS)

struct replayer_options {
	const struct program *target;
	struct exec_limits limits;
	/* Inputs that do not die are also run alone (exec_run_alone), if that may give another
	 * result. */
	bool insists;
	/* the crashes; a request names a crash by its index in this list */
	const struct crash *list;
};

struct replayer {
	pid_t pid;
	int fd;
};

/* Holds the result of the runs of one crash. */
struct replay_answer {
	int error; /* -errno of exec_run(), or 0 */
	unsigned runs, crashed;
	bool varies, forks, unknown;
	bool refused; /* a stack is missing, because tracing was forbidden */
	int wait_status;
	bool timed_out, out_of_memory;
	unsigned executions;
	/* bytes of the reports: of the first run, then of later runs */
	size_t text_count, text_sizes[CRASH_RUNS];
	char ended[REPLAY_ENDED_MAX]; /* how the last run ended that did not die */
};

/* Starts replayers[number], which keeps its files in @directory. The replayers with smaller numbers
 * must run already. The calling process must have one thread only. Returns 0 or -errno. */
int replayer_start(const struct replayer_options *options, const char *directory,
	struct replayer *replayers, unsigned number);

/* Runs @crash CRASH_RUNS times. Returns 0, and the caller frees each of @ret_texts. Returns -EPIPE
 * if the replayer is gone. */
int replayer_run(const struct replayer *replayer, size_t crash, struct replay_answer *ret,
	char *ret_texts[CRASH_RUNS]);

/* Makes the replayer end early, without an answer. A second call does nothing. */
void replayer_stop(const struct replayer *replayer);

/* Waits until the replayer has no more work and has ended. */
void replayer_end(struct replayer *replayer);

#endif
