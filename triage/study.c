/* SPDX-License-Identifier: Apache-2.0
 * Loading what a report is made of. */
#include "study.h"

#include "cell_bytes.h"
#include "document.h"
#include "file.h"

#include "../harnesses/words.h"

#include <errno.h>
#include <glob.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void lack(struct study *study, json_t *sentence)
{
	json_array_append_new(study->lacking, sentence);
}

/* ---- cells ----------------------------------------------------------------------------------- */

static uint64_t count_of(const json_t *object, const char *key)
{
	json_int_t number = document_number(object, key);

	return number > 0 ? (uint64_t)number : 0;
}

static void read_cell(struct study *study, struct cell id, const json_t *json)
{
	struct study_cell *cell = &study->cells[id.class][id.idiom][id.detector];
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
	study->classes |= BIT(id.class);
	study->idioms |= BIT(id.idiom);
	study->detectors |= BIT(id.detector);
	study->detectors_of[id.idiom] |= BIT(id.detector);
}

static void read_cells(struct study *study)
{
	const json_t *cell;
	size_t i;

	json_array_foreach(json_object_get(study->results, "cells"), i, cell)
	{
		AUTO_FREE char *name = format("%s.%s.%s", document_text(cell, "class"),
			document_text(cell, "idiom"), document_text(cell, "detector"));
		AUTO_FREE char *why = NULL;
		struct cell id;

		if (cell_parse(name, &id, &why) == 0)
			read_cell(study, id, cell);
		else
			lack(study, json_sprintf("cell %s is of slugs that are no more", name));
	}
}

/* ---- who diagnosed what ---------------------------------------------------------------------- */

static void add_pattern(struct study_group *group, uint32_t diagnosed)
{
	struct pattern *longer;

	group->plans++;
	for (size_t i = 0; i < group->count; i++)
		if (group->list[i].diagnosed == diagnosed) {
			group->list[i].count++;
			return;
		}
	longer = realloc(group->list, (group->count + 1) * sizeof(*longer));
	if (longer == NULL)
		abort();
	group->list = longer;
	longer[group->count++] = (struct pattern){ diagnosed, 1 };
}

/* A plan that all of @bytes, @count detectors of one class and idiom, decided. */
static void add_plan(
	struct study_group *group, const struct plan_bytes *bytes, size_t count, uint64_t plan)
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

static void read_groups(struct study *study)
{
	struct plan_bytes_list bytes;
	AUTO_FREE char *error = NULL;
	size_t end;

	if (plan_bytes_of_run(&study->run, &bytes, &error) != 0)
		lack(study, json_sprintf("per-plan outcomes: %s", error));
	study->has_plans = error == NULL && bytes.count > 0;
	for (size_t begin = 0; begin < bytes.count; begin = end) {
		struct cell cell = bytes.list[begin].cell;
		struct study_group *group = &study->groups[cell.class][cell.idiom];

		for (end = begin; end < bytes.count && bytes.list[end].cell.class == cell.class &&
			bytes.list[end].cell.idiom == cell.idiom;)
			end++;
		for (uint64_t p = 0; p < bytes.list[begin].count; p++)
			add_plan(group, &bytes.list[begin], end - begin, p);
	}
	plan_bytes_free(&bytes);
}

/* ---- beside the run -------------------------------------------------------------------------- */

/* Newer runs come later, and replace. */
static void add_campaign(json_t *list, json_t *campaign)
{
	static const char *const keys[] = { "class", "idiom", "detector" };
	json_t *other;
	size_t i;

	json_array_foreach(list, i, other)
	{
		bool same = true;

		for (size_t k = 0; k < 3; k++)
			same = same &&
				strcmp(document_text(other, keys[k]),
					document_text(campaign, keys[k])) == 0;
		if (same) {
			json_array_set(list, i, campaign);
			return;
		}
	}
	json_array_append(list, campaign);
}

