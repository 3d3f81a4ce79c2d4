/* SPDX-License-Identifier: Apache-2.0
 * Every report ends its process, as users know it: make fuzz EVERY=1. */
#include "campaign.h"

const struct mode campaign_mode = { .then = OBSERVE_THEN_DIE };
