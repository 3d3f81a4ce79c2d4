// SPDX-License-Identifier: Apache-2.0
// The speakers of speakers.def. Each text is what the tool printed about a program of ours, or was
// written after the line of the runtime's source that prints it; which of both is said with it.
#include "parse.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

// What is expected is one line a report: "tool kind ACCESS size @address relation distance/size | message
// | role: function file:line module+offset, ...; role: ...". What a report does not have is left out.
struct text {
	const char *name, *text, *expected;
};

static const struct text texts[] = {
#include "speaker_texts.def"
};

static void print_frame(FILE *file, const struct report_frame *frame)
{
	const char *between = "";

	if (frame->function)
		between = fprintf(file, "%s", frame->function) ? " " : "";
	if (frame->file)
		fprintf(file, "%s%s:%" PRIu64, between, frame->file, frame->line.value);
	between = frame->file ? " " : between;
	if (frame->module)
		fprintf(file, "%s%s", between, frame->module);
	if (frame->offset.known)
		fprintf(file, "+0x%" PRIx64, frame->offset.value);
}

static void print_region(FILE *file, const struct report_region *region)
{
	fprintf(file, " %s ", report_relation_word(region->relation));
	if (region->distance_bytes.known)
		fprintf(file, "%" PRIu64, region->distance_bytes.value);
	else
		fputc('?', file);
	fprintf(file, "/%" PRIu64, region->size_bytes.value);
}

static void print_stacks(FILE *file, const struct report *report)
{
	for (size_t i = 0; i < report->stack_count; i++) {
		const struct report_stack *stack = &report->stacks[i];

		fprintf(file, "%s%s: ", i ? "; " : " | ", report_role_words(stack->role));
		for (size_t j = 0; j < stack->frame_count; j++) {
			if (j)
				fputs(", ", file);
			print_frame(file, &stack->frames[j]);
		}
	}
}

static void print_report(FILE *file, const struct report *report)
{
	fprintf(file, "%s %s", report->tool_name, report->kind ? report->kind : "?");
	if (report->access != REPORT_ACCESS_NONE)
		fprintf(file, " %s", report_access_word(report->access));
	if (report->size_bytes.known)
		fprintf(file, " %" PRIu64, report->size_bytes.value);
	if (report->address.known)
		fprintf(file, " @0x%" PRIx64, report->address.value);
	if (report->region.relation != REPORT_RELATION_NONE)
		print_region(file, &report->region);
	// That of a race says no more than its kind.
	if (report->message && strcmp(report->message, report->headline) != 0)
		fprintf(file, " | %s", report->message);
	else if (report->message && strcmp(report->kind, "data race") != 0)
		fprintf(file, " | %s", report->message);
	if (report->input)
		fprintf(file, " | input %s", report->input);
	print_stacks(file, report);
	fputc('\n', file);
}

static struct reports *parse(const char *text, size_t n)
{
	struct reports *reports = NULL;
	char *copy = malloc(n ? n : 1); // as long as the text, so that ASan sees any overrun

	assert_non_null(copy);
	memcpy(copy, text, n);
	assert_int_equal(parse_report(copy, n, NULL, &reports), 0);
	free(copy);
	return reports;
}

static void test_text(void **state)
{
	const struct text *text = *state;
	struct reports *reports = parse(text->text, strlen(text->text));
	char *out = NULL;
	size_t n;
	FILE *file = open_memstream(&out, &n);

	for (size_t i = 0; i < reports->count; i++) {
		print_report(file, &reports->list[i]);
		assert_true(reports->list[i].kind_known);
	}
	fclose(file);
	assert_string_equal(out, text->expected);
	free(out);
	reports_free(reports);
}

static void test_cut_anywhere(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		for (size_t n = 0; n < strlen(texts[i].text); n++)
			reports_free(parse(texts[i].text, n));
}

// What a form's pattern looks for, without an end: one line of megabytes stays linear.
static void test_long_line(void **state)
{
	enum {
		MEGABYTES = 16 << 20
	};
	char *text = malloc(MEGABYTES);

	(void)state;
	assert_non_null(text);
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		size_t length = strlen(texts[i].text);

		// All of it in one line, then its first line again and again.
		for (size_t j = 0; j < MEGABYTES; j++)
			text[j] = texts[i].text[j % length] == '\n' ? ' ' :
								      texts[i].text[j % length];
		reports_free(parse(text, MEGABYTES / (i % 8 ? 16 : 1)));
	}
	free(text);
}

int main(void)
{
	enum {
		TEXTS = sizeof(texts) / sizeof(texts[0])
	};
	static struct CMUnitTest tests[TEXTS + 2] = { cmocka_unit_test(test_cut_anywhere),
		cmocka_unit_test(test_long_line) };

	for (size_t i = 0; i < TEXTS; i++)
		tests[i + 2] = (struct CMUnitTest){ texts[i].name, test_text, NULL, NULL,
			(void *)&texts[i] };
	return cmocka_run_group_tests_name("report_speaker", tests, NULL, NULL);
}
