/* SPDX-License-Identifier: Apache-2.0
 * Adds campaigns up, also hunts: counts are summed, first times are the earliest, buckets are joined by key and FAULT
 * line, blind spots by name. */
#ifndef FENCEPOST_FUZZ_MERGE_H
#define FENCEPOST_FUZZ_MERGE_H

#include <stddef.h>

/* Are the campaigns complete, and alike in kind, detector, engine, toolchain and plan version? 0; -EILSEQ and a message that
 * names two of them; or -errno and a message. */
int campaigns_merge_check(char *const *directories, size_t count, char **ret_error);

/* Writes run.json and campaign.json of the sum into @directory. A campaign that is named twice counts once. 0, or -errno and
 * a message. */
int campaigns_merge(
	char *const *directories, size_t count, const char *directory, char **ret_error);

#endif
