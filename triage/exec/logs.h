/* SPDX-License-Identifier: Apache-2.0
 * Collects sanitizer reports through files, because a target may close or replace its standard error. A runtime with
 * log_path=X writes one file for each process, X.PID. */
#ifndef FENCEPOST_EXEC_LOGS_H
#define FENCEPOST_EXEC_LOGS_H

#include "base/capture.h"

#include <sys/types.h>

#define LOGS_MAX 64 /* files that are read after a run; more are removed unread */

struct logs {
	char *directory, *path; /* path is X; NULL: no files, reports go to standard error */
	int fd;                 /* of the directory */
};

/* Makes a directory in @parent, an absolute path. A target of root that changes its user can write there too, if
 * @parent lets it through. 0 or -errno; logs_close() frees the result either way. */
int logs_open(const char *parent, struct logs *ret);
void logs_close(struct logs *logs);

/* Appends the files to @ret, in the order in which their processes started, from @first on, and empties the directory.
 * Only regular files are read. Returns their number. */
size_t logs_take(const struct logs *logs, pid_t first, struct capture *ret);

#endif
