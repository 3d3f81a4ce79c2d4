/* SPDX-License-Identifier: Apache-2.0
 * Writes the results of the gate for machines: JSON, JUnit XML and a list of inputs. */
#ifndef FENCEPOST_GATE_JSON_H
#define FENCEPOST_GATE_JSON_H

#include "gate.h"

/* Returns the results as JSON; a new reference. */
json_t *gate_json(const struct gate *gate);
/* Returns the gate's rows (rows.h) as JUnit XML, for the caller to free, and their exit code. */
char *gate_junit(const struct gate *gate, int *ret_code);
/* Returns a line for each input that changed: cell, plan, bytes in hexadecimal, old and new verdict, plan in words. The
 * caller frees. */
char *gate_changes(const struct gate *gate);

/* Writes all of these, and the inputs that are shown, into @directory, which is made. 0, or -errno and a message. */
int gate_write(const struct gate *gate, const char *directory, char **ret_error);

#endif
