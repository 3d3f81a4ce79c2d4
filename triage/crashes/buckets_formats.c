/* SPDX-License-Identifier: Apache-2.0
 * Buckets as JSON, which is crashes.json, as SARIF and as JUnit XML. */
#include "buckets_formats.h"

#include "base/escape.h"
#include "base/util.h"
#include "buckets.h"
#include "buckets_words.h"
#include "formats/junit.h"
#include "formats/sarif.h"
#include "parse/print.h"
#include "runs/kinds.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define VERSION "3"
#define PRINT   "fencepostKey/v3"

/* ---- JSON: crashes.json, which diff and why read again -------------------------------------------- */

static json_t *optional(const char *text)
{
	return escape_json(text);
}

static json_t *frames_json(const struct key *key)
{
	json_t *frames = json_array();

	for (size_t i = 0; i < key->count; i++)
		json_array_append_new(frames,
			json_pack("{so so}", "name", optional(key->frames[i].name), "place",
				optional(key->frames[i].place)));
	return frames;
}

/* What keys are compared by, and the report as triage parse has it. */
static json_t *report_object(const struct crash_buckets *buckets, size_t index)
{
	const struct crash_report *report = buckets->crashes->reports[index];
	const struct key *key = &report->key;
	json_t *parsed = report_json(NULL, report->reports);
	json_t *object = json_pack("{ss so ss ss so so so so so sI ss*}", "key", key->hex,
		"key_text", optional(key->text), "tool", report_tool_slug(key->tool), "class",
		kind_class_word(key->class), "access",
		key->access != REPORT_ACCESS_NONE ? json_string(report_access_word(key->access)) :
						    json_null(),
		"side", optional(report_relation_word(key->side)), "kind",
		optional(report->main->kind), "object", optional(key->object), "frames",
		frames_json(key), "site", (json_int_t)key->site, "untold",
		key_untold_words(key->untold));

	json_object_set(object, "reports", json_object_get(parsed, "reports"));
	json_decref(parsed);
	return object;
}

static json_t *crash_object(const struct crash *crash)
{
	static const char *const states[] = { "waiting", "done", "gone", "unreadable", "failed" };

	return json_pack("{so ss sI ss si si sb sb so so sb so}", "path", escape_json(crash->path),
		"hash", crash->hash, "size", (json_int_t)crash->size, "state", states[crash->state],
		"runs", (int)crash->runs, "crashed", (int)crash->crashed, "varies", crash->varies,
		"reused", crash->reused, "report",
		crash->report != CRASH_NONE ? json_integer((json_int_t)crash->report) : json_null(),
		"ended", escape_json(crash->ended), "unknown", crash->unknown, "seen",
		crash->seen_s != 0 ? json_integer(crash->seen_s) : json_null());
}

static json_t *indices(const size_t *list, size_t count)
{
	json_t *array = json_array();

	for (size_t i = 0; i < count; i++)
		json_array_append_new(array, json_integer((json_int_t)list[i]));
	return array;
}

/* An array of lines: a string with newlines is none that base/json_file.h would read back. */
static json_t *source_json(const char *source)
{
	AUTO_FREE char *text = source != NULL ? format("%s", source) : NULL;
	char *rest = text;
	json_t *lines = text != NULL ? json_array() : json_null();

	for (char *line = strsep(&rest, "\n"); line != NULL && rest != NULL;
		line = strsep(&rest, "\n"))
		json_array_append_new(lines, escape_json(line));
	return lines;
}

static json_t *bucket_object(const struct crash_buckets *buckets, const struct crash_bucket *bucket)
{
	const struct crash *crash = &buckets->crashes->list[bucket->members[0]];
	AUTO_BUCKET_WORDS struct bucket_words words = bucket_words_of(buckets, bucket);
	const struct report_frame *frame = words.frame;
	bool placed = frame != NULL && frame->file != NULL;

	return json_pack("{ss ss ss so so so so so so so sI so so so so sI so so so so}", "id",
		bucket->id, "severity", severity_word(bucket->severity->severity), "rule",
		bucket->severity->slug, "because", escape_json(words.because), "title",
		escape_json(words.title), "together", escape_json(words.together), "also",
		escape_json(words.also), "file", placed ? escape_json(frame->file) : json_null(),
		"line",
		placed && frame->line.known ? json_integer((json_int_t)frame->line.value) :
					      json_null(),
		"source", source_json(words.source), "report", (json_int_t)bucket->report,
		"reports", indices(bucket->reports, bucket->report_count), "members",
		indices(bucket->members, bucket->count), "reproducer", escape_json(crash->path),
		"command", escape_json(words.command), "family", (json_int_t)bucket->family, "kin",
		escape_json(words.kin), "passed_over", escape_json(words.passed), "untold",
		escape_json(key_untold_words(bucket->untold)), "next", escape_json(words.next));
}

