/* SPDX-License-Identifier: Apache-2.0
 * Reads ci/expected.tsv, the list of regressions that somebody has accepted. */
#ifndef FENCEPOST_GATE_ACCEPT_H
#define FENCEPOST_GATE_ACCEPT_H

#include "gate.h"

/* Applies the file at @path, if it exists. Returns 0, or -errno and a message that names the line.
 */
int gate_accept(struct gate *gate, const char *path, char **ret_error);

#endif
