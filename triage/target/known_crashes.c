/* SPDX-License-Identifier: Apache-2.0
 * Lists of accepted crashes. */
#include "known_crashes.h"

#include "base/json_file.h"
#include "base/util.h"
#include "dedup/group.h"
#include "fuzz.h"
#include "runs.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SCHEMA "fencepost/accepted/1"

static char *list_path(const char *source, const char *detector)
{
	AUTO_FREE char *beside = target_beside(source, ".crashes");

	return format("%s/%s.json", beside, detector);
}

static char *inputs_directory(const char *source, const char *detector)
{
	AUTO_FREE char *beside = target_beside(source, ".crashes");

	return format("%s/%s", beside, detector);
}

/* ---- reading --------------------------------------------------------------------------------- */

/* An id becomes a file's name: our own hold digits and '-' only. */
static bool is_id(const char *text)
{
	return *text != '\0' && strspn(text, "0123456789abcdef-") == strlen(text);
}

static bool is_whole(const json_t *buckets)
{
	size_t i;
	const json_t *bucket;

	json_array_foreach((json_t *)(uintptr_t)buckets, i, bucket) {
		if (!is_id(json_file_text(bucket, "id")) ||
			json_array_size(json_object_get(bucket, "ways")) == 0)
			return false;
	}
	return json_is_array(buckets);
}

static void read_ways(struct known_crashes *list)
{
	size_t i, k, used = 0;
	const json_t *bucket, *way;

	json_array_foreach((json_t *)(uintptr_t)list->buckets, i, bucket)
		list->key_count += json_array_size(json_object_get(bucket, "ways"));
	list->keys = calloc(list->key_count + 1, sizeof(*list->keys));
	if (list->keys == NULL)
		abort();
	json_array_foreach((json_t *)(uintptr_t)list->buckets, i, bucket) {
		list->side.list[i].id = json_file_text(bucket, "id");
		json_array_foreach(json_object_get(bucket, "ways"), k, way) {
			list->keys[used] = crashes_file_key(way);
			match_add(&list->side, i, &list->keys[used++]);
		}
	}
}

int known_crashes_open(
	const char *source, const char *detector, struct known_crashes *ret, char **ret_error)
{
	int error;

	*ret = (struct known_crashes){ .path = list_path(source, detector),
		.directory = inputs_directory(source, detector) };
	ret->document = json_file_read(ret->path, SCHEMA, &error, ret_error);
	if (ret->document == NULL)
		return error;
	ret->buckets = json_object_get(ret->document, "buckets");
	ret->key_version = (int)json_file_number(ret->document, "key_version");
	if (!is_whole(ret->buckets)) {
		*ret_error = format("%s: damaged", ret->path);
		ret->buckets = NULL;
		return -EINVAL;
	}
	match_open(json_array_size(ret->buckets), &ret->side);
	if (ret->key_version != KEY_VERSION) {
		*ret_error = format("%s: keys of version %d, these are of version %d", ret->path,
			ret->key_version, KEY_VERSION);
		return -EPROTO;
	}
	read_ways(ret);
	return 0;
}

void known_crashes_close(struct known_crashes *list)
{
	match_free(&list->side);
	for (size_t i = 0; i < list->key_count; i++)
		key_free(&list->keys[i]);
	free(list->keys);
	free(list->path);
	free(list->directory);
	json_decref(list->document);
	*list = (struct known_crashes){ 0 };
}

char *known_crashes_input(const struct known_crashes *list, size_t i)
{
	const json_t *bucket = json_array_get(list->buckets, i);
	char *path = format("%s/%s", list->directory, json_file_text(bucket, "id"));

	if (json_is_true(json_object_get(bucket, "input")) && access(path, R_OK) == 0)
		return path;
	free(path);
	return NULL;
}

/* ---- writing --------------------------------------------------------------------------------- */

