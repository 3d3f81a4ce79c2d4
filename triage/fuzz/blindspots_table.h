/* SPDX-License-Identifier: Apache-2.0
 * Prints the blind spots (blindspots.h) of a hunt. The only source is the list `campaigns` of its
 * campaign.json. */
#ifndef FENCEPOST_FUZZ_BLINDSPOTS_TABLE_H
#define FENCEPOST_FUZZ_BLINDSPOTS_TABLE_H

#include <jansson.h>
#include <stdio.h>

void campaign_print_blindspots(FILE *out, const json_t *cells);

#endif
