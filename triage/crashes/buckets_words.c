/* SPDX-License-Identifier: Apache-2.0
 * A bucket in words. */
#include "buckets_words.h"

#include "base/util.h"
#include "buckets.h"
#include "dedup/name.h"
#include "formats/source.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static const struct crash_report *report_of(
	const struct crash_buckets *buckets, const struct crash_bucket *bucket)
{
	return buckets->crashes->reports[bucket->report];
}

/* "same key, same lines (12 times); ..." of the links from @first to before @end whose bucket, or family, is
 * @of. */
static void put_joins(FILE *out, const struct crash_buckets *buckets, size_t first, size_t end,
	const size_t *family, size_t of)
{
	const struct groups *groups = &buckets->groups;
	size_t joins[GROUP_JOIN_COUNT] = { 0 };
	const char *before = "";

	for (size_t i = first; i < end; i++) {
		size_t bucket = groups->of[groups->links[i].a];

		joins[groups->links[i].join] += (family != NULL ? family[bucket] : bucket) == of;
	}
	for (int join = GROUP_KEY; join < GROUP_JOIN_COUNT; join++) {
		if (joins[join] == 0)
			continue;
		fprintf(out, "%s%s", before, relation_words((enum group_join)join));
		if (joins[join] > 1)
			fprintf(out, " (%zu times)", joins[join]);
		before = "; ";
	}
}

static char *together_of(const struct crash_buckets *buckets, const struct crash_bucket *bucket)
{
	char *words = NULL;
	size_t size;
	FILE *out = text_open(&words, &size);

	if (bucket->untold != KEY_TOLD)
		fprintf(out, "%s, so crashes like %s cannot be told apart%s",
			key_untold_words(bucket->untold), bucket->count == 1 ? "it" : "these",
			bucket->count == 1 ? "" : " and may be several bugs");
	else if (bucket->count == 1)
		fprintf(out, "it is the only file");
	else if (bucket->report_count == 1)
		fprintf(out, "all died alike, frame by frame");
	else
		put_joins(out, buckets, 0, buckets->groups.bucket_link_count, NULL,
			buckets->groups.of[bucket->report]);
	text_close(out);
	return words;
}

static char *kin_of(const struct crash_buckets *buckets, const struct crash_bucket *bucket)
{
	const struct groups *groups = &buckets->groups;
	char *words = NULL;
	size_t size, count = 0;
	FILE *out;

	if (bucket->family == 0)
		return NULL;
	for (size_t i = 0; i < buckets->count; i++)
		count += buckets->list[i].family == bucket->family;
	out = text_open(&words, &size);
	fprintf(out, "family %zu, %zu buckets to be looked at together: ", bucket->family, count);
	put_joins(out, buckets, groups->bucket_link_count, groups->link_count, groups->family,
		groups->family[groups->of[bucket->report]]);
	text_close(out);
	return words;
}

#define PASSED_SHOWN 6

static bool is_same_place(const struct report_frame *frame, const struct key *key)
{
	AUTO_FREE char *name = key_name(frame);

	return key_site(key) != NULL && name != NULL && strcmp(name, key_site(key)->name) == 0;
}

static const struct report_frame *frame_of(
	const struct crash_buckets *buckets, const struct crash_bucket *bucket)
{
	const struct crash_report *report = report_of(buckets, bucket);
	const struct report_stack *stack = report_crash_stack(report->main);

	for (size_t i = 0; stack != NULL && i < stack->frame_count; i++)
		if (is_same_place(&stack->frames[i], &report->key))
			return &stack->frames[i];
	if (stack != NULL && stack->frame_count > 0)
		return &stack->frames[0];
	return report->main->location.file != NULL ? &report->main->location : NULL;
}

#define DIRECTORY_MIN 24 /* characters: a shorter one is no burden */

/* Up to the last slash that both have in common. */
static size_t common_size(const char *a, const char *b, size_t size)
{
	size_t common = 0;

	for (size_t i = 0; i < size && a[i] != '\0' && a[i] == b[i]; i++)
		if (a[i] == '/')
			common = i + 1;
	return common;
}

char *crash_buckets_directory(const struct crash_buckets *buckets)
{
	const char *first = NULL;
	size_t size = SIZE_MAX;

	for (size_t i = 0; i < buckets->count; i++) {
		const struct report_frame *frame = frame_of(buckets, &buckets->list[i]);

		if (frame == NULL || frame->file == NULL)
			continue;
		first = first != NULL ? first : frame->file;
		size = common_size(first, frame->file, size);
	}
	return buckets->count > 1 && first != NULL && *first == '/' && size >= DIRECTORY_MIN ?
		format("%.*s", (int)size, first) :
		NULL;
}

