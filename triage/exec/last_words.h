/* SPDX-License-Identifier: Apache-2.0
 * The last words of a process. */
#ifndef FENCEPOST_EXEC_LAST_WORDS_H
#define FENCEPOST_EXEC_LAST_WORDS_H

#include <stddef.h>

/* The last line of @text that says something, without @directory, whose path differs from run to run. @text, of
 * @size bytes, is changed. "" when there is none. */
void last_words(const char *directory, char *text, size_t size, char *ret, size_t ret_size);

#endif
