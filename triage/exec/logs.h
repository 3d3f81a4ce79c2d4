/* SPDX-License-Identifier: Apache-2.0
 * Collects sanitizer reports through files, because a target may close or replace its standard
 * error. The option log_path=X makes a sanitizer's runtime write one file for each process, X.PID.
 */
#ifndef FENCEPOST_EXEC_LOGS_H
#define FENCEPOST_EXEC_LOGS_H

#include "base/capture.h"

#include <sys/types.h>

#define LOGS_MAX 64 /* files that are read after a run; further files are removed unread */

struct logs {
	/* @path is the X of log_path=X; NULL: no files, reports go to standard error */
	char *directory, *path;
	int fd; /* open descriptor of the directory */
};

/* Makes a directory for the files in @parent, an absolute path. A target that starts as root and
 * changes its user can also write there, if @parent allows access. Returns 0 or -errno.
 * logs_close() frees the result either way. */
int logs_open(const char *parent, struct logs *ret);
void logs_close(struct logs *logs);

/* Appends the files to @ret and empties the directory. The files come in the order in which their
 * processes started, from process @first on. Only regular files are read. Returns the number of
 * files. */
size_t logs_take(const struct logs *logs, pid_t first, struct capture *ret);

#endif
