/* SPDX-License-Identifier: Apache-2.0
 * The gate for machines: JSON, JUnit XML, a list of inputs; and all of its files. */
#ifndef FENCEPOST_GATE_JSON_H
#define FENCEPOST_GATE_JSON_H

#include "gate.h"

json_t *gate_json(const struct gate *gate);
/* The gate's rows (rows.h): JUnit XML, for the caller to free, and the exit code that they come to. */
char *gate_junit(const struct gate *gate, int *ret_code);
/* Each input that changed: cell, plan, its bytes in hexadecimal, verdict then and now, in words. */
char *gate_changes(const struct gate *gate);

/* All of them, and the inputs that are shown, under @directory, which is made. 0, or -errno and a message. */
int gate_write(const struct gate *gate, const char *directory, char **ret_error);

#endif
