/* SPDX-License-Identifier: Apache-2.0
 * Stores the per-plan bytes of many cells in a small file. A baseline with this file can be
 * compared plan by plan.
 *
 * The outcomes of one plan under all detectors form one symbol. A class and idiom has only some
 * dozens of symbols. 20,000 plans under eight detectors therefore take some 7 KB.
 *
 * The file is a line that names its schema, then a zlib stream. For each class and idiom the stream
 * has these parts:
 *
 * - a line "oob-read go PLANS SYMBOLS detector..."
 * - for each symbol, one byte for each detector
 * - the low bytes of the symbols of all plans
 * - the high bytes of these symbols, if there are more than 256 symbols */
#ifndef FENCEPOST_RUNS_OUTCOME_ARCHIVE_H
#define FENCEPOST_RUNS_OUTCOME_ARCHIVE_H

#include "results.h"

struct plan_bytes {
	struct cell cell;
	uint64_t count;
	uint8_t *bytes; /* outcome bytes (verdict/outcome.h), owned by the struct */
};

struct plan_bytes_list {
	struct plan_bytes *list;
	size_t count;
};

/* Writes @cells, which must be sorted by class, idiom and detector. Cells of one class and idiom
 * have the same number of plans. Returns 0 or -errno. */
int outcome_archive_write(const char *path, const struct plan_bytes_list *cells);

/* Reads the file at @path, which is untrusted. Cells whose slugs no longer exist are left out.
 * Returns 0, or -errno and a message that names the file. plan_bytes_free() frees the result either
 * way. */
int outcome_archive_read(const char *path, struct plan_bytes_list *ret, char **ret_error);

void plan_bytes_free(struct plan_bytes_list *list);

/* Returns a cell of the list, or NULL. */
const struct plan_bytes *plan_bytes_find(const struct plan_bytes_list *list, struct cell cell);

/* Writes the XXH3 (a hash) of the bytes as 16 hexadecimal digits. */
void plan_bytes_hash(const struct plan_bytes *bytes, char ret[17]);

/* Reads all per-plan files of @run, in the same order. A file that is too short is padded with
 * OUTCOME_NONE. Returns 0, or -errno and a message. The message names a file that cannot be read or
 * has bytes that are no outcomes. */
int plan_bytes_of_run(const struct measurement *run, struct plan_bytes_list *ret, char **ret_error);

#endif
