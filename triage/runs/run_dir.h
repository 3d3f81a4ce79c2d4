/* SPDX-License-Identifier: Apache-2.0
 * The directory runs/: makes, lists, locks and finds runs. */
#ifndef FENCEPOST_RUNS_RUN_DIR_H
#define FENCEPOST_RUNS_RUN_DIR_H

#include <stdbool.h>
#include <stddef.h>

/* Returns the date and time, ISO 8601 in UTC. The caller frees. */
char *run_dir_date(void);

/* Makes a new directory runs/<date>-<time>-<what>, in UTC, and returns its path; NULL with errno on failure. The caller
 * frees. */
char *run_dir_make(const char *what);

/* Makes runs/latest point to a complete run, unless it points to a run that began later. The link is
 * renamed into place, because two runs may end at once. 0 or -errno. */
int run_dir_point_latest(const char *directory);
/* Makes runs/latest point to the run whatever it points to: clocks of machines differ. */
int run_dir_set_latest(const char *directory);

/* Returns the real path of @path, relative to here if that is shorter: runs/latest may be another run tomorrow. NULL
 * when there is no such directory. The caller frees. */
char *run_dir_real_path(const char *path);

/* The directories "runs/<id>" with a run.json, oldest first. The date at the start of each name gives the order. */
struct run_dirs {
	char **list;
	size_t count;
};
void run_dir_list(struct run_dirs *ret);
void run_dir_free(struct run_dirs *runs);

/* Locks the run.json of a run, so that only one process works on the run. Returns a descriptor that holds the lock until
 * it is closed or the process ends; or -errno (-EWOULDBLOCK: another process has the lock). run_dir_lock_words() says
 * the error in words. */
int run_dir_lock(const char *directory);
/* Locks @path, opened with @flags, in the same way. Opened for reading only, it is a lock that many can have. */
int run_dir_lock_file(const char *path, int flags);
const char *run_dir_lock_words(int error);

/* Returns the directory of a measurement. @name is a directory, an id under runs/, or "latest": the newest complete
 * measurement or, if none is complete, the newest. NULL and a message with the next command. The caller frees. */
char *run_dir_find_measurement(const char *name, char **ret_error);

#endif
