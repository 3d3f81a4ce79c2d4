/* SPDX-License-Identifier: Apache-2.0
 * Replays, judges, groups and keeps the saved crashes of one cell of a campaign. */
#ifndef FENCEPOST_FUZZ_CAMPAIGN_CELL_H
#define FENCEPOST_FUZZ_CAMPAIGN_CELL_H

#include "campaign.h"

/* Does so, also for a cell that was cut off, and keeps reproducers under crashes/. Returns the cell's object for
 * campaign.json, or NULL with a message printed. A reproducer that cannot be written is named in a message, and sets
 * *ret_all_kept to false. */
json_t *campaign_triage(const struct campaign *campaign, enum plan_class class,
	enum plan_idiom idiom, bool *ret_all_kept);

#endif
