/* SPDX-License-Identifier: Apache-2.0
 * Loads the data of a report. */
#include "data.h"

#include "base/json_file.h"
#include "base/util.h"
#include "data_ask.h"
#include "mixes.h"
#include "runs/kinds.h"

#include <errno.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void lack(struct report_data *data, json_t *sentence)
{
	json_array_append_new(data->lacking, sentence);
}

/* ---- cells ----------------------------------------------------------------------------------- */

static uint64_t count_of(const json_t *object, const char *key)
{
	json_int_t number = json_file_number(object, key);

	return number > 0 ? (uint64_t)number : 0;
}

static void read_cell(struct report_data *data, struct cell id, const json_t *json)
{
	struct report_data_cell *cell = &data->cells[id.class][id.idiom][id.detector];
	const json_t *verdicts = json_object_get(json, "verdicts");
	const json_t *benign = json_object_get(json, "benign");
	const json_t *cost = json_object_get(json, "cost");

	for (int v = 0; v < VERDICT_COUNT; v++)
		cell->verdicts[v] = count_of(
			v == VERDICT_CLEAN || v == VERDICT_FALSE_ALARM ? benign : verdicts,
			verdict_slug((enum verdict)v));
	for (int c = CAUSE_NONE + 1; c < CAUSE_COUNT; c++)
		cell->causes[c] = count_of(
			json_object_get(json, "causes"), cause_slug((enum cause)c));
	for (int v = VERDICT_RIGHT; v <= VERDICT_SILENT; v++)
		cell->violations += cell->verdicts[v];
	cell->benign = cell->verdicts[VERDICT_CLEAN] + cell->verdicts[VERDICT_FALSE_ALARM];
	cell->inputs = count_of(json, "inputs");
	cell->judged = count_of(json, "judged");
	cell->has_rule = !json_is_false(json_object_get(json, "rule"));
	cell->has_cost = json_is_object(cost);
	cell->ns_per_benign_plan = json_number_value(json_object_get(cost, "ns_per_benign_plan"));
	cell->rss_kib = count_of(cost, "rss_kib");
	cell->there = cell->judged > 0;
	if (!cell->there)
		return;
	data->classes |= BIT(id.class);
	data->idioms |= BIT(id.idiom);
	data->detectors |= BIT(id.detector);
	data->detectors_of[id.idiom] |= BIT(id.detector);
}

static void read_cells(struct report_data *data)
{
	const json_t *cell;
	size_t i;

	json_array_foreach(json_object_get(data->results, "cells"), i, cell) {
		AUTO_FREE char *name = format("%s.%s.%s", json_file_text(cell, "class"),
			json_file_text(cell, "idiom"), json_file_text(cell, "detector"));
		AUTO_FREE char *why = NULL;
		struct cell id;

		if (cell_parse(name, &id, &why) == 0)
			read_cell(data, id, cell);
		else
			lack(data, json_sprintf("cell %s is of slugs that are no more", name));
	}
}

/* ---- who diagnosed what ---------------------------------------------------------------------- */

static void add_pattern(struct report_data_group *group, uint32_t diagnosed)
{
	group->plans++;
	for (size_t i = 0; i < group->count; i++)
		if (group->list[i].diagnosed == diagnosed) {
			group->list[i].count++;
			return;
		}
	group->list = list_grow(group->list, group->count, sizeof(*group->list));
	group->list[group->count++] = (struct pattern){ diagnosed, 1 };
}

/* A plan that all of @bytes, @count detectors of one class and idiom, decided. */
static void add_plan(struct report_data_group *group, const struct plan_bytes *bytes, size_t count,
	uint64_t plan)
{
	uint32_t diagnosed = 0;

	for (size_t d = 0; d < count; d++) {
		uint8_t byte = bytes[d].bytes[plan];

		if (byte == OUTCOME_NONE || outcome_verdict(byte) > VERDICT_SILENT)
			return;
		if (outcome_verdict(byte) == VERDICT_RIGHT)
			diagnosed |= BIT(bytes[d].cell.detector);
	}
	add_pattern(group, diagnosed);
}

static void read_groups(struct report_data *data)
{
	struct plan_bytes_list bytes;
	AUTO_FREE char *error = NULL;
	size_t end;

	if (plan_bytes_of_run(&data->run, &bytes, &error) != 0)
		lack(data, json_sprintf("per-plan outcomes: %s", error));
	data->has_plans = error == NULL && bytes.count > 0;
	for (size_t begin = 0; begin < bytes.count; begin = end) {
		struct cell cell = bytes.list[begin].cell;
		struct report_data_group *group = &data->groups[cell.class][cell.idiom];

		for (end = begin; end < bytes.count && bytes.list[end].cell.class == cell.class &&
			bytes.list[end].cell.idiom == cell.idiom;)
			end++;
		for (uint64_t p = 0; p < bytes.list[begin].count; p++)
			add_plan(group, &bytes.list[begin], end - begin, p);
	}
	plan_bytes_free(&bytes);
}

/* ---- beside the run -------------------------------------------------------------------------- */

