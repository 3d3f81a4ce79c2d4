/* SPDX-License-Identifier: Apache-2.0
 * Buckets for a terminal. */
#include "buckets_print.h"

#include "base/escape.h"
#include "base/util.h"
#include "buckets.h"
#include "buckets_words.h"
#include "hang.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define FRAMES_SHOWN  6
#define ABOVE_SHOWN   2
#define MEMBERS_SHOWN 5
#define PASSED_SHOWN  3

static void print_lines(FILE *out, const char *text)
{
	if (text != NULL)
		escape_block(out, text, strlen(text));
}

/* Without the directory that is said once, if any. */
static void print_short(FILE *out, const char *text, const char *directory)
{
	const char *found = directory != NULL ? strstr(text, directory) : NULL;

	/* a directory begins a word */
	if (found != NULL && (found == text || found[-1] == ' ')) {
		AUTO_FREE char *before = format("%.*s", (int)(found - text), text);

		escape_print(out, before);
		text = found + strlen(directory);
	}
	escape_print(out, text);
}

static void print_frame(
	FILE *out, size_t number, const struct report_frame *frame, const char *directory)
{
	fprintf(out, "     #%zu ", number);
	escape_print(out, frame->function != NULL ? frame->function : "?");
	fputc(' ', out);
	if (frame->file != NULL)
		print_short(out, frame->file, directory);
	else if (frame->module != NULL)
		escape_print(out, frame->module);
	if (frame->file != NULL && frame->line.known)
		fprintf(out, ":%" PRIu64, frame->line.value);
	else if (frame->file == NULL && frame->offset.known)
		fprintf(out, "+0x%" PRIx64, frame->offset.value);
	fputc('\n', out);
}

/* Of the frames above @fault, which are named as passed over, only the last. */
static void print_stack(FILE *out, const struct report_stack *stack,
	const struct report_frame *fault, const char *directory)
{
	size_t at = 0, end;

	if (stack == NULL)
		return;
	while (at < stack->frame_count && &stack->frames[at] != fault)
		at++;
	at = at < stack->frame_count && at > ABOVE_SHOWN ? at - ABOVE_SHOWN : 0;
	end = stack->frame_count - at > FRAMES_SHOWN ? at + FRAMES_SHOWN : stack->frame_count;
	for (size_t i = at; i < end; i++)
		print_frame(out, i, &stack->frames[i], directory);
	if (stack->frame_count > end)
		fprintf(out, "     ... and %zu more\n", stack->frame_count - end);
}

static void print_members(
	const struct crash_buckets *buckets, const struct crash_bucket *bucket, FILE *out)
{
	for (size_t i = 0; i < bucket->count && i < MEMBERS_SHOWN; i++) {
		const struct crash *crash = &buckets->crashes->list[bucket->members[i]];
		bool hangs = hang_is(buckets->crashes->reports[crash->report]);

		fprintf(out, "     %7" PRIu64 " byte%s  %s%s%u of %u  ", crash->size,
			crash->size == 1 ? " " : "s", crash->crashed < crash->runs ? "flaky, " : "",
			hangs                                ? "hangs in " :
				crash->crashed < crash->runs ? "dies in " :
							       "",
			crash->crashed, crash->runs);
		escape_print(out, crash->path);
		fprintf(out, "%s\n", crash->varies ? "  (dies in different ways)" : "");
	}
	if (bucket->count > MEMBERS_SHOWN)
		fprintf(out, "     ... and %zu more in %s/crashes.json\n",
			bucket->count - MEMBERS_SHOWN, buckets->directory);
}

static void print_more(FILE *out, const char *label, const char *text)
{
	if (text == NULL)
		return;
	fprintf(out, "   %s", label);
	escape_print(out, text);
	fputc('\n', out);
}

/* What the program's own check or its language's said; sanitizers say nothing there that the title does not. */
static const char *own_words(const struct report *report)
{
	bool own = report_is_own_check(report) || report->tool == REPORT_GO ||
		report->tool == REPORT_RUST;

	/* The exception that an abort is of. */
	own |= report->message != NULL && report->headline != NULL &&
		strstr(report->headline, report->message) == NULL;

	return own ? report->message : NULL;
}