/* A line of our own drivers, which moves when they are edited: users' lists must not. */
static bool is_ours(const char *place)
{
	static const char *const drivers[] = { "target_afl.c:", "target_libfuzzer.c:" };

	for (size_t i = 0; i < sizeof(drivers) / sizeof(*drivers); i++)
		if (strncmp(place, drivers[i], strlen(drivers[i])) == 0)
			return true;
	return false;
}

static void drop_ours(json_t *object, const char *key)
{
	if (is_ours(json_file_text(object, key)))
		json_object_set_new(object, key, json_null());
}

/* Of a report what matching looks at. */
static json_t *way_of(const json_t *report)
{
	static const char *const kept[] = { "key", "key_text", "tool", "class", "access", "side",
		"kind", "object", "site", "untold" };
	json_t *way = json_object(), *frames = json_array();
	size_t i;
	const json_t *frame;

	for (size_t k = 0; k < sizeof(kept) / sizeof(*kept); k++)
		json_object_set(way, kept[k], json_object_get(report, kept[k]));
	json_array_foreach(json_object_get(report, "frames"), i, frame) {
		json_t *copy = json_copy((json_t *)(uintptr_t)frame);

		drop_ours(copy, "place");
		if (i < KEY_SHOWN)
			json_array_append_new(frames, copy);
		else
			json_decref(copy);
	}
	drop_ours(way, "object");
	json_object_set_new(way, "frames", frames);
	return way;
}

static bool holds(const json_t *list, const json_t *way)
{
	size_t i;
	const json_t *other;

	json_array_foreach((json_t *)(uintptr_t)list, i, other) {
		if (json_equal(other, way))
			return true;
	}
	return false;
}

static json_t *ways_of(const json_t *bucket, const json_t *reports)
{
	json_t *ways = json_array();
	size_t i;
	const json_t *index;

	json_array_foreach(json_object_get(bucket, "reports"), i, index) {
		json_t *way = way_of(json_array_get(reports, (size_t)json_integer_value(index)));

		if (!holds(ways, way))
			json_array_append(ways, way);
		json_decref(way);
	}
	return ways;
}

struct kept {
	uint8_t *bytes; /* NULL: too large, or gone */
	size_t size;
};

static void read_input(const char *path, struct kept *ret)
{
	if (file_read(path, KNOWN_CRASHES_INPUT_MAX + 1, &ret->bytes, &ret->size) == 0 &&
		ret->size <= KNOWN_CRASHES_INPUT_MAX)
		return;
	free(ret->bytes);
	ret->bytes = NULL;
}

static void put(FILE *out, const char *before, const json_t *value, const char *after)
{
	char *text = json_dumps(value, JSON_SORT_KEYS | JSON_ENCODE_ANY);

	if (text == NULL)
		abort();
	fprintf(out, "%s%s%s", before, text, after);
	free(text);
}

static void put_bucket(FILE *out, const json_t *bucket, bool is_last)
{
	const json_t *ways = json_object_get(bucket, "ways");
	size_t i, count = json_array_size(ways);
	const json_t *way;

	put(out, "  {\"id\": ", json_object_get(bucket, "id"), ",");
	put(out, " \"input\": ", json_object_get(bucket, "input"), ",");
	put(out, " \"severity\": ", json_object_get(bucket, "severity"), ",\n");
	put(out, "   \"title\": ", json_object_get(bucket, "title"), ",\n   \"ways\": [\n");
	json_array_foreach((json_t *)(uintptr_t)ways, i, way)
		put(out, "    ", way, i + 1 < count ? ",\n" : "]}");
	fprintf(out, "%s\n", is_last ? "" : ",");
}

static int by_id(const void *a, const void *b)
{
	return strcmp(json_file_text(*(const json_t *const *)a, "id"),
		json_file_text(*(const json_t *const *)b, "id"));
}

