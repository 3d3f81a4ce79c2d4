/* SPDX-License-Identifier: Apache-2.0
 * The cache of a run, journal.jsonl: written line by line as crashes are replayed, read by later runs. */
#include "cache.h"

#include "base/escape.h"
#include "base/util.h"
#include "crash.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define LINE_MAX_BYTES (16u << 20)

int cache_open(const char *directory, struct cache *ret)
{
	AUTO_FREE char *path = format("%s/journal.jsonl", directory);

	*ret = (struct cache){ .out = fopen(path, "wxe") };
	return ret->out != NULL ? 0 : -errno;
}

static int write_line(struct cache *cache, json_t *json)
{
	int error = json_dumpf(json, cache->out, JSON_COMPACT) != 0 ||
			fputc('\n', cache->out) == EOF ?
		-EIO :
		0;

	json_decref(json);
	return error;
}

static json_t *again_json(const struct crash_report *report)
{
	json_t *texts = json_array();

	for (size_t i = 0; i < report->again_count; i++)
		json_array_append_new(texts, json_string(report->again[i].text));
	return texts;
}

int cache_add(struct cache *cache, const struct crashes *crashes, const struct crash *crash)
{
	int error = 0;

	if (crash->crashed == 0) /* may die the next time: that is no knowledge */
		return 0;
	for (; error == 0 && cache->written < crashes->report_count; cache->written++) {
		const struct crash_report *report = crashes->reports[cache->written];

		error = write_line(cache,
			json_pack("{sI ss si sb sb so}", "report", (json_int_t)cache->written,
				"text", report->text, "status", report->wait_status, "timed_out",
				report->timed_out, "out_of_memory", report->out_of_memory, "again",
				again_json(report)));
	}
	if (error == 0)
		error = write_line(cache,
			json_pack("{so ss sI si si sb so}", "input", escape_json(crash->path),
				"hash", crash->hash, "size", (json_int_t)crash->size, "runs",
				(int)crash->runs, "crashed", (int)crash->crashed, "varies",
				crash->varies, "report",
				crash->report != CRASH_NONE ?
					json_integer((json_int_t)crash->report) :
					json_null()));
	/* so that a kill loses at most a line; the disk may take its time */
	return error == 0 && fflush(cache->out) != 0 ? -errno : error;
}

int cache_close(struct cache *cache)
{
	int error = 0;

	if (cache->out == NULL)
		return 0;
	if (fflush(cache->out) != 0 || fsync(fileno(cache->out)) != 0)
		error = -errno;
	if (fclose(cache->out) != 0 && error == 0)
		error = -errno;
	cache->out = NULL;
	return error;
}

/* ---- reading --------------------------------------------------------------------------------- */

struct reading {
	struct crashes *crashes;
	size_t *order;              /* of the crashes, by hash */
	size_t reports, *report_of; /* the cache's numbers to ours; CRASH_NONE: damaged */
	size_t known;
};

static int compare_hashes(const void *a, const void *b, void *crashes)
{
	const struct crash *list = ((const struct crashes *)crashes)->list;

	return strcmp(list[*(const size_t *)a].hash, list[*(const size_t *)b].hash);
}

static size_t read_report(struct crashes *crashes, const json_t *line)
{
	const char *text = json_string_value(json_object_get(line, "text"));
	struct crash_report report = {
		.text = format("%s", text != NULL ? text : ""),
		.wait_status = (int)json_integer_value(json_object_get(line, "status")),
		.timed_out = json_is_true(json_object_get(line, "timed_out")),
		.out_of_memory = json_is_true(json_object_get(line, "out_of_memory")),
	};
	size_t index, i;
	const json_t *again;

	crash_read(&report);
	json_array_foreach(json_object_get(line, "again"), i, again)
		if (json_is_string(again))
			crash_add_again(&report, format("%s", json_string_value(again)));
	index = report.main != NULL ? crashes_add_report(crashes, &report) : CRASH_NONE;
	crash_report_close(&report);
	return index;
}

static void add_number(struct reading *reading, size_t index)
{
	reading->report_of = list_grow(
		reading->report_of, reading->reports, sizeof(*reading->report_of));
	reading->report_of[reading->reports++] = index;
}

/* The first of the crashes with that hash in reading->order, or the end. */
static size_t find_crash(const struct reading *reading, const char *hash)
{
	size_t low = 0, high = reading->crashes->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (strcmp(reading->crashes->list[reading->order[middle]].hash, hash) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static void read_crash(struct reading *reading, const json_t *line)
{
	const char *hash = json_string_value(json_object_get(line, "hash"));
	const json_t *number = json_object_get(line, "report");
	json_int_t runs = json_integer_value(json_object_get(line, "runs"));
	json_int_t crashed = json_integer_value(json_object_get(line, "crashed"));
	size_t report = CRASH_NONE;

	if (json_is_integer(number) && json_integer_value(number) >= 0 &&
		(size_t)json_integer_value(number) < reading->reports)
		report = reading->report_of[json_integer_value(number)];
	if (hash == NULL || runs < 1 || runs > CRASH_RUNS || crashed < 1 || crashed > runs ||
		report == CRASH_NONE)
		return;
	for (size_t i = find_crash(reading, hash); i < reading->crashes->count; i++) {
		struct crash *crash = &reading->crashes->list[reading->order[i]];

		if (strcmp(crash->hash, hash) != 0)
			break;
		if (crash->state != CRASH_WAITING)
			continue;
		crash->state = CRASH_DONE;
		crash->runs = (unsigned)runs;
		crash->crashed = (unsigned)crashed;
		crash->varies = json_is_true(json_object_get(line, "varies"));
		crash->report = report;
		crash->reused = true;
		reading->known++;
	}
}

static void read_line(struct reading *reading, const char *text, size_t size)
{
	AUTO_JSON json_t *line = json_loadb(text, size, JSON_REJECT_DUPLICATES, NULL);

	if (json_object_get(line, "input") != NULL)
		read_crash(reading, line);
	else if (json_object_get(line, "report") != NULL)
		add_number(reading, read_report(reading->crashes, line));
}

size_t cache_reuse(const char *directory, struct crashes *crashes)
{
	AUTO_FREE char *path = format("%s/journal.jsonl", directory);
	AUTO_FREE char *line = NULL;
	int fd = file_open(path);
	FILE *in = fd >= 0 ? fdopen(fd, "r") : NULL;
	struct reading reading = { .crashes = crashes,
		.order = allocate(crashes->count + 1, sizeof(*reading.order)) };
	size_t capacity = 0;
	ssize_t size;

	for (size_t i = 0; i < crashes->count; i++)
		reading.order[i] = i;
	qsort_r(reading.order, crashes->count, sizeof(*reading.order), compare_hashes, crashes);
	while (in != NULL && (size = getline(&line, &capacity, in)) > 0)
		if ((size_t)size <= LINE_MAX_BYTES && line[size - 1] == '\n')
			read_line(&reading, line, (size_t)size);
	if (in != NULL)
		fclose(in);
	free(reading.order);
	free(reading.report_of);
	return reading.known;
}
