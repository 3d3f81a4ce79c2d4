/* SPDX-License-Identifier: Apache-2.0
 * Makes, lists, locks and finds runs in the directory runs/. */
#ifndef FENCEPOST_RUNS_RUN_DIR_H
#define FENCEPOST_RUNS_RUN_DIR_H

#include <stdbool.h>
#include <stddef.h>

/* Returns the present date and time, ISO 8601 in UTC. The caller frees the text. */
char *run_dir_date(void);

/* Makes a new directory runs/<date>-<time>-<what>, in UTC, and returns its path. Returns NULL and
 * sets errno on failure. The caller frees the path. */
char *run_dir_make(const char *what);

/* Makes runs/latest point to a complete run, unless it points to a run that began later. Two runs
 * may end at one time, so the link is renamed into place. Returns 0 or -errno. */
int run_dir_point_latest(const char *directory);
/* Makes runs/latest point to the run, whatever it points to. Used if the clocks of machines may
 * differ. */
int run_dir_set_latest(const char *directory);

/* Returns the real path of @path, because runs/latest may be another run tomorrow. The path is
 * relative to the working directory if that is shorter. Returns NULL if there is no such directory.
 * The caller frees the path. */
char *run_dir_real_path(const char *path);

/* Lists the directories "runs/<id>" that have a run.json, oldest first. The date at the start of
 * each name gives the order. */
struct run_dirs {
	char **list;
	size_t count;
};
void run_dir_list(struct run_dirs *ret);
void run_dir_free(struct run_dirs *runs);

/* Locks the run.json of a run, so that only one process works on the run. Returns a descriptor that
 * holds the lock until it is closed or the process ends. Returns -errno on failure; -EWOULDBLOCK:
 * another process has the lock. run_dir_lock_words() describes the error. */
int run_dir_lock(const char *directory);
/* Locks the file at @path in the same way. The file is opened with @flags. If it is opened for
 * reading only, many processes may hold the lock. */
int run_dir_lock_file(const char *path, int flags);
const char *run_dir_lock_words(int error);

/* Returns the directory of a measurement. @name is a directory, an id under runs/, or "latest".
 * "latest" is the newest complete measurement, or the newest if none is complete. Returns NULL and
 * a message with the next command on failure. The caller frees the path. */
char *run_dir_find_measurement(const char *name, char **ret_error);

#endif
