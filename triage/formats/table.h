/* SPDX-License-Identifier: Apache-2.0
 * A table is filled once, and written for a terminal, as Markdown or as HTML. Callers may pass
 * hostile text: the table escapes it. */
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

/* Returns a table without rows. @heads are the heads of its columns, up to a NULL. A column whose
 * head begins with "<" is for text; the others are for figures. If all heads are empty, a terminal
 * shows none. */
struct table *table_new(const char *const *heads);
/* Adds a column. Call it before the first row. */
void table_column(struct table *table, const char *head);

/* Begins a row. */
void table_row(struct table *table);
/* Adds the next cell of the row. Text between `backticks` is code. A newline separates a figure
 * from smaller words below it. Markdown omits these words. */
void table_cell(struct table *table, const char *template, ...)
	__attribute__((format(printf, 2, 3)));
/* Adds a cell with a bar behind it in HTML, @share of the cell wide; a negative @share gives no
 * bar. */
void table_bar(struct table *table, double share, const char *template, va_list arguments)
	__attribute__((format(printf, 3, 0)));
/* Adds a figure coloured by @share, 0 to 1; a negative @share gives no colour. In HTML the figure
 * links to @anchor. */
void table_heat(struct table *table, double share, const char *anchor, const char *text);
/* Add text unchanged: as text, as code, and (in HTML) as a link to @anchor. */
void table_text(struct table *table, const char *text);
void table_code(struct table *table, const char *text);
void table_link(struct table *table, const char *anchor, const char *text);
/* Adds a cell for each key of @object, up to a NULL. The cell has the key's string or whole number,
 * or is empty. */
void table_fields(struct table *table, const json_t *object, ...) __attribute__((sentinel));
/* Adds "-" for a figure that does not exist. A row without any figure is omitted. */
void table_nothing(struct table *table);
/* Adds lines below the row, on a terminal only. Each line ends with a newline. Frees @lines. */
void table_below(struct table *table, char *lines);

/* Writes the table and returns the number of rows. A table without rows is not written. On a
 * terminal, lines are indented by @indent and have at most 100 columns. Columns that do not fit
 * follow below, and the text columns are repeated on their left. */
size_t table_write(const struct table *table, enum table_form form, size_t indent, FILE *out);
void table_free(struct table *table);
/* Writes the table, then frees it. */
size_t table_end(struct table *table, enum table_form form, size_t indent, FILE *out);

#endif
