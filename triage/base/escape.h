/* SPDX-License-Identifier: Apache-2.0
 * Makes hostile text safe for HTML, XML, JSON and terminals. These become \xNN: control characters of both sets
 * (the second is U+0080 to U+009F), bidirectional overrides, U+FFFE, U+FFFF and bytes that are no UTF-8. Every byte
 * of the text can thus still be read, and no program obeys it. */
#ifndef FENCEPOST_BASE_ESCAPE_H
#define FENCEPOST_BASE_ESCAPE_H

#include <jansson.h>
#include <stddef.h>
#include <stdio.h>

/* Prints one line for an element or a quoted attribute of HTML or XML: the five markup characters are escaped
 * too. NULL prints nothing. */
void escape_html(FILE *out, const char *text);

/* Prints @size bytes of many lines in the same way; newlines and tabs stay. */
void escape_html_block(FILE *out, const char *text, size_t size);

/* Prints many lines without the escapes for markup. */
void escape_block(FILE *out, const char *text, size_t size);

/* Prints one line for a terminal, without the escapes for markup. */
void escape_print(FILE *out, const char *text);

/* Returns the text of escape_print(), for JSON and for formats of lines. The caller frees. */
char *escape_plain(const char *text);

/* Returns escape_plain() as a JSON string, or JSON null for NULL; a new reference. */
json_t *escape_json(const char *text);

#endif
