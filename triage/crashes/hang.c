/* SPDX-License-Identifier: Apache-2.0
 * Finds the place of a hang: the frames that the stacks of several runs share. */
#include "hang.h"

#include "base/util.h"

#include <stdlib.h>
#include <string.h>

bool hang_is(const struct crash_report *report)
{
	return report->main != NULL && kind_class_of(report->main) == KIND_CLASS_TIMEOUT;
}

bool hang_is_answer(const struct report *report)
{
	/* of sanitizers; of Go and debuggers; of libFuzzer */
	static const char *const kinds[] = { "ABRT", "SIGABRT*", "deadly signal" };

	for (size_t i = 0; report->kind != NULL && i < sizeof(kinds) / sizeof(*kinds); i++)
		if (ignore_matches(kinds[i], report->kind))
			return true;
	return false;
}

const struct report *hang_stopped(const struct reports *reports)
{
	for (size_t i = reports->count; i > 0; i--) {
		const struct report *report = &reports->list[i - 1];
		const struct report_stack *stack = report_crash_stack(report);

		if (stack != NULL && stack->frame_count > 0 &&
			(hang_is_answer(report) || kind_class_of(report) == KIND_CLASS_TIMEOUT))
			return report;
	}
	return NULL;
}

/* The frames of one run that are compared, the outermost first. */
struct outline {
	const struct report_stack *stack;
	size_t count, *frames; /* indices in @stack */
	char **names;
};

static struct outline outline_of(const struct report_stack *stack, const struct ignore *ignore)
{
	struct outline outline = { .stack = stack,
		.frames = allocate(stack->frame_count + 1, sizeof(*outline.frames)),
		.names = allocate(stack->frame_count + 1, sizeof(*outline.names)) };

	for (size_t i = stack->frame_count; i > 0; i--) {
		const struct report_frame *frame = &stack->frames[i - 1];
		char *name = ignore_has(ignore, frame) ? NULL : key_name(frame);

		if (name == NULL)
			continue;
		outline.frames[outline.count] = i - 1;
		outline.names[outline.count++] = name;
	}
	return outline;
}

static void outline_free(struct outline *outline)
{
	for (size_t i = 0; i < outline->count; i++)
		free(outline->names[i]);
	free(outline->names);
	free(outline->frames);
}

/* How many of the outermost functions are the same in both. */
static size_t common_of(const struct outline *a, const struct outline *b)
{
	size_t n = 0;

	while (n < a->count && n < b->count && strcmp(a->names[n], b->names[n]) == 0)
		n++;
	return n;
}

/* Of @report's runs. */
static size_t list_outlines(const struct crash_report *report, const struct ignore *ignore,
	struct outline ret[CRASH_RUNS])
{
	size_t count = 0;

	for (size_t run = 0; run <= report->again_count; run++) {
		const struct report *stopped = hang_stopped(
			run == 0 ? report->reports : report->again[run - 1].reports);

		if (stopped != NULL)
			ret[count++] = outline_of(report_crash_stack(stopped), ignore);
	}
	return count;
}

static void keep_common(
	struct crash_report *report, const struct report_stack *stack, size_t innermost)
{
	if (report->main != &report->made)
		report->made = *report->main;
	report->main = &report->made;
	report->common = (struct report_stack){ .role = stack->role,
		.frame_count = stack->frame_count - innermost,
		.frames = stack->frames + innermost };
	report->made.stacks = &report->common;
	report->made.stack_count = report->common.frame_count > 0;
}

void hang_reduce(struct crash_report *report, const struct ignore *ignore)
{
	struct outline outlines[CRASH_RUNS];
	size_t runs = hang_is(report) ? list_outlines(report, ignore, outlines) : 0, common;

	if (runs > 1) {
		common = outlines[0].count;
		for (size_t i = 1; i < runs; i++) {
			size_t n = common_of(&outlines[0], &outlines[i]);

			common = n < common ? n : common;
		}
		keep_common(report, outlines[0].stack,
			common > 0 ? outlines[0].frames[common - 1] :
				     outlines[0].stack->frame_count);
	}
	for (size_t i = 0; i < runs; i++)
		outline_free(&outlines[i]);
}
