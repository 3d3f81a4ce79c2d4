/* SPDX-License-Identifier: Apache-2.0
 * Grouping of a campaign's crashes, and the reproducers that are kept. */
#include "bucket.h"

#include "base/sha256.h"
#include "base/json_file.h"
#include "base/util.h"
#include "dedup/group.h"
#include "fault_lines.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* An audit without a report has the key of nothing: no frames. */
static void make_key(const struct audit *audit, struct key *ret)
{
	const struct report *report = key_report(audit->reports);

	*ret = (struct key){ .text = format("%s", "-") };
	if (report == NULL)
		return;
	free(ret->text);
	key_make(report, NULL, ret);
}

json_t *bucket_frames(const struct audit *audit)
{
	json_t *frames = json_array();
	struct key key;

	make_key(audit, &key);
	for (size_t i = 0; i < key.count && i < KEY_FRAMES; i++)
		json_array_append_new(frames, json_string(key.frames[i].name));
	key_free(&key);
	return frames;
}

static const char *access_word(const struct audit *audit)
{
	static const char *const words[] = { "", "READ", "WRITE" };

	return words[audit->seen.access];
}

void bucket_key(const struct audit *audit, char ret[KEY_DIGITS + 1])
{
	struct key key;

	make_key(audit, &key);
	memcpy(ret, key.hex, KEY_DIGITS + 1);
	key_free(&key);
}

/* As part of a file name: letters, digits and dashes. */
static char *name_of(const struct detector *detector, const struct audit *audit, const char *key)
{
	char kind[KIND_MAX];
	size_t n = 0;

	for (const char *at = audit->seen.kind; *at != '\0'; at++)
		kind[n++] = (*at >= 'a' && *at <= 'z') || (*at >= 'A' && *at <= 'Z') ||
				(*at >= '0' && *at <= '9') ?
			*at :
			'-';
	kind[n] = '\0';
	return format("%s-%s-%s", detector->slug, kind, key);
}

static void add_member(struct bucket *bucket, size_t index, const struct audit *audits)
{
	if (bucket->count == bucket->capacity) {
		bucket->capacity = bucket->capacity > 0 ? 2 * bucket->capacity : 16;
		bucket->members = reallocarray(
			bucket->members, bucket->capacity, sizeof(*bucket->members));
		if (bucket->members == NULL)
			abort();
	}
	if (bucket->count == 0 || plan_is_plainer(&audits[index].plan, &audits[bucket->first].plan))
		bucket->first = index;
	bucket->members[bucket->count++] = index;
}

static int compare_names(const void *a, const void *b)
{
	return strcmp(((const struct bucket *)a)->name, ((const struct bucket *)b)->name);
}

/* The audits that a report ended, in @ret_indices, and their keys. Both are for free. */
static size_t collect_audits(
	const struct audit *audits, size_t count, size_t **ret_indices, struct key **ret_keys)
{
	size_t kept = 0;

	*ret_indices = calloc(count + 1, sizeof(**ret_indices));
	*ret_keys = calloc(count + 1, sizeof(**ret_keys));
	if (*ret_indices == NULL || *ret_keys == NULL)
		abort();
	for (size_t i = 0; i < count; i++) {
		if (audits[i].seen.tool == TOOL_NONE)
			continue;
		make_key(&audits[i], &(*ret_keys)[kept]);
		(*ret_indices)[kept++] = i;
	}
	return kept;
}

static void name_bucket(
	struct bucket *bucket, const struct detector *detector, const struct audit *audits)
{
	const struct audit *first = &audits[bucket->first];

	bucket_key(first, bucket->key);
	bucket->name = name_of(detector, first, bucket->key);
}

void buckets_make(const struct detector *detector, const struct audit *audits, size_t count,
	struct buckets *ret)
{
	size_t *indices, reported;
	struct groups groups;
	struct key *keys;

