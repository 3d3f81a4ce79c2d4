/* SPDX-License-Identifier: Apache-2.0
 * Hostile text made fit for HTML, XML and JSON. Control characters, the second set (U+0080 to U+009F),
 * bidirectional overrides, U+FFFE, U+FFFF and bytes that are no UTF-8 come out as \xNN, so that every
 * byte that was there can still be read, and nothing obeys it. */
#ifndef FENCEPOST_BASE_ESCAPE_H
#define FENCEPOST_BASE_ESCAPE_H

#include <jansson.h>
#include <stddef.h>
#include <stdio.h>

/* One line of text for an element or a quoted attribute of HTML or XML: also the five characters that
 * mark up are escaped. NULL prints nothing. */
void escape_html(FILE *out, const char *text);

/* The same for @size bytes of many lines: newlines and tabs stay. */
void escape_html_block(FILE *out, const char *text, size_t size);

/* Many lines without markup escapes. */
void escape_block(FILE *out, const char *text, size_t size);

/* One line without markup escapes, for a terminal. */
void escape_print(FILE *out, const char *text);

/* The same for JSON and file formats of lines. The caller frees. */
char *escape_plain(const char *text);

/* A JSON string of escape_plain; null of NULL. A new reference. */
json_t *escape_json(const char *text);

#endif
