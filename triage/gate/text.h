/* SPDX-License-Identifier: Apache-2.0
 * Describes the results of the gate in words, for all outputs. */
#ifndef FENCEPOST_GATE_TEXT_H
#define FENCEPOST_GATE_TEXT_H

#include "gate.h"

#include <stdio.h>

/* Returns a description of the comparison: "plan by plan with clang 14.0.6, ..., seed 1". The
 * caller frees the text. */
char *gate_headline(const struct gate *gate);

/* Returns the last line of output: "red, exit 2: 3 cells are worse". The caller frees the text. */
char *gate_verdict(const struct gate *gate);

/* Returns the old and the new rate: "43.2 -> 41.0 %", or "-" without data. The caller frees the
 * text. */
char *gate_rate_words(const struct gate_test *test);

/* Return the number of cells or reproducers in a state. */
size_t gate_cells_in(const struct gate *gate, enum gate_state state);
size_t gate_reproducers_in(const struct gate *gate, enum gate_state state);

/* For each cell there is a smallest fall of @measure that the cell could show. Fills in the range
 * of these falls over all cells, as shares. Returns false if there are no cells. */
bool gate_smallest(
	const struct gate *gate, enum gate_measure measure, double *ret_low, double *ret_high);

/* Returns a sentence for each cell and reproducer that improved, with a plan of the cell, and then
 * the next command. The list is empty if nothing improved. The caller owns the new reference. */
json_t *gate_improvements(const struct gate *gate);

/* Returns a description of a change: "plan 1288: right -> wrong-kind: use-after-free, go: ...". The
 * caller frees the text. */
char *gate_change_words(const struct gate *gate, const struct gate_change *change);

/* Does the change belong to this cell? */
bool gate_change_is_of(const struct gate_change *change, const struct gate_cell *cell);

/* Returns the changes of a cell: "12 no longer right, 3 silent now". The caller frees the text. */
char *gate_cell_words(const struct gate *gate, const struct gate_cell *cell);

/* Returns the file name, in the output directory, of a plan that is shown. The caller frees the
 * name. */
char *gate_input_name(const struct gate_change *change);

/* Returns the reason for which reports have no symbols, with the remedy. @error comes from
 * audit_symbolize(). The caller frees the text. */
char *gate_symbolizer_words(int error);

#endif
