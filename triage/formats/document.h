/* SPDX-License-Identifier: Apache-2.0
 * A document that is written once and comes out twice: as Markdown for a repository, and as one
 * self-contained HTML file. Text may be hostile; between `backticks` it is code. */
#ifndef FENCEPOST_FORMATS_DOCUMENT_H
#define FENCEPOST_FORMATS_DOCUMENT_H

#include <stdbool.h>
#include <stddef.h>

struct page;

/* Which of the two a part is for. */
enum page_target {
	PAGE_BOTH,
	PAGE_HTML,
	PAGE_MARKDOWN
};

struct page *page_open(const char *title);
/* What follows is for @target only, until it is changed. */
void page_target(struct page *page, enum page_target target);

/* HTML only: links to headings, pairs of id and words, up to a NULL. */
void page_links(struct page *page, const char *const *links);

/* @level 1 to 3; @id is the place's name for links. */
void page_heading(struct page *page, int level, const char *id, const char *text);
void page_say(struct page *page, const char *template, ...) __attribute__((format(printf, 2, 3)));
/* A paragraph that is the answer: larger. */
void page_lead(struct page *page, const char *template, ...) __attribute__((format(printf, 2, 3)));
void page_item(struct page *page, const char *template, ...) __attribute__((format(printf, 2, 3)));
void page_code(struct page *page, const char *text);

/* Columns of which the first @labels are text, and those whose title begins with "<"; the others are
 * figures. */
void page_table(struct page *page, const char *caption, const char *const *columns, size_t count,
	size_t labels);
void page_row(struct page *page);
/* A newline divides a cell's figure from the smaller words below it. */
void page_cell(struct page *page, const char *template, ...) __attribute__((format(printf, 2, 3)));
/* The same with a bar behind it, @share of the cell wide. */
void page_bar(struct page *page, double share, const char *template, ...)
	__attribute__((format(printf, 3, 4)));
void page_table_end(struct page *page);

/* @svg as chart.h makes them; Markdown refers to ci/figures/@name.svg. @alt says what is to be seen. */
void page_figure(struct page *page, const char *name, const char *alt, const char *svg);

/* HTML only: what is between the two is folded away. */
void page_fold(struct page *page, const char *summary);
void page_fold_end(struct page *page);

/* Both documents, for the caller to free; frees @page. */
void page_close(struct page *page, char **ret_markdown, char **ret_html);

#endif
