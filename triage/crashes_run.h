/* SPDX-License-Identifier: Apache-2.0
 * What triage crashes does once it knows what with: replaying, grouping, writing, printing. */
#ifndef FENCEPOST_CRASHES_RUN_H
#define FENCEPOST_CRASHES_RUN_H

#include "crashes_request.h"
#include "inputs.h"

/* Replays @inputs, of which there is at least one, on the request's command and writes what comes of it into
 * @directory, which is a run's, or NULL for a new run of its own. The exit code, with everything printed.
 * SIGINT, SIGTERM and SIGHUP are its own from then on. */
int crashes_run(
	const struct crashes_request *request, const struct inputs *inputs, const char *directory);

#endif
