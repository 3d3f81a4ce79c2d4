/* SPDX-License-Identifier: Apache-2.0
 * Saved reports as crashes: what a colleague, a CI job or a fuzzer has kept of them, without the target. */
#ifndef FENCEPOST_CRASHES_SAVED_H
#define FENCEPOST_CRASHES_SAVED_H

#include "crash.h"
#include "exec/program.h"

#define SAVED_PARTS_MAX 4096 /* processes in one text */

/* What stands for a target: its command shows a report. The result is for program_free. */
void saved_target(struct program *ret);

/* Reads the files of @crashes as texts. A text in which several processes report becomes as many crashes, the
 * second of them named "PATH#2"; one without a report is a crash that did not die. @crashes grows. Returns how
 * many texts were too long, by bytes or processes: their ends were not read. */
size_t saved_read(struct crashes *crashes);

#endif
