/* SPDX-License-Identifier: Apache-2.0
 * Buckets as SARIF and as JUnit. */
#include "base/util.h"
#include "buckets.h"
#include "formats/junit.h"
#include "formats/sarif.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define VERSION "3"
#define PRINT   "fencepostKey/v3"

static const char *level_of(enum severity severity)
{
	return severity <= SEVERITY_PROBABLY_EXPLOITABLE ? "error" :
		severity == SEVERITY_NOT_EXPLOITABLE     ? "warning" :
							   "note";
}

static char *rule_of(const struct report *report)
{
	return format("%s/%s", report->tool_name != NULL ? report->tool_name : "unknown",
		report->kind != NULL ? report->kind : "unknown");
}

static struct sarif_place place_of(const struct report_frame *frame)
{
	return (struct sarif_place){ .file = frame->file,
		.line = frame->line.value,
		.column = frame->column.value,
		.function = frame->function,
		.module = frame->module };
}

/* The caller frees the list and the frames of each. */
static struct sarif_stack *stacks_of(const struct report *report)
{
	struct sarif_stack *stacks = calloc(report->stack_count + 1, sizeof(*stacks));

	if (stacks == NULL)
		abort();
	for (size_t s = 0; s < report->stack_count; s++) {
		const struct report_stack *stack = &report->stacks[s];
		struct sarif_place *frames = calloc(stack->frame_count + 1, sizeof(*frames));

		if (frames == NULL)
			abort();
		for (size_t i = 0; i < stack->frame_count; i++)
			frames[i] = place_of(&stack->frames[i]);
		stacks[s] = (struct sarif_stack){ report_role_words(stack->role),
			stack->frame_count, frames };
	}
	return stacks;
}

static void add_result(
	json_t *sarif, const struct crash_buckets *findings, const struct crash_bucket *finding)
{
	const struct report *report = findings->crashes->reports[finding->report]->main;
	const struct crash *crash = &findings->crashes->list[finding->members[0]];
	const struct report_frame *frame = crash_bucket_frame(findings, finding);
	AUTO_FREE char *rule = rule_of(report);
	AUTO_FREE char *title = crash_bucket_title(findings, finding);
	AUTO_FREE char *words = crash_bucket_words(findings, finding);
	AUTO_FREE char *message = format("%s: %s. Reproducer: %s", title, words, crash->path);
	AUTO_JSON json_t *properties = json_pack("{ss ss si ss*}", "severity",
		severity_word(finding->severity->severity), "rule", finding->severity->slug,
		"family", (int)finding->family, "untold", key_untold_words(finding->untold));
	struct sarif_stack *stacks = stacks_of(report);

	sarif_add_rule(sarif,
		&(struct sarif_rule){
			rule, report->kind != NULL ? report->kind : "unknown", NULL });
	sarif_add_result(sarif,
		&(struct sarif_result){ .rule = rule,
			.level = level_of(finding->severity->severity),
			.message = message,
			/* a result without a place is not shown: then the file that shows it */
			.place = frame != NULL && frame->file != NULL ?
				place_of(frame) :
				(struct sarif_place){ .file = crash->path },
			.print_name = PRINT,
			.print = finding->id,
			.occurrences = finding->count,
			.stack_count = report->stack_count,
			.stacks = stacks,
			.properties = properties });
	for (size_t s = 0; s < report->stack_count; s++)
		free((void *)(uintptr_t)stacks[s].frames);
	free(stacks);
}

json_t *crash_buckets_sarif(const struct crash_buckets *findings)
{
	json_t *sarif = sarif_new("fencepost triage crashes", VERSION);

	for (size_t i = 0; i < findings->count; i++)
		add_result(sarif, findings, &findings->list[i]);
	return sarif;
}

/* ---- JUnit ----------------------------------------------------------------------------------- */

static char *details_of(const struct crash_buckets *findings, const struct crash_bucket *finding)
{
	const struct report *report = findings->crashes->reports[finding->report]->main;
	const struct report_stack *stack = report_crash_stack(report);
	AUTO_FREE char *why = crash_bucket_why(findings, finding);
	AUTO_FREE char *kin = crash_bucket_kin(findings, finding);
	AUTO_FREE char *words = crash_bucket_words(findings, finding);
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (out == NULL)
		abort();
	fprintf(out, "%s (%s)\n%zu files; %s%s\n%s%s", words, finding->severity->slug,
		finding->count, finding->untold == KEY_TOLD ? "together because: " : "", why,
		kin != NULL ? kin : "", kin != NULL ? "\n" : "");
	for (size_t i = 0; stack != NULL && i < stack->frame_count; i++)
		fprintf(out, "#%zu %s %s:%" PRIu64 "\n", i,
			stack->frames[i].function != NULL ? stack->frames[i].function : "?",
			stack->frames[i].file != NULL           ? stack->frames[i].file :
				stack->frames[i].module != NULL ? stack->frames[i].module :
								  "?",
			stack->frames[i].line.value);
	for (size_t i = 0; i < finding->count; i++)
		fprintf(out, "%s\n", findings->crashes->list[finding->members[i]].path);
	if (fclose(out) != 0)
		abort();
	return text;
}

static void add_bucket(struct junit *junit, const struct crash_buckets *findings,
	const struct crash_bucket *finding)
{
	const struct report_frame *frame = crash_bucket_frame(findings, finding);
	AUTO_FREE char *title = crash_bucket_title(findings, finding);
	AUTO_FREE char *details = details_of(findings, finding);
	AUTO_FREE char *name = format("%s %s", finding->id, title);

	junit_case(junit,
		&(struct junit_case){ .classname = "crashes",
			.name = name,
			.result = JUNIT_FAILED,
			.type = severity_word(finding->severity->severity),
			.message = title,
			.text = details,
			.file = frame != NULL ? frame->file : NULL,
			.line = frame != NULL ? (unsigned)frame->line.value : 0 });
}

static void add_rest(struct junit *junit, const struct crash *crash)
{
	struct junit_case test = { .classname = "crashes", .name = crash->path };

	switch (crash->state) {
	case CRASH_DONE:
		test.result = crash->unknown ? JUNIT_ERROR : JUNIT_PASSED;
		test.message = crash->unknown ? "unknown: a sanitizer's report may be lost" : NULL;
		test.output = crash->ended;
		break;
	case CRASH_WAITING:
		test.result = JUNIT_SKIPPED;
		test.message = "not run: interrupted";
		break;
	case CRASH_GONE:
		test.result = JUNIT_SKIPPED;
		test.message = "deleted after it was found";
		break;
	default:
		test.result = JUNIT_ERROR;
		test.message = crash->state == CRASH_UNREADABLE ? "cannot be read" :
								  "the target could not be run";
		break;
	}
	junit_case(junit, &test);
}

char *crash_buckets_junit(const struct crash_buckets *findings)
{
	struct junit *junit = junit_open("fencepost triage crashes");

	junit_suite(junit, "buckets");
	for (size_t i = 0; i < findings->count; i++)
		add_bucket(junit, findings, &findings->list[i]);
	junit_suite(junit, "files that do not crash");
	for (size_t i = 0; i < findings->crashes->count; i++)
		if (findings->crashes->list[i].report == CRASH_NONE)
			add_rest(junit, &findings->crashes->list[i]);
	return junit_close(junit);
}
