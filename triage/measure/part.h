/* SPDX-License-Identifier: Apache-2.0
 * Runs a measurement as one part of a job. A job is divided into parts, which several machines may
 * run (runs/job.h). A half is an unfinished try of a part. A new try begins where the halves
 * stopped. The part becomes complete once. */
#ifndef FENCEPOST_MEASURE_PART_H
#define FENCEPOST_MEASURE_PART_H

#include "runs/measurement.h"

#include <stdio.h>

#define PART_IS_DONE (-1)

/* Makes a new half for @run, which has a job but no directory yet. The programs and @arguments must
 * be those of the job. *ret_lock becomes a lock on the part, or -1. Returns 0, or PART_IS_DONE if
 * the part is complete, or the exit code after a message was printed. */
int part_begin(struct measurement *run, const char *arguments, int *ret_lock);

/* Takes over the plans that other halves of the part have judged. The files of @run must have their
 * full size, and run.json must not exist yet. The processes of the other halves are added to
 * run->work. Returns 0 or -errno. */
int part_take_halves(struct measurement *run);

/* Makes a judged half the complete part. If an equal part is there already, the half is removed.
 * Prints one line to @out. Returns the exit code. */
int part_publish(const struct measurement *run, FILE *out);

/* Has another process completed the part? */
bool part_is_there(const struct measurement *run);

/* Returns the command that begins or continues the part of @run. The caller frees the text. */
char *part_command(const struct measurement *run);

/* Are the programs of @detectors built, and are they those of @request (job.json)? Returns 0, or
 * EXIT_NOTHING after a message with the build command was printed. */
int part_check_programs(const char *who, uint32_t detectors, const json_t *request);

/* Returns a copy of @earlier, the list of processes (struct measurement), with an entry for this
 * process. @earlier may be NULL. The caller owns the new reference. */
json_t *part_work(const struct measurement *run, const json_t *earlier);
/* Sets the seconds of the last entry. */
void part_work_end(json_t *work, double seconds);

#endif
