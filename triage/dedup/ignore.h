/* SPDX-License-Identifier: Apache-2.0
 * Lists the stack frames that say nothing about the bug. These frames are ignored. The list is the
 * table ignore.def, and a file of the user. */
#ifndef FENCEPOST_DEDUP_IGNORE_H
#define FENCEPOST_DEDUP_IGNORE_H

#include "parse/parse.h"

struct ignore;

/* Reads the table, and also the file at @path unless @path is NULL. ignore_free() frees the result.
 * On failure returns NULL, and *ret_error is a message that names the file and the line. The caller
 * frees the message. */
struct ignore *ignore_open(const char *path, char **ret_error);
void ignore_free(struct ignore *ignore);

/* Is @frame ignored? With @ignore NULL, only the table counts. */
bool ignore_has(const struct ignore *ignore, const struct report_frame *frame);

/* Does all of @text match @pattern, in which '*' stands for any bytes? Both may be hostile, so the
 * time is limited to the product of both lengths. */
bool ignore_matches(const char *pattern, const char *text);

#endif