static void read_campaigns(struct study *study, const char *path)
{
	AUTO_FREE char *why = NULL;
	int error = 0;
	AUTO_JSON json_t *campaigns = document_read(path, "fencepost/campaign/1", &error, &why);
	json_t *campaign;
	size_t i;

	if (campaigns == NULL)
		lack(study, json_string(why));
	json_array_foreach(json_object_get(campaigns, "campaigns"), i, campaign)
		add_campaign(study->campaigns, campaign);
}

/* The newest that was complete. */
static void read_concordance(struct study *study, const char *path)
{
	AUTO_FREE char *why = NULL;
	int error = 0;
	json_t *concordance = document_read(path, "fencepost/concordance/1", &error, &why);

	if (concordance == NULL)
		lack(study, json_string(why));
	if (json_is_false(json_object_get(concordance, "complete"))) {
		json_decref(concordance);
		concordance = NULL;
	}
	if (concordance == NULL)
		return;
	json_decref(study->concordance);
	free(study->concordance_path);
	study->concordance = concordance;
	study->concordance_path = format("%s", path);
}

/* Those of all runs, oldest first: their names begin with the date. runs/latest is one of them again. */
static void read_beside(
	struct study *study, const char *name, void read(struct study *study, const char *path))
{
	AUTO_FREE char *pattern = format("runs/[0-9]*/%s", name);
	glob_t found = { 0 };

	if (glob(pattern, 0, NULL, &found) == 0)
		for (size_t i = 0; i < found.gl_pathc; i++)
			if (document_is_plain(found.gl_pathv[i]))
				read(study, found.gl_pathv[i]);
	globfree(&found);
}

static void read_baseline(struct study *study, const char *path)
{
	AUTO_FREE char *error = NULL;

	if (baseline_read(path, &study->baseline, &error) != 0) {
		baseline_free(&study->baseline);
		return;
	}
	study->baseline_plans = calloc(study->baseline.count, sizeof(*study->baseline_plans));
	if (study->baseline_plans == NULL)
		abort();
	for (size_t i = 0; i < study->baseline.count; i++) {
		AUTO_FREE char *why = NULL;

		if (baseline_plans(path, &study->baseline.sections[i], &study->baseline_plans[i],
			    &why) != 0)
			lack(study, json_string(why));
	}
}

/* ---- the whole ------------------------------------------------------------------------------- */

static void find_lacking(struct study *study)
{
	json_int_t left = document_number(study->results, "not_judged");
	const json_t *row;
	size_t i;

	if (!json_is_true(json_object_get(study->results, "complete")))
		lack(study,
			json_sprintf(
				"the run is not complete: make measure RESUME=%s", study->run.id));
	if (left > 0)
		lack(study, json_sprintf("%lld plans were not judged", (long long)left));
	if (*document_text(study->results, "missing") != '\0')
		lack(study, json_sprintf("missing: %s", document_text(study->results, "missing")));
	json_array_foreach(json_object_get(study->results, "unavailable"), i, row) lack(study,
		json_sprintf("%s was not measured: %s", document_text(row, "detector"),
			document_text(row, "reason")));
}

int study_load(const char *directory, const char *baseline, struct study *ret, char **ret_error)
{
	AUTO_FREE char *store = format("%s/results.sqlite", directory);
	int error;

	*ret = (struct study){ .lacking = json_array(), .campaigns = json_array() };
	error = run_read(directory, &ret->run, ret_error);
	if (error == 0)
		error = run_check_version(&ret->run, ret_error);
	if (error != 0)
		return error;
	ret->results = results_read(directory, ret_error);
	if (ret->results == NULL)
		return -ENODATA;
	find_lacking(ret);
	read_cells(ret);
	read_groups(ret);
	ret->has_store = access(store, R_OK) == 0;
	read_beside(ret, "campaign.json", read_campaigns);
	read_beside(ret, "concordance.json", read_concordance);
	read_baseline(ret, baseline);
	return 0;
}

