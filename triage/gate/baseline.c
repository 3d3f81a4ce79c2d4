/* SPDX-License-Identifier: Apache-2.0
 * The committed baseline, read as the edited file that it may be, and rewritten a section at a time. */
#include "baseline.h"

#include "base/json_file.h"
#include "base/util.h"
#include "runs/toolchain.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define INPUTS_MAX 1000000000u
#define TRIES_MAX  1000u

/* ---- reading --------------------------------------------------------------------------------- */

/* A whole number of digits alone; what follows is in *ret_end. */
static bool take_number(const char *text, uint64_t most, uint64_t *ret, const char **ret_end)
{
	size_t digits = strspn(text, "0123456789");

	if (digits == 0 || digits > 15)
		return false;
	*ret = strtoull(text, NULL, 10);
	*ret_end = text + digits;
	return *ret <= most;
}

/* The outcome whose words begin @text, or OUTCOME_NONE. */
static uint8_t take_outcome(const char *text, const char **ret_end)
{
	size_t length = strcspn(text, " ");

	for (unsigned byte = 1; byte < 256; byte++) {
		char words[OUTCOME_WORDS_MAX];

		if (!outcome_is_valid((uint8_t)byte))
			continue;
		results_outcome_words((uint8_t)byte, words);
		if (strlen(words) == length && strncmp(text, words, length) == 0) {
			*ret_end = text + length;
			return (uint8_t)byte;
		}
	}
	return OUTCOME_NONE;
}

/* "right 4342, clean 9940; plans 8f3a..." */
static bool parse_cell(const char *text, struct baseline_cell *ret)
{
	for (;;) {
		uint8_t byte = take_outcome(text, &text);
		uint64_t count;

		if (byte == OUTCOME_NONE || ret->counts[byte] != 0 || *text != ' ' ||
			!take_number(text + 1, INPUTS_MAX, &count, &text) || count == 0)
			return false;
		ret->counts[byte] = count;
		ret->plans += count;
		if (strncmp(text, ", ", 2) != 0)
			break;
		text += 2;
	}
	if (strncmp(text, "; plans ", 8) != 0 || strlen(text + 8) != 16 ||
		strspn(text + 8, "0123456789abcdef") != 16)
		return false;
	memcpy(ret->hash, text + 8, 17);
	return true;
}

static void add_gone(struct baseline_section *section, const char *name)
{
	char *longer = format("%s %s", section->gone != NULL ? section->gone : "", name);

	free(section->gone);
	section->gone = longer;
}

static int read_cells(
	const struct json_reader *reader, const json_t *cells, struct baseline_section *section)
{
	const char *name;
	json_t *value;

	if (json_object_size(cells) == 0)
		return json_reader_fail(reader, "no cells");
	section->cells = allocate(json_object_size(cells), sizeof(*section->cells));
	json_object_foreach((json_t *)(uintptr_t)cells, name, value) {
		struct baseline_cell *cell = &section->cells[section->cell_count];
		AUTO_FREE char *why = NULL;

		*cell = (struct baseline_cell){ 0 };
		if (!json_is_string(value) || !parse_cell(json_string_value(value), cell))
			return json_reader_fail(
				reader, "cell \"%s\" must have counts and a hash", name);
		if (cell->plans != section->inputs)
			return json_reader_fail(reader,
				"cell \"%s\" has %" PRIu64 " plans, the section %" PRIu64, name,
				cell->plans, section->inputs);
		if (cell_parse(name, &cell->cell, &why) != 0)
			add_gone(section, name);
		else
			section->cell_count++;
	}
	return 0;
}

/* "trap 10 of 10" */
static bool parse_reproducer(const char *text, struct baseline_reproducer *ret)
{
	uint8_t byte = OUTCOME_NONE;
	uint64_t again, tries;

	/* older baselines do not tell the cause */
	if (strncmp(text, "silent ", 7) == 0) {
		ret->verdict = VERDICT_SILENT;
		text += 6;
	} else {
		byte = take_outcome(text, &text);
		if (byte == OUTCOME_NONE)
			return false;
		ret->verdict = outcome_verdict(byte);
		ret->cause = outcome_cause(byte);
	}
	if (*text != ' ' || !take_number(text + 1, TRIES_MAX, &again, &text) ||
		strncmp(text, " of ", 4) != 0 || !take_number(text + 4, TRIES_MAX, &tries, &text) ||
		*text != '\0' || again > tries || tries == 0)
		return false;
	ret->again = (unsigned)again;
	ret->tries = (unsigned)tries;
	return true;
}

static int read_reproducers(
	const struct json_reader *reader, const json_t *list, struct baseline_section *section)
{
	const char *path;
	json_t *value;

	section->reproducers = allocate(json_object_size(list) + 1, sizeof(*section->reproducers));
	json_object_foreach((json_t *)(uintptr_t)list, path, value) {
		struct baseline_reproducer *one = &section->reproducers[section->reproducer_count];

		if (strstr(path, "..") != NULL || *path == '/' || !json_is_string(value) ||
			!parse_reproducer(json_string_value(value), one))
			return json_reader_fail(
				reader, "reproducer \"%s\" is not \"VERDICT k of n\"", path);
		one->path = format("%s", path);
		section->reproducer_count++;
	}
	return 0;
}

static bool read_whole(const json_t *json, const char *key, json_int_t most, json_int_t *ret)
{
	const json_t *value = json_object_get(json, key);

	*ret = json_integer_value(value);
	return json_is_integer(value) && *ret >= 0 && *ret <= most;
}

