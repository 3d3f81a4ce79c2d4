/* SPDX-License-Identifier: Apache-2.0 */
#include "crash_facts.h"

#include "base/util.h"
#include "harnesses/base/process.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "json_checks.h"

static json_t *load_newest(void)
{
	char *argv[] = { (char *)(uintptr_t) "/bin/sh", (char *)(uintptr_t) "-c",
		(char *)(uintptr_t) "ls -d runs/*-crashes* | sort -V | tail -n 1 | tr -d '\\n'",
		NULL };
	struct process_result result;
	json_t *run;

	assert_int_equal(process_run(argv, NULL, 10000, 1 << 16, &result), 0);
	run = load_json(result.output, "crashes.json");
	process_free(&result);
	return run;
}

/* The one whose @list has @index, or NULL. */
static const json_t *bucket_with(const json_t *run, const char *list, json_int_t index)
{
	size_t i, k;
	const json_t *bucket, *entry;

	json_array_foreach(json_object_get(run, "buckets"), i, bucket) {
		json_array_foreach(json_object_get(bucket, list), k, entry)
			if (json_integer_value(entry) == index)
				return bucket;
	}
	return NULL;
}

static void print_text(FILE *out, const char *name, const json_t *of, const char *field)
{
	const char *text = json_string_value(json_object_get(of, field));

	if (text != NULL)
		fprintf(out, "%s: %s %s\n", name, field, text);
}

static void print_crash(FILE *out, const json_t *run, const json_t *crash, size_t index)
{
	const char *name = string(crash, "path");
	const json_t *at = json_object_get(crash, "report");
	const json_t *report = json_is_integer(at) ?
		json_array_get(json_object_get(run, "reports"), (size_t)json_integer_value(at)) :
		NULL;
	const json_t *bucket = bucket_with(run, "members", (json_int_t)index);

	fprintf(out, "%s: %d/%d%s%s\n", name, (int)number(crash, "crashed"),
		(int)number(crash, "runs"), report != NULL ? " " : "",
		report != NULL ? string(report, "kind") : "");
	fprintf(out, "%s: %zu reports\n", name,
		json_array_size(json_object_get(report, "reports")));
	fprintf(out, "%s: %s\n", name,
		json_is_true(json_object_get(crash, "unknown")) ? "unknown" : "known");
	print_text(out, name, crash, "state");
	print_text(out, name, crash, "ended");
	if (report != NULL && json_object_get(report, "key_text") != NULL)
		fprintf(out, "%s: key %s\n", name, string(report, "key_text"));
	if (bucket == NULL)
		return;
	fprintf(out, "%s: %s %s\n", name, string(bucket, "severity"), string(bucket, "rule"));
	print_text(out, name, bucket, "title");
	print_text(out, name, bucket, "untold");
}

static void print_buckets(FILE *out, const json_t *run)
{
	const json_t *crashes = json_object_get(run, "crashes"), *bucket, *member;
	size_t i, k;

	json_array_foreach(json_object_get(run, "buckets"), i, bucket) {
		fputs("bucket of", out);
		json_array_foreach(json_object_get(bucket, "members"), k, member)
			fprintf(out, " %s",
				string(json_array_get(crashes, (size_t)json_integer_value(member)),
					"path"));
		fputc('\n', out);
	}
}

char *crash_facts(void)
{
	AUTO_JSON json_t *run = load_newest();
	const json_t *crash, *entry;
	char *text = NULL;
	size_t size, i;
	FILE *out = open_memstream(&text, &size);

	assert_non_null(out);
	json_array_foreach(json_object_get(run, "crashes"), i, crash)
		print_crash(out, run, crash, i);
	print_buckets(out, run);
	fprintf(out, "%zu buckets\n", json_array_size(json_object_get(run, "buckets")));
	fprintf(out, "%zu crashes\n", json_array_size(json_object_get(run, "crashes")));
	json_array_foreach(json_object_get(run, "passed_over"), i, entry)
		fprintf(out, "%s: %d passed over\n", string(entry, "reason"),
			(int)number(entry, "count"));
	if (json_is_string(json_object_get(run, "from_campaign")))
		fprintf(out, "taken from the campaign: %s\n", string(run, "from_campaign"));
	fclose(out);
	return text;
}
