/* SPDX-License-Identifier: Apache-2.0
 * How well buckets, families and the keys that others use agree with labels. */
#ifndef FENCEPOST_CRASHES_BUCKETS_SCORE_H
#define FENCEPOST_CRASHES_BUCKETS_SCORE_H

#include "buckets.h"

/* Holds buckets and families, and the keys that others use, against the labels in the file @path, "file TAB
 * label" a line: prints the scores (stats/score.h) and the worst merges and splits. A file may
 * have its label twice. 0; -ENODATA when no label is of a crash that is here; -EEXIST with a message, for free, when
 * a file has two that differ; or -errno. */
int crash_buckets_score(
	const struct crash_buckets *buckets, const char *path, FILE *out, char **ret_why);

#endif
