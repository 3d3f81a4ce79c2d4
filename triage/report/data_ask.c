/* SPDX-License-Identifier: Apache-2.0
 * Queries on a report's data, such as the places and distances of plans. */
#include "data_ask.h"

#include "base/util.h"
#include "runs/count.h"
#include "runs/outcomes.h"

#include "harnesses/truth/describe.h"

#include <stdlib.h>
#include <string.h>

const struct report_data_cell *report_data_cell(
	const struct report_data *data, unsigned class, unsigned idiom, int detector)
{
	const struct report_data_cell *cell = detector >= 0 ? &data->cells[class][idiom][detector] :
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

/* 0 rows when there is something to complain about, or no file. */
static struct count count_cell(const struct report_data *data, struct cell cell, uint32_t axes)
{
	struct count_request request = { .run = &data->run,
		.axes = axes,
		.classes = BIT(cell.class),
		.idioms = BIT(cell.idiom),
		.detectors = BIT(cell.detector),
		.partial = true };
	AUTO_FREE char *error = NULL;
	struct count count;

	if (count_plans(&request, &count, &error) != 0)
		count_free(&count);
	return count;
}

static void count_place(
	struct report_data_places *places, const struct count_row *row, enum verdict verdict)
{
	bool is_in[REPORT_DATA_PLACE_COUNT] = { 0 };
	bool own = row->values[AXIS_REGION] != REGION_ARENA, before = row->values[AXIS_SIDE];
	bool element = row->values[AXIS_DISTANCE] == DISTANCE_ELEMENT;

	is_in[REPORT_DATA_BEHIND] = element && !before;
	is_in[REPORT_DATA_BEFORE] = element && before;
	is_in[REPORT_DATA_BEHIND_OWN] = is_in[REPORT_DATA_BEHIND] && own;
	is_in[REPORT_DATA_BEFORE_OWN] = is_in[REPORT_DATA_BEFORE] && own;
	is_in[REPORT_DATA_LIVE] = row->values[AXIS_DISTANCE] == DISTANCE_LIVE;
	for (int p = 0; p < REPORT_DATA_PLACE_COUNT; p++)
		if (is_in[p]) {
			places->committed[p] += verdict != VERDICT_LANGUAGE ? row->plans : 0;
			places->right[p] += verdict == VERDICT_RIGHT ? row->plans : 0;
		}
}

struct report_data_places report_data_places(const struct report_data *data, struct cell cell)
{
	struct count count = count_cell(
		data, cell, BIT(AXIS_REGION) | BIT(AXIS_DISTANCE) | BIT(AXIS_SIDE));
	struct report_data_places places = { 0 };

	for (size_t i = 0; i < count.count; i++) {
		uint8_t outcome = count.rows[i].outcomes[cell.detector];

		if (outcome != OUTCOME_NONE && outcome_verdict(outcome) <= VERDICT_SILENT)
			count_place(&places, &count.rows[i], outcome_verdict(outcome));
	}
	count_free(&count);
	return places;
}

#define RANGE_AXES \
	(BIT(AXIS_REGION) | BIT(AXIS_ACCESS) | BIT(AXIS_WAY) | BIT(AXIS_DISTANCE) | \
		BIT(AXIS_SIZE) | BIT(AXIS_WIDTH) | BIT(AXIS_SIDE) | BIT(AXIS_REACH))

static bool is_at(const struct count_row *row, int place)
{
	return place < 0 ||
		(row->values[AXIS_DISTANCE] == DISTANCE_ELEMENT &&
			row->values[AXIS_SIDE] == (place == REPORT_DATA_BEFORE));
}

bool report_data_range(const struct report_data *data, struct cell cell, int place,
	double *ret_least, double *ret_most)
{
	struct count count = count_cell(data, cell, RANGE_AXES);
	uint64_t right = 0, committed = 0;

	*ret_least = 1;
	*ret_most = 0;
	for (size_t i = 0; i < count.count; i++) {
		const struct count_row *row = &count.rows[i];
		uint8_t outcome = row->outcomes[cell.detector];
		bool counts = outcome != OUTCOME_NONE &&
			outcome_verdict(outcome) <= VERDICT_SILENT &&
			outcome_verdict(outcome) != VERDICT_LANGUAGE && is_at(row, place);

		committed += counts ? row->plans : 0;
		right += counts && outcome_verdict(outcome) == VERDICT_RIGHT ? row->plans : 0;
		if (i + 1 < count.count &&
			memcmp(row->values, row[1].values, sizeof(row->values)) == 0)
			continue;
		if (committed > 0) {
			double rate = (double)right / (double)committed;

			*ret_least = rate < *ret_least ? rate : *ret_least;
			*ret_most = rate > *ret_most ? rate : *ret_most;
		}
		right = committed = 0;
	}
	count_free(&count);
	return *ret_least <= *ret_most;
}

/* Rows come in the order that is wanted. */
static void add_distance(struct report_data_distance *list, size_t *count,
	const struct count_row *row, enum verdict verdict)
{
	unsigned outside = row->values[COUNT_OUTSIDE];
	bool before = outside < COUNT_OUTSIDE_ZERO;
	struct report_data_distance like = { .region = (enum plan_region)row->values[AXIS_REGION],
		.before = before,
		.bucket = before ? (int)(COUNT_OUTSIDE_ZERO - outside) - 1 :
				   (int)(outside - COUNT_OUTSIDE_ZERO) - 1 };
	struct report_data_distance *last = *count > 0 ? &list[*count - 1] : NULL;

	if (last == NULL || last->region != like.region || last->before != like.before ||
		last->bucket != like.bucket) {
		last = &list[(*count)++];
		*last = like;
	}
	last->committed += row->plans;
	last->right += verdict == VERDICT_RIGHT ? row->plans : 0;
}

struct report_data_distance *report_data_distances(
	const struct report_data *data, struct cell cell, size_t *ret_count)
{
	struct count count = count_cell(data, cell, BIT(AXIS_REGION) | BIT(COUNT_OUTSIDE));
	struct report_data_distance *list = allocate(count.count + 1, sizeof(*list));

	*ret_count = 0;
	for (size_t i = 0; i < count.count; i++) {
		const struct count_row *row = &count.rows[i];
		uint8_t outcome = row->outcomes[cell.detector],
			outside = row->values[COUNT_OUTSIDE];

		/* neither a target, which lies wherever it does, nor what leaves nothing */
		if (outcome != OUTCOME_NONE && outcome_verdict(outcome) <= VERDICT_SILENT &&
			outcome_verdict(outcome) != VERDICT_LANGUAGE &&
			outside != COUNT_OUTSIDE_ZERO && outside <= 2 * COUNT_POWERS)
			add_distance(list, ret_count, row, outcome_verdict(outcome));
	}
	count_free(&count);
	return list;
}

char *report_data_example(const struct report_data *data, struct cell cell, enum cause cause)
{
	struct outcome_set set = outcome_set_of(VERDICT_SILENT, cause);
	AUTO_FREE char *error = NULL;
	char words[DESCRIBE_MAX] = "";
	struct plan plan;
	uint64_t index;
	uint8_t byte;

	if (outcomes_find(&data->run, cell, &set, 1, &index, &byte, &error) != 0)
		return NULL;
	plan = measurement_plan(&data->run, cell.class, cell.idiom, index);
	describe_sentence(&plan, words);
	return format("%s", words);
}

static int with_cells(const struct report_data *data, enum plan_idiom idiom, const char *slug)
{
	int detector = detector_find(slug);

	return detector >= 0 && (data->detectors_of[idiom] & BIT(detector)) ? detector : -1;
}

int report_data_main(const struct report_data *data, enum plan_idiom idiom)
{
	static const char *const liked[] = { "asan+ubsan", "asan" };

	for (size_t i = 0; i < sizeof(liked) / sizeof(*liked); i++)
		if (with_cells(data, idiom, liked[i]) >= 0)
			return with_cells(data, idiom, liked[i]);
	return data->detectors_of[idiom] != 0 ? __builtin_ctz(data->detectors_of[idiom]) : -1;
}

int report_data_article(const struct report_data *data, enum plan_idiom idiom)
{
	AUTO_FREE char *own = format("%s-asan", plan_idiom_slug(idiom));
	int detector = with_cells(data, idiom, own);

	return detector >= 0 ? detector : report_data_main(data, idiom);
}
