/* SPDX-License-Identifier: Apache-2.0
 * The command line of triage crashes. */
#ifndef FENCEPOST_CMD_CRASHES_REQUEST_H
#define FENCEPOST_CMD_CRASHES_REQUEST_H

#include "crashes/run.h"

/* 0; an exit code, with a message printed; or -1 when help was asked for and printed. Only
 * ret->directories is for free. */
int crashes_request_parse(int argc, char **argv, struct crashes_request *ret);

#endif
