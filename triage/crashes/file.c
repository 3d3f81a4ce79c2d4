/* SPDX-License-Identifier: Apache-2.0
 * Reading crashes.json. */
#include "file.h"

#include "base/json_file.h"
#include "base/util.h"
#include "buckets.h"
#include "runs/kinds.h"
#include "runs/run_dir.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char *path_in(const char *directory)
{
	return format("%s/crashes.json", directory);
}

static char *find_newest(void)
{
	struct run_dirs runs;
	char *found = NULL;

	run_dir_list(&runs);
	for (size_t i = runs.count; i-- > 0 && found == NULL;) {
		char *path = path_in(runs.list[i]);

		if (access(path, F_OK) == 0)
			found = path;
		else
			free(path);
	}
	run_dir_free(&runs);
	return found;
}

/* The file of the run @name, or NULL. */
static char *find_file(const char *name)
{
	char *path;

	if (name == NULL || strcmp(name, "latest") == 0)
		return find_newest();
	path = path_in(name);
	if (access(path, F_OK) == 0)
		return path;
	free(path);
	path = format("runs/%s/crashes.json", name);
	if (access(path, F_OK) == 0)
		return path;
	free(path);
	return NULL;
}

/* ---- keys ------------------------------------------------------------------------------------ */

static char *text_or_null(const json_t *object, const char *name)
{
	const char *text = json_string_value(json_object_get(object, name));

	return text != NULL ? format("%s", text) : NULL;
}

static void read_frames(const json_t *frames, struct key *ret)
{
	size_t i;
	const json_t *frame;

	ret->frames = allocate(KEY_DEPTH + 1, sizeof(*ret->frames));
	json_array_foreach((json_t *)(uintptr_t)frames, i, frame) {
		char *name = text_or_null(frame, "name");

		if (name != NULL && ret->count < KEY_DEPTH)
			ret->frames[ret->count++] = (struct key_frame){ name,
				text_or_null(frame, "place") };
		else
			free(name);
	}
}

static int number_of(const char *word, int count, const char *word_of(int))
{
	for (int i = 0; i < count; i++)
		if (word_of(i) != NULL && strcmp(word_of(i), word) == 0)
			return i;
	return 0;
}

static const char *tool_word(int tool)
{
	return report_tool_slug((enum report_tool)tool);
}

static const char *class_word(int class)
{
	return kind_class_word((enum kind_class) class);
}

static const char *access_word(int access)
{
	return report_access_word((enum report_access)access);
}

static const char *side_word(int side)
{
	return report_relation_word((enum report_relation)side);
}

static enum key_untold read_untold(const char *words)
{
	for (int i = KEY_NO_STACK; i < KEY_UNTOLD_COUNT; i++)
		if (strcmp(words, key_untold_words((enum key_untold)i)) == 0)
			return (enum key_untold)i;
	return KEY_TOLD;
}

struct key crashes_file_key(const json_t *report)
{
	struct key key = {
		.text = format("%s", json_file_text(report, "key_text")),
		.tool = (enum report_tool)number_of(
			json_file_text(report, "tool"), REPORT_TOOL_COUNT, tool_word),
		.class = (enum kind_class)number_of(
			json_file_text(report, "class"), KIND_CLASS_COUNT, class_word),
		.access = (enum report_access)number_of(
			json_file_text(report, "access"), REPORT_ACCESS_COUNT, access_word),
		.side = (enum report_relation)number_of(
			json_file_text(report, "side"), REPORT_RELATION_COUNT, side_word),
		.object = text_or_null(report, "object"),
	};

	snprintf(key.hex, sizeof(key.hex), "%s", json_file_text(report, "key"));
	read_frames(json_object_get(report, "frames"), &key);
	key.site = (size_t)json_file_number(report, "site");
	if (key.site >= key.count)
		key.site = 0;
	key.untold = read_untold(json_file_text(report, "untold"));
	return key;
}

/* ---- the whole ------------------------------------------------------------------------------- */

static bool are_below(const json_t *indices, size_t count)
{
	size_t i;
	const json_t *index;

	if (!json_is_array(indices))
		return false;
	json_array_foreach((json_t *)(uintptr_t)indices, i, index) {
		if (!json_is_integer(index) || json_integer_value(index) < 0 ||
			(size_t)json_integer_value(index) >= count)
			return false;
	}
	return true;
}

