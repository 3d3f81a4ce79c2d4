/* SPDX-License-Identifier: Apache-2.0
 * A process that replays one crash after the other on a target. It is a process of its own, for what a target's
 * processes leave behind must belong to somebody (exec/exec.h). */
#ifndef FENCEPOST_CRASHES_REPLAYER_H
#define FENCEPOST_CRASHES_REPLAYER_H

#include "crash.h"
#include "exec/exec.h"

#define REPLAY_ENDED_MAX (8 * EXEC_WORDS) /* each byte may be escaped */

struct replayer_options {
	const struct program *target;
	struct exec_limits limits;
	bool insists; /* what does not die is run alone too (exec_run_alone), where that may differ */
	const struct crash *list; /* as it is now: crashes are named by their index */
};

struct replayer {
	pid_t pid;
	int fd;
};

/* What came of the runs of one crash. */
struct replay_answer {
	int error; /* -errno of exec_run */
	unsigned runs, crashed;
	bool varies, forks, unknown;
	bool refused; /* a stack that is missing could not be traced */
	int wait_status;
	bool timed_out, out_of_memory;
	unsigned executions;
	size_t text_count,
		text_sizes[CRASH_RUNS]; /* of the report: the first run's and further ones */
	char ended[REPLAY_ENDED_MAX];   /* of the last run that did not die */
};

/* Starts replayers[number], those before it being there already, with @directory for its files. Only for a process of
 * one thread. 0 or -errno. */
int replayer_start(const struct replayer_options *options, const char *directory,
	struct replayer *replayers, unsigned number);

/* Runs @crash CRASH_RUNS times. 0, with @ret_texts for free(); or -EPIPE when the replayer is gone. */
int replayer_run(const struct replayer *replayer, size_t crash, struct replay_answer *ret,
	char *ret_texts[CRASH_RUNS]);

/* Lets it come to its end early: then no answer comes any more. May be said more than once. */
void replayer_stop(const struct replayer *replayer);

/* Waits for its end, which comes when it has nothing to do. */
void replayer_end(struct replayer *replayer);

#endif
