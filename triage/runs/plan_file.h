/* SPDX-License-Identifier: Apache-2.0
 * Keeps the outcomes of a complete run. Each plan has one outcome byte. Three forms exist:
 *
 * - plans/CELL.u8: a file of plain bytes
 * - plans/CELL.u8.gz: packed by gzip, if a class and idiom has more than PLAN_FILE_PLAIN_MAX plans
 * - no file: the user asked for counts alone */
#ifndef FENCEPOST_RUNS_PLAN_FILE_H
#define FENCEPOST_RUNS_PLAN_FILE_H

#include "measurement.h"

#define PLAN_FILE_PLAIN_MAX 100000000u

/* Opens the bytes of a cell for reading. Packed bytes are unpacked into a nameless file in TMPDIR,
 * which needs room for them. Returns a descriptor. Returns -1 and sets errno on failure. */
int plan_file_open(const struct measurement *run, struct cell cell);

/* Packs the bytes of a cell. Returns 0 or -errno. */
int plan_file_pack(const struct measurement *run, struct cell cell);

/* Brings the bytes of a complete run into the form that the run asks for. Returns 0 or -errno. */
int plan_files_settle(const struct measurement *run);

/* Is the run in its final form? No plan can be judged any more then. */
bool plan_files_are_settled(const struct measurement *run);

/* Returns 0 if the plans are kept. If only counts are left, returns -ENODATA and a message that
 * names the questions that can still be answered. */
int plan_files_check(const struct measurement *run, char **ret_error);

#endif
