/* SPDX-License-Identifier: Apache-2.0 */
#include "sandbox.h"

/* ---- runs ------------------------------------------------------------------------------------------ */

char *measure(const char *options, ...)
{
	AUTO_FREE char *text = NULL;
	AUTO_FREE char *line = NULL;
	AUTO_FREE char *said = NULL;
	const char *results, *end;
	va_list list;

	va_start(list, options);
	assert_true(vasprintf(&text, options, list) > 0);
	va_end(list);
	line = format(MEASURE " %s", text);
	said = run(0, line);
	results = strstr(said, "results: runs/");
	assert_non_null(results);
	results += strlen("results: ");
	end = strstr(results, "/results.json");
	assert_non_null(end);
	return strndup(results, (size_t)(end - results));
}

void edit(const char *directory, const char *key, json_t *value)
{
	AUTO_FREE char *path = format("%s/run.json", directory);
	AUTO_JSON json_t *json = load_json(directory, "run.json");

	json_object_set_new(json, key, value);
	assert_int_equal(file_write_json(path, json), 0);
}

void assert_complete(const char *directory)
{
	AUTO_JSON json_t *results = load_json(directory, "results.json");

	assert_true(json_is_true(json_object_get(results, "complete")));
	assert_listed_as(directory, "yes");
}

/* ---- the same run twice ---------------------------------------------------------------------------- */

static bool same_file(const char *a, const char *b)
{
	AUTO_FREE uint8_t *bytes_a = NULL;
	AUTO_FREE uint8_t *bytes_b = NULL;
	size_t size_a, size_b;

	assert_int_equal(file_read(a, 1u << 30, &bytes_a, &size_a), 0);
	assert_int_equal(file_read(b, 1u << 30, &bytes_b, &size_b), 0);
	assert_true(size_a > 0 && memchr(bytes_a, OUTCOME_NONE, size_a) == NULL);
	return size_a == size_b && memcmp(bytes_a, bytes_b, size_a) == 0;
}

size_t differing_files(const char *a, const char *b)
{
	AUTO_FREE char *pattern_a = format("%s/plans/*", a);
	AUTO_FREE char *pattern_b = format("%s/plans/*", b);
	glob_t of_a = { 0 }, of_b = { 0 };
	size_t differing = 0;

	assert_int_equal(glob(pattern_a, 0, NULL, &of_a), 0);
	assert_int_equal(glob(pattern_b, 0, NULL, &of_b), 0);
	assert_int_equal(of_a.gl_pathc, of_b.gl_pathc);
	for (size_t i = 0; i < of_a.gl_pathc; i++) {
		assert_string_equal(strrchr(of_a.gl_pathv[i], '/'), strrchr(of_b.gl_pathv[i], '/'));
		differing += !same_file(of_a.gl_pathv[i], of_b.gl_pathv[i]);
	}
	globfree(&of_a);
	globfree(&of_b);
	return differing;
}

/* Without what may differ: names, times, costs, and what a merger adds. */
static json_t *essence(const char *directory)
{
	static const char *const keys[] = { "id", "date", "wall_s", "worker_deaths",
		"verdicts_per_s", "audit", "merged", "job", "work" };
	json_t *results = load_json(directory, "results.json"), *cell;
	size_t i;

	for (size_t k = 0; k < LENGTH(keys); k++)
		json_object_del(results, keys[k]);
	json_array_foreach(json_object_get(results, "cells"), i, cell)
		json_object_del(cell, "cost");
	return results;
}

json_t *load_audits(const char *directory)
{
	AUTO_FREE char *path = format("%s/audits.jsonl", directory);
	FILE *file = fopen(path, "re");
	AUTO_FREE char *line = NULL;
	json_t *list = json_array();
	size_t size = 0;

	assert_non_null(file);
	while (getline(&line, &size, file) > 0) {
		json_t *audit = json_loads(line, 0, NULL);

		assert_true(line[strlen(line) - 1] == '\n' && json_is_object(audit));
		json_array_append_new(list, audit);
	}
	fclose(file);
	return list;
}

void assert_sound_audits(const char *directory)
{
	AUTO_JSON json_t *results = load_json(directory, "results.json");
	AUTO_JSON json_t *audits = load_audits(directory);
	const json_t *of = json_object_get(results, "audit");
	json_int_t agreed = 0;
	json_t *audit;
	size_t i;

	json_array_foreach(audits, i, audit)
		agreed += json_is_true(json_object_get(audit, "agree"));
	assert_int_equal(json_array_size(audits), number(of, "sampled"));
	assert_int_equal(agreed, number(of, "agreed"));
}

/* Rows of every axis with a name but the plan's size, by every detector. */
static char *counts_of(const char *directory)
{
	AUTO_FREE char *command = format("build/bin/triage count %s --csv --causes "
					 "--by=class,idiom,region,operation,width,outside,how,way",
		directory);

	return run(0, command);
}

void assert_same_counts(const char *a, const char *b)
{
	AUTO_JSON json_t *of_a = essence(a);
	AUTO_JSON json_t *of_b = essence(b);
	AUTO_FREE char *rows_a = counts_of(a);
	AUTO_FREE char *rows_b = counts_of(b);

	if (!json_equal(of_a, of_b))
		fail_msg("%s and %s: the counts of results.json differ", a, b);
	assert_true(lines_of(rows_a) > 1);
	assert_string_equal(rows_a, rows_b);
}

void assert_same(const char *a, const char *b)
{
	if (differing_files(a, b) > 0)
		fail_msg("%s and %s: verdicts or causes differ", a, b);
	assert_same_counts(a, b);
}
