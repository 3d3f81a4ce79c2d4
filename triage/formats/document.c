/* SPDX-License-Identifier: Apache-2.0
 * Writing Markdown and HTML side by side. */
#include "document.h"

#include "base/escape.h"
#include "base/util.h"
#include "document_style.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct document {
	FILE *html, *markdown;
	char *html_bytes, *markdown_bytes;
	size_t html_size, markdown_size;
	enum document_target target;
	bool in_list, in_row;
	size_t column;
	uint32_t text_columns; /* bits */
};

static bool is_html(const struct document *page)
{
	return page->target != DOCUMENT_MARKDOWN;
}

static bool is_markdown(const struct document *page)
{
	return page->target != DOCUMENT_HTML;
}

/* ---- text ------------------------------------------------------------------------------------ */

/* The part of @text up to the next backtick, as its own string; NULL at the end. */
static char *next_span(const char **text)
{
	size_t length = strcspn(*text, "`");
	char *span;

	if (**text == '\0')
		return NULL;
	span = strndup(*text, length);
	*text += length + ((*text)[length] == '`');
	return span;
}

static void html_inline(FILE *out, const char *text)
{
	bool is_code = false;

	for (char *span = next_span(&text); span != NULL; span = next_span(&text)) {
		if (*span != '\0') {
			fputs(is_code ? "<code>" : "", out);
			escape_html(out, span);
			fputs(is_code ? "</code>" : "", out);
		}
		is_code = !is_code;
		free(span);
	}
}

static void markdown_plain(FILE *out, const char *text)
{
	AUTO_FREE char *plain = escape_plain(text);

	for (const char *at = plain; *at != '\0'; at++) {
		if (*at == '<' || *at == '>')
			fputs(*at == '<' ? "&lt;" : "&gt;", out);
		else if (*at == '&' && at[1] == '#')
			fputs("&amp;", out);
		else if (strchr("*|\\", *at) != NULL ||
			(*at == '[' && strchr(at, '(') != NULL && strstr(at, "](") != NULL))
			fprintf(out, "\\%c", *at);
		else
			fputc(*at, out);
	}
}

static void markdown_code(FILE *out, const char *plain)
{
	fputs("<code>", out);
	for (; *plain != '\0'; plain++)
		fprintf(out, strchr("|<>&*_`\\[", *plain) != NULL ? "&#%d;" : "%c", *plain);
	fputs("</code>", out);
}

static void markdown_inline(FILE *out, const char *text)
{
	bool is_code = false;

	for (char *span = next_span(&text); span != NULL; span = next_span(&text)) {
		AUTO_FREE char *plain = escape_plain(span);

		/* a bar ends a table's cell even within backticks, and what follows would be markup */
		if (is_code && strpbrk(plain, "|<>") != NULL)
			markdown_code(out, plain);
		else if (is_code)
			fprintf(out, "`%s`", plain);
		else
			markdown_plain(out, span);
		is_code = !is_code;
		free(span);
	}
}

static char *text_of(const char *template, va_list arguments)
{
	char *text = NULL;

	if (vasprintf(&text, template, arguments) < 0)
		abort();
	return text;
}

/* Ends a list that the last item began. */
static void end_list(struct document *page)
{
	if (page->in_list) {
		fputs("</ul>\n", page->html);
		fputc('\n', page->markdown);
	}
	page->in_list = false;
}

/* ---- parts ----------------------------------------------------------------------------------- */

struct document *document_open(const char *title)
{
	struct document *page = calloc(1, sizeof(*page));

	if (page == NULL)
		abort();
	page->html = open_memstream(&page->html_bytes, &page->html_size);
	page->markdown = open_memstream(&page->markdown_bytes, &page->markdown_size);
	if (page->html == NULL || page->markdown == NULL)
		abort();
	fputs("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
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
		html_inline(page->html, links[1]);
		fputs("</a> ", page->html);
	}
	fputs("</nav>\n", page->html);
}

