/* SPDX-License-Identifier: Apache-2.0
 * A measurement as a part of a job (runs/job.h): begins or goes on where halves stand, and becomes complete once. */
#ifndef FENCEPOST_MEASURE_PART_H
#define FENCEPOST_MEASURE_PART_H

#include "runs/measurement.h"

#include <stdio.h>

#define PART_IS_DONE (-1)

/* Gives @run, which has a job and no directory yet, a new half: the programs and @arguments must be those of the job, and
 * *ret_lock is a lock on the part or -1. PART_IS_DONE when the part is there, or the exit code, with a message. */
int part_begin(struct measurement *run, const char *arguments, int *ret_lock);

/* Takes over what other halves of the part have judged. The files of @run have their full size, and it has no run.json
 * yet: the processes of these halves are added to run->work. 0 or -errno. */
int part_take_halves(struct measurement *run);

/* Makes a half that is judged the complete part, or drops it when an equal part is there. The exit code; prints one line. */
int part_publish(const struct measurement *run, FILE *out);

/* Was the part completed by another process? */
bool part_is_there(const struct measurement *run);

/* Returns the command that begins or goes on with the part of @run. The caller frees. */
char *part_command(const struct measurement *run);

/* Are the programs of @detectors built, and those of @request (job.json)? 0, or EXIT_NOTHING and a message with the build
 * command. */
int part_check_programs(const char *who, uint32_t detectors, const json_t *request);

/* Returns @earlier (NULL: none) with an entry for this process; see struct measurement. A new reference. */
json_t *part_work(const struct measurement *run, const json_t *earlier);
/* Sets the seconds of the last entry. */
void part_work_end(json_t *work, double seconds);

#endif