static char *passed_of(const struct crash_buckets *buckets, const struct crash_bucket *bucket)
{
	const struct report_frame *at = frame_of(buckets, bucket);
	const struct report_stack *stack = report_crash_stack(report_of(buckets, bucket)->main);
	char *words = NULL;
	size_t size;
	FILE *out;

	if (at == NULL || stack == NULL || at <= stack->frames ||
		at >= stack->frames + stack->frame_count)
		return NULL;
	out = text_open(&words, &size);
	for (const struct report_frame *frame = stack->frames;
		frame < at && frame < stack->frames + PASSED_SHOWN; frame++) {
		AUTO_FREE char *name = frame->function != NULL ? name_qualified(frame->function) :
								 NULL;

		fprintf(out, "%s%s", frame > stack->frames ? ", " : "",
			name != NULL ? name : "a frame without a name");
	}
	if (at - stack->frames > PASSED_SHOWN)
		fprintf(out, " and %zu more", (size_t)(at - stack->frames - PASSED_SHOWN));
	text_close(out);
	return words;
}

static char *next_of(const struct crash_buckets *buckets, const struct crash_bucket *bucket)
{
	const struct program *target = buckets->target;
	const char *path = buckets->crashes->list[bucket->members[0]].path;
	const char *limit = report_of(buckets, bucket)->timed_out ? "timeout -s INT 10 " : "";
	/* a sanitizer that found something exits, and leaves no stack */
	const char *abort = target->sanitized ? "ASAN_OPTIONS=abort_on_error=1 " : "";
	AUTO_FREE char *program = program_quoted(target->program);
	AUTO_FREE char *file = program_quoted(path);
	AUTO_FREE char *command = program_command(target, path, 0);
	AUTO_FREE char *run = format("run < %s", file);
	AUTO_FREE char *quoted = program_quoted(run);

	if (bucket->untold != KEY_NO_STACK || buckets->timeout_s == 0 ||
		report_of(buckets, bucket)->out_of_memory)
		return NULL;
	if (target->takes_file)
		return format("%s%sgdb -batch -ex run -ex bt --args %s", abort, limit, command);
	return format("%s%sgdb -batch -ex %s -ex bt %s", abort, limit, quoted, program);
}

/* The reproducer's own report is not the one that the bucket is rated by. */
static bool is_rated_by_another(
	const struct crash_report *report, const struct crash_bucket *bucket)
{
	return bucket->report_count > 1 && severity_of(report->main) != bucket->severity &&
		severity_lost(report->main) != bucket->severity;
}

static char *because_of(const struct crash_buckets *buckets, const struct crash_bucket *bucket)
{
	const struct crash_report *report = report_of(buckets, bucket);

	if (!crash_is_limit(report))
		return format("%s%s",
			is_rated_by_another(report, bucket) ? "its worst report: " : "",
			bucket->severity->words);
	if (report->timed_out)
		return format("it exceeded the limit of %d s; --timeout=N gives it more",
			buckets->timeout_s);
	return format("it exceeded the limit of %u MiB; -m 0 lifts the limit", buckets->memory_mib);
}

static char *command_of(const struct crash_buckets *buckets, const struct crash_bucket *bucket)
{
	const struct crash_report *report = report_of(buckets, bucket);

	return program_command(buckets->target, buckets->crashes->list[bucket->members[0]].path,
		report->timed_out ? buckets->timeout_s : 0);
}

static const char *kind_of(const struct crash_buckets *buckets, size_t report)
{
	const char *kind = buckets->crashes->reports[report]->main->kind;

	return kind != NULL ? kind : "unknown kind";
}

static char *also_of(const struct crash_buckets *buckets, const struct crash_bucket *bucket)
{
	const char *own = kind_of(buckets, bucket->report);
	char *words = NULL;
	size_t size;
	FILE *out = text_open(&words, &size);

	for (size_t i = 0; i < bucket->report_count; i++) {
		const char *kind = kind_of(buckets, bucket->reports[i]);
		bool known = strcmp(kind, own) == 0;

		for (size_t k = 0; k < i && !known; k++)
			known = strcmp(kind, kind_of(buckets, bucket->reports[k])) == 0;
		if (!known)
			fprintf(out, "%s%s", ftell(out) > 0 ? ", " : "", kind);
	}
	text_close(out);
	return words;
}

static const char *site_of(const struct crash_buckets *buckets, const struct crash_bucket *bucket)
{
	const struct key_frame *site = key_site(&report_of(buckets, bucket)->key);

	return site != NULL ? site->name : NULL;
}

