/* SPDX-License-Identifier: Apache-2.0
 * Writing Markdown and HTML side by side. */
#include "document.h"

#include "base/escape.h"
#include "base/util.h"
#include "document_style.h"
#include "markup.h"
#include "table.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct document {
	FILE *html, *markdown;
	char *html_bytes, *markdown_bytes;
	size_t html_size, markdown_size;
	enum document_target target;
	bool in_list;
	struct table *table; /* that is being filled, or NULL */
	bool is_matrix;
	char *caption;
};

static bool is_html(const struct document *page)
{
	return page->target != DOCUMENT_MARKDOWN;
}

static bool is_markdown(const struct document *page)
{
	return page->target != DOCUMENT_HTML;
}

/* Ends a list that the last item began. */
static void end_list(struct document *page)
{
	if (page->in_list && is_html(page))
		fputs("</ul>\n", page->html);
	if (page->in_list && is_markdown(page))
		fputc('\n', page->markdown);
	page->in_list = false;
}

/* ---- parts ----------------------------------------------------------------------------------- */

struct document *document_open(const char *title)
{
	struct document *page = allocate(1, sizeof(*page));

	page->html = text_open(&page->html_bytes, &page->html_size);
	page->markdown = text_open(&page->markdown_bytes, &page->markdown_size);
	fputs("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
	      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
	      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
	      "<meta name=\"color-scheme\" content=\"light dark\">\n<title>",
		page->html);
	escape_html(page->html, title);
	fputs("</title>\n<style>\n" PAGE_STYLE "</style>\n</head>\n<body>\n<main>\n", page->html);
	return page;
}

void document_target(struct document *page, enum document_target target)
{
	end_list(page);
	page->target = target;
}

void document_links(struct document *page, const char *const *links)
{
	end_list(page);
	fputs("<nav>", page->html);
	for (; *links != NULL; links += 2) {
		fprintf(page->html, "<a href=\"#%s\">", links[0]);
		markup_html(page->html, links[1]);
		fputs("</a> ", page->html);
	}
	fputs("</nav>\n", page->html);
}

void document_heading(struct document *page, int level, const char *id, const char *text)
{
	end_list(page);
	if (is_html(page)) {
		fprintf(page->html, "<h%d id=\"%s\">", level, id);
		markup_html(page->html, text);
		fprintf(page->html, "</h%d>\n", level);
	}
	if (is_markdown(page)) {
		fprintf(page->markdown, "%s%.*s ", level > 1 ? "\n" : "", level, "###");
		markup_markdown(page->markdown, text);
		fputs("\n\n", page->markdown);
	}
}

static void paragraph(struct document *page, const char *class, const char *text)
{
	end_list(page);
	if (is_html(page)) {
		fprintf(page->html, *class != '\0' ? "<p class=\"%s\">" : "<p>", class);
		markup_html(page->html, text);
		fputs("</p>\n", page->html);
	}
	if (is_markdown(page)) {
		markup_markdown(page->markdown, text);
		fputs("\n\n", page->markdown);
	}
}

void document_say(struct document *page, const char *template, ...)
{
	AUTO_FREE char *text = NULL;
	va_list arguments;

	va_start(arguments, template);
	text = format_list(template, arguments);
	va_end(arguments);
	paragraph(page, "", text);
}

void document_lead(struct document *page, const char *template, ...)
{
	AUTO_FREE char *text = NULL;
	va_list arguments;

	va_start(arguments, template);
	text = format_list(template, arguments);
	va_end(arguments);
	paragraph(page, "lead", text);
}

void document_item(struct document *page, const char *template, ...)
{
	AUTO_FREE char *text = NULL;
	va_list arguments;

	va_start(arguments, template);
	text = format_list(template, arguments);
	va_end(arguments);
	if (is_html(page)) {
		fputs(page->in_list ? "<li>" : "<ul>\n<li>", page->html);
		markup_html(page->html, text);
		fputs("</li>\n", page->html);
	}
	if (is_markdown(page)) {
		fputs("- ", page->markdown);
		markup_markdown(page->markdown, text);
		fputc('\n', page->markdown);
	}
	page->in_list = true;
}

