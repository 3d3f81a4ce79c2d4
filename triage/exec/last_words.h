/* SPDX-License-Identifier: Apache-2.0
 * The last line that a process printed, for messages about it. */
#ifndef FENCEPOST_EXEC_LAST_WORDS_H
#define FENCEPOST_EXEC_LAST_WORDS_H

#include <stddef.h>

/* Writes the last line of @text that is not blank to @ret, of @ret_size bytes; "" when there is none. @directory is cut
 * out of it, because that path differs from run to run. @text, of @size bytes, is changed. */
void last_words(const char *directory, char *text, size_t size, char *ret, size_t ret_size);

#endif
