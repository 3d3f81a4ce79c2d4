/* SPDX-License-Identifier: Apache-2.0
 * Counting and showing marks. */
#include "truth.h"

#include "base/escape.h"
#include "base/json_file.h"
#include "base/util.h"
#include "formats/table.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

int target_truth_open(const char *directory, int jobs, struct target_truth *ret)
{
	int error = file_make_directories(directory);

	*ret = (struct target_truth){ .jobs = jobs,
		.records = calloc((size_t)jobs, sizeof(struct record *)),
		.marks = calloc((size_t)jobs, sizeof(struct marks *)) };
	if (ret->records == NULL || ret->marks == NULL)
		abort();
	for (int i = 0; i < jobs && error == 0; i++) {
		AUTO_FREE char *path = engine_record_path(directory, i);

		ret->records[i] = record_map(path);
		if (ret->records[i] != NULL)
			ret->marks[i] = marks_map(path);
		error = ret->marks[i] == NULL ? -errno : 0;
	}
	return error;
}

void target_truth_close(struct target_truth *truth)
{
	for (int i = 0; i < truth->jobs; i++) {
		if (truth->records[i] != NULL)
			munmap(truth->records[i], sizeof(struct record));
		if (truth->marks[i] != NULL)
			munmap(truth->marks[i], sizeof(struct marks));
	}
	free(truth->records);
	free(truth->marks);
	*truth = (struct target_truth){ 0 };
}

/* ---- counting -------------------------------------------------------------------------------- */

static uint32_t count_of(const struct marks *marks)
{
	return marks->count < MARKS_MAX ? marks->count : MARKS_MAX;
}

static uint64_t deaths_of(const struct record *of)
{
	return of->verdicts[VERDICT_RIGHT] + of->verdicts[VERDICT_WRONG_KIND] +
		of->verdicts[VERDICT_TRAP] + of->verdicts[VERDICT_FALSE_ALARM] +
		of->verdicts[VERDICT_BROKEN];
}

void target_truth_progress(const struct engine_run *run, struct engine_progress *ret)
{
	const struct target_truth *truth = run->arg;
	uint64_t deaths = 0, triggered = 0, missed = 0;
	uint32_t marks = 0;

	ret->executions = 0;
	for (int i = 0; i < truth->jobs; i++) {
		ret->executions += truth->records[i]->executions;
		ret->waits = ret->waits || truth->records[i]->executions == 0;
		deaths += deaths_of(truth->records[i]);
		marks = count_of(truth->marks[i]);
		for (uint32_t m = 0; m < marks; m++) {
			triggered += truth->marks[i]->list[m].triggered;
			missed += truth->marks[i]->list[m].verdicts[VERDICT_SILENT];
		}
	}
	if (marks == 0)
		snprintf(ret->words, sizeof(ret->words), "%llu deaths", (unsigned long long)deaths);
	else
		snprintf(ret->words, sizeof(ret->words), "%llu deaths  %llu triggered  %llu missed",
			(unsigned long long)deaths, (unsigned long long)triggered,
			(unsigned long long)missed);
}

static void add_to(json_t *object, const char *key, uint64_t count)
{
	json_object_set_new(
		object, key, json_integer(json_file_number(object, key) + (json_int_t)count));
}

/* The text of a fixed field that may lack its NUL. */
static json_t *field_json(const char *text, size_t size, bool dashed)
{
	AUTO_FREE char *copy = strndup(text, size);

	for (char *at = copy; dashed && at != NULL && *at != '\0'; at++)
		*at = *at == '_' ? '-' : *at;
	return escape_json(copy != NULL ? copy : "");
}

static void add_mark(json_t *list, uint32_t index, const struct mark *mark)
{
	json_t *object = json_array_get(list, index);

	if (object == NULL) {
		object = json_pack("{so sI so}", "file",
			field_json(mark->file, sizeof(mark->file) - 1, false), "line",
			(json_int_t)mark->line, "class",
			field_json(mark->slug, sizeof(mark->slug) - 1, true));
		json_array_append_new(list, object);
	}
	add_to(object, "reached", mark->reached);
	add_to(object, "triggered", mark->triggered);
	add_to(object, "detected", mark->verdicts[VERDICT_RIGHT]);
	add_to(object, "wrong_kind", mark->verdicts[VERDICT_WRONG_KIND]);
	/* glibc's abort without a word that we know: the record calls it broken */
	add_to(object, "trap", mark->verdicts[VERDICT_TRAP] + mark->verdicts[VERDICT_BROKEN]);
	add_to(object, "missed", mark->verdicts[VERDICT_SILENT]);
}

