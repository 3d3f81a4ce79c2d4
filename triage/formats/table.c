/* SPDX-License-Identifier: Apache-2.0
 * Tables for a terminal, Markdown and HTML. */
#include "table.h"

#include "base/escape.h"
#include "base/util.h"
#include "markup.h"

#include <stdlib.h>
#include <string.h>

#define WIDTH_MAX 100 /* of a line on a terminal */
#define GAP       2

enum cell_kind {
	CELL_MARKED, /* with code between backticks */
	CELL_CODE,
	CELL_TEXT,
	CELL_HEAT, /* text on a colour by its share */
	CELL_NOTHING
};

struct table_cell {
	enum cell_kind kind;
	char *text; /* NULL: none was given */
	char *anchor;
	double share;
};

struct table_row {
	struct table_cell *cells;
	char *below;
};

struct table_column {
	char *head;
	bool is_text;
};

struct table {
	struct table_column *columns;
	size_t column_count, labels; /* columns of text on the left */
	struct table_row *rows;
	size_t row_count, next; /* cell of the last row */
};

/* Columns of figures from @first to before @end, and in which columns all cells begin on a terminal. */
struct block {
	const struct table *table;
	size_t first, end;
	const size_t *widths;
};

/* ---- describing ------------------------------------------------------------------------------------- */

struct table *table_new(const char *const *heads)
{
	struct table *table = allocate(1, sizeof(*table));

	for (; *heads != NULL; heads++)
		table_column(table, *heads);
	return table;
}

void table_column(struct table *table, const char *head)
{
	bool is_text = *head == '<';

	table->columns = list_grow(table->columns, table->column_count, sizeof(*table->columns));
	table->labels += is_text && table->labels == table->column_count;
	table->columns[table->column_count++] = (struct table_column){ format("%s", head + is_text),
		is_text };
}

void table_row(struct table *table)
{
	struct table_cell *cells = allocate(table->column_count, sizeof(*cells));

	table->rows = list_grow(table->rows, table->row_count, sizeof(*table->rows));
	table->rows[table->row_count++] = (struct table_row){ cells, NULL };
	table->next = 0;
}

/* Takes @text and @anchor over. */
static void add(struct table *table, enum cell_kind kind, char *text, char *anchor, double share)
{
	if (table->row_count == 0 || table->next == table->column_count)
		abort();
	table->rows[table->row_count - 1].cells[table->next++] = (struct table_cell){ kind, text,
		anchor, share };
}

void table_bar(struct table *table, double share, const char *template, va_list arguments)
{
	add(table, CELL_MARKED, format_list(template, arguments), NULL, share);
}

void table_cell(struct table *table, const char *template, ...)
{
	va_list arguments;

	va_start(arguments, template);
	table_bar(table, -1, template, arguments);
	va_end(arguments);
}

void table_heat(struct table *table, double share, const char *anchor, const char *text)
{
	add(table, CELL_HEAT, format("%s", text), format("%s", anchor), share);
}

void table_text(struct table *table, const char *text)
{
	add(table, CELL_TEXT, format("%s", text), NULL, -1);
}

void table_code(struct table *table, const char *text)
{
	add(table, CELL_CODE, format("%s", text), NULL, -1);
}

void table_link(struct table *table, const char *anchor, const char *text)
{
	add(table, CELL_TEXT, format("%s", text), format("%s", anchor), -1);
}

void table_fields(struct table *table, const json_t *object, ...)
{
	va_list keys;

	va_start(keys, object);
	for (const char *key = va_arg(keys, const char *); key != NULL;
		key = va_arg(keys, const char *)) {
		const json_t *value = json_object_get(object, key);

		if (json_is_integer(value))
			table_cell(table, "%lld", (long long)json_integer_value(value));
		else
			table_text(table, json_is_string(value) ? json_string_value(value) : "");
	}
	va_end(keys);
}

void table_nothing(struct table *table)
{
	add(table, CELL_NOTHING, format("-"), NULL, -1);
}

void table_below(struct table *table, char *lines)
{
	table->rows[table->row_count - 1].below = lines;
}

void table_free(struct table *table)
{
	for (size_t i = 0; table != NULL && i < table->row_count; i++) {
		for (size_t c = 0; c < table->column_count; c++) {
			free(table->rows[i].cells[c].text);
			free(table->rows[i].cells[c].anchor);
		}
		free(table->rows[i].cells);
		free(table->rows[i].below);
	}
	for (size_t c = 0; table != NULL && c < table->column_count; c++)
		free(table->columns[c].head);
	if (table != NULL) {
		free(table->columns);
		free(table->rows);
	}
	free(table);
}

