/* SPDX-License-Identifier: Apache-2.0
 * Which frames of a stack say nothing about the bug: the table ignore.def and a user's own list. */
#ifndef FENCEPOST_DEDUP_IGNORE_H
#define FENCEPOST_DEDUP_IGNORE_H

#include "parse/parse.h"

struct ignore;

/* The table, and the lines of the file at @path unless it is NULL. NULL and a message that names the
 * file and the line; the caller frees both. */
struct ignore *ignore_open(const char *path, char **ret_error);
void ignore_free(struct ignore *ignore);

/* Is @frame ignored? @ignore may be NULL: the table alone. */
bool ignore_has(const struct ignore *ignore, const struct report_frame *frame);

/* Does all of @text match @pattern, in which '*' stands for any bytes? In time of the product of their
 * lengths at most. */
bool ignore_matches(const char *pattern, const char *text);

#endif