/* What was not run: how many, why, and where. */
static json_t *passed_json(const struct inputs *inputs)
{
	json_t *list = json_array();

	for (int reason = 0; inputs != NULL && reason < INPUTS_PASSED_COUNT; reason++) {
		json_t *paths;

		if (inputs->passed[reason] == 0)
			continue;
		paths = json_array();
		for (size_t i = 0; i < inputs->passed_count; i++)
			if (inputs->passed_list[i].reason == (enum inputs_passed)reason)
				json_array_append_new(
					paths, escape_json(inputs->passed_list[i].path));
		json_array_append_new(list,
			json_pack("{ss ss sI so}", "reason",
				inputs_passed_slug((enum inputs_passed)reason), "words",
				inputs_passed_words((enum inputs_passed)reason), "count",
				(json_int_t)inputs->passed[reason], "paths", paths));
	}
	return list;
}

static json_t *links_json(const struct groups *groups)
{
	json_t *links = json_array();

	for (size_t i = 0; i < groups->link_count; i++)
		json_array_append_new(links,
			json_pack("{sI sI ss}", "a", (json_int_t)groups->links[i].a, "b",
				(json_int_t)groups->links[i].b, "because",
				relation_words(groups->links[i].join)));
	return links;
}

static json_t *target_json(const struct program *target)
{
	json_t *arguments = json_array();

	for (size_t i = 1; target->argv[i] != NULL; i++)
		json_array_append_new(arguments, escape_json(target->argv[i]));
	return json_pack(
		"{so so}", "program", escape_json(target->program), "arguments", arguments);
}

json_t *crash_buckets_json(const struct crash_buckets *buckets)
{
	const struct crashes *crashes = buckets->crashes;
	const char *id = strrchr(buckets->directory, '/');
	json_t *list = json_array(), *reports = json_array(), *listed = json_array();

	for (size_t i = 0; i < crashes->count; i++)
		json_array_append_new(list, crash_object(&crashes->list[i]));
	for (size_t i = 0; i < crashes->report_count; i++)
		json_array_append_new(reports, report_object(buckets, i));
	for (size_t i = 0; i < buckets->count; i++)
		json_array_append_new(listed, bucket_object(buckets, &buckets->list[i]));
	return json_pack("{ss ss si sb so sb sf sI so so so so so so}", "schema",
		CRASH_BUCKETS_SCHEMA, "id", id != NULL ? id + 1 : buckets->directory, "key_version",
		KEY_VERSION, "complete", buckets->complete, "target", target_json(buckets->target),
		"forkserver", buckets->forks, "wall_s", buckets->wall_s, "executions",
		(json_int_t)buckets->executions, "buckets", listed, "crashes", list, "reports",
		reports, "links", links_json(&buckets->groups), "passed_over",
		passed_json(buckets->inputs), "from_campaign",
		escape_json(buckets->inputs != NULL ? buckets->inputs->setup.taken : NULL));
}

/* ---- SARIF ----------------------------------------------------------------------------------- */

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
	struct sarif_stack *stacks = allocate(report->stack_count + 1, sizeof(*stacks));

	for (size_t s = 0; s < report->stack_count; s++) {
		const struct report_stack *stack = &report->stacks[s];
		struct sarif_place *frames = allocate(stack->frame_count + 1, sizeof(*frames));

		for (size_t i = 0; i < stack->frame_count; i++)
			frames[i] = place_of(&stack->frames[i]);
		stacks[s] = (struct sarif_stack){ report_role_words(stack->role),
			stack->frame_count, frames };
	}
	return stacks;
}

