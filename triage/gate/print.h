/* SPDX-License-Identifier: Apache-2.0
 * Prints the results of the gate: as text for a terminal or a log, and as Markdown for the page of
 * a CI job. */
#ifndef FENCEPOST_GATE_PRINT_H
#define FENCEPOST_GATE_PRINT_H

#include "gate.h"

#include <stdio.h>

/* gate_any_dead(): is a detector dead? gate_print_dead() prints one line for each dead detector. */
bool gate_any_dead(const struct gate *gate);
void gate_print_dead(FILE *out, const struct gate *gate);

/* Prints all results. @directory is the one that holds the written files. */
void gate_print(FILE *out, const struct gate *gate, const char *directory);
/* Returns the Markdown. The caller frees the result. */
char *gate_markdown(const struct gate *gate);

#endif
