/* SPDX-License-Identifier: Apache-2.0
 * The committed baseline, rewritten a section at a time. */
#include "baseline.h"

#include "base/json_file.h"
#include "base/util.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static json_t *cell_json(const struct plan_bytes *bytes)
{
	AUTO_FREE char *text = NULL;
	uint64_t counts[256] = { 0 };
	const char *between = "";
	char hash[17];
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (out == NULL)
		abort();
	for (uint64_t p = 0; p < bytes->count; p++)
		counts[bytes->bytes[p]]++;
	for (unsigned byte = 1; byte < 256; byte++) {
		char words[OUTCOME_WORDS_MAX];

		if (counts[byte] == 0)
			continue;
		results_outcome_words((uint8_t)byte, words);
		fprintf(out, "%s%s %" PRIu64, between, words, counts[byte]);
		between = ", ";
	}
	plan_bytes_hash(bytes, hash);
	fprintf(out, "; plans %s", hash);
	fclose(out);
	return json_string(text);
}

static json_t *cells_json(const struct plan_bytes_list *plans)
{
	json_t *cells = json_object();

	for (size_t i = 0; i < plans->count; i++) {
		AUTO_FREE char *name = cell_name(plans->list[i].cell);

		json_object_set_new(cells, name, cell_json(&plans->list[i]));
	}
	return cells;
}

static json_t *reproducers_json(const struct baseline_reproducer *reproducers, size_t count)
{
	json_t *json = json_object();

	for (size_t i = 0; i < count; i++) {
		const struct baseline_reproducer *one = &reproducers[i];
		bool has_cause = one->cause != CAUSE_NONE;
		AUTO_FREE char *text = format("%s%s%s %u of %u", verdict_slug(one->verdict),
			has_cause ? "/" : "", has_cause ? cause_slug(one->cause) : "", one->again,
			one->tries);

		json_object_set_new(json, one->path, json_string(text));
	}
	return json;
}

/* @list without the section of @toolchain, which comes back in its place. */
static json_t *put_section(const json_t *list, json_t *section)
{
	json_t *sections = json_array(), *old;
	const char *toolchain = json_file_text(section, "toolchain");
	bool is_in = false;
	size_t i;

	json_array_foreach((json_t *)(uintptr_t)list, i, old) {
		int order = strcmp(json_file_text(old, "toolchain"), toolchain);

		if (order >= 0 && !is_in) {
			json_array_append(sections, section);
			is_in = true;
		}
		if (order != 0)
			json_array_append(sections, old);
	}
	if (!is_in)
		json_array_append(sections, section);
	return sections;
}

/* The old sections; NULL and a message when there is a file that is none of ours. */
static json_t *old_sections(const char *path, int *ret_errno, char **ret_error)
{
	struct baseline baseline;
	AUTO_FREE char *why = NULL;
	AUTO_JSON json_t *json = NULL;
	int error = baseline_read(path, &baseline, &why), ignored;

	baseline_free(&baseline);
	if (error == -ENOENT)
		return json_array();
	if (error == 0)
		json = json_file_read(path, BASELINE_SCHEMA, &ignored, &why);
	if (json != NULL)
		return json_incref(json_object_get(json, "sections"));
	*ret_errno = error;
	*ret_error = format("%s; it is left alone: git checkout or remove it", why);
	return NULL;
}

int baseline_write(const char *path, const struct measurement *run, const json_t *options,
	const struct baseline_reproducer *reproducers, size_t reproducer_count, char **ret_error)
{
	AUTO_FREE char *plans_path = baseline_plans_path(path, run->toolchain);
	AUTO_JSON json_t *sections = NULL;
	AUTO_JSON json_t *section = NULL;
	AUTO_JSON json_t *document = NULL;
	struct plan_bytes_list plans = { 0 };
	int error = 0;
	AUTO_JSON json_t *old = old_sections(path, &error, ret_error);

	if (old == NULL)
		return error;
	error = plan_bytes_of_run(run, &plans, ret_error);
	if (error != 0)
		goto end;
	section = json_pack("{ss si si sI sI si sO so so}", "toolchain", run->toolchain,
		"plan_version", run->plan_version, "stage_version", run->stage_version, "seed",
		(json_int_t)run->parts[0].sample.seed, "inputs",
		(json_int_t)run->parts[0].sample.inputs, "audits", (int)run->audits, "options",
		options, "cells", cells_json(&plans), "reproducers",
		reproducers_json(reproducers, reproducer_count));
	sections = put_section(old, section);
	document = json_pack("{ss sO}", "schema", BASELINE_SCHEMA, "sections", sections);
	/* the plans first: their hashes then tell a pair that was torn apart */
	error = outcome_archive_write(plans_path, &plans);
	if (error == 0)
		error = file_write_json(path, document);
	if (error != 0)
		*ret_error = format("%s: %s", path, strerror(-error));
end:
	plan_bytes_free(&plans);
	return error;
}