static void print_finding(const struct crash_buckets *buckets, size_t number,
	const struct crash_bucket *bucket, const char *directory, FILE *out)
{
	const struct crash_report *report = buckets->crashes->reports[bucket->report];
	AUTO_BUCKET_WORDS struct bucket_words words = bucket_words_of(buckets, bucket);

	fprintf(out, "\n%zu  %s  ", number, severity_word(bucket->severity->severity));
	print_short(out, words.title, directory);
	fprintf(out, "\n   %s (%s); %zu file%s, key %s\n", words.because, bucket->severity->slug,
		bucket->count, bucket->count == 1 ? "" : "s", bucket->id);
	print_more(out, "it said: ", own_words(report->main));
	print_more(out, "also seen as ", *words.also != '\0' ? words.also : NULL);
	if (bucket->untold != KEY_TOLD)
		print_more(out, "", words.together);
	else if (bucket->count > 1)
		print_more(out, "together because: ", words.together);
	print_more(out, "the report is damaged: ", report->main->damaged);
	print_more(out, "", words.kin);
	print_more(out, "skipped frames: ", words.passed);
	print_more(out, "for a stack: ", words.next);
	print_more(out, buckets->timeout_s > 0 ? "reproduce: " : "read: ", words.command);
	print_lines(out, words.source);
	print_stack(out, report_crash_stack(report->main), words.frame, directory);
	print_members(buckets, bucket, out);
}

static void print_files(const struct crash_buckets *buckets, FILE *out)
{
	size_t count = buckets->crashes->count;

	if (buckets->timeout_s > 0)
		fprintf(out, "%zu crash file%s: %zu die%s in every run", count,
			count == 1 ? "" : "s", buckets->steady, buckets->steady == 1 ? "s" : "");
	else
		fprintf(out, "%zu saved text%s: %zu with a report", count, count == 1 ? "" : "s",
			buckets->steady);
}

static void print_counts(const struct crash_buckets *buckets, FILE *out)
{
	size_t told;

	print_files(buckets, out);
	if (buckets->flaky > 0)
		fprintf(out, ", %zu in some", buckets->flaky);
	if (buckets->limited > 0)
		fprintf(out, ", %zu stopped by our limits", buckets->limited);
	if (buckets->unknown > 0)
		fprintf(out, ", %zu unknown", buckets->unknown);
	if (buckets->quiet > buckets->unknown)
		fprintf(out, ", %zu %s", buckets->quiet - buckets->unknown,
			buckets->timeout_s > 0 ? "did not die" : "without");
	if (buckets->states[CRASH_GONE] > 0)
		fprintf(out, ", %zu deleted meanwhile", buckets->states[CRASH_GONE]);
	if (buckets->states[CRASH_UNREADABLE] > 0)
		fprintf(out, ", %zu unreadable", buckets->states[CRASH_UNREADABLE]);
	if (buckets->states[CRASH_FAILED] > 0)
		fprintf(out, ", %zu could not be run", buckets->states[CRASH_FAILED]);
	if (buckets->states[CRASH_WAITING] > 0)
		fprintf(out, ", %zu not run yet", buckets->states[CRASH_WAITING]);
	told = buckets->count - buckets->heaps;
	fprintf(out, "\n%zu bucket%s", told, told == 1 ? "" : "s");
	if (buckets->family_count > 0)
		fprintf(out, "; %zu famil%s of related buckets", buckets->family_count,
			buckets->family_count == 1 ? "y" : "ies");
	if (buckets->heaps > 0)
		fprintf(out, "; %zu heap%s of crashes that cannot be told apart", buckets->heaps,
			buckets->heaps == 1 ? "" : "s");
	fputs(buckets->count > 1 ? ", worst first\n" : "\n", out);
}

/* What else may decide whether it dies. */
static void print_hint(const struct program *target, FILE *out)
{
	if (!target->takes_file)
		fputs("     The target had each file on standard input; "
		      "'-- TARGET @@' gives it as an argument.\n",
			out);
	else if (!target->named)
		fputs("     The target saw each file under its own name; "
		      "--name='*.png' gives it another.\n",
			out);
}

