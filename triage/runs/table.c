/* SPDX-License-Identifier: Apache-2.0
 * A measurement's tables, from its results.json alone.
 *
 * One line a class, one column a detector. results_read has made sure that no string holds control characters. */
#include "table.h"

#include "base/json_file.h"
#include "base/util.h"
#include "formats/table.h"
#include "harnesses/verdict/outcome.h"
#include "stats/statistics.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TEXT_MAX 96

/* Which cells are in a block: distinct slugs, in the order of the cells. */
struct axes {
	const json_t *results;
	json_t *classes, *idioms, *detectors;
	bool markdown, brief;
};

#define EACH(list, i, value) json_array_foreach((json_t *)(uintptr_t)(list), i, value)

static void add_slug(json_t *list, const char *slug)
{
	size_t i;
	const json_t *value;

	EACH(list, i, value)
		if (strcmp(json_string_value(value), slug) == 0)
			return;
	json_array_append_new(list, json_string(slug));
}

static const char *slug_at(const json_t *list, size_t i)
{
	const char *slug = json_string_value(json_array_get(list, i));

	return slug != NULL ? slug : "";
}

static const json_t *find_cell(
	const struct axes *axes, const char *class, const char *idiom, const char *detector)
{
	size_t i;
	const json_t *cell;

	EACH(json_object_get(axes->results, "cells"), i, cell)
		if (strcmp(json_file_text(cell, "class"), class) == 0 &&
			strcmp(json_file_text(cell, "idiom"), idiom) == 0 &&
			strcmp(json_file_text(cell, "detector"), detector) == 0)
			return cell;
	return NULL;
}

/* ---- figures --------------------------------------------------------------------------------- */

static double real(const json_t *object, const char *key)
{
	return json_number_value(json_object_get(object, key));
}

/* "71.2 [70.9, 71.5]", or "-" of nothing. */
static void rate_words(const json_t *cell, const char *key, char ret[TEXT_MAX])
{
	const json_t *rate = json_object_get(cell, key);
	json_int_t k = json_file_number(rate, "k"), n = json_file_number(rate, "n");
	char share[RATE_PERCENT_MAX];

	snprintf(ret, TEXT_MAX, "-");
	if (n <= 0)
		return;
	rate_percent((uint64_t)k, (uint64_t)n, share);
	snprintf(ret, TEXT_MAX, "%s [%.1f, %.1f]", share, 100 * real(rate, "lo"),
		100 * real(rate, "hi"));
}

/* "71.2" */
static void diagnosed_share(const json_t *cell, char ret[TEXT_MAX])
{
	const json_t *rate = json_object_get(cell, "diagnosed");
	json_int_t k = json_file_number(rate, "k"), n = json_file_number(rate, "n");
	char share[RATE_PERCENT_MAX] = "-";

	if (n > 0)
		rate_percent((uint64_t)k, (uint64_t)n, share);
	snprintf(ret, TEXT_MAX, "%s",
		json_is_false(json_object_get(cell, "rule")) ? "no rule" : share);
}

static void diagnosed_words(const json_t *cell, char ret[TEXT_MAX])
{
	rate_words(cell, "diagnosed", ret);
	if (json_is_false(json_object_get(cell, "rule")))
		snprintf(ret, TEXT_MAX, "no rule");
}

static void stopped_words(const json_t *cell, char ret[TEXT_MAX])
{
	rate_words(cell, "stopped", ret);
}

static void refused_words(const json_t *cell, char ret[TEXT_MAX])
{
	rate_words(cell, "refused", ret);
}

/* "0/50123 <0.006 %", "12/50123 0.024 %" */
static void alarms_words(const json_t *cell, char ret[TEXT_MAX])
{
	const json_t *rate = json_object_get(cell, "false_alarms");
	json_int_t k = json_file_number(rate, "k"), n = json_file_number(rate, "n");

	if (n <= 0)
		snprintf(ret, TEXT_MAX, "-");
	else
		snprintf(ret, TEXT_MAX, "%lld/%lld %s%.2g %%", (long long)k, (long long)n,
			k == 0 ? "<" : "", 100 * real(rate, k == 0 ? "hi" : "rate"));
}

/* ---- tables ---------------------------------------------------------------------------------- */

struct measure {
	const char *title;
	void (*words)(const json_t *cell, char ret[TEXT_MAX]);
};

