/* SPDX-License-Identifier: Apache-2.0 */
#include "last_words.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

/* The path of our copy differs from run to run. */
static size_t drop_directory(const char *directory, char *text, size_t size)
{
	size_t length = strlen(directory) + 1;

	for (char *at = text, *found;
		(found = memmem(at, size - (size_t)(at - text), directory, length - 1)) != NULL;
		at = found) {
		size_t rest = size - (size_t)(found - text);

		length = length <= rest ? length : rest;
		memmove(found, found + length, rest - length);
		size -= length;
	}
	return size;
}

/* Rulers and the like say nothing; nor do libFuzzer's last lines. */
static bool says_something(const char *line, size_t length)
{
	if (strncmp(line, "***", length < 3 ? length : 3) == 0)
		return false;
	for (size_t i = 0; i < length; i++)
		if (isalnum((unsigned char)line[i]))
			return true;
	return false;
}

void last_words(const char *directory, char *text, size_t size, char *ret, size_t ret_size)
{
	*ret = '\0';
	size = drop_directory(directory, text, size);
	while (size > 0 && *ret == '\0') {
		char *line = memrchr(text, '\n', size);
		size_t length;

		line = line != NULL ? line + 1 : text;
		length = size - (size_t)(line - text);
		if (says_something(line, length))
			snprintf(ret, ret_size, "%.*s", (int)length, line);
		size = line > text ? (size_t)(line - text) - 1 : 0;
	}
}
