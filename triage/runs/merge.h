/* SPDX-License-Identifier: Apache-2.0
 * Adds up runs and shards. The sample of a run determines its plans, so runs of different plans can be added: the
 * per-plan bytes are put one after another, and all else is computed again. */
#ifndef FENCEPOST_RUNS_MERGE_H
#define FENCEPOST_RUNS_MERGE_H

#include "results.h"

/* Returns 0 if the runs can be added up. -EINVAL and a message that names two of them, if they differ in plan version,
 * toolchain, kind of plans, classes, idioms or detectors, or share plans but not whole parts. */
int merge_check(const struct measurement *runs, size_t count, char **ret_error);

/* Audits the drawn plans, results->audited. 0, or -errno and a message. */
typedef int merge_audit(const struct measurement *sum, struct results *results, char **ret_error);

/* Writes the sum of @runs into @directory, which exists and is empty. merge_check() must have accepted the runs. A part
 * that several runs hold is taken once if its bytes are equal; else -EILSEQ and a message that names both files. Costs are
 * means and maxima. The time is that of a job, or that of the busiest host. A plan that was not judged stays so. A run
 * without audits.jsonl adds no audits, and makes the sum incomplete. Of a job's parts, one draw is audited by @audit; with
 * NULL it is not, and the sum is incomplete. run.json is written after the bytes, so that a merge that is killed leaves no
 * run. Memory does not depend on the number of plans. 0, or -errno and a message; @directory is then removed. */
int merge_runs(const struct measurement *runs, size_t count, const char *directory,
	merge_audit *audit, char **ret_error);

/* Are the bytes of two runs of one part equal? 0; -EILSEQ and a message that names the first difference; or -errno and a
 * message. */
int merge_compare(const char *a, const char *b, char **ret_error);

#endif
