/* SPDX-License-Identifier: Apache-2.0
 * Scores the grouping against labels. A label names the true bug of a crash. The score covers our
 * buckets and families, and the keys of other tools. */
#ifndef FENCEPOST_CRASHES_BUCKETS_SCORE_H
#define FENCEPOST_CRASHES_BUCKETS_SCORE_H

#include "buckets.h"

/* Prints the scores (stats/score.h), the worst wrong merges and the worst wrong splits. Each line
 * of the file @path is "file TAB label"; a line may occur twice. Returns 0, or:
 *
 *   -ENODATA   no label belongs to a crash of the run
 *   -EEXIST    a file has two different labels; *ret_why has a message, which the caller frees
 *   -errno     the file cannot be read */
int crash_buckets_score(
	const struct crash_buckets *buckets, const char *path, FILE *out, char **ret_why);

#endif
