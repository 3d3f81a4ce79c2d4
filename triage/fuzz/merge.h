/* SPDX-License-Identifier: Apache-2.0
 * Adds campaigns and hunts up. Counts are summed, and the earliest of first times stays. Buckets
 * with the same key and FAULT line are joined, and blind spots with the same name. */
#ifndef FENCEPOST_FUZZ_MERGE_H
#define FENCEPOST_FUZZ_MERGE_H

#include <stddef.h>

/* Can the campaigns be added up? They must be complete, and alike in kind, detector, engine,
 * toolchain and plan version. Returns 0, or -errno and a message in *ret_error. -EILSEQ: the
 * message names two campaigns that differ. */
int campaigns_merge_check(char *const *directories, size_t count, char **ret_error);

/* Writes run.json and campaign.json of the sum into @directory. A campaign that is named twice
 * counts once. Returns 0, or -errno and a message in *ret_error. */
int campaigns_merge(
	char *const *directories, size_t count, const char *directory, char **ret_error);

#endif
