/* SPDX-License-Identifier: Apache-2.0
 * Looks for what the detector reports: a report ends the process, as users know it. */
#include "campaign.h"

const struct mode campaign_mode = { .then = OBSERVE_THEN_DIE };
