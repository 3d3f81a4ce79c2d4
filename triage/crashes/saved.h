/* SPDX-License-Identifier: Apache-2.0
 * Reads saved reports of a colleague, a CI job or a fuzzer as crashes, without a target. */
#ifndef FENCEPOST_CRASHES_SAVED_H
#define FENCEPOST_CRASHES_SAVED_H

#include "crash.h"
#include "exec/program.h"

#define SAVED_PARTS_MAX 4096 /* most processes in one text */

/* Makes a stand-in for the target, whose command shows a report. program_free() frees it. */
void saved_target(struct program *ret);

/* Reads the files of @crashes as texts, compressed ones unpacked (unpack.h). A text in which several processes report,
 * or several tests whose reports have no process id, becomes as many crashes, the second of them named "PATH#2"; one
 * without a report is a crash that did not die. @crashes grows. Returns how many texts were too long, by bytes or
 * parts: their ends were not read. *ret_missing: a program that is not here and would unpack others, or NULL. */
size_t saved_read(struct crashes *crashes, const char **ret_missing);

#endif