void document_heading(struct document *page, int level, const char *id, const char *text)
{
	end_list(page);
	if (is_html(page)) {
		fprintf(page->html, "<h%d id=\"%s\">", level, id);
		html_inline(page->html, text);
		fprintf(page->html, "</h%d>\n", level);
	}
	if (is_markdown(page)) {
		fprintf(page->markdown, "%s%.*s ", level > 1 ? "\n" : "", level, "###");
		markdown_inline(page->markdown, text);
		fputs("\n\n", page->markdown);
	}
}

static void paragraph(struct document *page, const char *class, const char *text)
{
	end_list(page);
	if (is_html(page)) {
		fprintf(page->html, *class != '\0' ? "<p class=\"%s\">" : "<p>", class);
		html_inline(page->html, text);
		fputs("</p>\n", page->html);
	}
	if (is_markdown(page)) {
		markdown_inline(page->markdown, text);
		fputs("\n\n", page->markdown);
	}
}

void document_say(struct document *page, const char *template, ...)
{
	AUTO_FREE char *text = NULL;
	va_list arguments;

	va_start(arguments, template);
	text = text_of(template, arguments);
	va_end(arguments);
	paragraph(page, "", text);
}

void document_lead(struct document *page, const char *template, ...)
{
	AUTO_FREE char *text = NULL;
	va_list arguments;

	va_start(arguments, template);
	text = text_of(template, arguments);
	va_end(arguments);
	paragraph(page, "lead", text);
}

void document_item(struct document *page, const char *template, ...)
{
	AUTO_FREE char *text = NULL;
	va_list arguments;

	va_start(arguments, template);
	text = text_of(template, arguments);
	va_end(arguments);
	if (is_html(page)) {
		fputs(page->in_list ? "<li>" : "<ul>\n<li>", page->html);
		html_inline(page->html, text);
		fputs("</li>\n", page->html);
	}
	if (is_markdown(page)) {
		fputs("- ", page->markdown);
		markdown_inline(page->markdown, text);
		fputc('\n', page->markdown);
	}
	page->in_list = true;
}

void document_code(struct document *page, const char *text)
{
	AUTO_FREE char *plain = escape_plain(text);

	end_list(page);
	if (is_html(page)) {
		fputs("<pre><code>", page->html);
		escape_html(page->html, text);
		fputs("</code></pre>\n", page->html);
	}
	if (is_markdown(page))
		fprintf(page->markdown, "```sh\n%s\n```\n\n", plain);
}

/* ---- tables ---------------------------------------------------------------------------------- */

static const char *title_of(const char *column)
{
	return column + (*column == '<');
}

static bool is_text(const struct document *page, size_t column)
{
	return column < 32 && (page->text_columns >> column & 1);
}

static void html_header(struct document *page, const char *const *columns, size_t count)
{
	fputs("<thead><tr>", page->html);
	for (size_t i = 0; i < count; i++) {
		fputs(is_text(page, i) ? "<th class=\"l\">" : "<th>", page->html);
		html_inline(page->html, title_of(columns[i]));
		fputs("</th>", page->html);
	}
	fputs("</tr></thead>\n<tbody>", page->html);
}

static void markdown_header(struct document *page, const char *const *columns, size_t count)
{
	fputc('|', page->markdown);
	for (size_t i = 0; i < count; i++) {
		fputc(' ', page->markdown);
		markdown_inline(page->markdown, title_of(columns[i]));
		fputs(" |", page->markdown);
	}
	fputs("\n|", page->markdown);
	for (size_t i = 0; i < count; i++)
		fputs(is_text(page, i) ? "---|" : "--:|", page->markdown);
}

