/* SPDX-License-Identifier: Apache-2.0
 * Writes text into HTML and Markdown. The text may be hostile, and never becomes markup. */
#ifndef FENCEPOST_FORMATS_MARKUP_H
#define FENCEPOST_FORMATS_MARKUP_H

#include <stdio.h>

/* Write text in which words between `backticks` become code. */
void markup_html(FILE *out, const char *text);
void markup_markdown(FILE *out, const char *text);

/* Writes @text unchanged, in a line or in a cell of a Markdown table. escape_html() does the same
 * for HTML. */
void markup_markdown_plain(FILE *out, const char *text);
/* Write all of @text as code. */
void markup_html_code(FILE *out, const char *text);
void markup_markdown_code(FILE *out, const char *text);

#endif
