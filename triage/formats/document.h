/* SPDX-License-Identifier: Apache-2.0
 * A document that is written once and comes out twice: as Markdown for a repository, and as one
 * self-contained HTML file. Text may be hostile; between `backticks` it is code. */
#ifndef FENCEPOST_FORMATS_DOCUMENT_H
#define FENCEPOST_FORMATS_DOCUMENT_H

#include <stdbool.h>
#include <stddef.h>

struct document;
struct table;

/* Which of the two a part is for. */
enum document_target {
	DOCUMENT_BOTH,
	DOCUMENT_HTML,
	DOCUMENT_MARKDOWN
};

struct document *document_open(const char *title);
/* What follows is for @target only, until it is changed. */
void document_target(struct document *page, enum document_target target);

/* HTML only: links to headings, pairs of id and words, up to a NULL. */
void document_links(struct document *page, const char *const *links);

/* @level 1 to 3; @id is the place's name for links. */
void document_heading(struct document *page, int level, const char *id, const char *text);
void document_say(struct document *page, const char *template, ...)
	__attribute__((format(printf, 2, 3)));
/* A paragraph that is the answer: larger. */
void document_lead(struct document *page, const char *template, ...)
	__attribute__((format(printf, 2, 3)));
void document_item(struct document *page, const char *template, ...)
	__attribute__((format(printf, 2, 3)));
/* Lines: commands of ours in Markdown, anything in HTML. */
void document_code(struct document *page, const char *text);

/* Takes @table over. */
void document_put_table(struct document *page, const char *caption, struct table *table);

/* The same, filled here: columns of which the first @labels are text, and those whose title begins with "<"; the others are
 * figures. */
void document_table(struct document *page, const char *caption, const char *const *columns,
	size_t count, size_t labels);
/* A table of colours, HTML only: a row a label and a column a figure, legible on a telephone. */
void document_matrix(
	struct document *page, const char *caption, const char *const *columns, size_t count);
/* A cell of a matrix: table_heat. */
void document_heat(struct document *page, double share, const char *anchor, const char *text);
void document_row(struct document *page);
/* A newline divides a cell's figure from the smaller words below it, which Markdown leaves out. */
void document_cell(struct document *page, const char *template, ...)
	__attribute__((format(printf, 2, 3)));
/* The same with a bar behind it, @share of the cell wide. */
void document_bar(struct document *page, double share, const char *template, ...)
	__attribute__((format(printf, 3, 4)));
void document_table_end(struct document *page);

/* @svg as chart.h makes them; Markdown refers to ci/figures/@name.svg. @alt says what is to be seen. */
void document_figure(struct document *page, const char *name, const char *alt, const char *svg);

/* HTML only: what is between the two is folded away. */
void document_fold(struct document *page, const char *summary);
void document_fold_end(struct document *page);

/* Both documents, for the caller to free; frees @page. */
void document_close(struct document *page, char **ret_markdown, char **ret_html);

#endif
