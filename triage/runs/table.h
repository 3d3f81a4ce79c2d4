/* SPDX-License-Identifier: Apache-2.0
 * Prints the tables of a measurement. The only source is its results.json. */
#ifndef FENCEPOST_RUNS_TABLE_H
#define FENCEPOST_RUNS_TABLE_H

#include <jansson.h>
#include <stdio.h>

/* Prints one table of diagnosed shares for each idiom, and the commands for more. */
void results_print_brief(FILE *out, const json_t *results);
/* Print all tables, for a terminal and as Markdown. */
void results_print(FILE *out, const json_t *results);
void results_print_markdown(FILE *out, const json_t *results);

/* Prints one line for each missing part of the run and each unavailable detector. */
void results_print_missing(FILE *out, const json_t *results);

#endif
