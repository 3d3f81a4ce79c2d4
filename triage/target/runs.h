/* SPDX-License-Identifier: Apache-2.0
 * Names targets, and finds the runs of a target. */
#ifndef FENCEPOST_TARGET_RUNS_H
#define FENCEPOST_TARGET_RUNS_H

#include "fuzz.h"

/* Returns the name of a target: "message" for "harnesses/examples/message.c". '_' replaces special
 * characters of a shell. The caller frees the name. */
char *target_name(const char *source);
/* Returns the path @source with @end instead of its suffix. The caller frees the path. */
char *target_beside(const char *source, const char *end);
/* Returns the path of the source as runs store it: relative to the working directory if that is
 * shorter. The caller frees the path. */
char *target_identity(const char *source);

/* Returns the command line: request->argv, or request->program alone. In the second case the result
 * is @alone. */
char **target_argv(const struct target_request *request, char *alone[2]);

/* target_variables() returns the variables for make, "TARGET=fuzz/x.c SOURCES='a.c b.c'
 * DETECTOR=asan". target_gate_command() returns the command of the gate, "DETECTOR=asan ci/gate
 * --target fuzz/x.c". Both are quoted for a shell. The caller frees the text. */
char *target_variables(const struct target_request *request);
char *target_gate_command(const struct target_request *request);

/* Returns the path of request->run. Without one, returns the newest run of the request's source and
 * detector that is complete and did not fail. The caller frees the path. Returns NULL with a
 * message in *ret_error if request->run is no run; the caller frees the message. Returns NULL
 * without a message if no run exists. */
char *target_find_run(const struct target_request *request, char **ret_error);

/* most hangs that are tried: each may take the full time limit, and AFL++ keeps hundreds */
#define TARGET_HANGS_MAX 4

/* Adds the engine's crash files, and the first TARGET_HANGS_MAX hangs by name. Hangs of libFuzzer
 * are crash files. Returns the number of all hangs. */
size_t target_kept(const char *directory, struct inputs *inputs);

/* Adds the files of target_kept(), and the seeds that crash. */
void target_saved(const char *directory, struct inputs *inputs);

#endif