/* ---- a terminal ------------------------------------------------------------------------------------- */

static char *plain_text(const struct table_cell *cell)
{
	AUTO_FREE char *text = format("%s", cell->text != NULL ? cell->text : "");
	char *end = text;

	for (const char *at = text; *at != '\0'; at++)
		if (cell->kind != CELL_MARKED || *at != '`')
			*end++ = *at == '\n' && cell->kind == CELL_MARKED ? ' ' : *at;
	*end = '\0';
	return escape_plain(text);
}

static size_t width_of(const char *text)
{
	size_t width = 0;

	for (; *text != '\0'; text++)
		width += ((unsigned char)*text & 0xc0) != 0x80;
	return width;
}

static size_t *measure(const struct table *table)
{
	size_t *widths = allocate(table->column_count + 1, sizeof(*widths));

	for (size_t c = 0; c < table->column_count; c++) {
		widths[c] = width_of(table->columns[c].head);
		for (size_t i = 0; i < table->row_count; i++) {
			AUTO_FREE char *text = plain_text(&table->rows[i].cells[c]);
			size_t width = width_of(text);

			widths[c] = width > widths[c] ? width : widths[c];
		}
	}
	return widths;
}

static bool is_in(const struct block *block, size_t column)
{
	return column < block->table->labels || (column >= block->first && column < block->end);
}

/* No line ends in blanks: @blanks are those that are still to be written. */
static void text_cell(
	const struct block *block, size_t column, const char *text, size_t *blanks, FILE *out)
{
	size_t rest = block->widths[column] - width_of(text);
	bool is_text = block->table->columns[column].is_text;

	*blanks += is_text ? 0 : rest;
	if (*text != '\0') {
		fprintf(out, "%*s%s", (int)*blanks, "", text);
		*blanks = 0;
	}
	*blanks += (is_text ? rest : 0) + GAP;
}

static void text_row(
	const struct block *block, const struct table_row *row, size_t indent, FILE *out)
{
	size_t blanks = indent;

	for (size_t c = 0; c < block->table->column_count; c++) {
		AUTO_FREE char *text = row != NULL ? plain_text(&row->cells[c]) :
						     format("%s", block->table->columns[c].head);

		if (is_in(block, c))
			text_cell(block, c, text, &blanks, out);
	}
	fputc('\n', out);
	if (row != NULL && row->below != NULL && block->end == block->table->column_count)
		fputs(row->below, out);
}

/* ---- Markdown and HTML ------------------------------------------------------------------------------ */

static void markdown_cell(const struct table_cell *cell, FILE *out)
{
	AUTO_FREE char *text = format("%s", cell->text != NULL ? cell->text : "");
	char *rest = text,
	     *figure = cell->kind == CELL_MARKED || cell->kind == CELL_HEAT ? strsep(&rest, "\n") :
									      text;

	if (cell->kind == CELL_CODE)
		markup_markdown_code(out, text);
	else
		(cell->kind == CELL_TEXT ? markup_markdown_plain : markup_markdown)(out, figure);
}

static void markdown_row(const struct block *block, const struct table_row *row, FILE *out)
{
	const struct table *table = block->table;

	fputc('|', out);
	for (size_t c = 0; c < table->column_count; c++) {
		fputc(' ', out);
		if (row != NULL)
			markdown_cell(&row->cells[c], out);
		else
			markup_markdown(out, table->columns[c].head);
		fputs(" |", out);
	}
	fputc('\n', out);
	if (row != NULL)
		return;
	fputc('|', out);
	for (size_t c = 0; c < table->column_count; c++)
		fputs(table->columns[c].is_text ? "---|" : "--:|", out);
	fputc('\n', out);
}

static void html_text(const struct table_cell *cell, FILE *out)
{
	AUTO_FREE char *text = format("%s", cell->text != NULL ? cell->text : "");
	char *rest = text,
	     *figure = cell->kind == CELL_MARKED || cell->kind == CELL_HEAT ? strsep(&rest, "\n") :
									      text;

	if (cell->anchor != NULL) {
		fputs("<a href=\"#", out);
		escape_html(out, cell->anchor);
		fputs("\">", out);
	}
	if (cell->kind == CELL_CODE)
		markup_html_code(out, text);
	else
		(cell->kind == CELL_TEXT ? escape_html : markup_html)(out, figure);
	if (figure != NULL && rest != NULL && figure != rest) {
		fputs("<small>", out);
		markup_html(out, rest);
		fputs("</small>", out);
	}
	fputs(cell->anchor != NULL ? "</a>" : "", out);
}