static int read_section(
	const struct json_reader *at, const json_t *json, struct baseline_section *ret)
{
	const json_t *options = json_object_get(json, "options");
	struct json_reader reader = *at;
	json_int_t plan, stage, seed, inputs, audits;
	int error;

	ret->toolchain = format("%s", json_file_text(json, "toolchain"));
	reader.section = ret->toolchain;
	if (*ret->toolchain == '\0')
		return json_reader_fail(&reader, "no toolchain");
	if (!read_whole(json, "plan_version", 255, &plan) ||
		!read_whole(json, "stage_version", 255, &stage) ||
		!read_whole(json, "seed", INT64_MAX / 10, &seed) ||
		!read_whole(json, "inputs", INPUTS_MAX, &inputs) || inputs == 0 ||
		!read_whole(json, "audits", 10000, &audits) || !json_is_object(options))
		return json_reader_fail(&reader,
			"plan_version, stage_version, seed, inputs, audits or options is "
			"missing or nonsense");
	ret->plan_version = (int)plan;
	ret->stage_version = (int)stage;
	ret->seed = (uint64_t)seed;
	ret->inputs = (uint64_t)inputs;
	ret->audits = (unsigned)audits;
	ret->options = json_deep_copy(options);
	error = read_cells(&reader, json_object_get(json, "cells"), ret);
	return error != 0 ? error :
			    read_reproducers(&reader, json_object_get(json, "reproducers"), ret);
}

int baseline_read(const char *path, struct baseline *ret, char **ret_error)
{
	struct json_reader reader = { path, "", NULL, ret_error };
	int error = 0;
	AUTO_JSON json_t *json = json_file_read(path, BASELINE_SCHEMA, &error, ret_error);
	const json_t *sections = json_object_get(json, "sections"), *section;
	size_t i;

	*ret = (struct baseline){ .path = format("%s", path) };
	if (json == NULL)
		return error;
	if (json_array_size(sections) == 0) {
		*ret_error = format("%s: no sections", path);
		return -EINVAL;
	}
	ret->sections = allocate(json_array_size(sections), sizeof(*ret->sections));
	error = 0;
	json_array_foreach((json_t *)(uintptr_t)sections, i, section) {
		ret->count++;
		error = read_section(&reader, section, &ret->sections[i]);
		if (error != 0)
			break;
	}
	return error;
}

static void section_free(struct baseline_section *section)
{
	for (size_t i = 0; i < section->reproducer_count; i++)
		free(section->reproducers[i].path);
	free(section->reproducers);
	free(section->cells);
	free(section->toolchain);
	free(section->gone);
	json_decref(section->options);
}

void baseline_free(struct baseline *baseline)
{
	for (size_t i = 0; i < baseline->count; i++)
		section_free(&baseline->sections[i]);
	free(baseline->sections);
	free(baseline->path);
	*baseline = (struct baseline){ 0 };
}

/* ---- looking up ------------------------------------------------------------------------------ */

const struct baseline_section *baseline_nearest(
	const struct baseline *baseline, const char *toolchain)
{
	const struct baseline_section *nearest = NULL;
	uint64_t least = UINT64_MAX;

	for (size_t i = 0; i < baseline->count; i++) {
		const struct baseline_section *section = &baseline->sections[i];
		uint64_t distance = toolchain_is_part(toolchain, section->toolchain) ?
			0 :
			1 + toolchain_distance(toolchain, section->toolchain);

		if (distance < least) {
			least = distance;
			nearest = section;
		}
	}
	return nearest;
}

const struct baseline_cell *baseline_find(const struct baseline_section *section, struct cell cell)
{
	for (size_t i = 0; i < section->cell_count; i++)
		if (section->cells[i].cell.class == cell.class &&
			section->cells[i].cell.idiom == cell.idiom &&
			section->cells[i].cell.detector == cell.detector)
			return &section->cells[i];
	return NULL;
}

const struct baseline_reproducer *baseline_find_reproducer(
	const struct baseline_section *section, const char *path)
{
	for (size_t i = 0; i < section->reproducer_count; i++)
		if (strcmp(section->reproducers[i].path, path) == 0)
			return &section->reproducers[i];
	return NULL;
}

char *baseline_plans_path(const char *path, const char *toolchain)
{
	AUTO_FREE char *slug = toolchain_slug(toolchain);
	size_t length = strlen(path);

	if (length > 5 && strcmp(path + length - 5, ".json") == 0)
		length -= 5;
	return format("%.*s.%s.z", (int)length, path, slug);
}

int baseline_plans(const char *path, const struct baseline_section *section,
	struct plan_bytes_list *ret, char **ret_error)
{
	AUTO_FREE char *file = baseline_plans_path(path, section->toolchain);
	int error = outcome_archive_read(file, ret, ret_error);

	for (size_t i = 0; i < section->cell_count && error == 0; i++) {
		const struct plan_bytes *bytes = plan_bytes_find(ret, section->cells[i].cell);
		AUTO_FREE char *name = cell_name(section->cells[i].cell);
		char hash[17] = "none";

		if (bytes != NULL)
			plan_bytes_hash(bytes, hash);
		if (strcmp(hash, section->cells[i].hash) == 0)
			continue;
		*ret_error = format(
			"%s: the plans of cell %s are not those of %s", file, name, path);
		error = -EINVAL;
	}
	return error;
}

/* ---- writing --------------------------------------------------------------------------------- */

static json_t *cell_json(const struct plan_bytes *bytes)
{
	AUTO_FREE char *text = NULL;
	uint64_t counts[256] = { 0 };
	const char *between = "";
	char hash[17];
	size_t size;
	FILE *out = text_open(&text, &size);

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
	text_close(out);
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
	*ret_error = format(
		"%s; the file stays unchanged; next: git checkout it, or remove it", why);
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
