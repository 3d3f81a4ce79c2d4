/* SPDX-License-Identifier: Apache-2.0
 * The reports that a target's sanitizers write to files of ours instead of standard error, which a target
 * may close, or put something else in place of. A runtime that is told log_path=X writes X.PID, a file a
 * process. */
#ifndef FENCEPOST_EXEC_LOGS_H
#define FENCEPOST_EXEC_LOGS_H

#include "base/capture.h"

#include <sys/types.h>

#define LOGS_MAX 64 /* files read after a run; the rest is removed unread */

struct logs {
	char *directory, *path; /* X; NULL: there is none, reports come to standard error */
	int fd;                 /* of the directory */
};

/* Makes a directory in @parent, an absolute path; what root runs can write there as another user too, if it may pass
 * through @parent. 0 or -errno; for logs_close either way. */
int logs_open(const char *parent, struct logs *ret);
void logs_close(struct logs *logs);

/* Appends what the files say to @ret, in the order in which their processes were started, the first of which
 * is @first, and removes whatever is in the directory. Only regular files are read. Returns how many. */
size_t logs_take(const struct logs *logs, pid_t first, struct capture *ret);

#endif
