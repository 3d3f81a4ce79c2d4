/* SPDX-License-Identifier: Apache-2.0
 * Writes the results of the gate for machines: JSON, JUnit XML and a list of inputs. */
#ifndef FENCEPOST_GATE_JSON_H
#define FENCEPOST_GATE_JSON_H

#include "gate.h"

/* Returns the results as JSON. The caller owns the new reference. */
json_t *gate_json(const struct gate *gate);
/* Returns the rows of the gate (rows.h) as JUnit XML, which the caller frees. *ret_code is the exit
 * code of the rows. */
char *gate_junit(const struct gate *gate, int *ret_code);
/* Returns a line for each input that changed. A line has the cell, the plan's number, its bytes in
 * hexadecimal, the old and the new verdict, and the plan in words. The caller frees the text. */
char *gate_changes(const struct gate *gate);

/* Writes all of these files, and the inputs that are shown, into @directory, which is made. Returns
 * 0, or -errno and a message in *ret_error. */
int gate_write(const struct gate *gate, const char *directory, char **ret_error);

#endif