	reported = collect_audits(audits, count, &indices, &keys);
	group_make(keys, reported, &groups);
	*ret = (struct buckets){ .count = groups.count,
		.list = calloc(groups.count + 1, sizeof(*ret->list)) };
	if (ret->list == NULL)
		abort();
	for (size_t i = 0; i < reported; i++)
		add_member(&ret->list[groups.of[i]], indices[i], audits);
	for (size_t i = 0; i < ret->count; i++)
		name_bucket(&ret->list[i], detector, audits);
	if (ret->count > 0)
		qsort(ret->list, ret->count, sizeof(*ret->list), compare_names);
	for (size_t i = 0; i < reported; i++)
		key_free(&keys[i]);
	group_free(&groups);
	free(indices);
	free(keys);
}

void buckets_free(struct buckets *buckets)
{
	for (size_t i = 0; i < buckets->count; i++) {
		free(buckets->list[i].name);
		free(buckets->list[i].members);
	}
	free(buckets->list);
	*buckets = (struct buckets){ 0 };
}

/* The frames of all reports of @audit in the order in which their lines stand in the text. */
static const struct report_frame *nth_frame(const struct audit *audit, size_t n)
{
	for (size_t r = 0; audit->reports != NULL && r < audit->reports->count; r++) {
		const struct report *report = &audit->reports->list[r];

		for (size_t s = 0; s < report->stack_count; s++) {
			if (n < report->stacks[s].frame_count)
				return &report->stacks[s].frames[n];
			n -= report->stacks[s].frame_count;
		}
	}
	return NULL;
}

/* A line of a stack, in the words of the symbolizer rather than of one build's addresses. */
static bool write_frame(FILE *out, const char *line, const struct report_frame *frame)
{
	size_t indent = strspn(line, " "),
	       digits = strspn(line + indent + (line[indent] == '#'), "0123456789");

	if (line[indent] != '#' || digits == 0)
		return false;
	if (frame == NULL || frame->function == NULL || frame->file == NULL || !frame->line.known)
		return true;
	fprintf(out, "%.*s in %s %s:%llu\n", (int)(indent + 1 + digits), line, frame->function,
		fault_source(frame->file) != NULL ? fault_source(frame->file) : frame->file,
		(unsigned long long)frame->line.value);
	return true;
}

/* Without what differs from machine to machine: process ids, and the way to the tree. */
static void write_portable(FILE *out, const char *line, const char *root)
{
	size_t root_size = strlen(root),
	       digits = strspn(line + (strncmp(line, "==", 2) == 0 ? 2 : 0), "0123456789");

	if (strncmp(line, "==", 2) == 0 && digits > 0 && strncmp(line + 2 + digits, "==", 2) == 0) {
		fputs("==PID==", out);
		line += 4 + digits;
	}
	for (; *line != '\0'; line++) {
		if (root_size > 1 && strncmp(line, root, root_size) == 0 && line[root_size] == '/')
			line += root_size + 1;
		fputc(*line, out);
	}
	fputc('\n', out);
}

char *bucket_text(const struct audit *audit)
{
	AUTO_FREE char *root = realpath(".", NULL);
	AUTO_FREE char *text = format("%s", audit->text);
	char *rest = text, *portable = NULL;
	size_t size, frames = 0;
	FILE *out = open_memstream(&portable, &size);

	if (out == NULL || root == NULL)
		abort();
	for (char *line = strsep(&rest, "\n"); line != NULL; line = strsep(&rest, "\n")) {
		const struct report_frame *frame = nth_frame(audit, frames);
		long before = ftell(out);

		frames += write_frame(out, line, frame);
		if (ftell(out) == before)
			write_portable(out, line, root);
	}
	fclose(out);
	return portable;
}

static json_t *describe_bucket(const struct bucket *bucket, const struct detector *detector,
	const struct audit *audit, const char *toolchain, const char *sha256)
{
	return json_pack("{ss ss ss ss si ss ss* ss* ss* so ss si ss ss*}", "schema",
		"fencepost/bucket/1", "class", plan_classes[audit->plan.class].slug, "idiom",
		plan_idiom_slug(audit->plan.idiom), "detector", detector->slug, "plan_version",
		PLAN_VERSION, "verdict", verdict_slug(audit->verdict), "kind", audit->seen.kind,
		"access", access_word(audit), "fault", audit->fault, "frames", bucket_frames(audit),
		"key", bucket->key, "key_version", KEY_VERSION, "toolchain", toolchain,
		"input_sha256", sha256);
}

