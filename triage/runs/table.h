/* SPDX-License-Identifier: Apache-2.0
 * A measurement's tables, from its results.json alone. */
#ifndef FENCEPOST_RUNS_TABLE_H
#define FENCEPOST_RUNS_TABLE_H

#include <jansson.h>
#include <stdio.h>

/* The answer alone, for a terminal: a table of diagnosed shares an idiom, and the commands for more. */
void results_print_brief(FILE *out, const json_t *results);
/* All tables, for a terminal and as Markdown. */
void results_print(FILE *out, const json_t *results);
void results_print_markdown(FILE *out, const json_t *results);

/* What the run lacks, a line each; nothing when it is complete and no detector was unavailable. */
void results_print_missing(FILE *out, const json_t *results);

#endif