void study_free(struct study *study)
{
	for (int c = 0; c < CLASS_COUNT; c++)
		for (int i = 0; i < IDIOM_COUNT; i++)
			free(study->groups[c][i].list);
	for (size_t i = 0; study->baseline_plans != NULL && i < study->baseline.count; i++)
		plan_bytes_free(&study->baseline_plans[i]);
	free(study->baseline_plans);
	baseline_free(&study->baseline);
	run_free(&study->run);
	json_decref(study->results);
	json_decref(study->concordance);
	json_decref(study->campaigns);
	json_decref(study->lacking);
	free(study->concordance_path);
}

/* ---- questions ------------------------------------------------------------------------------- */

const struct study_cell *study_cell(
	const struct study *study, unsigned class, unsigned idiom, int detector)
{
	const struct study_cell *cell = detector >= 0 ? &study->cells[class][idiom][detector] :
							NULL;

	return cell != NULL && cell->there ? cell : NULL;
}

uint64_t study_committed(const struct study_cell *cell)
{
	return cell->violations - cell->verdicts[VERDICT_LANGUAGE];
}

uint64_t study_stopped(const struct study_cell *cell)
{
	return cell->violations - cell->verdicts[VERDICT_SILENT];
}

static void count_place(struct study_places *places, const struct plan *plan, enum verdict verdict)
{
	bool is_in[STUDY_PLACE_COUNT] = { 0 };
	bool own = plan->region != REGION_ARENA, element = plan->distance == DISTANCE_ELEMENT;

	is_in[STUDY_BEHIND] = element && !plan->before;
	is_in[STUDY_BEFORE] = element && plan->before;
	is_in[STUDY_BEHIND_OWN] = is_in[STUDY_BEHIND] && own;
	is_in[STUDY_BEFORE_OWN] = is_in[STUDY_BEFORE] && own;
	is_in[STUDY_LIVE] = plan->distance == DISTANCE_LIVE;
	for (int p = 0; p < STUDY_PLACE_COUNT; p++)
		if (is_in[p]) {
			places->committed[p] += verdict != VERDICT_LANGUAGE;
			places->right[p] += verdict == VERDICT_RIGHT;
		}
}

struct study_places study_places(const struct study *study, struct cell cell)
{
	AUTO_FREE char *path = run_plans_path(&study->run, cell.class, cell.idiom, cell.detector);
	AUTO_FREE uint8_t *bytes = NULL;
	uint64_t count = run_count(&study->run, cell.class);
	struct study_places places = { 0 };
	size_t size;

	if (count > 1u << 26 || file_read(path, (size_t)count, &bytes, &size) != 0)
		return places;
	for (uint64_t i = 0; i < size; i++)
		if (outcome_is_valid(bytes[i]) && outcome_verdict(bytes[i]) <= VERDICT_SILENT) {
			struct plan plan = run_plan(&study->run, cell.class, cell.idiom, i);

			count_place(&places, &plan, outcome_verdict(bytes[i]));
		}
	return places;
}

/* Which bucket "+16..31" is; -1 for a target, and for what touches nothing outside. */
static int bucket_of(const char *slug)
{
	uint64_t bytes;
	int bucket = -1;

	if ((*slug != '+' && *slug != '-') || slug[1] < '0' || slug[1] > '9')
		return -1;
	for (bytes = strtoull(slug + 1, NULL, 10); bytes > 0; bytes >>= 1)
		bucket++;
	return bucket;
}

static struct study_distance *find_distance(
	struct study_distance **list, size_t *count, struct study_distance like)
{
	struct study_distance *longer;

	for (size_t i = 0; i < *count; i++)
		if ((*list)[i].region == like.region && (*list)[i].before == like.before &&
			(*list)[i].bucket == like.bucket)
			return &(*list)[i];
	longer = realloc(*list, (*count + 1) * sizeof(*longer));
	if (longer == NULL)
		abort();
	*list = longer;
	longer[*count] = like;
	return &longer[(*count)++];
}

static int compare_distances(const void *a, const void *b)
{
	const struct study_distance *x = a, *y = b;
	int left = x->before ? -1 - x->bucket : x->bucket;
	int right = y->before ? -1 - y->bucket : y->bucket;

	if (x->region != y->region)
		return x->region < y->region ? -1 : 1;
	return left < right ? -1 : left > right;
}

