/* SPDX-License-Identifier: Apache-2.0
 * A table, described once and written for a terminal, as Markdown or as HTML. Every text may be hostile. */
#ifndef FENCEPOST_FORMATS_TABLE_H
#define FENCEPOST_FORMATS_TABLE_H

#include <jansson.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>

struct table;

enum table_form {
	TABLE_TEXT,
	TABLE_MARKDOWN,
	TABLE_HTML /* the element table alone */
};

/* The heads of the columns, up to a NULL. A head that begins with "<" is of text, the others are of figures. A
 * terminal shows no heads where all are empty. */
struct table *table_new(const char *const *heads);
/* One column more, before the first row. */
void table_column(struct table *table, const char *head);

void table_row(struct table *table);
/* The row's next cell. What stands between `backticks` is code; a newline divides a figure from the smaller words
 * below it, which Markdown leaves out. */
void table_cell(struct table *table, const char *template, ...)
	__attribute__((format(printf, 2, 3)));
/* The same, with a bar behind it in HTML if @share is not negative: as much of the cell is wide. */
void table_bar(struct table *table, double share, const char *template, va_list arguments)
	__attribute__((format(printf, 3, 0)));
/* A figure in a colour by @share, 0 to 1, or in none if it is negative; in HTML a link to @anchor. */
void table_heat(struct table *table, double share, const char *anchor, const char *text);
/* Text as it is; the same as code; in HTML as a link to @anchor. */
void table_text(struct table *table, const char *text);
void table_code(struct table *table, const char *text);
void table_link(struct table *table, const char *anchor, const char *text);
/* A cell for each key of @object up to a NULL: its string as it is, or its whole number; empty where it has none. */
void table_fields(struct table *table, const json_t *object, ...) __attribute__((sentinel));
/* A figure that is not there: "-". A row of no other figures is left out. */
void table_nothing(struct table *table);
/* On a terminal, lines of their own below the row, each with its newline. Takes @lines over. */
void table_below(struct table *table, char *lines);

/* Returns how many rows were written; without any, nothing is. A terminal's lines stand @indent deep, and are at most
 * 100 columns wide where figures that do not fit can stand below the others, with the texts on the left again. */
size_t table_write(const struct table *table, enum table_form form, size_t indent, FILE *out);
void table_free(struct table *table);
/* Both. */
size_t table_end(struct table *table, enum table_form form, size_t indent, FILE *out);

#endif