static bool is_same_campaign(const json_t *a, const json_t *b)
{
	static const char *const keys[] = { "class", "idiom", "detector" };
	bool same = json_is_true(json_object_get(a, "hunt")) ==
			json_is_true(json_object_get(b, "hunt")) &&
		strcmp(json_file_text(json_object_get(a, "engine"), "name"),
			json_file_text(json_object_get(b, "engine"), "name")) == 0;

	for (size_t k = 0; k < 3; k++)
		same = same && strcmp(json_file_text(a, keys[k]), json_file_text(b, keys[k])) == 0;
	return same;
}

/* Newer runs come later, and replace. */
static void add_campaign(json_t *list, json_t *campaign)
{
	json_t *other;
	size_t i;

	json_array_foreach(list, i, other) {
		if (is_same_campaign(other, campaign)) {
			json_array_set(list, i, campaign);
			return;
		}
	}
	json_array_append(list, campaign);
}

static void read_campaigns(struct report_data *data, const char *path)
{
	AUTO_FREE char *why = NULL;
	int error = 0;
	AUTO_JSON json_t *campaigns = json_file_read(path, CAMPAIGN_SCHEMA, &error, &why);
	json_t *campaign;
	size_t i;

	if (campaigns == NULL)
		lack(data, json_string(why));
	json_array_foreach(json_object_get(campaigns, "campaigns"), i, campaign)
		add_campaign(data->campaigns, campaign);
}

/* The newest that was complete. */
static void read_concordance(struct report_data *data, const char *path)
{
	AUTO_FREE char *why = NULL;
	int error = 0;
	json_t *concordance = json_file_read(path, "fencepost/concordance/1", &error, &why);

	if (concordance == NULL)
		lack(data, json_string(why));
	if (json_is_false(json_object_get(concordance, "complete"))) {
		json_decref(concordance);
		concordance = NULL;
	}
	if (concordance == NULL)
		return;
	json_decref(data->concordance);
	free(data->concordance_path);
	data->concordance = concordance;
	data->concordance_path = format("%s", path);
}

/* Those of all runs, oldest first: their names begin with the date. runs/latest is one of them again. */
static void read_beside(struct report_data *data, const char *name,
	void read(struct report_data *data, const char *path))
{
	AUTO_FREE char *pattern = format("runs/[0-9]*/%s", name);
	glob_t found = { 0 };

	if (glob(pattern, 0, NULL, &found) == 0)
		for (size_t i = 0; i < found.gl_pathc; i++)
			if (json_file_is_plain(found.gl_pathv[i]))
				read(data, found.gl_pathv[i]);
	globfree(&found);
}

static void read_baseline(struct report_data *data, const char *path)
{
	AUTO_FREE char *error = NULL;

	if (baseline_read(path, &data->baseline, &error) != 0) {
		baseline_free(&data->baseline);
		return;
	}
	data->baseline_plans = allocate(data->baseline.count, sizeof(*data->baseline_plans));
	for (size_t i = 0; i < data->baseline.count; i++) {
		AUTO_FREE char *why = NULL;

		if (baseline_plans(
			    path, &data->baseline.sections[i], &data->baseline_plans[i], &why) != 0)
			lack(data, json_string(why));
	}
}

/* ---- the whole ------------------------------------------------------------------------------- */

static void find_lacking(struct report_data *data)
{
	json_int_t left = json_file_number(data->results, "not_judged");
	const json_t *row;
	size_t i;

	if (!json_is_true(json_object_get(data->results, "complete")))
		lack(data,
			json_sprintf(
				"the run is not complete: make measure RESUME=%s", data->run.id));
	if (left > 0)
		lack(data, json_sprintf("%lld plans were not judged", (long long)left));
	if (*json_file_text(data->results, "missing") != '\0')
		lack(data, json_sprintf("missing: %s", json_file_text(data->results, "missing")));
	json_array_foreach(json_object_get(data->results, "unavailable"), i, row)
		lack(data,
			json_sprintf("%s was not measured: %s", json_file_text(row, "detector"),
				json_file_text(row, "reason")));
}

int report_data_load(
	const char *directory, const char *baseline, struct report_data *ret, char **ret_error)
{
	int error;

	*ret = (struct report_data){ .lacking = json_array(), .campaigns = json_array() };
	error = measurement_read(directory, &ret->run, ret_error);
	if (error == 0)
		error = measurement_check_version(&ret->run, ret_error);
	if (error != 0)
		return error;
	ret->results = results_read(directory, ret_error);
	if (ret->results == NULL)
		return -ENODATA;
	find_lacking(ret);
	read_cells(ret);
	read_groups(ret);
	read_beside(ret, "campaign.json", read_campaigns);
	read_beside(ret, "concordance.json", read_concordance);
	read_baseline(ret, baseline);
	return 0;
}

void report_data_free(struct report_data *data)
{
	for (int c = 0; c < CLASS_COUNT; c++)
		for (int i = 0; i < IDIOM_COUNT; i++)
			free(data->groups[c][i].list);
	for (size_t i = 0; data->baseline_plans != NULL && i < data->baseline.count; i++)
		plan_bytes_free(&data->baseline_plans[i]);
	free(data->baseline_plans);
	baseline_free(&data->baseline);
	measurement_free(&data->run);
	json_decref(data->results);
	json_decref(data->concordance);
	json_decref(data->campaigns);
	json_decref(data->lacking);
	free(data->concordance_path);
	mixes_free(data);
}
