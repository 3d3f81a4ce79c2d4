/* SPDX-License-Identifier: Apache-2.0
 * The figures of README.md. */
#include "figures.h"

#include "base/json_file.h"
#include "base/util.h"
#include "formats/table.h"
#include "harnesses/plan/plan.h"
#include "harnesses/verdict/detectors.h"

#include <errno.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct figure {
	const char *key;
	int decimals;
	const char *aim, *what;
} figures[] = {
#define FIGURE(key, decimals, aim, what) { key, decimals, aim, what },
#include "figures.def"
#undef FIGURE
};
#define FIGURE_COUNT (sizeof(figures) / sizeof(*figures))

/* The columns of the README's table of rates. */
static const char *const columns[] = { "asan", "ubsan", "asan+ubsan", "go-asan", "rust-asan" };
#define COLUMN_COUNT (sizeof(columns) / sizeof(*columns))

static const struct figure *figure_find(const char *key)
{
	for (size_t i = 0; i < FIGURE_COUNT; i++)
		if (strcmp(figures[i].key, key) == 0)
			return &figures[i];
	return NULL;
}

/* ---- collect --------------------------------------------------------------------------------- */

static int collect_line(char *line, json_t *ret, char **ret_error)
{
	char *save, *end;
	const char *word = strtok_r(line, " \t", &save);
	const char *key = strtok_r(NULL, " \t", &save);
	const char *value = strtok_r(NULL, " \t", &save);
	double number;

	if (word == NULL || strcmp(word, "figure") != 0)
		return 0;
	number = value != NULL ? strtod(value, &end) : NAN;
	if (key == NULL || figure_find(key) == NULL) {
		*ret_error = format(
			"figure %s: figures.def has no such key", key != NULL ? key : "");
		return -EINVAL;
	}
	if (!isfinite(number) || *end != '\0') {
		*ret_error = format("figure %s: its value is no number", key);
		return -EINVAL;
	}
	json_object_set_new(ret, key, json_real(number));
	return 0;
}

/* A cell without a rule has the rate null. */
static void collect_rate(const char *key, const json_t *counts, bool has_rule, json_t *ret)
{
	const json_t *rate = json_object_get(json_object_get(counts, "diagnosed"), "rate");

	json_object_set_new(ret, key,
		has_rule && json_is_number(rate) ? json_real(json_number_value(rate)) :
						   json_null());
}

static void collect_rates(const json_t *results, json_t *ret)
{
	size_t i;
	json_t *cell, *counts;
	const char *region;

	json_array_foreach(json_object_get(results, "cells"), i, cell) {
		bool has_rule = json_is_true(json_object_get(cell, "rule"));
		AUTO_FREE char *key = format("%s.%s.%s", json_file_text(cell, "class"),
			json_file_text(cell, "idiom"), json_file_text(cell, "detector"));

		collect_rate(key, cell, has_rule, ret);
		json_object_foreach(json_object_get(cell, "by_region"), region, counts) {
			AUTO_FREE char *by_region = format("%s.%s", key, region);

			collect_rate(by_region, counts, has_rule, ret);
		}
	}
}

int figures_collect(const char *log, const json_t *results, json_t **ret, char **ret_error)
{
	AUTO_FREE char *lines = format("%s", log);
	json_t *rates = json_object(), *values = json_object();
	char *save = NULL;
	int error = 0;

	for (char *line = strtok_r(lines, "\n", &save); line != NULL && error == 0;
		line = strtok_r(NULL, "\n", &save))
		error = collect_line(line, values, ret_error);
	for (size_t i = 0; i < FIGURE_COUNT && error == 0; i++)
		if (json_object_get(values, figures[i].key) == NULL) {
			*ret_error = format("figure %s: no bench printed it", figures[i].key);
			error = -EINVAL;
		}
	collect_rates(results, rates);
	*ret = json_pack("{s:s, s:s, s:s, s:s, s:I, s:o, s:o}", "schema", FIGURES_SCHEMA, "date",
		json_file_text(results, "date"), "machine", json_file_text(results, "machine"),
		"toolchain", json_file_text(results, "toolchain"), "inputs_per_cell",
		json_file_number(results, "inputs_per_cell"), "figures", values, "rates", rates);
	if (error != 0) {
		json_decref(*ret);
		*ret = NULL;
	}
	return error;
}

/* ---- render ---------------------------------------------------------------------------------- */

/* The value of @key: a rate in percent, or a figure; NULL where there is none. */
static const json_t *value_of(const json_t *bench, const char *key, double *ret_scale)
{
	const json_t *figure = json_object_get(json_object_get(bench, "figures"), key);

	*ret_scale = figure != NULL ? 1 : 100;
	return figure != NULL ? figure : json_object_get(json_object_get(bench, "rates"), key);
}

/* With a comma a thousand: 1,234,567. */
static char *number_text(double number, int decimals)
{
	AUTO_FREE char *plain = format("%.*f", decimals, number);
	size_t whole = strcspn(plain, ".");
	char *text = NULL;
	size_t size;
	FILE *out = text_open(&text, &size);

	for (size_t i = 0; plain[i] != '\0'; i++) {
		if (i > 0 && i < whole && (whole - i) % 3 == 0)
			fputc(',', out);
		fputc(plain[i], out);
	}
	fclose(out);
	return text;
}

