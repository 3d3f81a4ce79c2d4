/* SPDX-License-Identifier: Apache-2.0
 * The lines around a place in the sources. */
#include "source.h"

#include "base/util.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SOURCE_MAX   (16u << 20)
#define LINES_AROUND 2
#define COLUMNS_MAX  160

/* A report may name any file: what is no source is not shown. */
static bool is_source(const char *file)
{
	static const char *const ends[] = { ".c", ".cc", ".cpp", ".cxx", ".C", ".h", ".hh", ".hpp",
		".hxx", ".inc", ".inl", ".def", ".go", ".rs", ".m", ".mm", ".y", ".l", ".zig", ".S",
		".s", ".swift" };
	const char *dot = strrchr(file, '.');

	for (size_t i = 0; dot != NULL && i < sizeof(ends) / sizeof(*ends); i++)
		if (strcmp(dot, ends[i]) == 0)
			return true;
	return false;
}

static void put_line(FILE *out, uint64_t number, const char *text, size_t size, bool marked)
{
	fprintf(out, "  %c %5" PRIu64 " | %.*s%s\n", marked ? '>' : ' ', number,
		(int)(size < COLUMNS_MAX ? size : COLUMNS_MAX), text,
		size > COLUMNS_MAX ? "..." : "");
}

char *source_around(const char *file, uint64_t line)
{
	AUTO_FREE uint8_t *bytes = NULL;
	size_t size, shown_size;
	uint64_t number = 1;
	char *shown = NULL;
	FILE *out;

	if (file == NULL || line == 0 || !is_source(file) ||
		file_read(file, SOURCE_MAX, &bytes, &size) != 0)
		return NULL;
	out = text_open(&shown, &shown_size);
	for (const char *at = (char *)bytes; *at != '\0' && number <= line + LINES_AROUND;
		number++) {
		size_t length = strcspn(at, "\n");

		if (number + LINES_AROUND >= line)
			put_line(out, number, at, length, number == line);
		at += length + (at[length] == '\n');
	}
	text_close(out);
	if (number > line)
		return shown;
	free(shown);
	return NULL;
}
