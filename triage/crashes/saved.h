/* SPDX-License-Identifier: Apache-2.0
 * Reads saved reports of a colleague, a CI job or a fuzzer as crashes, without a target. */
#ifndef FENCEPOST_CRASHES_SAVED_H
#define FENCEPOST_CRASHES_SAVED_H

#include "crash.h"
#include "exec/program.h"

#define SAVED_PARTS_MAX 4096 /* most processes in one text */

/* Makes a stand-in for the target, whose command shows a report. program_free() frees it. */
void saved_target(struct program *ret);

/* Reads the files of @crashes as texts. If several processes report in one text, each becomes a crash, the second named
 * "PATH#2", and @crashes grows. A text without a report is a crash that did not die. Returns the number of texts with
 * too many bytes or processes, whose ends were not read. */
size_t saved_read(struct crashes *crashes);

#endif
