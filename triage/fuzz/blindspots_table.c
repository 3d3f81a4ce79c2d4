/* SPDX-License-Identifier: Apache-2.0
 * A hunt's blind spots, from its campaign.json alone. */
#include "blindspots_table.h"

#include "base/json_file.h"
#include "base/util.h"
#include "formats/table.h"
#include "harnesses/verdict/blindspot.h"

#include <stdio.h>
#include <string.h>

static bool is_new(const json_t *find)
{
	return json_is_true(json_object_get(find, "new"));
}

/* ---- by cause: CAUSE_NONE stands for wrong kinds ------------------------------------------------- */

static const char *slug_of_what(enum cause what)
{
	return blindspot_slug(what == CAUSE_NONE ? VERDICT_WRONG_KIND : VERDICT_SILENT, what);
}

static bool is_of(const json_t *find, enum cause what)
{
	const char *cause = json_file_text(find, "cause");

	return what == CAUSE_NONE ? *cause == '\0' : strcmp(cause, cause_slug(what)) == 0;
}

/* How often plans of the cell ended so. */
static json_int_t executions(const json_t *cell, enum cause what)
{
	const json_t *counts = json_object_get(cell, what == CAUSE_NONE ? "verdicts" : "causes");

	return json_integer_value(json_object_get(counts, slug_of_what(what)));
}

static void add_cause(struct table *table, const json_t *cell, enum cause what)
{
	const json_t *find;
	size_t i, count = 0;

	json_array_foreach(json_object_get(cell, "finds"), i, find)
		count += is_of(find, what);
	if (count == 0 && executions(cell, what) == 0)
		return;
	table_row(table);
	table_cell(table, "%s", slug_of_what(what));
	if (blindspot_is(what == CAUSE_NONE ? VERDICT_WRONG_KIND : VERDICT_SILENT, what))
		table_cell(table, "%zu", count);
	else
		table_nothing(table);
	table_cell(table, "%lld", (long long)executions(cell, what));
	table_text(table, what == CAUSE_NONE ? "something else was reported" : cause_words(what));
}

static bool is_all_seen(const json_t *cell)
{
	json_int_t missed = 0;

	for (int what = 0; what < CAUSE_COUNT; what++)
		missed += executions(cell, (enum cause)what);
	return missed == 0;
}

static void print_causes(FILE *out, const json_t *cell)
{
	static const char *const heads[] = { "<why", "spots", "executions",
		"<(-: expected, so no find)", NULL };
	struct table *table;
	size_t count = json_array_size(json_object_get(cell, "finds"));
	const json_t *first = json_object_get(cell, "first_find_s");

	fprintf(out, "\n%s %s: %zu blind spot%s", json_file_text(cell, "class"),
		json_file_text(cell, "idiom"), count, count == 1 ? "" : "s");
	if (json_is_number(first))
		fprintf(out, ", the first after %.2f s", json_number_value(first));
	fprintf(out, "\n");
	if (is_all_seen(cell)) {
		fprintf(out, "  nothing was missed\n");
		return;
	}
	table = table_new(heads);
	for (int what = 0; what < CAUSE_COUNT; what++)
		add_cause(table, cell, (enum cause)what);
	table_end(table, TABLE_TEXT, 2, out);
}

/* ---- one by one ---------------------------------------------------------------------------------- */

static void print_slugs(FILE *out, const char *title, const json_t *slugs)
{
	size_t i;
	const json_t *slug;

	fprintf(out, "%s", title);
	json_array_foreach((json_t *)(uintptr_t)slugs, i, slug)
		fprintf(out, " %s", json_string_value(slug));
}

static void print_find(FILE *out, const json_t *find)
{
	const json_t *by = json_object_get(find, "seen_by");

	fprintf(out, "  %s%s\n    %s\n    ", json_file_text(find, "name"),
		is_new(find)                                        ? ", new" :
			*json_file_text(find, "reproducer") == '\0' ? ", not kept" :
								      "",
		json_file_text(find, "words"));
	if (*json_file_text(find, "cause") == '\0')
		fprintf(out, "reported as %s; ", json_file_text(find, "kind"));
	if (json_array_size(by) > 0)
		print_slugs(out, "seen by", by);
	else
		fprintf(out, "seen by none");
	fprintf(out, "\n");
}

/* Of the cell's idiom: those whose programs are built. */
static void print_asked(FILE *out, const json_t *cell)
{
	const json_t *find = json_array_get(json_object_get(cell, "finds"), 0);
	AUTO_JSON json_t *asked = json_array();

	json_array_extend(asked, json_object_get(find, "seen_by"));
	json_array_extend(asked, json_object_get(find, "not_seen_by"));
	if (find == NULL)
		return;
	if (json_array_size(asked) == 0)
		fprintf(out, "  no other detector is built, so none was run; next: make programs");
	else
		print_slugs(out, "  asked:", asked);
	fprintf(out, "\n");
}

static void print_next(FILE *out, const json_t *cell, const json_t *find)
{
	fprintf(out,
		"\nNew ones are kept under crashes/, each with plan.txt. To run one again:\n"
		"  make replay FILE=%s DETECTOR=%s\n",
		json_file_text(find, "reproducer"), json_file_text(cell, "detector"));
}

void campaign_print_blindspots(FILE *out, const json_t *cells)
{
	size_t i, f;
	const json_t *cell, *find, *new = NULL, *cell_of_new = NULL;

	json_array_foreach((json_t *)(uintptr_t)cells, i, cell) {
		print_causes(out, cell);
		json_array_foreach(json_object_get(cell, "finds"), f, find) {
			print_find(out, find);
			if (new == NULL && is_new(find)) {
				new = find;
				cell_of_new = cell;
			}
		}
		print_asked(out, cell);
	}
	if (new != NULL)
		print_next(out, cell_of_new, new);
}
