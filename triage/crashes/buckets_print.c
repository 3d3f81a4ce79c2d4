/* SPDX-License-Identifier: Apache-2.0
 * Buckets for a terminal. */
#include "base/escape.h"
#include "base/util.h"
#include "buckets.h"
#include "formats/source.h"
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

static void print_frame(FILE *out, size_t number, const struct report_frame *frame)
{
	fprintf(out, "     #%zu ", number);
	escape_print(out, frame->function != NULL ? frame->function : "?");
	fputc(' ', out);
	if (frame->file != NULL)
		escape_print(out, frame->file);
	else if (frame->module != NULL)
		escape_print(out, frame->module);
	if (frame->file != NULL && frame->line.known)
		fprintf(out, ":%" PRIu64, frame->line.value);
	else if (frame->file == NULL && frame->offset.known)
		fprintf(out, "+0x%" PRIx64, frame->offset.value);
	fputc('\n', out);
}

/* Of the frames above @fault, which are named as passed over, only the last. */
static void print_stack(
	FILE *out, const struct report_stack *stack, const struct report_frame *fault)
{
	size_t at = 0, end;

	if (stack == NULL)
		return;
	while (at < stack->frame_count && &stack->frames[at] != fault)
		at++;
	at = at < stack->frame_count && at > ABOVE_SHOWN ? at - ABOVE_SHOWN : 0;
	end = stack->frame_count - at > FRAMES_SHOWN ? at + FRAMES_SHOWN : stack->frame_count;
	for (size_t i = at; i < end; i++)
		print_frame(out, i, &stack->frames[i]);
	if (stack->frame_count > end)
		fprintf(out, "     ... and %zu more\n", stack->frame_count - end);
}

