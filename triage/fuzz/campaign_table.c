/* SPDX-License-Identifier: Apache-2.0
 * A campaign's tables, from its campaign.json alone. */
#include "campaign_table.h"

#include "base/json_file.h"
#include "base/util.h"
#include "blindspots_table.h"
#include "campaign.h"
#include "formats/table.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static json_int_t verdict(const json_t *cell, const char *slug)
{
	return json_file_number(json_object_get(cell, "verdicts"), slug);
}

/* "49.3 % [48.9, 49.7]", or "-" of nothing. */
static void rate_words(const json_t *cell, const char *key, char ret[64])
{
	const json_t *rate = json_object_get(cell, key);

	snprintf(ret, 64, "-");
	if (json_file_number(rate, "n") > 0)
		snprintf(ret, 64, "%.1f %% [%.1f, %.1f]",
			100 * json_number_value(json_object_get(rate, "rate")),
			100 * json_number_value(json_object_get(rate, "lo")),
			100 * json_number_value(json_object_get(rate, "hi")));
	if (strcmp(key, "diagnosed") == 0 && json_is_false(json_object_get(cell, "rule")))
		snprintf(ret, 64, "no rule");
}

static void add_names(struct table *table, const json_t *cell)
{
	table_row(table);
	table_fields(table, cell, "class", "idiom", NULL);
}

static void add_number(struct table *table, json_int_t number)
{
	table_cell(table, "%lld", (long long)number);
}

static void add_rates(struct table *table, const json_t *cell)
{
	static const char *const rates[] = { "diagnosed", "stopped", "refused" };
	char words[64];

	for (size_t r = 0; r < 3; r++) {
		rate_words(cell, rates[r], words);
		table_cell(table, "%s", words);
	}
}

static void print_counts(FILE *out, const json_t *cells)
{
	static const char *const heads[] = { "<class", "<idiom", "executed", "violations", "right",
		"wrong-kind", "trap", "language", "silent", "clean", "false-alarm", NULL };
	struct table *table = table_new(heads);
	size_t i;
	const json_t *cell;

	json_array_foreach((json_t *)(uintptr_t)cells, i, cell) {
		add_names(table, cell);
		table_fields(table, cell, "execs", "violations", NULL);
		for (size_t c = 4; heads[c] != NULL; c++)
			add_number(table, verdict(cell, heads[c]));
	}
	table_end(table, TABLE_TEXT, 0, out);
}

static void print_rates(FILE *out, const json_t *cells)
{
	static const char *const heads[] = { "<class", "<idiom", "diagnosed", "stopped", "refused",
		NULL };
	struct table *table = table_new(heads);
	size_t i;
	const json_t *cell;

	json_array_foreach((json_t *)(uintptr_t)cells, i, cell) {
		add_names(table, cell);
		add_rates(table, cell);
	}
	fprintf(out, "\n");
	table_end(table, TABLE_TEXT, 0, out);
}

/* One that was killed could not say when. */
static void print_interrupted(FILE *out, const json_t *cell)
{
	double wall_s = json_number_value(json_object_get(cell, "wall_s"));

	fprintf(out, "%s %s: cut off", json_file_text(cell, "class"),
		json_file_text(cell, "idiom"));
	if (wall_s > 0)
		fprintf(out, " after %.0f s", wall_s);
	fprintf(out, "\n");
}

static void print_oddities(FILE *out, const json_t *cells)
{
	static const char *const odd[] = { "timeout", "broken", "layout" };
	size_t i;
	const json_t *cell;

	json_array_foreach((json_t *)(uintptr_t)cells, i, cell) {
		for (size_t o = 0; o < 3; o++)
			if (verdict(cell, odd[o]) > 0)
				fprintf(out, "%s %s: %lld %s, in no rate\n",
					json_file_text(cell, "class"),
					json_file_text(cell, "idiom"),
					(long long)verdict(cell, odd[o]), odd[o]);
		if (json_file_number(cell, "not_reproduced") > 0)
			fprintf(out, "%s %s: %lld of %lld saved crashes did not happen again\n",
				json_file_text(cell, "class"), json_file_text(cell, "idiom"),
				(long long)json_file_number(cell, "not_reproduced"),
				(long long)json_file_number(cell, "replayed"));
		if (json_is_true(json_object_get(cell, "failed")))
			fprintf(out, "%s %s: %s ended early, after %.0f s\n",
				json_file_text(cell, "class"), json_file_text(cell, "idiom"),
				json_file_text(json_object_get(cell, "engine"), "name"),
				json_number_value(json_object_get(cell, "wall_s")));
		else if (json_file_number(cell, "execs") == 0)
			fprintf(out, "%s %s: nothing was executed\n", json_file_text(cell, "class"),
				json_file_text(cell, "idiom"));
		if (json_is_true(json_object_get(cell, "interrupted")))
			print_interrupted(out, cell);
	}
}

/* How many inputs ended no process, and whether they were judged rightly. */
static void print_audits(FILE *out, const json_t *cells)
{
	json_int_t counted = 0, differ, run = campaign_audits(cells, &differ);
	const json_t *first = json_array_get(cells, 0), *cell;
	size_t i;

	json_array_foreach((json_t *)(uintptr_t)cells, i, cell)
		counted += json_file_number(cell, "counted");
	if (!json_is_false(json_object_get(first, "every")))
		fprintf(out, "\nEvery report ended its process.\n");
	else
		fprintf(out,
			"\n"
			"Inputs that were counted without a report of their own: %lld. Audited: "
			"%lld; %lld differ.\n",
			(long long)counted, (long long)run, (long long)differ);
}

