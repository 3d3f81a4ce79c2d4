/* SPDX-License-Identifier: Apache-2.0
 * Builds a document with two outputs: Markdown for a repository, and one self-contained HTML file.
 * Text may be hostile. Text between `backticks` becomes code. */
#ifndef FENCEPOST_FORMATS_DOCUMENT_H
#define FENCEPOST_FORMATS_DOCUMENT_H

#include <stdbool.h>
#include <stddef.h>

struct document;
struct table;

/* The output in which a part appears. */
enum document_target {
	DOCUMENT_BOTH,
	DOCUMENT_HTML,
	DOCUMENT_MARKDOWN
};

/* Returns an empty document. document_close() ends it. */
struct document *document_open(const char *title);
/* Sends the parts after this call to @target only, until the next call. */
void document_target(struct document *page, enum document_target target);

/* Adds links to headings, in HTML only. @links are pairs of id and words, up to a NULL. */
void document_links(struct document *page, const char *const *links);

/* Adds a heading of @level 1 to 3; links lead to @id. */
void document_heading(struct document *page, int level, const char *id, const char *text);
/* Adds a paragraph. */
void document_say(struct document *page, const char *template, ...)
	__attribute__((format(printf, 2, 3)));
/* Adds a paragraph in larger type, for the answer. */
void document_lead(struct document *page, const char *template, ...)
	__attribute__((format(printf, 2, 3)));
/* Adds an item of a list. */
void document_item(struct document *page, const char *template, ...)
	__attribute__((format(printf, 2, 3)));
/* Adds lines of code. Only trusted lines may go to Markdown. */
void document_code(struct document *page, const char *text);

/* Adds @table, which it frees. */
void document_put_table(struct document *page, const char *caption, struct table *table);

/* Begins a table. The calls below fill it. The first @labels columns are text, and so are columns
 * whose title begins with "<". The others are figures. */
void document_table(struct document *page, const char *caption, const char *const *columns,
	size_t count, size_t labels);
/* Begins a table of coloured cells, in HTML only. The table is legible on a telephone. The first
 * column is a label. */
void document_matrix(
	struct document *page, const char *caption, const char *const *columns, size_t count);
/* Adds a cell to a matrix, as table_heat() does. */
void document_heat(struct document *page, double share, const char *anchor, const char *text);
/* Begins a row of the table. */
void document_row(struct document *page);
/* Adds a cell. A newline separates a figure from smaller words below it. Markdown omits these
 * words. */
void document_cell(struct document *page, const char *template, ...)
	__attribute__((format(printf, 2, 3)));
/* Adds a cell with a bar behind the text, @share of the cell wide. */
void document_bar(struct document *page, double share, const char *template, ...)
	__attribute__((format(printf, 3, 4)));
/* Ends the table. */
void document_table_end(struct document *page);

/* Adds a figure of chart.h. Markdown refers to ci/figures/@name.svg. @alt describes the figure in
 * words. */
void document_figure(struct document *page, const char *name, const char *alt, const char *svg);

/* Fold away the parts between these two calls, in HTML only. @summary stays visible. */
void document_fold(struct document *page, const char *summary);
void document_fold_end(struct document *page);

/* Ends the document: frees @page and returns both outputs, which the caller frees. */
void document_close(struct document *page, char **ret_markdown, char **ret_html);

#endif
