/* SPDX-License-Identifier: Apache-2.0
 * A campaign as a part of a job (runs/job.h). A fuzzer does not repeat itself, so that the first of two complete parts
 * stays, and a part goes on with the cells that a half has not fuzzed to their end. */
#ifndef FENCEPOST_FUZZ_PART_H
#define FENCEPOST_FUZZ_PART_H

#include "campaign.h"
#include "runs/job.h"

#define FUZZ_PART_IS_DONE (-1)

/* Agrees with the job on @campaign, locks the part to the end of this process, gives the campaign a directory and a seed of
 * its own, and takes over whole cells of other halves. 0; FUZZ_PART_IS_DONE; or the exit code, with a message. */
int fuzz_part_begin(struct campaign *campaign, const struct job_part *part);

/* Is the cell fuzzed to its end? */
bool fuzz_part_has_cell(
	const struct campaign *campaign, enum plan_class class, enum plan_idiom idiom);

/* Makes the half the complete part. 0, or the exit code, with a message. */
int fuzz_part_publish(const struct campaign *campaign, const struct job_part *part);

#endif
