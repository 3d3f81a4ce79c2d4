/* SPDX-License-Identifier: Apache-2.0
 * Adds up runs and shards. The sample of a run determines its plans, so runs of different plans can
 * be added up. Their per-plan bytes follow one another, and everything else is computed again. */
#ifndef FENCEPOST_RUNS_MERGE_H
#define FENCEPOST_RUNS_MERGE_H

#include "results.h"

/* Returns 0 if the runs can be added up. Otherwise returns -EINVAL and a message that names two of
 * them. Runs must agree in plan version, toolchain, kind of plans, classes, idioms and detectors.
 * They may share whole parts, but not single plans. */
int merge_check(const struct measurement *runs, size_t count, char **ret_error);

/* Audits the drawn plans, results->audited. Returns 0, or -errno and a message. */
typedef int merge_audit(const struct measurement *sum, struct results *results, char **ret_error);

/* Writes the sum of @runs into @directory, which exists and is empty. merge_check() must have
 * accepted the runs. The memory does not depend on the number of plans. Returns 0, or -errno and a
 * message; @directory is then removed.
 *
 * Equal parts of several runs count once. If their bytes differ, the result is -EILSEQ and a
 * message that names both files. Costs are means and maxima. The time is that of the job, or that
 * of the busiest host. A plan that was not judged stays so.
 *
 * A run without audits.jsonl adds no audits, and makes the sum incomplete. For the parts of a job,
 * @audit audits one draw. With @audit NULL there are no audits, and the sum is incomplete. run.json
 * is written after the bytes. A merge that is killed therefore leaves no run. */
int merge_runs(const struct measurement *runs, size_t count, const char *directory,
	merge_audit *audit, char **ret_error);

/* Are the bytes of two runs of one part equal? Returns 0 if they are, or -errno and a message.
 * -EILSEQ: the message names the first difference. */
int merge_compare(const char *a, const char *b, char **ret_error);

#endif
