/* SPDX-License-Identifier: Apache-2.0
 * The subcommand diff: which bugs of one run are in another. */
#include "cmd.h"
#include "crashes_file.h"
#include "document.h"
#include "file.h"
#include "group.h"
#include "html_text.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char usage[] =
	"Usage: triage diff [--json] RUN_A RUN_B\n"
	"Compare two runs of triage crashes, each a directory or an id under runs/: which buckets of B are\n"
	"new, which of A are gone, which are still there.\n"
	"\n"
	"Buckets are the same when they share a key and a place, else an id, else a key, else a class, an\n"
	"access and nearly the same functions: lines may have moved. Of one that is gone it is said whether\n"
	"B replayed any of its files.\n"
	"\n"
	"Exit codes: 0 nothing new, 1 internal error, 2 something is new, 3 not comparable, 64 usage.\n";

#define NOBODY SIZE_MAX

struct comparison {
	struct crashes_file a, b;
	size_t a_count, b_count;
	size_t *of_a, *of_b; /* the other's bucket, or NOBODY */
	json_t *tried;       /* contents that B has replayed */
};

/* ---- which is which -------------------------------------------------------------------------- */

static const json_t *reports_of(const struct crashes_file *file, size_t bucket)
{
	return json_object_get(json_array_get(file->buckets, bucket), "reports");
}

static bool is_same(const struct key *x, const struct key *y)
{
	const char *at_x = key_place(x), *at_y = key_place(y);

	return strcmp(x->hex, y->hex) == 0 &&
		strcmp(at_x != NULL ? at_x : "", at_y != NULL ? at_y : "") == 0;
}

static bool is_moved(const struct key *x, const struct key *y)
{
	return strcmp(x->hex, y->hex) == 0;
}

/* By their functions alone: as if no line were known. */
static bool is_alike(const struct key *x, const struct key *y)
{
	char *at_x, *at_y;
	enum group_join join;

	if (x->count == 0 || y->count == 0)
		return false;
	at_x = x->frames[0].place;
	at_y = y->frames[0].place;
	x->frames[0].place = y->frames[0].place = NULL;
	join = group_relation(x, y);
	x->frames[0].place = at_x;
	y->frames[0].place = at_y;
	return join != GROUP_NOT;
}

static bool any_match(const struct comparison *c, size_t a, size_t b,
	bool is_match(const struct key *, const struct key *))
{
	size_t i, j;
	const json_t *x, *y;

	json_array_foreach((json_t *)(uintptr_t)reports_of(&c->a, a), i, x)
	{
		json_array_foreach((json_t *)(uintptr_t)reports_of(&c->b, b), j, y)
		{
			if (is_match(&c->a.keys[json_integer_value(x)],
				    &c->b.keys[json_integer_value(y)]))
				return true;
		}
	}
	return false;
}

static bool are_same(const struct comparison *c, size_t a, size_t b)
{
	return any_match(c, a, b, is_same);
}

static bool are_moved(const struct comparison *c, size_t a, size_t b)
{
	return any_match(c, a, b, is_moved);
}

static bool are_alike(const struct comparison *c, size_t a, size_t b)
{
	return any_match(c, a, b, is_alike);
}

/* One key at several places has numbered ids, in the order of the lines: so equal ids go first. */
static bool ids_match(const struct comparison *c, size_t a, size_t b)
{
	return strcmp(document_text(json_array_get(c->a.buckets, a), "id"),
		       document_text(json_array_get(c->b.buckets, b), "id")) == 0;
}

static void match(struct comparison *c, bool is_match(const struct comparison *, size_t, size_t))
{
	for (size_t a = 0; a < c->a_count; a++)
		for (size_t b = 0; b < c->b_count && c->of_a[a] == NOBODY; b++)
			if (c->of_b[b] == NOBODY && is_match(c, a, b)) {
				c->of_a[a] = b;
				c->of_b[b] = a;
			}
}

static size_t *nobodies(size_t count)
{
	size_t *list = malloc((count + 1) * sizeof(*list));

	if (list == NULL)
		abort();
	for (size_t i = 0; i < count; i++)
		list[i] = NOBODY;
	return list;
}

/* ---- what is said of it ---------------------------------------------------------------------- */

/* The contents that a run has replayed: an object with a key each. */
static json_t *tried_in(const struct crashes_file *file)
{
	json_t *tried = json_object();
	size_t i;
	const json_t *crash;

	json_array_foreach((json_t *)(uintptr_t)file->crashes, i, crash)
	{
		if (strcmp(document_text(crash, "state"), "done") == 0)
			json_object_set_new(tried, document_text(crash, "hash"), json_true());
	}
	return tried;
}

