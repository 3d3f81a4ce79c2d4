/* SPDX-License-Identifier: Apache-2.0
 * Replays, judges, groups and keeps the saved crashes of one cell of a campaign. */
#ifndef FENCEPOST_FUZZ_CAMPAIGN_CELL_H
#define FENCEPOST_FUZZ_CAMPAIGN_CELL_H

#include "campaign.h"

/* Replays, judges and groups the crashes of the cell, and keeps reproducers under crashes/. A cell
 * that was cut off is allowed. Returns the cell's object for campaign.json, or NULL after a message
 * was printed. If a reproducer cannot be written, a message names it, and *ret_all_kept becomes
 * false. */
json_t *campaign_triage(const struct campaign *campaign, enum plan_class class,
	enum plan_idiom idiom, bool *ret_all_kept);

#endif
