/* SPDX-License-Identifier: Apache-2.0
 * Frames that say nothing about the bug, and are ignored: those of the table ignore.def and of a user's own list. */
#ifndef FENCEPOST_DEDUP_IGNORE_H
#define FENCEPOST_DEDUP_IGNORE_H

#include "parse/parse.h"

struct ignore;

/* Reads the table, and the file at @path unless @path is NULL. ignore_free() frees the result. On failure NULL, and in
 * *ret_error a message that names the file and the line, for the caller to free. */
struct ignore *ignore_open(const char *path, char **ret_error);
void ignore_free(struct ignore *ignore);

/* Is @frame ignored? @ignore may be NULL: the table alone. */
bool ignore_has(const struct ignore *ignore, const struct report_frame *frame);

/* Does all of @text match @pattern, in which '*' stands for any bytes? The time is at most the product of both
 * lengths, because both may be hostile. */
bool ignore_matches(const char *pattern, const char *text);

#endif
