/* SPDX-License-Identifier: Apache-2.0
 * The names of targets, and the runs of a target. */
#ifndef FENCEPOST_TARGET_RUNS_H
#define FENCEPOST_TARGET_RUNS_H

#include "fuzz.h"

/* Returns the name, "message" of "harnesses/examples/message.c", with '_' for special characters of a shell. The caller
 * frees. */
char *target_name(const char *source);
/* Returns the path with @end instead of its suffix. The caller frees. */
char *target_beside(const char *source, const char *end);
/* Returns the path of the source as runs store it: relative to here if that is shorter. The caller frees. */
char *target_identity(const char *source);

/* Returns the command line, request->argv or that of request->program alone, which is put into @alone. */
char **target_argv(const struct target_request *request, char *alone[2]);

/* Return the variables for make, "TARGET=fuzz/x.c SOURCES='a.c b.c' DETECTOR=asan", and the command of the gate,
 * "DETECTOR=asan ci/gate --target fuzz/x.c", both quoted for a shell. The caller frees. */
char *target_variables(const struct target_request *request);
char *target_gate_command(const struct target_request *request);

/* Returns request->run or, without one, the newest complete run of the request's source and detector that did not fail.
 * NULL, with a message in *ret_error for the caller to free, when request->run is no run; NULL without a message when no
 * run exists. The caller frees. */
char *target_find_run(const struct target_request *request, char **ret_error);

#define TARGET_HANGS_MAX 4 /* each may take the full time limit, and AFL++ keeps hundreds */

/* Adds the engine's crash files and the first TARGET_HANGS_MAX hangs by name; hangs of libFuzzer are crash files. Returns
 * the number of all hangs. */
size_t target_kept(const char *directory, struct inputs *inputs);

/* Adds the same files, and the seeds that crash. */
void target_saved(const char *directory, struct inputs *inputs);

#endif