void document_code(struct document *page, const char *text)
{
	end_list(page);
	if (is_html(page)) {
		fputs("<pre><code>", page->html);
		escape_html_block(page->html, text, strlen(text));
		fputs("</code></pre>\n", page->html);
	}
	if (is_markdown(page)) {
		fputs("```sh\n", page->markdown);
		escape_block(page->markdown, text, strlen(text));
		fputs("\n```\n\n", page->markdown);
	}
}

/* ---- tables ---------------------------------------------------------------------------------- */

void document_put_table(struct document *page, const char *caption, struct table *table)
{
	end_list(page);
	if (is_html(page)) {
		fprintf(page->html, "<figure class=\"%s\"><figcaption>",
			page->is_matrix ? "matrix" : "table");
		markup_html(page->html, caption);
		fputs("</figcaption><div class=\"scroll\">", page->html);
		table_write(table, TABLE_HTML, 0, page->html);
		fputs("</div></figure>\n", page->html);
	}
	if (is_markdown(page) && !page->is_matrix) {
		fputs("**", page->markdown);
		markup_markdown(page->markdown, caption);
		fputs("**\n\n", page->markdown);
		table_write(table, TABLE_MARKDOWN, 0, page->markdown);
		fputc('\n', page->markdown);
	}
	table_free(table);
}

void document_table(struct document *page, const char *caption, const char *const *columns,
	size_t count, size_t labels)
{
	static const char *const none[] = { NULL };

	end_list(page);
	page->table = table_new(none);
	page->caption = format("%s", caption);
	for (size_t i = 0; i < count; i++) {
		AUTO_FREE char *head = format(
			"%s%s", i < labels && *columns[i] != '<' ? "<" : "", columns[i]);

		table_column(page->table, head);
	}
}

void document_matrix(
	struct document *page, const char *caption, const char *const *columns, size_t count)
{
	document_table(page, caption, columns, count, 1);
	page->is_matrix = true;
}

void document_heat(struct document *page, double share, const char *anchor, const char *text)
{
	table_heat(page->table, share, anchor, text);
}

void document_row(struct document *page)
{
	table_row(page->table);
}

void document_cell(struct document *page, const char *template, ...)
{
	va_list arguments;

	va_start(arguments, template);
	table_bar(page->table, -1, template, arguments);
	va_end(arguments);
}

void document_bar(struct document *page, double share, const char *template, ...)
{
	va_list arguments;

	va_start(arguments, template);
	table_bar(page->table, share, template, arguments);
	va_end(arguments);
}

void document_table_end(struct document *page)
{
	document_put_table(page, page->caption, page->table);
	free(page->caption);
	page->table = NULL;
	page->caption = NULL;
	page->is_matrix = false;
}

/* ---- figures --------------------------------------------------------------------------------- */

void document_figure(struct document *page, const char *name, const char *alt, const char *svg)
{
	end_list(page);
	if (is_html(page)) {
		fputs("<figure class=\"chart\"><div class=\"scroll\">", page->html);
		fputs(svg, page->html);
		fputs("</div><figcaption>", page->html);
		markup_html(page->html, alt);
		fputs("</figcaption></figure>\n", page->html);
	}
	if (is_markdown(page)) {
		fputs("![", page->markdown);
		markup_markdown_plain(page->markdown, alt);
		fprintf(page->markdown, "](ci/figures/%s.svg)\n\n", name);
	}
}

void document_fold(struct document *page, const char *summary)
{
	end_list(page);
	if (!is_html(page))
		return;
	fputs("<details><summary>", page->html);
	markup_html(page->html, summary);
	fputs("</summary>\n", page->html);
}

void document_fold_end(struct document *page)
{
	end_list(page);
	if (is_html(page))
		fputs("</details>\n", page->html);
}

void document_close(struct document *page, char **ret_markdown, char **ret_html)
{
	end_list(page);
	fputs("</main>\n</body>\n</html>\n", page->html);
	text_close(page->html);
	text_close(page->markdown);
	*ret_html = page->html_bytes;
	*ret_markdown = page->markdown_bytes;
	free(page);
}
