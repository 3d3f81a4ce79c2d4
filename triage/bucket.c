/* SPDX-License-Identifier: Apache-2.0
 * Grouping of a campaign's crashes, and the reproducers that are kept. */
#include "bucket.h"

#include "faults.h"
#include "file.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#define XXH_INLINE_ALL
#include <xxhash.h>

/* What stands between the fault and the reporting runtime: names, or the beginning of names. */
static bool is_runtime(const struct report_frame *frame)
{
	static const char *const starts[] = {
		"__asan",
		"__ubsan",
		"__sanitizer",
		"__interceptor",
		"___interceptor",
		"__interception",
		"__asan::",
		"__ubsan::",
		"(anonymous namespace)",
		"RangeHas",
	};
	static const char *const names[] = {
		"free",
		"malloc",
		"calloc",
		"realloc",
		"memcpy",
		"memmove",
		"memset",
		"abort",
		"raise",
	};
	const char *function = frame->function;

	if (function == NULL)
		return fault_source(frame->file) == NULL;
	for (size_t i = 0; i < sizeof(starts) / sizeof(*starts); i++)
		if (strncmp(function, starts[i], strlen(starts[i])) == 0)
			return true;
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (strcmp(function, names[i]) == 0)
			return true;
	return false;
}

json_t *bucket_frames(const struct audit *audit)
{
	const struct report *report = audit->reports != NULL && audit->reports->count > 0 ?
		&audit->reports->list[0] :
		NULL;
	const struct report_stack *stack = report != NULL ? report_crash_stack(report) : NULL;
	json_t *frames = json_array();

	for (size_t i = 0; stack != NULL && i < stack->frame_count; i++) {
		const struct report_frame *frame = &stack->frames[i];

		if (json_array_size(frames) == BUCKET_FRAMES)
			break;
		if (!is_runtime(frame))
			json_array_append_new(frames, json_string(frame->function));
	}
	return frames;
}

static const char *access_word(const struct audit *audit)
{
	static const char *const words[] = { "", "READ", "WRITE" };

	return words[audit->seen.access];
}