/* Lines for a review, which file_write_json's are not. */
static char *text_of(const char *detector, json_t *list)
{
	size_t count = json_array_size(list), size;
	const json_t **sorted = calloc(count + 1, sizeof(*sorted));
	char *text = NULL;
	FILE *out = open_memstream(&text, &size);

	if (sorted == NULL || out == NULL)
		abort();
	for (size_t i = 0; i < count; i++)
		sorted[i] = json_array_get(list, i);
	qsort(sorted, count, sizeof(*sorted), by_id);
	fprintf(out, "{\n \"buckets\": [%s", count > 0 ? "\n" : "");
	for (size_t i = 0; i < count; i++)
		put_bucket(out, sorted[i], i + 1 == count);
	fprintf(out, " ],\n \"detector\": \"%s\",\n \"key_version\": %d,\n \"schema\": \"%s\"\n}\n",
		detector, KEY_VERSION, SCHEMA);
	if (fclose(out) != 0)
		abort();
	free(sorted);
	return text;
}

static bool is_listed(const json_t *list, const char *id)
{
	size_t i;
	const json_t *bucket;

	json_array_foreach((json_t *)(uintptr_t)list, i, bucket) {
		if (strcmp(json_file_text(bucket, "id"), id) == 0)
			return json_is_true(json_object_get(bucket, "input"));
	}
	return false;
}

/* Of ours only: what somebody else put there stays. */
static void remove_others(const char *directory, const json_t *list)
{
	DIR *dir = opendir(directory);

	if (dir == NULL)
		return;
	for (struct dirent *entry = readdir(dir); entry != NULL; entry = readdir(dir)) {
		AUTO_FREE char *path = format("%s/%s", directory, entry->d_name);

		if (is_id(entry->d_name) && !is_listed(list, entry->d_name))
			unlink(path);
	}
	closedir(dir);
}

static int write_inputs(const char *directory, const json_t *list, const struct kept *inputs)
{
	int error = file_make_directories(directory);
	size_t i;
	const json_t *bucket;

	json_array_foreach((json_t *)(uintptr_t)list, i, bucket) {
		AUTO_FREE char *path = format("%s/%s", directory, json_file_text(bucket, "id"));

		if (error == 0 && inputs[i].bytes != NULL)
			error = file_write(path, inputs[i].bytes, inputs[i].size);
	}
	return error;
}

/* What cannot be told apart would cover what is not there yet. */
static bool is_acceptable(const json_t *bucket)
{
	return *json_file_text(bucket, "untold") == '\0';
}

int known_crashes_write(const char *source, const char *detector, const struct crashes_file *now,
	size_t *ret_kept, size_t *ret_count)
{
	AUTO_FREE char *path = list_path(source, detector);
	AUTO_FREE char *directory = inputs_directory(source, detector);
	AUTO_FREE char *text = NULL;
	AUTO_JSON json_t *list = json_array();
	const json_t *bucket, *reports = json_object_get(now->document, "reports");
	struct kept *inputs = calloc(json_array_size(now->buckets) + 1, sizeof(*inputs));
	int error;
	size_t i, used = 0;

	if (inputs == NULL)
		abort();
	*ret_kept = 0;
	/* all are read before any is written: an input's name may be another bucket's now */
	json_array_foreach((json_t *)(uintptr_t)now->buckets, i, bucket) {
		if (!is_acceptable(bucket))
			continue;
		read_input(json_file_text(bucket, "reproducer"), &inputs[used]);
		*ret_kept += inputs[used].bytes != NULL;
		json_array_append_new(list,
			json_pack("{sO sb sO sO so}", "id", json_object_get(bucket, "id"), "input",
				inputs[used].bytes != NULL, "severity",
				json_object_get(bucket, "severity"), "title",
				json_object_get(bucket, "title"), "ways",
				ways_of(bucket, reports)));
		used++;
	}
	*ret_count = used;
	error = write_inputs(directory, list, inputs);
	text = text_of(detector, list);
	if (error == 0)
		error = file_write(path, text, strlen(text));
	if (error == 0)
		remove_others(directory, list);
	for (i = 0; i < json_array_size(list); i++)
		free(inputs[i].bytes);
	free(inputs);
	return error;
}
