/* SPDX-License-Identifier: Apache-2.0
 * Escaping of hostile text. */
#include "escape.h"

#include "harnesses/base/utf8.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

static void put_markup(FILE *out, char c)
{
	switch (c) {
	case '&': fputs("&amp;", out); break;
	case '<': fputs("&lt;", out); break;
	case '>': fputs("&gt;", out); break;
	case '"': fputs("&quot;", out); break;
	case '\'': fputs("&#39;", out); break;
	default: fputc(c, out);
	}
}

static bool is_layout(char c)
{
	return c == '\n' || c == '\t';
}

static void put(FILE *out, const char *text, size_t size, bool markup, bool lines)
{
	for (size_t i = 0; i < size;) {
		size_t length = utf8_length(text + i, size - i);

		if (utf8_printable(text + i, length) || (lines && is_layout(text[i]))) {
			if (length == 1 && markup)
				put_markup(out, text[i]);
			else
				fwrite(text + i, 1, length, out);
			i += length;
			continue;
		}
		for (length += length == 0; length > 0; length--, i++)
			fprintf(out, "\\x%02x", (unsigned char)text[i]);
	}
}

void escape_html(FILE *out, const char *text)
{
	if (text != NULL)
		put(out, text, strlen(text), true, false);
}

void escape_html_block(FILE *out, const char *text, size_t size)
{
	put(out, text, size, true, true);
}

void escape_block(FILE *out, const char *text, size_t size)
{
	put(out, text, size, false, true);
}

void escape_print(FILE *out, const char *text)
{
	put(out, text, strlen(text), false, false);
}

char *escape_plain(const char *text)
{
	char *plain = NULL;
	size_t size;
	FILE *out = open_memstream(&plain, &size);

	if (out == NULL)
		abort();
	escape_print(out, text);
	if (fclose(out) != 0)
		abort();
	return plain;
}

json_t *escape_json(const char *text)
{
	char *plain = text != NULL ? escape_plain(text) : NULL;
	json_t *json = plain != NULL ? json_string(plain) : json_null();

	free(plain);
	return json;
}
