/* SPDX-License-Identifier: Apache-2.0
 * Escaping of hostile text. */
#include "escape.h"

#include "harnesses/base/utf8.h"
#include "util.h"

#include <stdlib.h>
#include <string.h>

static void put_markup(FILE *out, const char *s, size_t length)
{
	switch (*s) {
	case '&': fputs("&amp;", out); break;
	case '<': fputs("&lt;", out); break;
	case '>': fputs("&gt;", out); break;
	case '"': fputs("&quot;", out); break;
	case '\'': fputs("&#39;", out); break;
	default: fwrite(s, 1, length, out);
	}
}

void escape_html(FILE *out, const char *text)
{
	if (text != NULL)
		utf8_write(out, text, strlen(text), false, put_markup);
}

void escape_html_block(FILE *out, const char *text, size_t size)
{
	utf8_write(out, text, size, true, put_markup);
}

void escape_block(FILE *out, const char *text, size_t size)
{
	utf8_write(out, text, size, true, NULL);
}

void escape_print(FILE *out, const char *text)
{
	utf8_print(out, text);
}

char *escape_plain(const char *text)
{
	char *plain = NULL;
	size_t size;
	FILE *out = text_open(&plain, &size);

	escape_print(out, text);
	text_close(out);
	return plain;
}

json_t *escape_json(const char *text)
{
	char *plain = text != NULL ? escape_plain(text) : NULL;
	json_t *json = plain != NULL ? json_string(plain) : json_null();

	free(plain);
	return json;
}
