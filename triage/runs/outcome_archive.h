/* SPDX-License-Identifier: Apache-2.0
 * The per-plan bytes of many cells in a small file, so that a baseline can be compared plan by plan.
 *
 * What all detectors said of one plan is one symbol, of which a class and idiom has some dozens: 20,000
 * plans under eight detectors take some 7 KB. The file is a line that names its schema, then a zlib stream: for
 * each class and idiom a line "oob-read go PLANS SYMBOLS detector...", SYMBOLS times a byte a
 * detector, the low bytes of the symbols of all plans and, when there are more than 256, the high ones. */
#ifndef FENCEPOST_RUNS_OUTCOME_ARCHIVE_H
#define FENCEPOST_RUNS_OUTCOME_ARCHIVE_H

#include "results.h"

struct plan_bytes {
	struct cell cell;
	uint64_t count;
	uint8_t *bytes; /* verdict/outcome.h; owned */
};

struct plan_bytes_list {
	struct plan_bytes *list;
	size_t count;
};

/* Sorted by class, then idiom, then detector, each cell once; the cells of one class and idiom have
 * equally many plans. 0 or -errno. */
int outcome_archive_write(const char *path, const struct plan_bytes_list *cells);

/* Takes the file for untrusted. Cells of slugs that are no more are left out. 0, or -errno and a message
 * that names the file; the result is for plan_bytes_free either way. */
int outcome_archive_read(const char *path, struct plan_bytes_list *ret, char **ret_error);

void plan_bytes_free(struct plan_bytes_list *list);

/* NULL when it is not there. */
const struct plan_bytes *plan_bytes_find(const struct plan_bytes_list *list, struct cell cell);

/* 16 hex digits: the XXH3 of the bytes. */
void plan_bytes_hash(const struct plan_bytes *bytes, char ret[17]);

/* All cells of @run that have a per-plan file, in that order; a file that is too short is filled up with
 * OUTCOME_NONE. 0, or -errno and a message that names a file that cannot be read or holds bytes that
 * mean nothing. */
int plan_bytes_of_run(const struct measurement *run, struct plan_bytes_list *ret, char **ret_error);

#endif