json_t *target_truth_json(struct target_truth *truth)
{
	json_t *list = json_array();
	json_t *object = json_pack("{sI sI sI sI so}", "executions", (json_int_t)0, "deaths",
		(json_int_t)0, "unforeseen", (json_int_t)0, "left_out", (json_int_t)0, "marks",
		list);

	for (int i = 0; i < truth->jobs; i++) {
		struct record *of = truth->records[i];
		struct marks *marks = truth->marks[i];
		uint64_t foreseen = 0; /* of those that the record calls broken */

		marks_settle(marks, of);
		add_to(object, "executions", of->executions);
		add_to(object, "deaths", deaths_of(of));
		json_object_set_new(object, "left_out", json_integer(marks->left_out));
		for (uint32_t m = 0; m < count_of(marks); m++) {
			add_mark(list, m, &marks->list[m]);
			foreseen += marks->list[m].verdicts[VERDICT_BROKEN];
		}
		add_to(object, "unforeseen",
			of->verdicts[VERDICT_FALSE_ALARM] + of->verdicts[VERDICT_BROKEN] -
				foreseen);
	}
	return object;
}

/* ---- showing --------------------------------------------------------------------------------- */

static int by_place(const void *a, const void *b)
{
	const json_t *x = *(const json_t *const *)a, *y = *(const json_t *const *)b;
	int order = strcmp(json_file_text(x, "file"), json_file_text(y, "file"));

	return order != 0 ? order :
			    (int)(json_file_number(x, "line") - json_file_number(y, "line"));
}

static void add_row(struct table *table, const json_t *mark)
{
	table_row(table);
	table_cell(table, "%s:%lld", json_file_text(mark, "file"),
		(long long)json_file_number(mark, "line"));
	table_fields(table, mark, "class", "reached", "triggered", "detected", "wrong_kind", "trap",
		"missed", NULL);
}

static void print_remarks(FILE *out, const json_t *truth, json_int_t missed, const char *detector)
{
	json_int_t unforeseen = json_file_number(truth, "unforeseen");

	if (missed > 0)
		fprintf(out,
			"missed: in %lld executions %s did not report a violation that happened\n",
			(long long)missed, detector);
	if (unforeseen > 0)
		fprintf(out, "%lld of %lld deaths happened without a triggered mark\n",
			(long long)unforeseen, (long long)json_file_number(truth, "deaths"));
	if (json_file_number(truth, "left_out") > 0)
		fprintf(out, "%lld more marks are not counted: there is room for %d\n",
			(long long)json_file_number(truth, "left_out"), MARKS_MAX);
}

void target_truth_print(FILE *out, const json_t *truth, const char *detector)
{
	static const char *const heads[] = { "<place", "<class", "reached", "triggered", "detected",
		"wrong kind", "trap", "missed", NULL };
	struct table *table = table_new(heads);
	const json_t *list = json_object_get(truth, "marks");
	size_t count = json_array_size(list);
	const json_t **sorted = calloc(count + 1, sizeof(json_t *));
	json_int_t missed = 0;

	if (sorted == NULL)
		abort();
	for (size_t i = 0; i < count; i++)
		sorted[i] = json_array_get(list, i);
	qsort(sorted, count, sizeof(json_t *), by_place);
	for (size_t i = 0; i < count; i++) {
		add_row(table, sorted[i]);
		missed += json_file_number(sorted[i], "missed");
	}
	if (count > 0)
		fprintf(out,
			"\n"
			"the marks of the target (FENCEPOST_VIOLATION), counted in executions\n");
	table_end(table, TABLE_TEXT, 2, out);
	if (count > 0)
		print_remarks(out, truth, missed, detector);
	free(sorted);
}