static void make_key(const struct audit *audit, char ret[9])
{
	AUTO_JSON json_t *frames = bucket_frames(audit);
	AUTO_FREE char *list = json_dumps(frames, JSON_COMPACT);
	AUTO_FREE char *text = format("%d %s %s %s %s", BUCKET_KEY_VERSION,
		tool_slug(audit->seen.tool), audit->seen.kind, access_word(audit), list);

	snprintf(ret, 9, "%08x", (unsigned)(XXH3_64bits(text, strlen(text)) >> 32));
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

static struct bucket *find_or_add(struct buckets *buckets, const char *key)
{
	for (size_t i = 0; i < buckets->count; i++)
		if (strcmp(buckets->list[i].key, key) == 0)
			return &buckets->list[i];
	if (buckets->count == buckets->capacity) {
		buckets->capacity = buckets->capacity > 0 ? 2 * buckets->capacity : 16;
		buckets->list = reallocarray(
			buckets->list, buckets->capacity, sizeof(*buckets->list));
		if (buckets->list == NULL)
			abort();
	}
	buckets->list[buckets->count] = (struct bucket){ 0 };
	memcpy(buckets->list[buckets->count].key, key, 9);
	return &buckets->list[buckets->count++];
}

static void add_member(struct bucket *bucket, size_t index, const size_t *sizes)
{
	if (bucket->count == bucket->capacity) {
		bucket->capacity = bucket->capacity > 0 ? 2 * bucket->capacity : 16;
		bucket->members = reallocarray(
			bucket->members, bucket->capacity, sizeof(*bucket->members));
		if (bucket->members == NULL)
			abort();
	}
	if (bucket->count == 0 || sizes[index] < sizes[bucket->smallest])
		bucket->smallest = index;
	bucket->members[bucket->count++] = index;
}

static int compare_names(const void *a, const void *b)
{
	return strcmp(((const struct bucket *)a)->name, ((const struct bucket *)b)->name);
}

void buckets_make(const struct detector *detector, const struct audit *audits, const size_t *sizes,
	size_t count, struct buckets *ret)
{
	*ret = (struct buckets){ 0 };
	for (size_t i = 0; i < count; i++) {
		struct bucket *bucket;
		char key[9];

		if (audits[i].seen.tool == TOOL_NONE)
			continue;
		make_key(&audits[i], key);
		bucket = find_or_add(ret, key);
		if (bucket->name == NULL)
			bucket->name = name_of(detector, &audits[i], key);
		add_member(bucket, i, sizes);
	}
	if (ret->count > 0)
		qsort(ret->list, ret->count, sizeof(*ret->list), compare_names);
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

/* Copies @text without what differs from machine to machine: process ids, and the way to the tree. */
static char *portable_text(const struct audit *audit)
{
	AUTO_FREE char *root = realpath(".", NULL);
	size_t root_size = root != NULL ? strlen(root) : 0, n = 0;
	char *text = malloc(audit->text_size + 1);

	if (text == NULL)
		abort();
	for (const char *at = audit->text; at < audit->text + audit->text_size;) {
		const char *digit = at + 2;

		if (root_size > 1 && strncmp(at, root, root_size) == 0 && at[root_size] == '/') {
			at += root_size + 1;
			continue;
		}
		if (strncmp(at, "==", 2) == 0 && *digit >= '0' && *digit <= '9') {
			while (*digit >= '0' && *digit <= '9')
				digit++;
			if (strncmp(digit, "==", 2) == 0) {
				memcpy(text + n, "====", 4); /* ==PID== */
				n += 4;
				at = digit + 2;
				continue;
			}
		}
		text[n++] = *at++;
	}
	text[n] = '\0';
	return text;
}

static json_t *describe(const struct bucket *bucket, const struct detector *detector,
	const struct audit *audit, const char *toolchain, const char *sha256)
{
	return json_pack("{ss ss ss ss si ss ss* ss* ss* so ss si ss ss*}", "schema",
		"fencepost/bucket/1", "class", plan_classes[audit->plan.class].slug, "idiom",
		plan_idiom_slug(audit->plan.idiom), "detector", detector->slug, "plan_version",
		PLAN_VERSION, "verdict", verdict_slug(audit->verdict), "kind", audit->seen.kind,
		"access", access_word(audit), "fault", audit->fault, "frames", bucket_frames(audit),
		"key", bucket->key, "key_version", BUCKET_KEY_VERSION, "toolchain", toolchain,
		"input_sha256", sha256);
}

static int write_files(const char *directory, const struct bucket *bucket,
	const struct detector *detector, const struct audit *audit, const char *toolchain)
{
	AUTO_FREE char *input = format("%s/input", directory);
	AUTO_FREE char *report = format("%s/report.txt", directory);
	AUTO_FREE char *json_path = format("%s/bucket.json", directory);
	AUTO_FREE char *text = portable_text(audit);
	AUTO_FREE char *sha256 = NULL;
	AUTO_JSON json_t *json = NULL;
	uint8_t bytes[PLAN_BYTES];
	int error;

	plan_encode(&audit->plan, bytes);
	error = file_write(input, bytes, sizeof(bytes));
	sha256 = file_sha256(input);
	json = describe(bucket, detector, audit, toolchain, sha256);
	if (error == 0)
		error = file_write(report, text, strlen(text));
	return error == 0 ? file_write_json(json_path, json) : error;
}

int bucket_keep(const char *crashes, const struct bucket *bucket, const struct detector *detector,
	const struct audit *audit, const char *toolchain)
{
	AUTO_FREE char *parent = format("%s/%s", crashes, plan_classes[audit->plan.class].slug);
	AUTO_FREE char *directory = format("%s/%s", parent, bucket->name);
	AUTO_FREE char *temporary = format("%s/.new-%d-%s", parent, (int)getpid(), bucket->key);
	int error;

	if (access(directory, F_OK) == 0)
		return 1;
	error = file_make_directories(temporary);
	if (error == 0)
		error = write_files(temporary, bucket, detector, audit, toolchain);
	if (error == 0 && rename(temporary, directory) != 0) /* another run may have been first */
		error = errno == ENOTEMPTY || errno == EEXIST ? 1 : -errno;
	if (error != 0) {
		const char *const files[] = { "input", "report.txt", "bucket.json" };

		for (size_t i = 0; i < 3; i++) {
			AUTO_FREE char *path = format("%s/%s", temporary, files[i]);

			unlink(path);
		}
		rmdir(temporary);
	}
	return error;
}
