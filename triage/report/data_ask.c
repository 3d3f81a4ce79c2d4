/* SPDX-License-Identifier: Apache-2.0
 * Questions to a study that has been loaded: where plans went, how far, for example. */
#include "data_ask.h"

#include "base/util.h"
#include "runs/outcomes.h"

#include "harnesses/truth/describe.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

const struct report_data_cell *report_data_cell(
	const struct report_data *study, unsigned class, unsigned idiom, int detector)
{
	const struct report_data_cell *cell = detector >= 0 ?
		&study->cells[class][idiom][detector] :
		NULL;

	return cell != NULL && cell->there ? cell : NULL;
}

uint64_t report_data_committed(const struct report_data_cell *cell)
{
	return cell->violations - cell->verdicts[VERDICT_LANGUAGE];
}

uint64_t report_data_stopped(const struct report_data_cell *cell)
{
	return cell->violations - cell->verdicts[VERDICT_SILENT];
}

static void count_place(
	struct report_data_places *places, const struct plan *plan, enum verdict verdict)
{
	bool is_in[REPORT_DATA_PLACE_COUNT] = { 0 };
	bool own = plan->region != REGION_ARENA, element = plan->distance == DISTANCE_ELEMENT;

	is_in[REPORT_DATA_BEHIND] = element && !plan->before;
	is_in[REPORT_DATA_BEFORE] = element && plan->before;
	is_in[REPORT_DATA_BEHIND_OWN] = is_in[REPORT_DATA_BEHIND] && own;
	is_in[REPORT_DATA_BEFORE_OWN] = is_in[REPORT_DATA_BEFORE] && own;
	is_in[REPORT_DATA_LIVE] = plan->distance == DISTANCE_LIVE;
	for (int p = 0; p < REPORT_DATA_PLACE_COUNT; p++)
		if (is_in[p]) {
			places->committed[p] += verdict != VERDICT_LANGUAGE;
			places->right[p] += verdict == VERDICT_RIGHT;
		}
}

struct report_data_places report_data_places(const struct report_data *study, struct cell cell)
{
	AUTO_FREE char *path = measurement_plans_path(
		&study->run, cell.class, cell.idiom, cell.detector);
	AUTO_FREE uint8_t *bytes = NULL;
	uint64_t count = measurement_count(&study->run, cell.class);
	struct report_data_places places = { 0 };
	size_t size;

	if (count > 1u << 26 || file_read(path, (size_t)count, &bytes, &size) != 0)
		return places;
	for (uint64_t i = 0; i < size; i++)
		if (outcome_is_valid(bytes[i]) && outcome_verdict(bytes[i]) <= VERDICT_SILENT) {
			struct plan plan = measurement_plan(&study->run, cell.class, cell.idiom, i);

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

static struct report_data_distance *find_distance(
	struct report_data_distance **list, size_t *count, struct report_data_distance like)
{
	struct report_data_distance *longer;

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
	const struct report_data_distance *x = a, *y = b;
	int left = x->before ? -1 - x->bucket : x->bucket;
	int right = y->before ? -1 - y->bucket : y->bucket;

	if (x->region != y->region)
		return x->region < y->region ? -1 : 1;
	return left < right ? -1 : left > right;
}

static void add_row(sqlite3_stmt *row, struct report_data_distance **list, size_t *count)
{
	const char *region = (const char *)sqlite3_column_text(row, 0);
	const char *distance = (const char *)sqlite3_column_text(row, 1);
	const char *verdict = (const char *)sqlite3_column_text(row, 2);
	uint64_t plans = (uint64_t)sqlite3_column_int64(row, 3);
	struct report_data_distance like = { .bucket = distance != NULL ? bucket_of(distance) :
									  -1 };
	struct report_data_distance *found;
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

struct report_data_distance *report_data_distances(
	const struct report_data *study, struct cell cell, size_t *ret_count)
{
	static const char query[] =
		"SELECT region, distance, verdict, sum(count) FROM counts WHERE class = ? AND "
		"idiom = ? AND detector = ? AND verdict IN ('right', 'wrong-kind', 'trap', "
		"'silent') GROUP BY region, distance, verdict";
	AUTO_FREE char *path = format("%s/results.sqlite", study->run.directory);
	struct report_data_distance *list = NULL;
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

char *report_data_example(const struct report_data *study, struct cell cell, enum cause cause)
{
	struct outcome_set set = outcome_set_of(VERDICT_SILENT, cause);
	AUTO_FREE char *error = NULL;
	char words[DESCRIBE_MAX] = "";
	struct plan plan;
	uint64_t index;
	uint8_t byte;

	if (outcomes_find(&study->run, cell, &set, 1, &index, &byte, &error) != 0)
		return NULL;
	plan = measurement_plan(&study->run, cell.class, cell.idiom, index);
	describe_sentence(&plan, words);
	return format("%s", words);
}

static int with_cells(const struct report_data *study, enum plan_idiom idiom, const char *slug)
{
	int detector = detector_find(slug);

	return detector >= 0 && (study->detectors_of[idiom] & BIT(detector)) ? detector : -1;
}

int report_data_main(const struct report_data *study, enum plan_idiom idiom)
{
	static const char *const liked[] = { "asan+ubsan", "asan" };

	for (size_t i = 0; i < sizeof(liked) / sizeof(*liked); i++)
		if (with_cells(study, idiom, liked[i]) >= 0)
			return with_cells(study, idiom, liked[i]);
	return study->detectors_of[idiom] != 0 ? __builtin_ctz(study->detectors_of[idiom]) : -1;
}

int report_data_article(const struct report_data *study, enum plan_idiom idiom)
{
	AUTO_FREE char *own = format("%s-asan", plan_idiom_slug(idiom));
	int detector = with_cells(study, idiom, own);

	return detector >= 0 ? detector : report_data_main(study, idiom);
}