/* The share as the cell's colour, or as a bar behind it. */
static void html_share(const struct table_cell *cell, FILE *out)
{
	if (cell->kind == CELL_HEAT)
		fprintf(out, " class=\"heat%s\" style=\"--v:%.2f\"",
			cell->share > 0.66 ? " high" : "", cell->share > 0 ? cell->share : 0);
	else if (cell->text != NULL && cell->share >= 0)
		fprintf(out, " class=\"bar\" style=\"--v:%.1f%%\"", 100 * cell->share);
}

static void html_row(const struct block *block, const struct table_row *row, FILE *out)
{
	fputs("\n<tr>", out);
	for (size_t c = 0; c < block->table->column_count; c++) {
		bool is_text = block->table->columns[c].is_text, is_head = is_text && c == 0;

		fputs(is_head ? "<th scope=\"row\"" : "<td", out);
		fputs(is_text ? " class=\"l\"" : "", out);
		html_share(&row->cells[c], out);
		fputc('>', out);
		html_text(&row->cells[c], out);
		fputs(is_head ? "</th>" : "</td>", out);
	}
	fputs("</tr>", out);
}

static void html_head(const struct block *block, FILE *out)
{
	fputs("<table><thead><tr>", out);
	for (size_t c = 0; c < block->table->column_count; c++) {
		fputs(block->table->columns[c].is_text ? "<th class=\"l\">" : "<th>", out);
		markup_html(out, block->table->columns[c].head);
		fputs("</th>", out);
	}
	fputs("</tr></thead>\n<tbody>", out);
}

/* ---- all -------------------------------------------------------------------------------------------- */

static bool is_there(const struct block *block, const struct table_row *row)
{
	size_t nothing = 0;

	for (size_t c = block->first; c < block->end; c++) {
		if (row->cells[c].kind != CELL_NOTHING && !block->table->columns[c].is_text)
			return true;
		nothing += row->cells[c].kind == CELL_NOTHING;
	}
	return nothing == 0;
}

/* @row NULL: the head. */
static void write_row(const struct block *block, enum table_form form, const struct table_row *row,
	size_t indent, FILE *out)
{
	if (form == TABLE_TEXT)
		text_row(block, row, indent, out);
	else if (form == TABLE_MARKDOWN)
		markdown_row(block, row, out);
	else if (row != NULL)
		html_row(block, row, out);
	else
		html_head(block, out);
}

static bool any_head(const struct table *table)
{
	for (size_t c = 0; c < table->column_count; c++)
		if (*table->columns[c].head != '\0')
			return true;
	return false;
}

static size_t write_block(const struct block *block, enum table_form form, size_t indent, FILE *out)
{
	size_t rows = 0;

	for (size_t i = 0; i < block->table->row_count; i++) {
		if (!is_there(block, &block->table->rows[i]))
			continue;
		if (rows++ == 0 && (form != TABLE_TEXT || any_head(block->table)))
			write_row(block, form, NULL, indent, out);
		write_row(block, form, &block->table->rows[i], indent, out);
	}
	if (form == TABLE_HTML && rows > 0)
		fputs("</tbody></table>", out);
	return rows;
}

/* Behind the last column that fits. With texts behind the figures all stand in one line. */
static size_t end_of(const struct block *block, size_t indent)
{
	const struct table *table = block->table;
	size_t width = indent, end = block->first;

	for (size_t c = table->labels; c < table->column_count; c++)
		if (table->columns[c].is_text)
			return table->column_count;
	for (size_t c = 0; c < table->labels; c++)
		width += block->widths[c] + GAP;
	for (; end < table->column_count; end++) {
		width += block->widths[end];
		if (width > WIDTH_MAX && end > block->first)
			break;
		width += GAP;
	}
	return end;
}

size_t table_write(const struct table *table, enum table_form form, size_t indent, FILE *out)
{
	AUTO_FREE size_t *widths = measure(table);
	struct block block = { table, table->labels, table->column_count, widths };
	size_t rows = 0;

	do {
		size_t written;

		if (form == TABLE_TEXT)
			block.end = end_of(&block, indent);
		if (rows > 0)
			fputc('\n', out);
		written = write_block(&block, form, indent, out);
		rows += written;
		block.first = block.end;
	} while (block.end < table->column_count);
	return rows;
}

size_t table_end(struct table *table, enum table_form form, size_t indent, FILE *out)
{
	size_t rows = table_write(table, form, indent, out);

	table_free(table);
	return rows;
}
