/* SPDX-License-Identifier: Apache-2.0
 * How the plans of a complete run are kept: a byte each in plans/CELL.u8; packed (gzip) in plans/CELL.u8.gz where a class
 * and idiom has more than PLAN_FILE_PLAIN_MAX plans; or not at all, on request, so that only counts are left. */
#ifndef FENCEPOST_RUNS_PLAN_FILE_H
#define FENCEPOST_RUNS_PLAN_FILE_H

#include "measurement.h"

#define PLAN_FILE_PLAIN_MAX 100000000u

/* Opens the bytes of a cell for reading. Packed ones are unpacked into a file without a name in TMPDIR, which needs room for
 * them. Returns a descriptor, or -1 and errno. */
int plan_file_open(const struct measurement *run, struct cell cell);

/* Packs the bytes of a cell. 0 or -errno. */
int plan_file_pack(const struct measurement *run, struct cell cell);

/* Does what the run asks for, now that it is complete. 0 or -errno. */
int plan_files_settle(const struct measurement *run);

/* Has the run been settled, so that no plan can be judged any more? */
bool plan_files_are_settled(const struct measurement *run);

/* Returns 0 unless only counts are left; then -ENODATA and a message that says which questions have an answer. */
int plan_files_check(const struct measurement *run, char **ret_error);

#endif
