/* SPDX-License-Identifier: Apache-2.0
 * A process that replays crashes on a target, one after another. It is a process of its own because it inherits the
 * orphans of the target (exec/exec.h). */
#ifndef FENCEPOST_CRASHES_REPLAYER_H
#define FENCEPOST_CRASHES_REPLAYER_H

#include "crash.h"
#include "exec/exec.h"

#define REPLAY_ENDED_MAX (8 * EXEC_WORDS) /* each byte may be escaped */

struct replayer_options {
	const struct program *target;
	struct exec_limits limits;
	bool insists; /* also run alone the inputs that do not die (exec_run_alone), if that may differ */
	const struct crash *list; /* the crashes, which requests name by their index */
};

struct replayer {
	pid_t pid;
	int fd;
};

/* The result of the runs of one crash. */
struct replay_answer {
	int error; /* -errno of exec_run(), or 0 */
	unsigned runs, crashed;
	bool varies, forks, unknown;
	bool refused; /* a stack is missing, and tracing was forbidden */
	int wait_status;
	bool timed_out, out_of_memory;
	unsigned executions;
	size_t text_count,
		text_sizes[CRASH_RUNS]; /* sizes of the reports of the first and of later runs */
	char ended[REPLAY_ENDED_MAX];   /* of the last run that did not die */
};

/* Starts replayers[number], after those before it, with @directory for its files. The caller must have one thread. 0 or
 * -errno. */
int replayer_start(const struct replayer_options *options, const char *directory,
	struct replayer *replayers, unsigned number);

/* Runs @crash CRASH_RUNS times. 0, and the caller frees @ret_texts; or -EPIPE when the replayer is gone. */
int replayer_run(const struct replayer *replayer, size_t crash, struct replay_answer *ret,
	char *ret_texts[CRASH_RUNS]);

/* Makes it end early, without an answer. A second call is fine. */
void replayer_stop(const struct replayer *replayer);

/* Waits until it has nothing to do and has ended. */
void replayer_end(struct replayer *replayer);

#endif
