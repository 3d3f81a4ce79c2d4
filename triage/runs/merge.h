/* SPDX-License-Identifier: Apache-2.0
 * Runs and shards added up. Plans are a pure function of their sample, so whatever holds other plans of
 * the same samples, made alike, can be added: the per-plan bytes one behind the other, the rest again. */
#ifndef FENCEPOST_RUNS_MERGE_H
#define FENCEPOST_RUNS_MERGE_H

#include "measurement.h"

/* 0 when the runs can be added up. -EINVAL and a line that names two of them when they hold the same
 * plans, or differ in what results are comparable under: plan version, toolchain, kind of plans,
 * classes, idioms, detectors. */
int merge_check(const struct measurement *runs, size_t count, char **ret_error);

/* Makes @directory, which exists and is empty, the sum of @runs, which merge_check has let pass. Costs
 * are means and maxima, times are sums. Plans that a run has not judged stay so; a run without
 * audits.jsonl adds no audits, and the sum is then not complete. run.json is written after the bytes,
 * so that a merge which is killed leaves no run. 0, or -errno and a message, and @directory is gone. */
int merge_runs(
	const struct measurement *runs, size_t count, const char *directory, char **ret_error);

#endif