static const char *caller_of(const struct crash_buckets *buckets, const struct crash_bucket *bucket)
{
	const struct key_frame *caller = key_caller(&report_of(buckets, bucket)->key);

	return caller != NULL ? caller->name : "";
}

/* Is the same function at fault in another bucket, called by another function? */
static bool has_namesake(const struct crash_buckets *buckets, const struct crash_bucket *bucket)
{
	const char *site = site_of(buckets, bucket);

	for (size_t i = 0; site != NULL && i < buckets->count; i++) {
		const struct crash_bucket *other = &buckets->list[i];

		if (other != bucket && site_of(buckets, other) != NULL &&
			strcmp(site, site_of(buckets, other)) == 0 &&
			strcmp(caller_of(buckets, bucket), caller_of(buckets, other)) != 0)
			return true;
	}
	return false;
}

char *bucket_title(const struct crash_buckets *buckets, const struct crash_bucket *bucket)
{
	const struct report *report = buckets->crashes->reports[bucket->report]->main;
	const struct report_frame *frame = frame_of(buckets, bucket);
	const char *access = report_access_word(report->access);
	char *words = NULL;
	size_t size;
	FILE *out = text_open(&words, &size);

	fprintf(out, "%s", report->kind != NULL ? report->kind : "unknown kind");
	if (access != NULL)
		fprintf(out, " %s", access);
	if (frame != NULL && (frame->function != NULL || frame->start.known)) {
		AUTO_FREE char *name = key_name(frame);

		fprintf(out, " in %s", frame->function != NULL ? frame->function : name);
	}
	if (frame != NULL && frame->file != NULL) {
		fprintf(out, " at %s", frame->file);
		if (frame->line.known)
			fprintf(out, ":%" PRIu64, frame->line.value);
		if (frame->line.known && frame->column.known)
			fprintf(out, ":%" PRIu64, frame->column.value);
	} else if (frame != NULL && frame->function == NULL && frame->module != NULL) {
		fprintf(out, " at %s+0x%" PRIx64, frame->module, frame->offset.value);
	}
	if (*caller_of(buckets, bucket) != '\0' && has_namesake(buckets, bucket))
		fprintf(out, ", called by %s", caller_of(buckets, bucket));
	text_close(out);
	return words;
}

/* ---- frames that more could be passed over of ------------------------------------------------- */

#define SHARED_MIN    3    /* callers of one function */
#define SHARED_LOOKED 1000 /* buckets */

struct bucket_words bucket_words_of(
	const struct crash_buckets *buckets, const struct crash_bucket *bucket)
{
	const struct report_frame *frame = frame_of(buckets, bucket);

	return (struct bucket_words){ .title = bucket_title(buckets, bucket),
		.because = because_of(buckets, bucket),
		.together = together_of(buckets, bucket),
		.also = also_of(buckets, bucket),
		.kin = kin_of(buckets, bucket),
		.passed = passed_of(buckets, bucket),
		.next = next_of(buckets, bucket),
		.command = command_of(buckets, bucket),
		.frame = frame,
		.source = frame != NULL && frame->line.known ?
			source_around(frame->file, frame->line.value) :
			NULL };
}

void bucket_words_free(struct bucket_words *words)
{
	free(words->title);
	free(words->because);
	free(words->together);
	free(words->also);
	free(words->kin);
	free(words->passed);
	free(words->next);
	free(words->command);
	free(words->source);
}

/* Of the buckets with the function @name at fault: how many functions called it. */
static size_t count_callers(const struct crash_buckets *buckets, const char *name)
{
	size_t callers = 0;

	for (size_t i = 0; i < buckets->count; i++) {
		size_t k = 0;

		if (site_of(buckets, &buckets->list[i]) == NULL ||
			strcmp(site_of(buckets, &buckets->list[i]), name) != 0)
			continue;
		while (k < i &&
			(site_of(buckets, &buckets->list[k]) == NULL ||
				strcmp(site_of(buckets, &buckets->list[k]), name) != 0 ||
				strcmp(caller_of(buckets, &buckets->list[k]),
					caller_of(buckets, &buckets->list[i])) != 0))
			k++;
		callers += k == i;
	}
	return callers;
}

char *crash_buckets_shared(const struct crash_buckets *buckets, size_t *ret_callers)
{
	const char *best = NULL;

	*ret_callers = 0;
	for (size_t i = 0; i < buckets->count && i < SHARED_LOOKED; i++) {
		const char *name = site_of(buckets, &buckets->list[i]);
		size_t callers = name != NULL ? count_callers(buckets, name) : 0;

		if (callers >= SHARED_MIN && callers > *ret_callers) {
			*ret_callers = callers;
			best = name;
		}
	}
	return best != NULL ? format("%s", best) : NULL;
}
