/* SPDX-License-Identifier: Apache-2.0
 * Finds the last line that a process printed, for messages about the process. */
#ifndef FENCEPOST_EXEC_LAST_WORDS_H
#define FENCEPOST_EXEC_LAST_WORDS_H

#include <stddef.h>

/* Writes the last line of @text that is not blank to @ret, which has room for @ret_size bytes.
 * Writes "" if every line is blank. The name of @directory is cut out, because it differs from run
 * to run. The @size bytes of @text are changed. */
void last_words(const char *directory, char *text, size_t size, char *ret, size_t ret_size);

#endif
