/* SPDX-License-Identifier: Apache-2.0
 * Buckets as one HTML file that needs no other and no script. */
#include "buckets_html.h"

#include "base/util.h"
#include "buckets.h"
#include "buckets_words.h"
#include "formats/document.h"
#include "formats/table.h"

#include <inttypes.h>
#include <stdlib.h>
#include <time.h>

static void put_stack(struct document *page, const struct report_stack *stack)
{
	char *text = NULL;
	size_t size;
	FILE *out = text_open(&text, &size);

	for (size_t i = 0; i < stack->frame_count; i++) {
		const struct report_frame *frame = &stack->frames[i];

		fprintf(out, "#%zu %s %s", i, frame->function != NULL ? frame->function : "?",
			frame->file != NULL           ? frame->file :
				frame->module != NULL ? frame->module :
							"");
		if (frame->line.known)
			fprintf(out, ":%" PRIu64, frame->line.value);
		fputc('\n', out);
	}
	text_close(out);
	document_say(page, "%s", report_role_words(stack->role));
	document_code(page, text);
	free(text);
}

static void put_members(struct document *page, const struct crash_buckets *buckets,
	const struct crash_bucket *bucket)
{
	static const char *const heads[] = { "bytes", "died", "<file", NULL };
	struct table *table = table_new(heads);
	AUTO_FREE char *count = format("%zu file%s", bucket->count, bucket->count == 1 ? "" : "s");

	for (size_t i = 0; i < bucket->count; i++) {
		const struct crash *crash = &buckets->crashes->list[bucket->members[i]];

		table_row(table);
		table_cell(table, "%" PRIu64, crash->size);
		table_cell(table, "%u of %u", crash->crashed, crash->runs);
		table_code(table, crash->path);
	}
	document_fold(page, count);
	document_put_table(page, "Smallest first", table);
	document_fold_end(page);
}

/* A part of a sentence; nothing without @text. */
#define PART(label, text) (text) != NULL ? label : "", (text) != NULL ? (text) : ""

static void put_bucket(struct document *page, const struct crash_buckets *buckets,
	const struct crash_bucket *bucket)
{
	const struct report *report = buckets->crashes->reports[bucket->report]->main;
	AUTO_BUCKET_WORDS struct bucket_words words = bucket_words_of(buckets, bucket);
	AUTO_FREE char *title = format(
		"%s %s", severity_word(bucket->severity->severity), words.title);

	document_heading(page, 2, bucket->id, title);
	document_say(page, "%s (%s). Key `%s`. %s%s%s%s%s%s%s%s%s%s%s%s.", words.because,
		bucket->severity->slug, bucket->id,
		bucket->untold == KEY_TOLD ? "Together because: " : "", words.together,
		PART(". The report is damaged: ", report->damaged), PART(". ", words.kin),
		PART(". Skipped frames: ", words.passed), PART(". For a stack: ", words.next),
		*words.also != '\0' ? ". Also seen as: " : "", words.also);
	document_code(page, words.command);
	if (words.source != NULL)
		document_code(page, words.source);
	for (size_t s = 0; s < report->stack_count; s++)
		put_stack(page, &report->stacks[s]);
	put_members(page, buckets, bucket);
}

static void put_overview(struct document *page, const struct crash_buckets *buckets)
{
	static const char *const heads[] = { "<severity", "files", "<bucket", NULL };
	struct table *table = table_new(heads);

	for (size_t i = 0; i < buckets->count; i++) {
		const struct crash_bucket *bucket = &buckets->list[i];
		AUTO_FREE char *title = bucket_title(buckets, bucket);

		table_row(table);
		table_text(table, severity_word(bucket->severity->severity));
		table_cell(table, "%zu", bucket->count);
		table_link(table, bucket->id, title);
	}
	document_heading(page, 1, "crashes", "Crashes");
	document_say(page,
		"%zu files: %zu die in every run, %zu in some, %zu in none, %zu stopped by our limits; "
		"%zu buckets%s.",
		buckets->crashes->count, buckets->steady, buckets->flaky, buckets->quiet,
		buckets->limited, buckets->count, buckets->complete ? "" : "; interrupted");
	document_put_table(page, "Buckets, worst first", table);
}