static void print_members(
	const struct crash_buckets *findings, const struct crash_bucket *finding, FILE *out)
{
	for (size_t i = 0; i < finding->count && i < MEMBERS_SHOWN; i++) {
		const struct crash *crash = &findings->crashes->list[finding->members[i]];
		bool hangs = hang_is(findings->crashes->reports[crash->report]);

		fprintf(out, "     %7" PRIu64 " byte%s  %s%s%u of %u  ", crash->size,
			crash->size == 1 ? " " : "s", crash->crashed < crash->runs ? "flaky, " : "",
			hangs                                ? "hangs in " :
				crash->crashed < crash->runs ? "dies in " :
							       "",
			crash->crashed, crash->runs);
		escape_print(out, crash->path);
		fprintf(out, "%s\n", crash->varies ? "  (dies in different ways)" : "");
	}
	if (finding->count > MEMBERS_SHOWN)
		fprintf(out, "     ... and %zu more in %s/crashes.json\n",
			finding->count - MEMBERS_SHOWN, findings->directory);
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

static void print_finding(const struct crash_buckets *findings, size_t number,
	const struct crash_bucket *finding, FILE *out)
{
	const struct crash_report *report = findings->crashes->reports[finding->report];
	const struct report_frame *frame = crash_bucket_frame(findings, finding);
	AUTO_FREE char *title = crash_bucket_title(findings, finding);
	AUTO_FREE char *why = crash_bucket_why(findings, finding);
	AUTO_FREE char *kinds = crash_bucket_kinds(findings, finding);
	AUTO_FREE char *words = crash_bucket_words(findings, finding);
	AUTO_FREE char *kin = crash_bucket_kin(findings, finding);
	AUTO_FREE char *passed = crash_bucket_passed(findings, finding);
	AUTO_FREE char *next = crash_bucket_next(findings, finding);
	AUTO_FREE char *command = crash_bucket_command(findings, finding);
	AUTO_FREE char *source = frame != NULL && frame->line.known ?
		source_around(frame->file, frame->line.value) :
		NULL;

	fprintf(out, "\n%zu  %s  ", number, severity_word(finding->severity->severity));
	escape_print(out, title);
	fprintf(out, "\n   %s (%s); %zu file%s, key %s\n", words, finding->severity->slug,
		finding->count, finding->count == 1 ? "" : "s", finding->id);
	print_more(out, "it said: ", own_words(report->main));
	print_more(out, "also seen as ", *kinds != '\0' ? kinds : NULL);
	if (finding->untold != KEY_TOLD)
		print_more(out, "", why);
	else if (finding->count > 1)
		print_more(out, "together because: ", why);
	print_more(out, "the report is damaged: ", report->main->damaged);
	print_more(out, "", kin);
	print_more(out, "frames passed over: ", passed);
	print_more(out, "for a stack: ", next);
	print_more(out, findings->timeout_s > 0 ? "reproduce: " : "read: ", command);
	print_lines(out, source);
	print_stack(out, report_crash_stack(report->main), frame);
	print_members(findings, finding, out);
}

static void print_files(const struct crash_buckets *findings, FILE *out)
{
	size_t count = findings->crashes->count;

	if (findings->timeout_s > 0)
		fprintf(out, "%zu crash file%s: %zu die%s in every run", count,
			count == 1 ? "" : "s", findings->steady, findings->steady == 1 ? "s" : "");
	else
		fprintf(out, "%zu saved text%s: %zu with a report", count, count == 1 ? "" : "s",
			findings->steady);
}

static void print_counts(const struct crash_buckets *findings, FILE *out)
{
	size_t buckets;

	print_files(findings, out);
	if (findings->flaky > 0)
		fprintf(out, ", %zu in some", findings->flaky);
	if (findings->limited > 0)
		fprintf(out, ", %zu stopped by our limits", findings->limited);
	if (findings->unknown > 0)
		fprintf(out, ", %zu unknown", findings->unknown);
	if (findings->quiet > findings->unknown)
		fprintf(out, ", %zu %s", findings->quiet - findings->unknown,
			findings->timeout_s > 0 ? "did not die" : "without");
	if (findings->states[CRASH_GONE] > 0)
		fprintf(out, ", %zu deleted meanwhile", findings->states[CRASH_GONE]);
	if (findings->states[CRASH_UNREADABLE] > 0)
		fprintf(out, ", %zu unreadable", findings->states[CRASH_UNREADABLE]);
	if (findings->states[CRASH_FAILED] > 0)
		fprintf(out, ", %zu could not be run", findings->states[CRASH_FAILED]);
	if (findings->states[CRASH_WAITING] > 0)
		fprintf(out, ", %zu not run yet", findings->states[CRASH_WAITING]);
	buckets = findings->count - findings->heaps;
	fprintf(out, "\n%zu bucket%s", buckets, buckets == 1 ? "" : "s");
	if (findings->family_count > 0)
		fprintf(out, "; %zu famil%s of related buckets", findings->family_count,
			findings->family_count == 1 ? "y" : "ies");
	if (findings->heaps > 0)
		fprintf(out, "; %zu heap%s of crashes that cannot be told apart", findings->heaps,
			findings->heaps == 1 ? "" : "s");
	fputs(findings->count > 1 ? ", worst first\n" : "\n", out);
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

static void print_ends(const struct crash_buckets *findings, bool unknown, FILE *out)
{
	size_t shown = 0, all = unknown ? findings->unknown : findings->quiet - findings->unknown;

	if (all == 0)
		return;
	if (unknown)
		fputs("\nUnknown whether a sanitizer found something; next: keep ASAN_OPTIONS and the like set "
		      "for what the target executes:\n",
			out);
	else if (findings->timeout_s > 0)
		fprintf(out, "\nDid not die in any of %d runs (nothing is deleted):\n", CRASH_RUNS);
	else
		fputs("\nWithout a report:\n", out);
	for (size_t i = 0; i < findings->crashes->count && shown < MEMBERS_SHOWN; i++) {
		const struct crash *crash = &findings->crashes->list[i];

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
			findings->directory);
	if (findings->timeout_s > 0 && !unknown)
		print_hint(findings->target, out);
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

static void print_shared(const struct crash_buckets *findings, FILE *out)
{
	size_t callers;
	AUTO_FREE char *name = crash_buckets_shared(findings, &callers);

	if (name == NULL)
		return;
	fputc('\n', out);
	escape_print(out, name);
	fprintf(out,
		" is at fault in buckets of %zu callers. If it only does what others ask for, pass it "
		"over: --ignore=FILE with the line \"function ",
		callers);
	escape_print(out, name);
	fputs("\"\n", out);
}

void crash_buckets_print(const struct crash_buckets *findings, FILE *out)
{
	print_counts(findings, out);
	crash_buckets_print_passed(findings->inputs, out);
	if (findings->symbols_error != NULL)
		fprintf(out, "without names and lines: %s\n", findings->symbols_error);
	for (size_t i = 0; i < findings->count; i++)
		print_finding(findings, i + 1, &findings->list[i], out);
	print_shared(findings, out);
	print_ends(findings, true, out);
	print_ends(findings, false, out);
}
