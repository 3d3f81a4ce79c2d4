/* SPDX-License-Identifier: Apache-2.0
 * The gate as text for a terminal or a log, and as Markdown for the page of a job. */
#ifndef FENCEPOST_GATE_PRINT_H
#define FENCEPOST_GATE_PRINT_H

#include "gate.h"

#include <stdio.h>

/* The detectors that are dead, a line each; is there one? */
bool gate_any_dead(const struct gate *gate);
void gate_print_dead(FILE *out, const struct gate *gate);

void gate_print(FILE *out, const struct gate *gate, const char *directory);
char *gate_markdown(const struct gate *gate);

#endif