#define SLOTS      12 /* of time, in columns */
#define TIMED_ROWS 20 /* buckets, worst first */

/* First and last of the times that are known: false when that is no span. */
static bool span_of(const struct crashes *crashes, int64_t *ret_first, int64_t *ret_last)
{
	*ret_first = INT64_MAX;
	*ret_last = 0;
	for (size_t i = 0; i < crashes->count; i++) {
		int64_t seen = crashes->list[i].report != CRASH_NONE ? crashes->list[i].seen_s : 0;

		*ret_first = seen != 0 && seen < *ret_first ? seen : *ret_first;
		*ret_last = seen > *ret_last ? seen : *ret_last;
	}
	return *ret_first < *ret_last;
}

static void put_times_of(struct document *page, const struct crash_buckets *buckets,
	const struct crash_bucket *bucket, int64_t first, int64_t width)
{
	AUTO_FREE char *title = bucket_title(buckets, bucket);
	size_t counts[SLOTS] = { 0 };

	for (size_t i = 0; i < bucket->count; i++) {
		int64_t seen = buckets->crashes->list[bucket->members[i]].seen_s;

		if (seen != 0)
			counts[(seen - first) / width]++;
	}
	document_row(page);
	document_cell(page, "%s", title);
	for (size_t i = 0; i < SLOTS; i++) {
		AUTO_FREE char *count = format("%zu", counts[i]);

		document_heat(page, (double)counts[i] / (double)bucket->count, bucket->id,
			counts[i] > 0 ? count : "");
	}
}

/* When the reports of each bucket were printed. */
static void put_times(struct document *page, const struct crash_buckets *buckets)
{
	const char *columns[SLOTS + 1] = { "bucket" };
	char starts[SLOTS][sizeof("0000-00-00 00:00")];
	int64_t first, last, width;

	if (!span_of(buckets->crashes, &first, &last))
		return;
	width = (last - first) / SLOTS + 1;
	for (size_t i = 0; i < SLOTS; i++) {
		time_t start = first + (int64_t)i * width;
		struct tm time;

		gmtime_r(&start, &time);
		strftime(starts[i], sizeof(starts[i]), "%Y-%m-%d %H:%M", &time);
		columns[i + 1] = starts[i];
	}
	document_heading(page, 2, "times", "Time line");
	document_matrix(page,
		"Reports of each bucket, from the time at the head of a column on (UTC)", columns,
		SLOTS + 1);
	for (size_t i = 0; i < buckets->count && i < TIMED_ROWS; i++)
		put_times_of(page, buckets, &buckets->list[i], first, width);
	document_table_end(page);
}

static void put_passed(struct document *page, const struct inputs *inputs)
{
	if (inputs == NULL || inputs_passed_over(inputs) == 0)
		return;
	document_say(page, "Skipped files, not run:");
	for (int reason = 0; reason < INPUTS_PASSED_COUNT; reason++)
		if (inputs->passed[reason] > 0)
			document_item(page, "%zu: %s", inputs->passed[reason],
				inputs_passed_words((enum inputs_passed)reason));
}

char *crash_buckets_html(const struct crash_buckets *buckets)
{
	struct document *page = document_open("Crashes");
	char *html;
	AUTO_FREE char *markdown = NULL;

	document_target(page, DOCUMENT_HTML);
	put_overview(page, buckets);
	put_times(page, buckets);
	put_passed(page, buckets->inputs);
	for (size_t i = 0; i < buckets->count; i++)
		put_bucket(page, buckets, &buckets->list[i]);
	document_close(page, &markdown, &html);
	return html;
}