static void add_result(
	json_t *sarif, const struct crash_buckets *buckets, const struct crash_bucket *bucket)
{
	const struct report *report = buckets->crashes->reports[bucket->report]->main;
	const struct crash *crash = &buckets->crashes->list[bucket->members[0]];
	AUTO_BUCKET_WORDS struct bucket_words words = bucket_words_of(buckets, bucket);
	const struct report_frame *frame = words.frame;
	AUTO_FREE char *rule = rule_of(report);
	AUTO_FREE char *message = format(
		"%s: %s. Reproducer: %s", words.title, words.because, crash->path);
	AUTO_JSON json_t *properties = json_pack("{ss ss si ss*}", "severity",
		severity_word(bucket->severity->severity), "rule", bucket->severity->slug, "family",
		(int)bucket->family, "untold", key_untold_words(bucket->untold));
	struct sarif_stack *stacks = stacks_of(report);

	sarif_add_rule(sarif,
		&(struct sarif_rule){
			rule, report->kind != NULL ? report->kind : "unknown", NULL });
	sarif_add_result(sarif,
		&(struct sarif_result){ .rule = rule,
			.level = level_of(bucket->severity->severity),
			.message = message,
			/* a result without a place is not shown: then the file that shows it */
			.place = frame != NULL && frame->file != NULL ?
				place_of(frame) :
				(struct sarif_place){ .file = crash->path },
			.print_name = PRINT,
			.print = bucket->id,
			.occurrences = bucket->count,
			.stack_count = report->stack_count,
			.stacks = stacks,
			.properties = properties });
	for (size_t s = 0; s < report->stack_count; s++)
		free((void *)(uintptr_t)stacks[s].frames);
	free(stacks);
}

json_t *crash_buckets_sarif(const struct crash_buckets *buckets)
{
	json_t *sarif = sarif_new("fencepost triage crashes", VERSION);

	for (size_t i = 0; i < buckets->count; i++)
		add_result(sarif, buckets, &buckets->list[i]);
	return sarif;
}

/* ---- JUnit ----------------------------------------------------------------------------------- */

static char *details_of(const struct crash_buckets *buckets, const struct crash_bucket *bucket,
	const struct bucket_words *words)
{
	const struct report *report = buckets->crashes->reports[bucket->report]->main;
	const struct report_stack *stack = report_crash_stack(report);
	char *text = NULL;
	size_t size;
	FILE *out = text_open(&text, &size);

	fprintf(out, "%s (%s)\n%zu files; %s%s\n%s%s", words->because, bucket->severity->slug,
		bucket->count, bucket->untold == KEY_TOLD ? "together because: " : "",
		words->together, words->kin != NULL ? words->kin : "",
		words->kin != NULL ? "\n" : "");
	for (size_t i = 0; stack != NULL && i < stack->frame_count; i++)
		fprintf(out, "#%zu %s %s:%" PRIu64 "\n", i,
			stack->frames[i].function != NULL ? stack->frames[i].function : "?",
			stack->frames[i].file != NULL           ? stack->frames[i].file :
				stack->frames[i].module != NULL ? stack->frames[i].module :
								  "?",
			stack->frames[i].line.value);
	for (size_t i = 0; i < bucket->count; i++)
		fprintf(out, "%s\n", buckets->crashes->list[bucket->members[i]].path);
	text_close(out);
	return text;
}

static void add_bucket(
	struct junit *junit, const struct crash_buckets *buckets, const struct crash_bucket *bucket)
{
	AUTO_BUCKET_WORDS struct bucket_words words = bucket_words_of(buckets, bucket);
	const struct report_frame *frame = words.frame;
	AUTO_FREE char *details = details_of(buckets, bucket, &words);
	AUTO_FREE char *name = format("%s %s", bucket->id, words.title);

	junit_case(junit,
		&(struct junit_case){ .classname = "crashes",
			.name = name,
			.result = JUNIT_FAILED,
			.type = severity_word(bucket->severity->severity),
			.message = words.title,
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

char *crash_buckets_junit(const struct crash_buckets *buckets)
{
	struct junit *junit = junit_open("fencepost triage crashes");

	junit_suite(junit, "buckets");
	for (size_t i = 0; i < buckets->count; i++)
		add_bucket(junit, buckets, &buckets->list[i]);
	junit_suite(junit, "files that do not crash");
	for (size_t i = 0; i < buckets->crashes->count; i++)
		if (buckets->crashes->list[i].report == CRASH_NONE)
			add_rest(junit, &buckets->crashes->list[i]);
	return junit_close(junit);
}