static const struct measure measures[] = {
	{ "diagnosed: named rightly, % of the violations committed [95 % interval]",
		diagnosed_words },
	{ "stopped: not silent, % of all violations", stopped_words },
	{ "refused: by the language before they were committed, % of all violations",
		refused_words },
	{ "false alarms: of all benign plans; below 3/n where there was none", alarms_words },
};
static const struct measure brief_measure = {
	"diagnosed: violations that the report names, % of those committed", diagnosed_share
};
#define MEASURE_COUNT (sizeof(measures) / sizeof(*measures))

/* A column a detector, behind those of @labels. */
static struct table *table_of(const struct axes *axes, const char *const *labels)
{
	struct table *table = table_new(labels);

	for (size_t d = 0; d < json_array_size(axes->detectors); d++)
		table_column(table, slug_at(axes->detectors, d));
	return table;
}

/* That of the plans; `even` is that of plans as they are drawn at random. */
static const char *mix_of(const json_t *results)
{
	const json_t *part = json_array_get(json_object_get(results, "parts"), 0);
	const char *mix = json_file_text(part, "mix");

	return *mix != '\0' ? mix : "even";
}

/* @title: "RATE: what it is". Frees @table. Returns how many rows it had. */
static size_t print_table(FILE *out, const struct axes *axes, const char *idiom, const char *title,
	struct table *table)
{
	int rate = (int)strcspn(title, ":");

	fprintf(out,
		axes->markdown ? "\n**%s, %.*s under the mix %s%s**\n\n" :
				 "\n%s, %.*s under the mix %s%s\n",
		idiom, rate, title, mix_of(axes->results), title + rate);
	return table_end(table, axes->markdown ? TABLE_MARKDOWN : TABLE_TEXT, 0, out);
}

static void print_measure(
	FILE *out, const struct axes *axes, const struct measure *measure, const char *idiom)
{
	static const char *const labels[] = { "<class", NULL };
	struct table *table = table_of(axes, labels);

	for (size_t c = 0; c < json_array_size(axes->classes); c++) {
		const char *class = slug_at(axes->classes, c);

		table_row(table);
		table_cell(table, "%s", class);
		for (size_t d = 0; d < json_array_size(axes->detectors); d++) {
			const json_t *cell = find_cell(
				axes, class, idiom, slug_at(axes->detectors, d));
			char text[TEXT_MAX] = "-";

			if (cell != NULL && json_file_number(cell, "judged") == 0)
				snprintf(text, TEXT_MAX, "not judged");
			else if (cell != NULL)
				measure->words(cell, text);
			table_cell(table, "%s", text);
		}
	}
	print_table(out, axes, idiom, measure->title, table);
}

static void add_cause(struct table *table, const struct axes *axes, const char *class,
	const char *idiom, const char *cause)
{
	table_row(table);
	table_cell(table, "%s", class);
	table_cell(table, "%s", cause);
	for (size_t d = 0; d < json_array_size(axes->detectors); d++) {
		const json_t *cell = find_cell(axes, class, idiom, slug_at(axes->detectors, d));
		json_int_t k = json_file_number(json_object_get(cell, "causes"), cause);
		json_int_t n = json_file_number(cell, "violations");
		char text[RATE_PERCENT_MAX] = "-";

		if (n > 0 && k > 0)
			rate_percent((uint64_t)k, (uint64_t)n, text);
		if (k > 0)
			table_cell(table, "%s", text);
		else
			table_nothing(table);
	}
}

static void print_causes(FILE *out, const struct axes *axes, const char *idiom)
{
	static const char *const labels[] = { "<class", "<cause", NULL };
	struct table *table = table_of(axes, labels);

	for (size_t c = 0; c < json_array_size(axes->classes); c++)
		for (int cause = CAUSE_NONE + 1; cause < CAUSE_COUNT; cause++)
			add_cause(table, axes, slug_at(axes->classes, c), idiom,
				cause_slug((enum cause)cause));
	if (print_table(out, axes, idiom, "causes of silence: % of all violations", table) == 0)
		fprintf(out, "none: nothing was silent\n");
}

/* ---- what stands around the tables ------------------------------------------------------------ */

static void print_samples(FILE *out, const json_t *results)
{
	const json_t *part;
	size_t i;

	EACH(json_object_get(results, "parts"), i, part) {
		json_int_t shards = json_file_number(part, "shards");

		fprintf(out, "%s%s plans", i > 0 ? "; " : "", json_file_text(part, "kind"));
		if (json_is_string(json_object_get(part, "mix")))
			fprintf(out, " drawn from the mix %s,", json_file_text(part, "mix"));
		if (strcmp(json_file_text(part, "kind"), "random") == 0)
			fprintf(out, " of seed %lld, %lld a cell",
				(long long)json_file_number(part, "seed"),
				(long long)json_file_number(part, "inputs"));
		if (shards > 1)
			fprintf(out, ", shard %lld of %lld",
				(long long)json_file_number(part, "shard"), (long long)shards);
	}
}

