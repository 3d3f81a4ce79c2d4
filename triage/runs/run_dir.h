/* SPDX-License-Identifier: Apache-2.0
 * The directory runs/: what is in it, and what gets in. */
#ifndef FENCEPOST_RUNS_RUN_DIR_H
#define FENCEPOST_RUNS_RUN_DIR_H

#include <stdbool.h>
#include <stddef.h>

/* The date and time, ISO 8601 in UTC; the caller frees. */
char *run_dir_date(void);

/* Makes runs/<date>-<time>-<what>, in UTC, never one that is there. NULL and errno; the caller frees. */
char *run_dir_make(const char *what);

/* Makes runs/latest point to runs/<id>, which is complete, unless it points to one that began later; renamed
 * into place, for two runs may end at once. 0 or -errno. */
int run_dir_point_latest(const char *directory);

/* @path's real name, seen from here where that is shorter: runs/latest is another run tomorrow. NULL
 * when there is no such directory; the caller frees. */
char *run_dir_real_path(const char *path);

/* The directories "runs/<id>" that hold a run.json, oldest first: their names begin with the date. */
struct run_dirs {
	char **list;
	size_t count;
};
void run_dir_list(struct run_dirs *ret);
void run_dir_free(struct run_dirs *runs);

/* One process a run: locks its run.json until the descriptor that is returned is closed, or the process ends.
 * Or -errno, -EWOULDBLOCK when another process holds it; run_dir_lock_words of it says so. */
int run_dir_lock(const char *directory);
const char *run_dir_lock_words(int error);

/* The measurement that @name means: a directory, the id of one under runs/, or "latest", which is the
 * newest complete one and, without such, the newest. NULL and a message with the next command. */
char *run_dir_find_measurement(const char *name, char **ret_error);

#endif
