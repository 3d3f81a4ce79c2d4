/* SPDX-License-Identifier: Apache-2.0
 * Runs a campaign as one part of a job. A job is divided into parts, which several machines may run
 * (runs/job.h). A half is an unfinished try of a part.
 *
 * A fuzzer does not repeat itself. Of two complete tries of a part, the first one therefore stays.
 * A new try runs only the cells that no half has fuzzed to their end. */
#ifndef FENCEPOST_FUZZ_PART_H
#define FENCEPOST_FUZZ_PART_H

#include "campaign.h"
#include "runs/job.h"

#define FUZZ_PART_IS_DONE (-1)

/* Begins the part: checks that @campaign agrees with the job, and locks the part until this process
 * ends. Gives the campaign a directory and a seed of its own, and takes over whole cells of other
 * halves. Returns 0 or FUZZ_PART_IS_DONE, or the exit code after a message was printed. */
int fuzz_part_begin(struct campaign *campaign, const struct job_part *part);

/* Is the cell fuzzed to its end? */
bool fuzz_part_has_cell(
	const struct campaign *campaign, enum plan_class class, enum plan_idiom idiom);

/* Makes this half the complete part. Returns 0, or the exit code after a message was printed. */
int fuzz_part_publish(const struct campaign *campaign, const struct job_part *part);

#endif
