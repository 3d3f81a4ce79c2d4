/* SPDX-License-Identifier: Apache-2.0
 * The mode of make fuzz EVERY=1: every report ends its process, as in an ordinary fuzzing target. */
#include "campaign.h"

const struct mode campaign_mode = { .then = OBSERVE_THEN_DIE };
