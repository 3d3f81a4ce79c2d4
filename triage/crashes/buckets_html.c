/* SPDX-License-Identifier: Apache-2.0
 * Buckets as one HTML file that needs no other and no script. */
#include "buckets_html.h"

#include "base/escape.h"
#include "base/util.h"
#include "buckets.h"
#include "buckets_words.h"
#include "formats/source.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static const char head[] =
	"<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n"
	"<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src "
	"'unsafe-inline'\">\n"
	"<title>Crashes</title>\n<style>\n"
	"body{font:15px/1.45 system-ui,sans-serif;max-width:70rem;margin:2rem auto;padding:0 1rem;"
	"color:#1b1f24}\n"
	"table{border-collapse:collapse}td,th{padding:.2rem .7rem;text-align:left;border-bottom:1px "
	"solid #d8dee4;vertical-align:top}\n"
	"pre{background:#f6f8fa;padding:.6rem;overflow:auto}code,pre{font-family:monospace}\n"
	".EXPLOITABLE{color:#b42318}.PROBABLY_EXPLOITABLE{color:#b54708}\n"
	"@media(prefers-color-scheme:dark){body{background:#0d1117;color:#e6edf3}pre{background:#161b22}"
	"td,th{border-color:#30363d}.EXPLOITABLE{color:#ff7b72}.PROBABLY_EXPLOITABLE{color:#ffa657}}\n"
	"</style></head><body>\n";

static void put_stack(FILE *out, const struct report_stack *stack)
{
	fprintf(out, "<p>%s</p>\n<pre>", report_role_words(stack->role));
	for (size_t i = 0; i < stack->frame_count; i++) {
		const struct report_frame *frame = &stack->frames[i];

		fprintf(out, "#%zu ", i);
		escape_html(out, frame->function != NULL ? frame->function : "?");
		fputc(' ', out);
		escape_html(out,
			frame->file != NULL           ? frame->file :
				frame->module != NULL ? frame->module :
							"");
		if (frame->line.known)
			fprintf(out, ":%" PRIu64, frame->line.value);
		fputc('\n', out);
	}
	fputs("</pre>\n", out);
}

static void put_members(
	FILE *out, const struct crash_buckets *buckets, const struct crash_bucket *bucket)
{
	fprintf(out, "<details><summary>%zu file%s</summary><table><tr><th>bytes<th>died<th>file\n",
		bucket->count, bucket->count == 1 ? "" : "s");
	for (size_t i = 0; i < bucket->count; i++) {
		const struct crash *crash = &buckets->crashes->list[bucket->members[i]];

		fprintf(out, "<tr><td>%" PRIu64 "<td>%u of %u<td><code>", crash->size,
			crash->crashed, crash->runs);
		escape_html(out, crash->path);
		fputs("</code>\n", out);
	}
	fputs("</table></details>\n", out);
}

static void put_more(FILE *out, const char *label, const char *text)
{
	if (text == NULL)
		return;
	fputs(label, out);
	escape_html(out, text);
}

static void put_finding(
	FILE *out, const struct crash_buckets *buckets, const struct crash_bucket *bucket)
{
	const struct report *report = buckets->crashes->reports[bucket->report]->main;
	const struct report_frame *frame = crash_bucket_frame(buckets, bucket);
	AUTO_FREE char *title = crash_bucket_title(buckets, bucket);
	AUTO_FREE char *why = crash_bucket_why(buckets, bucket);
	AUTO_FREE char *kinds = crash_bucket_kinds(buckets, bucket);
	AUTO_FREE char *words = crash_bucket_words(buckets, bucket);
	AUTO_FREE char *kin = crash_bucket_kin(buckets, bucket);
	AUTO_FREE char *passed = crash_bucket_passed(buckets, bucket);
	AUTO_FREE char *next = crash_bucket_next(buckets, bucket);
	AUTO_FREE char *command = crash_bucket_command(buckets, bucket);
	AUTO_FREE char *source = frame != NULL && frame->line.known ?
		source_around(frame->file, frame->line.value) :
		NULL;

	fprintf(out, "<h2 id=\"%s\"><span class=\"%s\">%s</span> ", bucket->id,
		severity_word(bucket->severity->severity),
		severity_word(bucket->severity->severity));
	escape_html(out, title);
	fprintf(out, "</h2>\n<p>%s (%s). Key <code>%s</code>. %s", words, bucket->severity->slug,
		bucket->id, bucket->untold == KEY_TOLD ? "Together because: " : "");
	escape_html(out, why);
	put_more(out, ". The report is damaged: ", report->damaged);
	put_more(out, ". ", kin);
	put_more(out, ". Frames passed over: ", passed);
	put_more(out, ". For a stack: ", next);
	if (*kinds != '\0')
		fputs(". Also seen as: ", out);
	escape_html(out, kinds);
	fputs(".</p>\n<pre>", out);
	escape_html(out, command);
	fputs("</pre>\n", out);
	if (source != NULL) {
		fputs("<pre>", out);
		escape_html_block(out, source, strlen(source));
		fputs("</pre>\n", out);
	}
	for (size_t s = 0; s < report->stack_count; s++)
		put_stack(out, &report->stacks[s]);
	put_members(out, buckets, bucket);
}

static void put_overview(FILE *out, const struct crash_buckets *buckets)
{
	fprintf(out,
		"<h1>Crashes</h1>\n<p>%zu files: %zu die in every run, %zu in some, %zu in none, %zu "
		"stopped by our limits; %zu buckets%s.</p>\n<table><tr><th>severity<th>files<th>bucket\n",
		buckets->crashes->count, buckets->steady, buckets->flaky, buckets->quiet,
		buckets->limited, buckets->count, buckets->complete ? "" : "; interrupted");
	for (size_t i = 0; i < buckets->count; i++) {
		const struct crash_bucket *bucket = &buckets->list[i];
		AUTO_FREE char *title = crash_bucket_title(buckets, bucket);

		fprintf(out, "<tr><td class=\"%s\">%s<td>%zu<td><a href=\"#%s\">",
			severity_word(bucket->severity->severity),
			severity_word(bucket->severity->severity), bucket->count, bucket->id);
		escape_html(out, title);
		fputs("</a>\n", out);
	}
	fputs("</table>\n", out);
}

static void put_passed(FILE *out, const struct inputs *inputs)
{
	if (inputs == NULL || inputs_passed_over(inputs) == 0)
		return;
	fputs("<p>Passed over, not run:</p>\n<ul>\n", out);
	for (int reason = 0; reason < INPUTS_PASSED_COUNT; reason++) {
		if (inputs->passed[reason] == 0)
			continue;
		fprintf(out, "<li>%zu: ", inputs->passed[reason]);
		escape_html(out, inputs_passed_words((enum inputs_passed)reason));
		fputc('\n', out);
	}
	fputs("</ul>\n", out);
}

char *crash_buckets_html(const struct crash_buckets *buckets)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (out == NULL)
		abort();
	fputs(head, out);
	put_overview(out, buckets);
	put_passed(out, buckets->inputs);
	for (size_t i = 0; i < buckets->count; i++)
		put_finding(out, buckets, &buckets->list[i]);
	fputs("</body></html>\n", out);
	if (fclose(out) != 0)
		abort();
	return text;
}