/* Every index is one of something that is there, and every bucket has a member and a report. */
static bool is_whole(const struct crashes_file *file, const json_t *reports)
{
	size_t i, crash_count = json_array_size(file->crashes), count = json_array_size(reports);
	const json_t *object;

	json_array_foreach((json_t *)(uintptr_t)file->crashes, i, object) {
		const json_t *report = json_object_get(object, "report");

		if (!json_is_object(object) ||
			!(json_is_null(report) ||
				(json_is_integer(report) && json_integer_value(report) >= 0 &&
					(size_t)json_integer_value(report) < count)))
			return false;
	}
	json_array_foreach((json_t *)(uintptr_t)file->buckets, i, object) {
		const json_t *members = json_object_get(object, "members");
		const json_t *of = json_object_get(object, "reports");

		if (!are_below(members, crash_count) || !are_below(of, count) ||
			json_array_size(members) == 0 || json_array_size(of) == 0)
			return false;
	}
	return json_is_array(file->crashes) && json_is_array(file->buckets) &&
		json_is_array(reports);
}

static void read_reports(struct crashes_file *file, const json_t *reports)
{
	size_t i, k;
	const json_t *object, *index;

	file->key_count = json_array_size(reports);
	file->keys = allocate(file->key_count + 1, sizeof(*file->keys));
	file->bucket_of_report = allocate(file->key_count + 1, sizeof(*file->bucket_of_report));
	json_array_foreach((json_t *)(uintptr_t)reports, i, object) {
		file->keys[i] = crashes_file_key(object);
		file->bucket_of_report[i] = CRASHES_NO_BUCKET;
	}
	json_array_foreach((json_t *)(uintptr_t)file->buckets, i, object) {
		json_array_foreach(json_object_get(object, "reports"), k, index)
			file->bucket_of_report[json_integer_value(index)] = i;
	}
}

int crashes_file_open(const char *name, struct crashes_file *ret, char **ret_error)
{
	const json_t *reports;
	int error = -ENOENT;

	*ret = (struct crashes_file){ .path = find_file(name) };
	if (ret->path == NULL) {
		*ret_error = name == NULL ?
			format("there is no run of crashes yet; next: triage crashes DIR -- TARGET") :
			format("%s: not a run of triage crashes; next: triage runs", name);
		return error;
	}
	ret->document = json_file_read(ret->path, CRASH_BUCKETS_SCHEMA, &error, ret_error);
	if (ret->document == NULL)
		return error;
	ret->crashes = json_object_get(ret->document, "crashes");
	ret->buckets = json_object_get(ret->document, "buckets");
	reports = json_object_get(ret->document, "reports");
	if (json_file_number(ret->document, "key_version") != KEY_VERSION) {
		*ret_error = format(
			"%s: its keys are of version %d, this program has version %d; next: run "
			"triage crashes again",
			ret->path, (int)json_file_number(ret->document, "key_version"),
			KEY_VERSION);
		return -EPROTO;
	}
	if (!is_whole(ret, reports)) {
		*ret_error = format("%s: damaged", ret->path);
		return -EINVAL;
	}
	read_reports(ret, reports);
	return 0;
}

void crashes_file_close(struct crashes_file *file)
{
	for (size_t i = 0; i < file->key_count; i++)
		key_free(&file->keys[i]);
	free(file->keys);
	free(file->bucket_of_report);
	free(file->path);
	json_decref(file->document);
	*file = (struct crashes_file){ 0 };
}

/* ---- looking things up ----------------------------------------------------------------------- */

static bool ends_with(const char *path, const char *end)
{
	size_t size = strlen(path), end_size = strlen(end);

	return size > end_size && path[size - end_size - 1] == '/' &&
		strcmp(path + size - end_size, end) == 0;
}

long crashes_file_find(const struct crashes_file *file, const char *name)
{
	long found = -ENOENT;
	size_t i;
	const json_t *object;

	json_array_foreach((json_t *)(uintptr_t)file->buckets, i, object)
		if (strcmp(json_file_text(object, "id"), name) == 0)
			return (long)json_integer_value(
				json_array_get(json_object_get(object, "members"), 0));
	json_array_foreach((json_t *)(uintptr_t)file->crashes, i, object) {
		const char *path = json_file_text(object, "path");

		if (strcmp(path, name) == 0)
			return (long)i;
		if (ends_with(path, name))
			found = found == -ENOENT ? (long)i : -EEXIST;
	}
	return found;
}

size_t crashes_file_report(const struct crashes_file *file, size_t i)
{
	const json_t *report = json_object_get(json_array_get(file->crashes, i), "report");

	return json_is_integer(report) ? (size_t)json_integer_value(report) : CRASHES_NO_BUCKET;
}
