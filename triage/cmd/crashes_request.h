/* SPDX-License-Identifier: Apache-2.0
 * Reads the command line of `triage crashes`. */
#ifndef FENCEPOST_CMD_CRASHES_REQUEST_H
#define FENCEPOST_CMD_CRASHES_REQUEST_H

#include "crashes/run.h"

/* Fills in *ret. Returns 0, or an exit code after a message was printed. Returns -1 if help was
 * requested and printed. The caller frees ret->directories and nothing else. */
int crashes_request_parse(int argc, char **argv, struct crashes_request *ret);

#endif
