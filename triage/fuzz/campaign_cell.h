/* SPDX-License-Identifier: Apache-2.0
 * What one cell of a campaign found: its saved crashes replayed, judged, grouped and kept. */
#ifndef FENCEPOST_FUZZ_CAMPAIGN_CELL_H
#define FENCEPOST_FUZZ_CAMPAIGN_CELL_H

#include "campaign.h"

/* Replays, judges and buckets what a cell saved, keeps reproducers under crashes/. Returns the cell's
 * object for campaign.json, or NULL with a message printed. Works on a cell that was cut off too. A
 * reproducer that cannot be written is named, and *ret_all_kept then false. */
json_t *campaign_triage(const struct campaign *campaign, enum plan_class class,
	enum plan_idiom idiom, bool *ret_all_kept);

#endif
