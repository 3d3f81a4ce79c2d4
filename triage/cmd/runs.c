/* SPDX-License-Identifier: Apache-2.0
 * The subcommand runs: lists the runs under runs/. */
#include "base/json_file.h"
#include "base/util.h"
#include "cmd.h"
#include "formats/table.h"
#include "fuzz/campaign.h"
#include "runs/kinds.h"
#include "runs/results.h"
#include "runs/run_dir.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Two documents of a run, either of which may be NULL, and what they make. */
static json_t *row_json(const char *directory, const char *kind, const char *date,
	const char *toolchain, size_t cells, const char *complete)
{
	return json_pack("{ss ss ss ss sI ss}", "id", file_base_name(directory), "kind", kind,
		"date", date, "toolchain", toolchain, "cells", (json_int_t)cells, "complete",
		complete);
}

static json_t *measurement_row(const char *directory)
{
	AUTO_FREE char *why = NULL;
	AUTO_FREE char *why_not = NULL;
	AUTO_JSON json_t *results = results_read(directory, &why);
	bool complete = json_is_true(json_object_get(results, "complete"));
	struct measurement run;
	json_t *row;

	if (measurement_read(directory, &run, &why_not) != 0) {
		measurement_free(&run);
		return row_json(directory, run_kinds[RUN_MEASUREMENT].slug, "", "", 0, "damaged");
	}
	row = row_json(directory, run_kinds[RUN_MEASUREMENT].slug, run.date != NULL ? run.date : "",
		run.toolchain != NULL ? run.toolchain : "", measurement_cells(&run),
		complete ? "yes" : "no");
	measurement_free(&run);
	return row;
}

/* "2026-11-23T04:15:00" out of "20261123-041500-oob-read"; "" of another name. */
static void date_of(const char *directory, char ret[32])
{
	const char *name = file_base_name(directory);

	ret[0] = '\0';
	for (int i = 0; i < 15; i++)
		if (i == 8 ? name[i] != '-' : !isdigit((unsigned char)name[i]))
			return;
	snprintf(ret, 32, "%.4s-%.2s-%.2sT%.2s:%.2s:%.2s", name, name + 4, name + 6, name + 9,
		name + 11, name + 13);
}

/* "cells" are the class and idiom pairs that were asked for; where there are none, the buckets. */
static json_t *other_row(enum run_kind kind, const char *directory)
{
	AUTO_FREE char *why = NULL;
	AUTO_JSON json_t *run = json_file_in(directory, "run.json", NULL);
	AUTO_JSON json_t *done = run_kind_result(kind, directory, &why);
	const json_t *campaigns = json_object_get(done, "campaigns");
	size_t cells = json_array_size(json_object_get(run, "classes")) *
		json_array_size(json_object_get(run, "idioms"));
	bool complete = !json_is_true(json_object_get(done, "interrupted")) &&
		!json_is_true(json_object_get(done, "failed"));
	char date[32];

	date_of(directory, date);
	if (kind == RUN_CAMPAIGN)
		complete = campaign_all_ran(campaigns);
	else if (kind == RUN_CRASHES)
		complete = json_is_true(json_object_get(done, "complete"));
	if (cells == 0)
		cells = json_array_size(
			campaigns != NULL ? campaigns : json_object_get(done, "buckets"));
	return row_json(directory, run_kinds[kind].slug,
		*json_file_text(run, "date") != '\0' ? json_file_text(run, "date") : date,
		json_file_text(run, "toolchain"), cells,
		done == NULL     ? "no" :
			complete ? "yes" :
				   "cut off");
}

static json_t *row_of(const char *directory)
{
	enum run_kind kind = run_kind_of(directory);
	char date[32];

	date_of(directory, date);
	return kind == RUN_MEASUREMENT ? measurement_row(directory) :
		kind == RUN_KIND_COUNT ? row_json(directory, "?", date, "", 0, "damaged") :
					 other_row(kind, directory);
}

static json_t *rows_json(void)
{
	json_t *rows = json_array();
	struct run_dirs runs;

	run_dir_list(&runs);
	for (size_t i = 0; i < runs.count; i++)
		json_array_append_new(rows, row_of(runs.list[i]));
	run_dir_free(&runs);
	return rows;
}

static void print_rows(const json_t *rows)
{
	static const char *const heads[] = { "<run, newest last", "<kind", "<date", "cells",
		"<complete", "<toolchain", NULL };
	struct table *table;
	size_t i;
	const json_t *row;

	if (json_array_size(rows) == 0) {
		printf("There are no runs yet; next: make measure\n");
		return;
	}
	table = table_new(heads);
	json_array_foreach((json_t *)(uintptr_t)rows, i, row) {
		const char *date = json_file_text(row, "date");

		table_row(table);
		table_fields(table, row, "id", "kind", NULL);
		table_cell(table, "%.10s %.5s", date, strlen(date) > 11 ? date + 11 : "");
		table_fields(table, row, "cells", "complete", NULL);
		table_cell(table, "%.60s", json_file_text(row, "toolchain"));
	}
	table_end(table, TABLE_TEXT, 0, stdout);
}

int cmd_runs(int argc, char **argv)
{
	bool json = argc == 2 && strcmp(argv[1], "--json") == 0;
	bool help = argc == 2 && strcmp(argv[1], "--help") == 0;
	bool job = argc >= 3 && strcmp(argv[1], "--job") == 0;
	AUTO_JSON json_t *rows = NULL;

	if (job && (argc == 3 || (argc == 4 && strcmp(argv[3], "--json") == 0)))
		return runs_job(argv[2], argc == 4);
	if (argc > 1 && !json) {
		fprintf(help ? stdout : stderr,
			"usage: triage runs [--json]\n"
			"       triage runs --job JOB [--json]\n"
			"Lists the runs under runs/, the newest last.\n"
			"The column `complete` says whether a run has all its results:\n"
			"  yes      the run is complete\n"
			"  no       the run has no results, or lacks plans\n"
			"  cut off  the run was stopped early; its results are of the part "
			"before\n"
			"  damaged  a file of the run cannot be read\n"
			"\n"
			"With --job, triage lists the parts of a job and the time left. A part "
			"is done, running,\n"
			"dead (begun, but no process works on it), or not begun.\n"
			"\n"
			"  --json   print JSON\n");
		return help ? 0 : 64;
	}
	rows = rows_json();
	if (json) {
		json_dumpf(rows, stdout, JSON_SORT_KEYS | JSON_INDENT(1));
		printf("\n");
	} else {
		print_rows(rows);
	}
	return 0;
}
