/* SPDX-License-Identifier: Apache-2.0
 * What triage crashes does once it knows what with: replaying, grouping, writing, printing. */
#ifndef FENCEPOST_CRASHES_RUN_H
#define FENCEPOST_CRASHES_RUN_H

#include "cmd/crashes_request.h"
#include "inputs.h"

/* Replays @inputs on the request's command and writes what comes of it into @directory, which is a run's, or NULL
 * for a new run of its own; of no inputs the forms that were asked for say that there is nothing. The exit code,
 * with everything printed. SIGINT, SIGTERM and SIGHUP are its own from then on. */
int crashes_run(
	const struct crashes_request *request, const struct inputs *inputs, const char *directory);

/* Removes the files of the forms that are asked for, before anything can fail: what a reader then finds is this
 * command's, not last week's. */
void crashes_forget(const struct crashes_request *request);

#endif