static void print_ends(const struct crash_buckets *buckets, bool unknown, FILE *out)
{
	size_t shown = 0, all = unknown ? buckets->unknown : buckets->quiet - buckets->unknown;

	if (all == 0)
		return;
	if (unknown)
		fputs("\n"
		      "A sanitizer may have found a bug in these, but its report is lost; "
		      "next: keep ASAN_OPTIONS and the like set for programs that the target "
		      "executes:\n",
			out);
	else if (buckets->timeout_s > 0)
		fprintf(out, "\nDid not die in any of %d runs (nothing is deleted):\n", CRASH_RUNS);
	else
		fputs("\nWithout a report:\n", out);
	for (size_t i = 0; i < buckets->crashes->count && shown < MEMBERS_SHOWN; i++) {
		const struct crash *crash = &buckets->crashes->list[i];

		if (crash->state != CRASH_DONE || crash->crashed > 0 || crash->unknown != unknown)
			continue;
		fputs("     ", out);
		escape_print(out, crash->path);
		if (crash->ended != NULL)
			fprintf(out, ": %s", crash->ended);
		fputc('\n', out);
		shown++;
	}
	if (all > shown)
		fprintf(out, "     ... and %zu more in %s/crashes.json\n", all - shown,
			buckets->directory);
	if (buckets->timeout_s > 0 && !unknown)
		print_hint(buckets->target, out);
}

static void print_passed(const struct inputs *inputs, enum inputs_passed reason, FILE *out)
{
	size_t paths = 0;

	fprintf(out, "     %7zu  %s:", inputs->passed[reason], inputs_passed_words(reason));
	for (size_t i = 0; i < inputs->passed_count; i++) {
		if (inputs->passed_list[i].reason != reason || ++paths > PASSED_SHOWN)
			continue;
		fputs(paths > 1 ? ", " : " ", out);
		escape_print(out, inputs->passed_list[i].path);
	}
	fprintf(out, "%s\n", paths > PASSED_SHOWN ? ", ..." : "");
}

void crash_buckets_print_passed(const struct inputs *inputs, FILE *out)
{
	size_t all = inputs != NULL ? inputs_passed_over(inputs) : 0;

	if (all == 0)
		return;
	fprintf(out, "%zu file%s passed over:\n", all, all == 1 ? "" : "s");
	for (int reason = 0; reason < INPUTS_PASSED_COUNT; reason++)
		if (inputs->passed[reason] > 0)
			print_passed(inputs, (enum inputs_passed)reason, out);
}

static void print_shared(const struct crash_buckets *buckets, FILE *out)
{
	size_t callers;
	AUTO_FREE char *name = crash_buckets_shared(buckets, &callers);

	if (name == NULL)
		return;
	fputc('\n', out);
	escape_print(out, name);
	fprintf(out,
		" is at fault in buckets of %zu callers. If the bugs are in the callers, ignore "
		"this function: --ignore=FILE with the line \"function ",
		callers);
	escape_print(out, name);
	fputs("\"\n", out);
}

#define CHECK_BUCKETS 3

/* Misaligned accesses that the processor allows, in bucket after bucket, stop a run before what they hide. */
static void print_alignment(const struct crash_buckets *buckets, FILE *out)
{
	size_t count = 0;

	for (size_t i = 0; i < buckets->count; i++) {
		const struct crash_report *report =
			buckets->crashes->reports[buckets->list[i].report];
		const char *check = report_check(report->main);

		count += check != NULL && strcmp(check, "alignment") == 0;
	}
	if (count >= CHECK_BUCKETS)
		fprintf(out,
			"\n"
			"%zu of %zu buckets are of misaligned accesses, which x86 and ARM64 "
			"allow. They hide later bugs of the same inputs. To build without this "
			"check: FLAGS=-fno-sanitize=alignment\n",
			count, buckets->count);
}

void crash_buckets_print(const struct crash_buckets *buckets, FILE *out)
{
	AUTO_FREE char *directory = crash_buckets_directory(buckets);

	print_counts(buckets, out);
	crash_buckets_print_passed(buckets->inputs, out);
	if (buckets->symbols_error != NULL)
		fprintf(out, "without names and lines: %s\n", buckets->symbols_error);
	print_more(out, "files are in ", directory);
	for (size_t i = 0; i < buckets->count; i++)
		print_finding(buckets, i + 1, &buckets->list[i], directory, out);
	print_shared(buckets, out);
	print_alignment(buckets, out);
	print_ends(buckets, true, out);
	print_ends(buckets, false, out);
}
