/* SPDX-License-Identifier: Apache-2.0
 * Prints a hunt's blind spots, from the list `campaigns` in its campaign.json alone. */
#ifndef FENCEPOST_FUZZ_BLINDSPOTS_TABLE_H
#define FENCEPOST_FUZZ_BLINDSPOTS_TABLE_H

#include <jansson.h>
#include <stdio.h>

void campaign_print_blindspots(FILE *out, const json_t *cells);

#endif
