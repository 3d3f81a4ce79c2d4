// SPDX-License-Identifier: Apache-2.0
// A libFuzzer target on the report parser and on everything that prints its result.
//
// The first byte says whether and how the process ended; the rest is the text. Checked beside
// memory safety: the limits hold, strings end inside theirs, JSON can be made of anything.
#include "parse.h"
#include "print.h"
#include "refine.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool holds)
{
	if (!holds)
		abort();
}

static void check_string(const char *s)
{
	check(!s || strlen(s) <= REPORT_STRING_MAX);
}

static void check_number(struct report_number number)
{
	check(number.known || number.value == 0);
}

static void check_stack(const struct report_stack *stack)
{
	check(report_role_words(stack->role) != NULL);
	for (size_t i = 0; i < stack->frame_count; i++) {
		const struct report_frame *frame = &stack->frames[i];

		check_string(frame->function);
		check_string(frame->file);
		check_string(frame->module);
		check_number(frame->line);
		check_number(frame->column);
		check_number(frame->offset);
		check_number(frame->address);
	}
}

static void check_report(struct report *report)
{
	check(report->tool < REPORT_TOOL_COUNT && report->tool_name);
	check(report->access < REPORT_ACCESS_COUNT);
	check(report->stack_count <= REPORT_STACKS_MAX);
	check(!report->kind_known || report->kind);
	check(!report->kind_inferred || (report->kind && !report->kind_known));
	check_string(report->kind);
	check_string(report->headline);
	check_string(report->damaged);
	check_number(report->address);
	check_number(report->size_bytes);
	for (size_t i = 0; i < report->stack_count; i++)
		check_stack(&report->stacks[i]);
	report_crash_stack(report);
	report_is_invalid_free(report);
	parse_refine(report);
}

static void check_output(const struct reports *reports)
{
	static FILE *sink;
	json_t *object = report_json("fuzz", reports);
	char *text;

	check(object != NULL);
	text = json_dumps(object, JSON_COMPACT);
	check(text != NULL);
	free(text);
	json_decref(object);
	if (!sink)
		sink = fopen("/dev/null", "we");
	for (size_t i = 0; sink && i < reports->count; i++)
		report_print(sink, &reports->list[i]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct report_exit exit = { .wait_status = size ? data[0] & 0x7f : 0 };
	struct reports *reports = NULL;

	if (size == 0)
		return 0;
	if (parse_report((const char *)data + 1, size - 1, data[0] & 0x80 ? &exit : NULL, &reports))
		return 0;
	check(reports->count <= REPORT_MAX);
	for (size_t i = 0; i < reports->count; i++)
		check_report(&reports->list[i]);
	check_output(reports);
	reports_free(reports);
	return 0;
}
