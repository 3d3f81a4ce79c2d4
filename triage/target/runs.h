/* SPDX-License-Identifier: Apache-2.0
 * What targets are called, and which runs there are of one. */
#ifndef FENCEPOST_TARGET_RUNS_H
#define FENCEPOST_TARGET_RUNS_H

#include "fuzz.h"

/* "message" of "harnesses/examples/message.c", with '_' for what would surprise a shell. The caller frees. */
char *target_name(const char *source);
/* The path without its suffix, and @end behind it. The caller frees. */
char *target_beside(const char *source, const char *end);
/* How the source is called in runs: from here where that is shorter. The caller frees. */
char *target_identity(const char *source);

/* What make is told to do something else with it: "TARGET=fuzz/x.c SOURCES='a.c b.c' DETECTOR=asan"; and the command
 * of its gate, "DETECTOR=asan ci/gate --target fuzz/x.c". Fit for a shell; the caller frees. */
char *target_variables(const struct target_request *request);
char *target_gate_command(const struct target_request *request);

/* The newest complete run, not a failed one, of the request's source and detector, or request->run. NULL with *ret_error set for
 * free when request->run is none; NULL without when there is no run. The caller frees. */
char *target_find_run(const struct target_request *request, char **ret_error);

#define TARGET_HANGS_MAX 4 /* each may take as long as a replay may, and AFL++ keeps hundreds */

/* Adds the engine's crash files and the first hangs by name, TARGET_HANGS_MAX at most (libFuzzer's are crash
 * files); returns how many hangs there are. */
size_t target_kept(const char *directory, struct inputs *inputs);

/* The same, and the seeds that crash. */
void target_saved(const char *directory, struct inputs *inputs);

#endif