static int write_files(const char *directory, const struct bucket *bucket,
	const struct detector *detector, const struct audit *audit, const char *toolchain)
{
	AUTO_FREE char *input = format("%s/input", directory);
	AUTO_FREE char *report = format("%s/report.txt", directory);
	AUTO_FREE char *json_path = format("%s/bucket.json", directory);
	AUTO_FREE char *text = bucket_text(audit);
	AUTO_JSON json_t *json = NULL;
	char sha256[SHA256_SIZE];
	uint8_t bytes[PLAN_BYTES];
	int error;

	plan_encode(&audit->plan, bytes);
	error = file_write(input, bytes, sizeof(bytes));
	sha256_text(bytes, sizeof(bytes), sha256);
	json = describe_bucket(bucket, detector, audit, toolchain, sha256);
	if (error == 0)
		error = file_write(report, text, strlen(text));
	return error == 0 ? file_write_json(json_path, json) : error;
}

/* Is what is kept in @directory of another FAULT line than @audit's? Lines that were edited away are of
 * none: then it is the same bug, which has moved. */
static bool is_another(const char *directory, const struct audit *audit)
{
	AUTO_JSON json_t *kept = json_file_in(directory, "bucket.json", NULL);
	const char *fault = json_string_value(json_object_get(kept, "fault"));
	const char *colon = fault != NULL ? strrchr(fault, ':') : NULL;
	AUTO_FREE char *file = colon != NULL ? format("%.*s", (int)(colon - fault), fault) : NULL;

	return file != NULL && audit->fault != NULL && strcmp(fault, audit->fault) != 0 &&
		fault_class_at(file, (unsigned)strtoul(colon + 1, NULL, 10)) >= 0;
}

/* The directory for @bucket: the one that is there, or a new one. Buckets of one kind and key but of two
 * FAULT lines get "-2", "-3". */
static char *find_directory(const char *parent, struct bucket *bucket, const struct audit *audit)
{
	char *directory = format("%s/%s", parent, bucket->name);
	size_t size = strlen(bucket->name);

	for (int n = 2; access(directory, F_OK) == 0 && is_another(directory, audit); n++) {
		char *name = format("%.*s-%d", (int)size, bucket->name, n);

		free(bucket->name);
		free(directory);
		bucket->name = name;
		directory = format("%s/%s", parent, name);
	}
	return directory;
}

int kept_make(
	const char *directory, int write(const char *temporary, const void *arg), const void *arg)
{
	const char *name = strrchr(directory, '/');
	AUTO_FREE char *temporary = format(
		"%.*s/.new-%d-%s", (int)(name - directory), directory, (int)getpid(), name + 1);
	int error;

	if (access(directory, F_OK) == 0)
		return 1;
	error = file_make_directories(temporary);
	if (error == 0)
		error = write(temporary, arg);
	if (error == 0 && rename(temporary, directory) != 0) /* another run may have been first */
		error = errno == ENOTEMPTY || errno == EEXIST ? 1 : -errno;
	if (error != 0)
		file_remove_tree(temporary);
	return error;
}

/* What is written of a bucket. */
struct worth {
	const struct bucket *bucket;
	const struct detector *detector;
	const struct audit *audit;
	const char *toolchain;
};

static int write_worth(const char *directory, const void *arg)
{
	const struct worth *worth = arg;

	return write_files(
		directory, worth->bucket, worth->detector, worth->audit, worth->toolchain);
}

int bucket_keep(const char *crashes, struct bucket *bucket, const struct detector *detector,
	const struct audit *audit, const char *toolchain)
{
	AUTO_FREE char *parent = format("%s/%s", crashes, plan_classes[audit->plan.class].slug);
	AUTO_FREE char *directory = find_directory(parent, bucket, audit);
	struct worth worth = { bucket, detector, audit, toolchain };

	return kept_make(directory, write_worth, &worth);
}
