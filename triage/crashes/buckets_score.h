/* SPDX-License-Identifier: Apache-2.0
 * Scores buckets, families and the keys of other tools against labels, which name the bug of each crash. */
#ifndef FENCEPOST_CRASHES_BUCKETS_SCORE_H
#define FENCEPOST_CRASHES_BUCKETS_SCORE_H

#include "buckets.h"

/* Prints the scores (stats/score.h) and the worst merges and splits. Each line of the file @path is "file TAB label"; a
 * line may occur twice. 0; -ENODATA when no label fits a crash of the run; -EEXIST with a message, for the caller to
 * free, when a file has two different labels; or -errno. */
int crash_buckets_score(
	const struct crash_buckets *buckets, const char *path, FILE *out, char **ret_why);

#endif