void document_table(struct document *page, const char *caption, const char *const *columns,
	size_t count, size_t labels)
{
	end_list(page);
	page->text_columns = 0;
	for (size_t i = 0; i < count && i < 32; i++)
		if (i < labels || *columns[i] == '<')
			page->text_columns |= 1u << i;
	page->in_row = false;
	if (is_html(page)) {
		fputs("<figure class=\"table\"><figcaption>", page->html);
		html_inline(page->html, caption);
		fputs("</figcaption><div class=\"scroll\"><table>", page->html);
		html_header(page, columns, count);
	}
	if (is_markdown(page)) {
		fputs("**", page->markdown);
		markdown_inline(page->markdown, caption);
		fputs("**\n\n", page->markdown);
		markdown_header(page, columns, count);
	}
}

void document_row(struct document *page)
{
	if (is_html(page))
		fputs(page->in_row ? "</tr>\n<tr>" : "\n<tr>", page->html);
	if (is_markdown(page))
		fputs("\n|", page->markdown);
	page->in_row = true;
	page->column = 0;
}

static void html_cell(struct document *page, double share, const char *figure, const char *words)
{
	bool is_label = is_text(page, page->column);

	fputs(is_label && page->column == 0 ? "<th scope=\"row\"" : "<td", page->html);
	if (is_label)
		fputs(" class=\"l\"", page->html);
	if (share >= 0)
		fprintf(page->html, " class=\"bar\" style=\"--v:%.1f%%\"", 100 * share);
	fputc('>', page->html);
	html_inline(page->html, figure);
	if (words != NULL) {
		fputs("<small>", page->html);
		html_inline(page->html, words);
		fputs("</small>", page->html);
	}
	fputs(is_label && page->column == 0 ? "</th>" : "</td>", page->html);
}

static void cell(struct document *page, double share, char *text)
{
	char *words = strchr(text, '\n');

	if (words != NULL)
		*words++ = '\0';
	if (is_html(page))
		html_cell(page, share, text, words);
	if (is_markdown(page)) {
		fputc(' ', page->markdown);
		markdown_inline(page->markdown, text);
		if (words != NULL) {
			fputs("<br>", page->markdown);
			markdown_inline(page->markdown, words);
		}
		fputs(" |", page->markdown);
	}
	page->column++;
}

void document_cell(struct document *page, const char *template, ...)
{
	AUTO_FREE char *text = NULL;
	va_list arguments;

	va_start(arguments, template);
	text = text_of(template, arguments);
	va_end(arguments);
	cell(page, -1, text);
}

void document_bar(struct document *page, double share, const char *template, ...)
{
	AUTO_FREE char *text = NULL;
	va_list arguments;

	va_start(arguments, template);
	text = text_of(template, arguments);
	va_end(arguments);
	cell(page, share, text);
}

void document_table_end(struct document *page)
{
	if (is_html(page))
		fprintf(page->html, "%s</tbody></table></div></figure>\n",
			page->in_row ? "</tr>" : "");
	if (is_markdown(page))
		fputs("\n\n", page->markdown);
	page->in_row = false;
}

/* ---- figures --------------------------------------------------------------------------------- */

void document_figure(struct document *page, const char *name, const char *alt, const char *svg)
{
	end_list(page);
	if (is_html(page)) {
		fputs("<figure class=\"chart\"><div class=\"scroll\">", page->html);
		fputs(svg, page->html);
		fputs("</div><figcaption>", page->html);
		html_inline(page->html, alt);
		fputs("</figcaption></figure>\n", page->html);
	}
	if (is_markdown(page)) {
		fputs("![", page->markdown);
		markdown_plain(page->markdown, alt);
		fprintf(page->markdown, "](ci/figures/%s.svg)\n\n", name);
	}
}

void document_fold(struct document *page, const char *summary)
{
	end_list(page);
	if (!is_html(page))
		return;
	fputs("<details><summary>", page->html);
	html_inline(page->html, summary);
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
	if (fclose(page->html) != 0 || fclose(page->markdown) != 0)
		abort();
	*ret_html = page->html_bytes;
	*ret_markdown = page->markdown_bytes;
	free(page);
}
