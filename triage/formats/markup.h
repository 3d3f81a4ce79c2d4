/* SPDX-License-Identifier: Apache-2.0
 * Text for HTML and Markdown. It may be hostile: it never becomes markup. */
#ifndef FENCEPOST_FORMATS_MARKUP_H
#define FENCEPOST_FORMATS_MARKUP_H

#include <stdio.h>

/* What stands between two `backticks` becomes code. */
void markup_html(FILE *out, const char *text);
void markup_markdown(FILE *out, const char *text);

/* All of @text as it is, in a line or in a cell of a table; of HTML that is escape_html. */
void markup_markdown_plain(FILE *out, const char *text);
/* The same as code. */
void markup_html_code(FILE *out, const char *text);
void markup_markdown_code(FILE *out, const char *text);

#endif
