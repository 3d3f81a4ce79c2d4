/* SPDX-License-Identifier: Apache-2.0
 * crashes --against: which bugs of one run are in another. */
#include "base/complain.h"
#include "base/json_file.h"
#include "base/util.h"
#include "cmd.h"
#include "option.h"
#include "crashes/file.h"
#include "crashes/match.h"
#include "formats/table.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WHO "triage crashes --against"

static const char usage[] =
	"Usage: triage crashes --against RUN_A [RUN_B] [--json]\n"
	"Lists the buckets of RUN_B that are new, those of RUN_A that are gone, and those in both.\n"
	"A bucket is a group of crashes with probably one bug. Each run of triage crashes is a\n"
	"directory or an id under runs/; RUN_B is the newest run by default.\n"
	"\n"
	"Lines may have moved between the runs. Two buckets are therefore the same if they share a\n"
	"key and a place, or else an id, or else a key. At last, the same class, the same access and\n"
	"nearly the same functions are enough. For a bucket that is gone, the list says whether\n"
	"RUN_B replayed its files.\n"
	"\n"
	"Exit codes: 0 nothing new, 1 internal error, 2 something is new, 3 not comparable,\n"
	"64 usage.\n";

struct diff {
	struct crashes_file a, b;
	struct match_side of_a, of_b;
	json_t *tried; /* contents that B has replayed */
};

/* ---- what is said of it ---------------------------------------------------------------------- */

/* The contents that a run has replayed: an object with a key each. */
static json_t *tried_in(const struct crashes_file *file)
{
	json_t *tried = json_object();
	size_t i;
	const json_t *crash;

	json_array_foreach((json_t *)(uintptr_t)file->crashes, i, crash) {
		if (strcmp(json_file_text(crash, "state"), "done") == 0)
			json_object_set_new(tried, json_file_text(crash, "hash"), json_true());
	}
	return tried;
}

/* Of the files of A's bucket, how many B has replayed. */
static size_t count_tried(const struct diff *c, size_t bucket)
{
	const json_t *members = json_object_get(json_array_get(c->a.buckets, bucket), "members");
	size_t i, tried = 0;
	const json_t *index;

	json_array_foreach((json_t *)(uintptr_t)members, i, index) {
		const json_t *crash = json_array_get(
			c->a.crashes, (size_t)json_integer_value(index));

		tried += json_object_get(c->tried, json_file_text(crash, "hash")) != NULL;
	}
	return tried;
}

static json_t *row(const char *state, const json_t *bucket, const json_t *before)
{
	return json_pack("{ss ss ss ss sI so*}", "state", state, "id", json_file_text(bucket, "id"),
		"severity", json_file_text(bucket, "severity"), "title",
		json_file_text(bucket, "title"), "files",
		(json_int_t)json_array_size(json_object_get(bucket, "members")), "was",
		before != NULL ? json_string(json_file_text(before, "id")) : NULL);
}

static json_t *rows_of(const struct diff *c)
{
	json_t *rows = json_array();

	for (size_t b = 0; b < c->of_b.count; b++)
		if (c->of_b.other[b] == MATCH_NOBODY)
			json_array_append_new(
				rows, row("new", json_array_get(c->b.buckets, b), NULL));
	for (size_t a = 0; a < c->of_a.count; a++) {
		json_t *gone;

		if (c->of_a.other[a] != MATCH_NOBODY)
			continue;
		gone = row("gone", json_array_get(c->a.buckets, a), NULL);
		json_object_set_new(gone, "tried", json_integer((json_int_t)count_tried(c, a)));
		json_array_append_new(rows, gone);
	}
	for (size_t b = 0; b < c->of_b.count; b++)
		if (c->of_b.other[b] != MATCH_NOBODY)
			json_array_append_new(rows,
				row("still there", json_array_get(c->b.buckets, b),
					json_array_get(c->a.buckets, c->of_b.other[b])));
	return rows;
}

static void print_rows(const json_t *rows)
{
	static const char *const heads[] = { "<", "<", "<", "<", NULL };
	struct table *table = table_new(heads);
	size_t i, counts[3] = { 0 };
	const json_t *row;

	json_array_foreach((json_t *)(uintptr_t)rows, i, row) {
		const char *state = json_file_text(row, "state");
		AUTO_FREE char *replayed = NULL;
		AUTO_FREE char *title = NULL;
		json_int_t tried = json_file_number(row, "tried"),
			   files = json_file_number(row, "files");

		counts[*state == 'n' ? 0 : *state == 'g' ? 1 : 2]++;
		if (*state == 'g' && tried == 0)
			replayed = format(
				" (none of its %lld files was replayed)", (long long)files);
		else if (*state == 'g')
			replayed = format(" (%lld of its %lld files replayed)", (long long)tried,
				(long long)files);
		title = format(
			"%s%s", json_file_text(row, "title"), replayed != NULL ? replayed : "");
		table_row(table);
		table_fields(table, row, "state", "id", "severity", NULL);
		table_text(table, title);
	}
	table_end(table, TABLE_TEXT, 0, stdout);
	printf("%zu new, %zu gone, %zu still there\n", counts[0], counts[1], counts[2]);
}

static int compare(struct diff *c, bool json)
{
	AUTO_JSON json_t *rows = NULL;
	int code = 0;

	match_of_file(&c->a, &c->of_a);
	match_of_file(&c->b, &c->of_b);
	match_buckets(&c->of_a, &c->of_b);
	c->tried = tried_in(&c->b);
	rows = rows_of(c);
	for (size_t b = 0; b < c->of_b.count; b++)
		code = c->of_b.other[b] == MATCH_NOBODY ? 2 : code;
	if (json) {
		json_dumpf(rows, stdout, JSON_SORT_KEYS | JSON_INDENT(1));
		printf("\n");
	} else {
		print_rows(rows);
	}
	match_free(&c->of_a);
	match_free(&c->of_b);
	json_decref(c->tried);
	return code;
}

int crashes_against(int argc, char **argv)
{
	bool help = option_take(&argc, argv, "--help"), json = option_take(&argc, argv, "--json");
	const char *a = argc > 1 ? argv[1] : "-", *b = argc > 2 ? argv[2] : NULL;
	struct diff c = { 0 };
	AUTO_FREE char *why = NULL;
	int error, code;

	if (help || argc > 3 || a[0] == '-' || (b != NULL && b[0] == '-')) {
		fputs(usage, help ? stdout : stderr);
		return help ? 0 : 64;
	}
	error = crashes_file_open(a, &c.a, &why);
	if (error == 0)
		error = crashes_file_open(b, &c.b, &why);
	code = error == 0 ? compare(&c, json) :
			    complain(WHO,
				    error == -EPROTO         ? 3 :
					    error == -ENOENT ? EXIT_USAGE :
							       1,
				    "%s", why);
	crashes_file_close(&c.a);
	crashes_file_close(&c.b);
	return code;
}