static void print_head(FILE *out, const struct axes *axes)
{
	const json_t *results = axes->results;

	fprintf(out, axes->markdown ? "`%s`, %s\n\n" : "%s, %s\n", json_file_text(results, "id"),
		json_file_text(results, "toolchain"));
	print_samples(out, results);
	fprintf(out, "; %zu cells in %.1f s, audits included\n",
		json_array_size(json_object_get(results, "cells")), real(results, "wall_s"));
}

static void print_marked(FILE *out, const json_t *results)
{
	size_t i;
	const json_t *cell;

	EACH(json_object_get(results, "cells"), i, cell) {
		const json_t *verdicts = json_object_get(cell, "verdicts");
		static const char *const odd[] = { "timeout", "broken", "layout" };

		for (size_t o = 0; o < 3; o++)
			if (json_file_number(verdicts, odd[o]) > 0)
				fprintf(out, "%s %s %s: %lld %s, in no rate%s\n",
					json_file_text(cell, "class"),
					json_file_text(cell, "idiom"),
					json_file_text(cell, "detector"),
					(long long)json_file_number(verdicts, odd[o]), odd[o],
					o < 2 && json_is_true(json_object_get(cell, "marked")) ?
						": more than 0.1 % of the cell" :
						"");
	}
}

#define LACKING_MAX 10 /* cells named one by one */

void results_print_missing(FILE *out, const json_t *results)
{
	size_t i, named = 0, lacking = 0;
	const json_t *cell, *row;

	EACH(json_object_get(results, "unavailable"), i, row)
		fprintf(out, "unavailable: %s: %s\n", json_file_text(row, "detector"),
			json_file_text(row, "reason"));
	EACH(json_object_get(results, "cells"), i, cell) {
		json_int_t inputs = json_file_number(cell, "inputs");
		json_int_t judged = json_file_number(cell, "judged");

		if (judged >= inputs)
			continue;
		lacking++;
		if (named++ < LACKING_MAX)
			fprintf(out, "%s %s %s: %lld of %lld plans not judged\n",
				json_file_text(cell, "class"), json_file_text(cell, "idiom"),
				json_file_text(cell, "detector"), (long long)(inputs - judged),
				(long long)inputs);
	}
	if (lacking > LACKING_MAX)
		fprintf(out, "and %zu more cells with plans not judged\n", lacking - LACKING_MAX);
	if (*json_file_text(results, "missing") != '\0')
		fprintf(out, "missing: %s\n", json_file_text(results, "missing"));
	if (!json_is_true(json_object_get(results, "complete")))
		fprintf(out, "The run is not complete.\n");
}

/* " (null-pointer-use)"; nothing of what older releases wrote. */
static void print_kind(FILE *out, const json_t *row, const char *key)
{
	const char *kind = json_file_text(row, key);

	if (json_is_string(json_object_get(row, key)))
		fprintf(out, " (%s)", *kind != '\0' ? kind : "no report");
}

static void print_disagreement(FILE *out, const json_t *row)
{
	const char *dying = json_file_text(row, "dying_kind");

	fprintf(out, "  %s plan %lld: fast %s", json_file_text(row, "cell"),
		(long long)json_file_number(row, "index"), json_file_text(row, "fast"));
	print_kind(out, row, "fast_kind");
	fprintf(out, ", audit %s", json_file_text(row, "audit"));
	print_kind(out, row, "audit_kind");
	if (strcmp(dying, json_file_text(row, "audit_kind")) != 0) {
		fprintf(out, ", as its process died");
		print_kind(out, row, "dying_kind");
	}
	fprintf(out, ":\n    %s\n", json_file_text(row, "plan"));
}

