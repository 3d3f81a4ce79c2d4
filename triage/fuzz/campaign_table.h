/* SPDX-License-Identifier: Apache-2.0
 * Prints the tables of a campaign. The only source is the list `campaigns` of its campaign.json. */
#ifndef FENCEPOST_FUZZ_CAMPAIGN_TABLE_H
#define FENCEPOST_FUZZ_CAMPAIGN_TABLE_H

#include <jansson.h>
#include <stdio.h>

/* Prints all tables for a terminal. */
void campaign_print(FILE *out, const json_t *cells);
/* Prints the rates as Markdown. */
void campaign_print_markdown(FILE *out, const json_t *cells);

#endif