/* "parse < main" where no fault is known. */
static char *place_words(const json_t *bucket)
{
	char *words = format("%s", json_file_text(bucket, "fault"));
	bool known = *words != '\0';
	size_t i;
	const json_t *frame;

	json_array_foreach(json_object_get(bucket, "frames"), i, frame) {
		char *longer = !known ?
			format("%s%s%s", words, i > 0 ? " < " : "", json_string_value(frame)) :
			NULL;

		if (longer == NULL)
			break;
		free(words);
		words = longer;
	}
	return words;
}

static void add_new(struct table *table, const json_t *cell, const json_t *bucket)
{
	const char *detector = json_file_text(cell, "detector");
	bool is_default = strcmp(detector, "asan+ubsan") == 0;
	AUTO_FREE char *place = place_words(bucket);

	table_row(table);
	table_fields(table, bucket, "id", "access", NULL);
	table_text(table, place);
	table_fields(table, bucket, "verdict", NULL);
	table_below(table,
		format("    make replay FILE=%s%s%s\n", json_file_text(bucket, "reproducer"),
			is_default ? "" : " DETECTOR=", is_default ? "" : detector));
}

static bool is_new(const json_t *bucket)
{
	return json_is_true(json_object_get(bucket, "new"));
}

static void count_buckets(const json_t *cells, size_t *ret_new, size_t *ret_known)
{
	size_t i, b;
	const json_t *cell, *bucket;

	*ret_new = *ret_known = 0;
	json_array_foreach((json_t *)(uintptr_t)cells, i, cell)
		json_array_foreach(json_object_get(cell, "buckets"), b, bucket)
			(is_new(bucket) ? ret_new : ret_known)[0]++;
}

static void print_buckets(FILE *out, const json_t *cells)
{
	static const char *const heads[] = { "<", "<", "<", "<", NULL };
	struct table *table;
	size_t i, b, new, known;
	json_int_t saved = 0;
	const json_t *cell, *bucket;

	count_buckets(cells, &new, &known);
	json_array_foreach((json_t *)(uintptr_t)cells, i, cell)
		saved += json_file_number(cell, "saved_crashes");
	if (new + known == 0) {
		fprintf(out, "\n%s, so there are no buckets.\n",
			saved == 0 ? "No crash was saved" : "No saved crash happened again");
		return;
	}
	fprintf(out, "\nNew buckets: %zu%s\n", new,
		new > 0 ? ", each with the command that reproduces it" : "");
	table = table_new(heads);
	json_array_foreach((json_t *)(uintptr_t)cells, i, cell)
		json_array_foreach(json_object_get(cell, "buckets"), b, bucket)
			if (is_new(bucket))
				add_new(table, cell, bucket);
	table_end(table, TABLE_TEXT, 2, out);
	fprintf(out, "Known buckets: %zu\n", known);
}

void campaign_print_markdown(FILE *out, const json_t *cells)
{
	static const char *const heads[] = { "<class", "<idiom", "violations", "diagnosed",
		"stopped", "refused", "wrong kind", "trap", "silent", "false alarms", NULL };
	const json_t *first = json_array_get(cells, 0), *cell;
	struct table *table;
	size_t i;

	if (first == NULL) {
		fprintf(out, "Nothing ran.\n");
		return;
	}
	table = table_new(heads);
	json_array_foreach((json_t *)(uintptr_t)cells, i, cell) {
		add_names(table, cell);
		table_fields(table, cell, "violations", NULL);
		add_rates(table, cell);
		add_number(table, verdict(cell, "wrong-kind"));
		add_number(table, verdict(cell, "trap"));
		add_number(table, verdict(cell, "silent"));
		table_cell(table, "%lld of %lld", (long long)verdict(cell, "false-alarm"),
			(long long)json_file_number(json_object_get(cell, "inputs"), "benign"));
	}
	fprintf(out, "`%s`, %s\n\n", json_file_text(first, "detector"),
		json_file_text(first, "toolchain"));
	table_end(table, TABLE_MARKDOWN, 0, out);
	fprintf(out, "\n```\n");
	print_oddities(out, cells);
	(json_is_true(json_object_get(first, "hunt")) ? campaign_print_blindspots : print_buckets)(
		out, cells);
	fprintf(out, "```\n");
}

void campaign_print(FILE *out, const json_t *cells)
{
	const json_t *first = json_array_get(cells, 0);

	if (first == NULL) {
		fprintf(out, "\nNothing ran.\n");
		return;
	}
	fprintf(out, "\n%s, %s\n\n", json_file_text(first, "detector"),
		json_file_text(first, "toolchain"));
	print_counts(out, cells);
	if (json_is_true(json_object_get(first, "hunt"))) {
		print_oddities(out, cells);
		campaign_print_blindspots(out, cells);
		return;
	}
	print_rates(out, cells);
	fprintf(out,
		"\n"
		"diagnosed: violations that the report names, of those committed. stopped: "
		"violations that were not\n"
		"silent, of all. refused: violations that the language stopped first, of all. 95 "
		"%% Wilson intervals.\n"
		"The fuzzer chose the inputs, so the rates hold for this campaign only.\n");
	print_oddities(out, cells);
	print_audits(out, cells);
	print_buckets(out, cells);
}