static void print_audit(FILE *out, const json_t *results)
{
	const json_t *audit = json_object_get(results, "audit"), *row;
	json_int_t sampled = json_file_number(audit, "sampled");
	json_int_t agreed = json_file_number(audit, "agreed");
	char share[RATE_PERCENT_MAX];
	size_t i;

	if (sampled <= 0) {
		fprintf(out, "audits: none, so the fast verdicts are not confirmed\n");
		return;
	}
	rate_percent((uint64_t)agreed, (uint64_t)sampled, share);
	if (json_file_number(results, "worker_deaths") > 0)
		fprintf(out,
			"workers died %lld times; the plans they were at were judged by audits\n",
			(long long)json_file_number(results, "worker_deaths"));
	fprintf(out, "audits: %lld of %lld agree with the fast verdicts (%s %%)\n",
		(long long)agreed, (long long)sampled, share);
	EACH(json_object_get(audit, "disagreements"), i, row) {
		if (i < LACKING_MAX)
			print_disagreement(out, row);
	}
	if (agreed + LACKING_MAX < sampled)
		fprintf(out, "  and %lld more, in audits.jsonl\n",
			(long long)(sampled - agreed - LACKING_MAX));
}

/* In one line; the classes in which there were any are named. */
static void print_alarms(FILE *out, const struct axes *axes)
{
	json_int_t k = 0, n = 0;
	AUTO_JSON json_t *classes = json_array();
	const json_t *cell;
	size_t i;

	EACH(json_object_get(axes->results, "cells"), i, cell) {
		const json_t *rate = json_object_get(cell, "false_alarms");

		k += json_file_number(rate, "k");
		n += json_file_number(rate, "n");
		if (json_file_number(rate, "k") > 0)
			add_slug(classes, json_file_text(cell, "class"));
	}
	fprintf(out, "false alarms: %lld of %lld benign plans", (long long)k, (long long)n);
	for (i = 0; i < json_array_size(classes); i++)
		fprintf(out, "%s%s", i > 0 ? ", " : ", in ", slug_at(classes, i));
	fputc('\n', out);
}

/* The detectors that have cells of @idiom, and no column for the others. */
static void print_idiom(FILE *out, const struct axes *all, const char *idiom)
{
	struct axes axes = *all;
	const json_t *cell;
	size_t i;

	axes.detectors = json_array();
	EACH(json_object_get(all->results, "cells"), i, cell) {
		if (strcmp(json_file_text(cell, "idiom"), idiom) == 0)
			add_slug(axes.detectors, json_file_text(cell, "detector"));
	}
	if (axes.brief)
		print_measure(out, &axes, &brief_measure, idiom);
	for (size_t m = 0; m < MEASURE_COUNT && !axes.brief; m++)
		print_measure(out, &axes, &measures[m], idiom);
	if (!axes.brief)
		print_causes(out, &axes, idiom);
	json_decref(axes.detectors);
}

static void print_commands(FILE *out, const json_t *results)
{
	const json_t *cells = json_object_get(results, "cells");
	const json_t *last = json_array_get(cells, json_array_size(cells) - 1);
	const char *id = json_file_text(results, "id");

	fprintf(out, "intervals, causes, all rates: build/bin/triage show %s\n", id);
	if (last != NULL)
		fprintf(out, "one cell in sentences: build/bin/triage show %s %s.%s.%s\n", id,
			json_file_text(last, "class"), json_file_text(last, "idiom"),
			json_file_text(last, "detector"));
}

static void print_all(FILE *out, const json_t *results, bool markdown, bool brief)
{
	struct axes axes = { results, json_array(), json_array(), json_array(), markdown, brief };
	const json_t *cell;
	size_t i;

	EACH(json_object_get(results, "cells"), i, cell) {
		add_slug(axes.classes, json_file_text(cell, "class"));
		add_slug(axes.idioms, json_file_text(cell, "idiom"));
		add_slug(axes.detectors, json_file_text(cell, "detector"));
	}
	print_head(out, &axes);
	for (i = 0; i < json_array_size(axes.idioms); i++)
		print_idiom(out, &axes, slug_at(axes.idioms, i));
	if (json_array_size(axes.idioms) == 0)
		fprintf(out, "\nNo cell has any plans.\n");
	fprintf(out, "\n");
	print_marked(out, results);
	results_print_missing(out, results);
	if (brief)
		print_alarms(out, &axes);
	print_audit(out, results);
	if (brief)
		print_commands(out, results);
	fprintf(out, "results: runs/%s/results.json and audits.jsonl\n",
		json_file_text(results, "id"));
	json_decref(axes.classes);
	json_decref(axes.idioms);
	json_decref(axes.detectors);
}

void results_print(FILE *out, const json_t *results)
{
	print_all(out, results, false, false);
}

void results_print_brief(FILE *out, const json_t *results)
{
	print_all(out, results, false, true);
}

void results_print_markdown(FILE *out, const json_t *results)
{
	print_all(out, results, true, false);
}