/* "46 / 44": under Go and under Rust. The caller frees. */
static char *rate_text(const json_t *bench, const char *class, const char *detector)
{
	static const char *const idioms[] = { "go", "rust" };
	char *text = format("%s", "");

	for (int i = 0; i < 2; i++) {
		AUTO_FREE char *key = format("%s.%s.%s", class, idioms[i], detector);
		AUTO_FREE char *before = text;
		const json_t *rate = json_object_get(json_object_get(bench, "rates"), key);
		AUTO_FREE char *number = json_is_number(rate) ?
			number_text(100 * json_number_value(rate), 0) :
			format("-");

		text = rate == NULL ?
			format("%s", before) :
			format("%s%s%s", before, *before != '\0' ? " / " : "", number);
	}
	return text;
}

static void render_rates(FILE *out, const json_t *bench)
{
	static const char *const heads[] = { "<class", NULL };
	struct table *table = table_new(heads);

	for (size_t i = 0; i < COLUMN_COUNT; i++)
		table_column(table, columns[i]);
	for (int class = 0; class < CLASS_COUNT; class ++) {
		table_row(table);
		table_text(table, plan_classes[class].slug);
		for (size_t i = 0; i < COLUMN_COUNT; i++) {
			AUTO_FREE char *text = rate_text(
				bench, plan_classes[class].slug, columns[i]);

			table_text(table, text);
		}
	}
	table_end(table, TABLE_MARKDOWN, 0, out);
}

static void render_figures(FILE *out, const json_t *bench)
{
	static const char *const heads[] = { "reached", "to reach", "<what", NULL };
	struct table *table = table_new(heads);

	for (size_t i = 0; i < FIGURE_COUNT; i++) {
		double scale;
		const json_t *value = value_of(bench, figures[i].key, &scale);
		AUTO_FREE char *text = number_text(json_number_value(value), figures[i].decimals);

		table_row(table);
		table_text(table, text);
		table_text(table, figures[i].aim);
		table_cell(table, "%s", figures[i].what);
	}
	table_end(table, TABLE_MARKDOWN, 0, out);
}

/* The number that ends at @end: digits, commas and one point. */
static const char *number_start(const char *page, const char *end)
{
	while (end > page && (strchr("0123456789.,", end[-1]) != NULL))
		end--;
	return end;
}

/* Copies [@from, @mark) with the number before @mark, and what may stand between (" %"), renewed from @key. */
static int render_number(FILE *out, const char *page, const char *from, const char *mark,
	const char *key, const json_t *bench, char **ret_error)
{
	double scale;
	const json_t *value = value_of(bench, key, &scale);
	const char *end = mark;
	const char *start, *point;
	AUTO_FREE char *text = NULL;

	while (end > from && strchr(" %", end[-1]) != NULL)
		end--;
	start = number_start(page, end);
	if (!json_is_number(value) || start == end || start < from) {
		*ret_error = format("<!-- %s -->: %s", key,
			json_is_number(value) ? "no number stands before it" :
						"ci/bench.json has no such figure");
		return -EINVAL;
	}
	point = memchr(start, '.', (size_t)(end - start));
	text = number_text(
		scale * json_number_value(value), point != NULL ? (int)(end - point - 1) : 0);
	fwrite(from, 1, (size_t)(start - from), out);
	fputs(text, out);
	fwrite(end, 1, (size_t)(mark - end), out);
	return 0;
}

/* From @mark, "<!-- KEY -->", on; *ret_rest is what follows. */
static int render_mark(FILE *out, const char *page, const char *from, const char *mark,
	const json_t *bench, const char **ret_rest, char **ret_error)
{
	static const char end_mark[] = "<!-- end -->";
	const char *close = strstr(mark, " -->");
	const char *end = close != NULL ? strstr(close, end_mark) : NULL;
	AUTO_FREE char *key = close != NULL ? format("%.*s", (int)(close - mark - 5), mark + 5) :
					      format("?");
	bool is_rates = strcmp(key, "rates") == 0, is_figures = strcmp(key, "figures") == 0;
	int error = 0;

	if (close == NULL || ((is_rates || is_figures) && end == NULL)) {
		*ret_error = format("<!-- %s -->: it has no end", key);
		return -EINVAL;
	}
	*ret_rest = close + 4;
	if (!is_rates && !is_figures)
		error = render_number(out, page, from, mark, key, bench, ret_error);
	else
		fwrite(from, 1, (size_t)(mark - from), out);
	fprintf(out, "<!-- %s -->", key);
	if (error != 0 || (!is_rates && !is_figures))
		return error;
	fputs("\n", out);
	(is_rates ? render_rates : render_figures)(out, bench);
	fputs(end_mark, out);
	*ret_rest = end + strlen(end_mark);
	return 0;
}

int figures_render(const char *page, const json_t *bench, char **ret, char **ret_error)
{
	char *text = NULL;
	size_t size;
	FILE *out = text_open(&text, &size);
	const char *rest = page;
	int error = 0;

	for (const char *mark; error == 0 && (mark = strstr(rest, "<!-- ")) != NULL;)
		error = render_mark(out, page, rest, mark, bench, &rest, ret_error);
	fputs(rest, out);
	fclose(out);
	if (error != 0) {
		free(text);
		return error;
	}
	*ret = text;
	return 0;
}
