/* SPDX-License-Identifier: Apache-2.0
 * Reads saved reports as crashes, without a target. Such reports come from a colleague, a CI job or
 * a fuzzer. */
#ifndef FENCEPOST_CRASHES_SAVED_H
#define FENCEPOST_CRASHES_SAVED_H

#include "crash.h"
#include "exec/program.h"

#define SAVED_PARTS_MAX 4096 /* most processes whose reports are taken from one text */

/* Makes a substitute for the target, whose command prints a report. program_free() frees it. */
void saved_target(struct program *ret);

/* Reads the files of @crashes as texts. Compressed files are unpacked (unpack.h).
 *
 * A text may hold reports of several processes. It may also hold reports of several tests without
 * process ids. Such a text becomes several crashes, and @crashes grows. The second of them is named
 * "PATH#2". A text without a report becomes a crash that did not die.
 *
 * Returns the number of texts that were too long, in bytes or in processes. Their ends were not
 * read. *ret_missing names a program that is not installed and would unpack a file; otherwise it is
 * NULL. */
size_t saved_read(struct crashes *crashes, const char **ret_missing);

#endif
