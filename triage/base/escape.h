/* SPDX-License-Identifier: Apache-2.0
 * Makes hostile text safe for HTML, XML, JSON and terminals. Hostile text comes from reports and
 * crash directories, which anybody may have written.
 *
 * Dangerous bytes are printed as \xNN, so that every byte of the text can still be read. Dangerous
 * are the control characters of both sets (the second is U+0080 to U+009F), bidirectional
 * overrides, U+FFFE, U+FFFF, and bytes that are not UTF-8. */
#ifndef FENCEPOST_BASE_ESCAPE_H
#define FENCEPOST_BASE_ESCAPE_H

#include <jansson.h>
#include <stddef.h>
#include <stdio.h>

/* Prints one line for an element or a quoted attribute of HTML or XML. The five markup characters
 * are escaped as well. NULL prints nothing. */
void escape_html(FILE *out, const char *text);

/* Prints @size bytes of many lines for HTML or XML. Newlines and tabs stay. */
void escape_html_block(FILE *out, const char *text, size_t size);

/* Prints many lines of plain text. Newlines and tabs stay; markup characters are not escaped. */
void escape_block(FILE *out, const char *text, size_t size);

/* Prints one line for a terminal. Markup characters are not escaped. */
void escape_print(FILE *out, const char *text);

/* Returns the text that escape_print() prints, for JSON and for line formats. The caller frees the
 * text. */
char *escape_plain(const char *text);

/* Returns the text of escape_plain() as a JSON string, or JSON null for NULL. The caller owns the
 * new reference. */
json_t *escape_json(const char *text);

#endif