static void add_row(sqlite3_stmt *row, struct study_distance **list, size_t *count)
{
	const char *region = (const char *)sqlite3_column_text(row, 0);
	const char *distance = (const char *)sqlite3_column_text(row, 1);
	const char *verdict = (const char *)sqlite3_column_text(row, 2);
	uint64_t plans = (uint64_t)sqlite3_column_int64(row, 3);
	struct study_distance like = { .bucket = distance != NULL ? bucket_of(distance) : -1 };
	struct study_distance *found;
	int r = 0;

	while (region != NULL && r < REGION_COUNT &&
		strcmp(region, plan_region_slug((enum plan_region)r)) != 0)
		r++;
	if (region == NULL || verdict == NULL || r == REGION_COUNT || like.bucket < 0)
		return;
	like.region = (enum plan_region)r;
	like.before = *distance == '-';
	found = find_distance(list, count, like);
	found->committed += plans;
	if (strcmp(verdict, "right") == 0)
		found->right += plans;
}

struct study_distance *study_distances(
	const struct study *study, struct cell cell, size_t *ret_count)
{
	static const char query[] =
		"SELECT region, distance, verdict, sum(count) FROM counts WHERE class = ? AND "
		"idiom = ? AND detector = ? AND verdict IN ('right', 'wrong-kind', 'trap', "
		"'silent') GROUP BY region, distance, verdict";
	AUTO_FREE char *path = format("%s/results.sqlite", study->run.directory);
	struct study_distance *list = NULL;
	sqlite3 *database = NULL;
	sqlite3_stmt *row = NULL;

	*ret_count = 0;
	if (study->has_store &&
		sqlite3_open_v2(path, &database, SQLITE_OPEN_READONLY, NULL) == SQLITE_OK &&
		sqlite3_prepare_v2(database, query, -1, &row, NULL) == SQLITE_OK) {
		sqlite3_bind_text(row, 1, plan_classes[cell.class].slug, -1, SQLITE_STATIC);
		sqlite3_bind_text(row, 2, plan_idiom_slug(cell.idiom), -1, SQLITE_STATIC);
		sqlite3_bind_text(row, 3, detectors[cell.detector].slug, -1, SQLITE_STATIC);
		while (sqlite3_step(row) == SQLITE_ROW)
			add_row(row, &list, ret_count);
	}
	sqlite3_finalize(row);
	sqlite3_close(database);
	if (*ret_count > 0)
		qsort(list, *ret_count, sizeof(*list), compare_distances);
	return list;
}

char *study_example(const struct study *study, struct cell cell, enum cause cause)
{
	struct outcome_set set = outcome_set_of(VERDICT_SILENT, cause);
	AUTO_FREE char *error = NULL;
	char words[WORDS_MAX] = "";
	struct plan plan;
	uint64_t index;
	uint8_t byte;

	if (cell_bytes_find(&study->run, cell, &set, 1, &index, &byte, &error) != 0)
		return NULL;
	plan = run_plan(&study->run, cell.class, cell.idiom, index);
	words_sentence(&plan, words);
	return format("%s", words);
}

static int with_cells(const struct study *study, enum plan_idiom idiom, const char *slug)
{
	int detector = detector_find(slug);

	return detector >= 0 && (study->detectors_of[idiom] & BIT(detector)) ? detector : -1;
}

int study_main(const struct study *study, enum plan_idiom idiom)
{
	static const char *const liked[] = { "asan+ubsan", "asan" };

	for (size_t i = 0; i < sizeof(liked) / sizeof(*liked); i++)
		if (with_cells(study, idiom, liked[i]) >= 0)
			return with_cells(study, idiom, liked[i]);
	return study->detectors_of[idiom] != 0 ? __builtin_ctz(study->detectors_of[idiom]) : -1;
}

int study_article(const struct study *study, enum plan_idiom idiom)
{
	AUTO_FREE char *own = format("%s-asan", plan_idiom_slug(idiom));
	int detector = with_cells(study, idiom, own);

	return detector >= 0 ? detector : study_main(study, idiom);
}
