/* SPDX-License-Identifier: Apache-2.0
 * Buckets as JSON: crashes.json, which diff and why read again. */
#include "base/escape.h"
#include "buckets.h"
#include "formats/source.h"
#include "parse/print.h"

#include <stdlib.h>

#include <string.h>

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
static json_t *report_object(const struct crash_buckets *findings, size_t index)
{
	const struct crash_report *report = findings->crashes->reports[index];
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

	return json_pack("{so ss sI ss si si sb sb so so sb}", "path", escape_json(crash->path),
		"hash", crash->hash, "size", (json_int_t)crash->size, "state", states[crash->state],
		"runs", (int)crash->runs, "crashed", (int)crash->crashed, "varies", crash->varies,
		"reused", crash->reused, "report",
		crash->report != CRASH_NONE ? json_integer((json_int_t)crash->report) : json_null(),
		"ended", escape_json(crash->ended), "unknown", crash->unknown);
}

static json_t *indices(const size_t *list, size_t count)
{
	json_t *array = json_array();

	for (size_t i = 0; i < count; i++)
		json_array_append_new(array, json_integer((json_int_t)list[i]));
	return array;
}

static json_t *take(char *text)
{
	json_t *json = escape_json(text);

	free(text);
	return json;
}

/* An array of lines: a string with newlines is none that base/json_file.h would read back. */
static json_t *source_json(const struct report_frame *frame)
{
	char *text = source_around(frame->file, frame->line.value), *rest = text;
	json_t *lines = text != NULL ? json_array() : json_null();

	for (char *line = strsep(&rest, "\n"); line != NULL && rest != NULL;
		line = strsep(&rest, "\n"))
		json_array_append_new(lines, escape_json(line));
	free(text);
	return lines;
}

static json_t *bucket_object(
	const struct crash_buckets *findings, const struct crash_bucket *finding)
{
	const struct crash *crash = &findings->crashes->list[finding->members[0]];
	const struct report_frame *frame = crash_bucket_frame(findings, finding);
	bool placed = frame != NULL && frame->file != NULL;

	return json_pack("{ss ss ss so so so so so so so sI so so so so sI so so so so}", "id",
		finding->id, "severity", severity_word(finding->severity->severity), "rule",
		finding->severity->slug, "because", take(crash_bucket_words(findings, finding)),
		"title", take(crash_bucket_title(findings, finding)), "together",
		take(crash_bucket_why(findings, finding)), "also",
		take(crash_bucket_kinds(findings, finding)), "file",
		placed ? escape_json(frame->file) : json_null(), "line",
		placed && frame->line.known ? json_integer((json_int_t)frame->line.value) :
					      json_null(),
		"source", placed && frame->line.known ? source_json(frame) : json_null(), "report",
		(json_int_t)finding->report, "reports",
		indices(finding->reports, finding->report_count), "members",
		indices(finding->members, finding->count), "reproducer", escape_json(crash->path),
		"command", take(crash_bucket_command(findings, finding)), "family",
		(json_int_t)finding->family, "kin", take(crash_bucket_kin(findings, finding)),
		"passed_over", take(crash_bucket_passed(findings, finding)), "untold",
		escape_json(key_untold_words(finding->untold)), "next",
		take(crash_bucket_next(findings, finding)));
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
				group_join_words(groups->links[i].join)));
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

json_t *crash_buckets_json(const struct crash_buckets *findings)
{
	const struct crashes *crashes = findings->crashes;
	const char *id = strrchr(findings->directory, '/');
	json_t *list = json_array(), *reports = json_array(), *buckets = json_array();

	for (size_t i = 0; i < crashes->count; i++)
		json_array_append_new(list, crash_object(&crashes->list[i]));
	for (size_t i = 0; i < crashes->report_count; i++)
		json_array_append_new(reports, report_object(findings, i));
	for (size_t i = 0; i < findings->count; i++)
		json_array_append_new(buckets, bucket_object(findings, &findings->list[i]));
	return json_pack("{ss ss si sb so sb sf sI so so so so so so}", "schema",
		CRASH_BUCKETS_SCHEMA, "id", id != NULL ? id + 1 : findings->directory,
		"key_version", KEY_VERSION, "complete", findings->complete, "target",
		target_json(findings->target), "forkserver", findings->forks, "wall_s",
		findings->wall_s, "executions", (json_int_t)findings->executions, "buckets",
		buckets, "crashes", list, "reports", reports, "links",
		links_json(&findings->groups), "passed_over", passed_json(findings->inputs),
		"from_campaign",
		escape_json(findings->inputs != NULL ? findings->inputs->setup.taken : NULL));
}
