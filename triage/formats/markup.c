/* SPDX-License-Identifier: Apache-2.0
 * Text for HTML and Markdown. */
#include "markup.h"

#include "base/escape.h"
#include "base/util.h"

#include <stdlib.h>
#include <string.h>

/* Each part of @text to the writer for it. A backtick that none closes is text. */
static void write_spans(FILE *out, const char *text, void (*write_plain)(FILE *, const char *),
	void (*write_code)(FILE *, const char *))
{
	while (*text != '\0') {
		const char *open = strchr(text, '`');
		const char *close = open != NULL ? strchr(open + 1, '`') : NULL;
		size_t length = close != NULL ? (size_t)(open - text) : strlen(text);
		AUTO_FREE char *plain = format("%.*s", (int)length, text);
		AUTO_FREE char *code = close != NULL ?
			format("%.*s", (int)(close - open - 1), open + 1) :
			NULL;

		write_plain(out, plain);
		if (code != NULL && *code != '\0')
			write_code(out, code);
		text = close != NULL ? close + 1 : text + length;
	}
}

void markup_html_code(FILE *out, const char *text)
{
	fputs("<code>", out);
	escape_html(out, text);
	fputs("</code>", out);
}

void markup_html(FILE *out, const char *text)
{
	write_spans(out, text, escape_html, markup_html_code);
}

void markup_markdown_plain(FILE *out, const char *text)
{
	AUTO_FREE char *plain = escape_plain(text);

	for (const char *at = plain; *at != '\0'; at++) {
		if (*at == '<' || *at == '>')
			fputs(*at == '<' ? "&lt;" : "&gt;", out);
		else if (*at == '&' && at[1] == '#')
			fputs("&amp;", out);
		else if (strchr("*|\\`", *at) != NULL || (*at == '[' && strstr(at, "](") != NULL))
			fprintf(out, "\\%c", *at);
		else
			fputc(*at, out);
	}
}

/* A bar ends a table's cell even within backticks, and what follows would be markup. */
void markup_markdown_code(FILE *out, const char *text)
{
	AUTO_FREE char *plain = escape_plain(text);

	if (strpbrk(plain, "|<>`") == NULL) {
		fprintf(out, "`%s`", plain);
		return;
	}
	fputs("<code>", out);
	for (const char *at = plain; *at != '\0'; at++)
		fprintf(out, strchr("|<>&*_`\\[", *at) != NULL ? "&#%d;" : "%c", *at);
	fputs("</code>", out);
}

void markup_markdown(FILE *out, const char *text)
{
	write_spans(out, text, markup_markdown_plain, markup_markdown_code);
}
