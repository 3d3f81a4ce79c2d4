/* SPDX-License-Identifier: Apache-2.0
 * The gate in words: what all of its outputs have in common, functions of struct gate alone. */
#ifndef FENCEPOST_GATE_TEXT_H
#define FENCEPOST_GATE_TEXT_H

#include "gate.h"

#include <stdio.h>

/* "plan by plan with clang 14.0.6, ..., seed 1": how the run was compared; the caller frees. */
char *gate_headline(const struct gate *gate);

/* "red, exit 2: 3 cells are worse": the last line; the caller frees. */
char *gate_verdict(const struct gate *gate);

/* "43.2 -> 41.0 %", or "-" of nothing; the caller frees. */
char *gate_rate_words(const struct gate_test *test);

/* How many cells, or reproducers, are in a state. */
size_t gate_cells_in(const struct gate *gate, enum gate_state state);
size_t gate_reproducers_in(const struct gate *gate, enum gate_state state);

/* The range, in shares, of the smallest falls of @measure that could have been seen; false without cells. */
bool gate_smallest(
	const struct gate *gate, enum gate_measure measure, double *ret_low, double *ret_high);

/* A sentence for each cell and reproducer that improved, with a plan of the cell, then what to do about it; empty
 * when nothing did. */
json_t *gate_improvements(const struct gate *gate);

/* "plan 1288: right -> wrong-kind: use-after-free, go: ..."; the caller frees. */
char *gate_change_words(const struct gate *gate, const struct gate_change *change);

/* Is the change of this cell? */
bool gate_change_is_of(const struct gate_change *change, const struct gate_cell *cell);

/* "12 no longer right, 3 silent now"; the caller frees. */
char *gate_cell_words(const struct gate *gate, const struct gate_cell *cell);

/* Where a plan that is shown is kept under the output directory; the caller frees. */
char *gate_input_name(const struct gate_change *change);

/* Why reports could not be symbolized, with the remedy: @error of audit_symbolize. For free. */
char *gate_symbolizer_words(int error);

#endif
