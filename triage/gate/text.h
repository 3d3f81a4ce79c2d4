/* SPDX-License-Identifier: Apache-2.0
 * The results of the gate in words, for all outputs. */
#ifndef FENCEPOST_GATE_TEXT_H
#define FENCEPOST_GATE_TEXT_H

#include "gate.h"

#include <stdio.h>

/* Returns the way of comparison, "plan by plan with clang 14.0.6, ..., seed 1". The caller frees. */
char *gate_headline(const struct gate *gate);

/* Returns the last line, "red, exit 2: 3 cells are worse". The caller frees. */
char *gate_verdict(const struct gate *gate);

/* Returns "43.2 -> 41.0 %", or "-" without data. The caller frees. */
char *gate_rate_words(const struct gate_test *test);

/* Return the number of cells or reproducers in a state. */
size_t gate_cells_in(const struct gate *gate, enum gate_state state);
size_t gate_reproducers_in(const struct gate *gate, enum gate_state state);

/* Fills in the range, over all cells, of the smallest fall of @measure that a cell could show, as a share. False without
 * cells. */
bool gate_smallest(
	const struct gate *gate, enum gate_measure measure, double *ret_low, double *ret_high);

/* Returns a sentence for each cell and reproducer that improved, with a plan of the cell, and then the next command; empty
 * when nothing improved. A new reference. */
json_t *gate_improvements(const struct gate *gate);

/* Returns a change, "plan 1288: right -> wrong-kind: use-after-free, go: ...". The caller frees. */
char *gate_change_words(const struct gate *gate, const struct gate_change *change);

/* Does the change belong to this cell? */
bool gate_change_is_of(const struct gate_change *change, const struct gate_cell *cell);

/* Returns a cell, "12 no longer right, 3 silent now". The caller frees. */
char *gate_cell_words(const struct gate *gate, const struct gate_cell *cell);

/* Returns the file name of a plan that is shown, under the output directory. The caller frees. */
char *gate_input_name(const struct gate_change *change);

/* Returns the reason, from @error of audit_symbolize(), why reports have no symbols, with the remedy. The caller frees. */
char *gate_symbolizer_words(int error);

#endif