/* Of the files of A's bucket, how many B has replayed. */
static size_t count_tried(const struct comparison *c, size_t bucket)
{
	const json_t *members = json_object_get(json_array_get(c->a.buckets, bucket), "members");
	size_t i, tried = 0;
	const json_t *index;

	json_array_foreach((json_t *)(uintptr_t)members, i, index)
	{
		const json_t *crash = json_array_get(
			c->a.crashes, (size_t)json_integer_value(index));

		tried += json_object_get(c->tried, document_text(crash, "hash")) != NULL;
	}
	return tried;
}

static json_t *row(const char *state, const json_t *bucket, const json_t *before)
{
	return json_pack("{ss ss ss ss sI so*}", "state", state, "id", document_text(bucket, "id"),
		"severity", document_text(bucket, "severity"), "title",
		document_text(bucket, "title"), "files",
		(json_int_t)json_array_size(json_object_get(bucket, "members")), "was",
		before != NULL ? json_string(document_text(before, "id")) : NULL);
}

static json_t *rows_of(const struct comparison *c)
{
	json_t *rows = json_array();

	for (size_t b = 0; b < c->b_count; b++)
		if (c->of_b[b] == NOBODY)
			json_array_append_new(
				rows, row("new", json_array_get(c->b.buckets, b), NULL));
	for (size_t a = 0; a < c->a_count; a++) {
		json_t *gone;

		if (c->of_a[a] != NOBODY)
			continue;
		gone = row("gone", json_array_get(c->a.buckets, a), NULL);
		json_object_set_new(gone, "tried", json_integer((json_int_t)count_tried(c, a)));
		json_array_append_new(rows, gone);
	}
	for (size_t b = 0; b < c->b_count; b++)
		if (c->of_b[b] != NOBODY)
			json_array_append_new(rows,
				row("still there", json_array_get(c->b.buckets, b),
					json_array_get(c->a.buckets, c->of_b[b])));
	return rows;
}

static void print_rows(const json_t *rows)
{
	size_t i, counts[3] = { 0 };
	const json_t *row;

	json_array_foreach((json_t *)(uintptr_t)rows, i, row)
	{
		const char *state = document_text(row, "state");
		json_int_t tried = document_number(row, "tried"),
			   files = document_number(row, "files");

		counts[*state == 'n' ? 0 : *state == 'g' ? 1 : 2]++;
		printf("%-12s %-10s %-20s %s", state, document_text(row, "id"),
			document_text(row, "severity"), document_text(row, "title"));
		if (*state == 'g' && tried == 0)
			printf(" (none of its %lld files was replayed)", (long long)files);
		else if (*state == 'g')
			printf(" (%lld of its %lld files replayed)", (long long)tried,
				(long long)files);
		printf("\n");
	}
	printf("%zu new, %zu gone, %zu still there\n", counts[0], counts[1], counts[2]);
}

static int complain(int error, char *text)
{
	AUTO_FREE char *plain = text_plain(text);

	fprintf(stderr, "triage diff: %s\n", plain);
	free(text);
	return error == -EPROTO ? 3 : error == -ENOENT ? 64 : 1;
}

static int compare(struct comparison *c, bool json)
{
	AUTO_JSON json_t *rows = NULL;
	int code = 0;

	c->a_count = json_array_size(c->a.buckets);
	c->b_count = json_array_size(c->b.buckets);
	c->of_a = nobodies(c->a_count);
	c->of_b = nobodies(c->b_count);
	match(c, are_same);
	match(c, ids_match);
	match(c, are_moved);
	match(c, are_alike);
	c->tried = tried_in(&c->b);
	rows = rows_of(c);
	for (size_t b = 0; b < c->b_count; b++)
		code = c->of_b[b] == NOBODY ? 2 : code;
	if (json) {
		json_dumpf(rows, stdout, JSON_SORT_KEYS | JSON_INDENT(1));
		printf("\n");
	} else {
		print_rows(rows);
	}
	free(c->of_a);
	free(c->of_b);
	json_decref(c->tried);
	return code;
}

int cmd_diff(int argc, char **argv)
{
	bool json = argc > 1 && strcmp(argv[1], "--json") == 0;
	bool help = argc > 1 && strcmp(argv[1], "--help") == 0;
	struct comparison c = { 0 };
	char *why = NULL;
	int error, code;

	if (help || argc != 3 + json || argv[1 + json][0] == '-' || argv[2 + json][0] == '-') {
		fputs(usage, help ? stdout : stderr);
		return help ? 0 : 64;
	}
	error = crashes_file_open(argv[1 + json], &c.a, &why);
	if (error == 0)
		error = crashes_file_open(argv[2 + json], &c.b, &why);
	code = error == 0 ? compare(&c, json) : complain(error, why);
	crashes_file_close(&c.a);
	crashes_file_close(&c.b);
	return code;
}
