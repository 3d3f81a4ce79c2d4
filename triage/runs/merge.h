/* SPDX-License-Identifier: Apache-2.0
 * Adds up runs and shards. The sample of a run determines its plans, so runs of different plans can be added: the
 * per-plan bytes are put one after another, and all else is computed again. */
#ifndef FENCEPOST_RUNS_MERGE_H
#define FENCEPOST_RUNS_MERGE_H

#include "measurement.h"

/* Returns 0 if the runs can be added up. -EINVAL and a message that names two of them, if they share a plan or differ in
 * plan version, toolchain, kind of plans, classes, idioms or detectors. */
int merge_check(const struct measurement *runs, size_t count, char **ret_error);

/* Writes the sum of @runs into @directory, which exists and is empty. merge_check() must have accepted the runs. Costs
 * are means and maxima, times are sums. A plan that was not judged stays so. A run without audits.jsonl adds no audits,
 * and makes the sum incomplete. run.json is written after the bytes, so that a merge that is killed leaves no run. 0,
 * or -errno and a message; @directory is then removed. */
int merge_runs(
	const struct measurement *runs, size_t count, const char *directory, char **ret_error);

#endif
