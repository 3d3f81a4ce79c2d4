/* SPDX-License-Identifier: Apache-2.0
 * Counting by strata, and their sums. */
#include "weigh.h"

#include "base/util.h"
#include "strata.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

/* ---- counting -------------------------------------------------------------------------------- */

static bool is_committed(uint8_t outcome)
{
	return outcome != OUTCOME_NONE && outcome_verdict(outcome) <= VERDICT_SILENT &&
		outcome_verdict(outcome) != VERDICT_LANGUAGE;
}

static void add_row(struct weigh_stratum *stratum, const struct count_row *row)
{
	for (int a = 0; a < DETECTOR_COUNT; a++) {
		bool right = outcome_verdict(row->outcomes[a]) == VERDICT_RIGHT;

		if (!is_committed(row->outcomes[a]))
			continue;
		stratum->committed[a] += row->plans;
		stratum->right[a] += right ? row->plans : 0;
		for (int b = 0; b < DETECTOR_COUNT; b++) {
			if (!is_committed(row->outcomes[b]))
				continue;
			stratum->both[a][b] += row->plans;
			if (right && outcome_verdict(row->outcomes[b]) != VERDICT_RIGHT)
				stratum->alone[a][b] += row->plans;
		}
	}
}

/* A violation that the language refuses is a plan too. */
static bool is_violation(const struct count_request *request, const struct count_row *row)
{
	for (unsigned d = 0; d < DETECTOR_COUNT; d++)
		if (count_has(request, row, d) && row->outcomes[d] != OUTCOME_NONE &&
			outcome_verdict(row->outcomes[d]) <= VERDICT_SILENT)
			return true;
	return false;
}

/* Leaves out strata that no plan can have. */
static int drop(const struct strata *strata, struct weigh_cell *cell, char **ret_error)
{
	int error = strata_drop(strata, &cell->dropped, ret_error);

	for (size_t h = 0; h < strata->count; h++)
		cell->strata[h].weight = strata->occurs[h] ?
			strata->weights[h] / (1 - cell->dropped) :
			0;
	return error;
}

/* @rows: those of one class and idiom. */
static int weigh_cell(const struct count_request *request, struct strata *strata,
	const struct count_row *rows, size_t count, struct weigh_cell *cell, char **ret_error)
{
	cell->count = strata->count;
	cell->inverse_m = strata->inverse_m;
	cell->strata = allocate(strata->count, sizeof(*cell->strata));
	for (size_t i = 0; i < count; i++) {
		size_t h = strata_find(strata, rows[i].values);

		if (h == SIZE_MAX || !is_violation(request, &rows[i]))
			continue;
		strata->occurs[h] = true;
		add_row(&cell->strata[h], &rows[i]);
	}
	strata_search(strata);
	return drop(strata, cell, ret_error);
}

static int weigh_rows(const struct count_request *request, const struct count_row *rows,
	size_t count, struct weighing *ret, char **ret_error)
{
	unsigned class = rows->values[COUNT_CLASS], idiom = rows->values[COUNT_IDIOM];
	struct strata strata;
	int error = strata_make(ret->mix, (enum plan_class) class, (enum plan_idiom)idiom,
		WEIGH_STRATA_MAX, &strata);

	if (error != 0)
		*ret_error = format("%s: more than %d strata; name fewer values, or fewer axes",
			ret->mix->path, WEIGH_STRATA_MAX);
	else
		error = weigh_cell(
			request, &strata, rows, count, &ret->cells[class][idiom], ret_error);
	strata_free(&strata);
	return error;
}

int weigh_make(const struct mix *mix, const struct measurement *run, struct weighing *ret,
	char **ret_error)
{
	struct count_request request = { .run = run, .partial = true };
	struct count count;
	size_t end;
	int error;

	*ret = (struct weighing){ .mix = mix };
	for (size_t l = 0; l < mix->count; l++)
		request.axes |= BIT(mix->laws[l].axis);
	error = count_plans(&request, &count, ret_error);
	for (size_t first = 0; first < count.count && error == 0; first = end) {
		const struct count_row *row = &count.rows[first];

		for (end = first + 1; end < count.count &&
			row->values[COUNT_CLASS] == count.rows[end].values[COUNT_CLASS] &&
			row->values[COUNT_IDIOM] == count.rows[end].values[COUNT_IDIOM];)
			end++;
		error = weigh_rows(&request, row, end - first, ret, ret_error);
	}
	count_free(&count);
	return error;
}

void weigh_free(struct weighing *weighing)
{
	for (int c = 0; c < CLASS_COUNT; c++)
		for (int i = 0; i < IDIOM_COUNT; i++)
			free(weighing->cells[c][i].strata);
	*weighing = (struct weighing){ 0 };
}

/* ---- sums ------------------------------------------------------------------------------------ */

/* The classes of one idiom, each with its weight. */
struct share {
	double of[CLASS_COUNT];
	double empty; /* of classes without plans */
	double inverse_m;
	bool there;
};

static uint64_t committed_of(const struct weigh_cell *cell, int detector)
{
	uint64_t sum = 0;

	for (size_t h = 0; h < cell->count; h++)
		sum += cell->strata[h].committed[detector];
	return sum;
}

static const struct mix_row *classes_row(const struct mix *mix, unsigned idiom)
{
	for (size_t l = 0; l < mix->count; l++)
		if (mix->laws[l].axis == COUNT_CLASS)
			return mix_row_of(
				&mix->laws[l], (enum plan_class)0, (enum plan_idiom)idiom, NULL);
	return NULL;
}

/* Classes of one group share its weight as they share its committed plans. */
static struct share share_out(const struct weighing *weighing, unsigned idiom, int detector)
{
	const struct mix_row *row = classes_row(weighing->mix, idiom);
	struct share share = { .there = row != NULL };

	if (row != NULL)
		share.inverse_m = row->has_sample ? row->inverse_m : weighing->mix->inverse_m;
	for (size_t g = 0; row != NULL && g < row->count; g++) {
		double all = 0;

		for (unsigned c = 0; c < CLASS_COUNT; c++)
			if (mix_values_have(&row->groups[g].values, c))
				all += (double)committed_of(&weighing->cells[c][idiom], detector);
		share.empty += all > 0 ? 0 : row->groups[g].weight;
		for (unsigned c = 0; c < CLASS_COUNT && all > 0; c++)
			if (mix_values_have(&row->groups[g].values, c))
				share.of[c] = row->groups[g].weight / all *
					(double)committed_of(&weighing->cells[c][idiom], detector);
	}
	for (unsigned c = 0; c < CLASS_COUNT; c++)
		if (share.of[c] > 0)
			share.inverse_m += share.of[c] * weighing->cells[c][idiom].inverse_m;
	return share;
}

static struct share share_of(
	const struct weighing *weighing, unsigned class, unsigned idiom, int detector)
{
	struct share share = { .there = true };

	if (class == WEIGH_ALL)
		return share_out(weighing, idiom, detector);
	share.of[class] = 1;
	share.inverse_m = weighing->cells[class][idiom].inverse_m;
	return share;
}

/* How many strata the classes of an idiom have, and one for what is empty. */
static size_t strata_of(const struct weighing *weighing, unsigned idiom)
{
	size_t count = 1;

	for (int c = 0; c < CLASS_COUNT; c++)
		count += weighing->cells[c][idiom].count;
	return count;
}

struct weighted weigh_rate(
	const struct weighing *weighing, unsigned class, unsigned idiom, int detector)
{
	struct share share = share_of(weighing, class, idiom, detector);
	AUTO_FREE struct weighted_stratum *list = allocate(
		strata_of(weighing, idiom), sizeof(*list));
	size_t count = 0;

	for (unsigned c = 0; c < CLASS_COUNT && share.there; c++)
		for (size_t h = 0; h < weighing->cells[c][idiom].count && share.of[c] > 0; h++) {
			const struct weigh_stratum *one = &weighing->cells[c][idiom].strata[h];

			if (one->weight > 0)
				list[count++] =
					(struct weighted_stratum){ share.of[c] * one->weight,
						one->right[detector], one->committed[detector] };
		}
	if (share.empty > 0)
		list[count++] = (struct weighted_stratum){ share.empty, 0, 0 };
	return weighted_rate(list, count, share.inverse_m);
}

struct difference weigh_difference(
	const struct weighing *weighing, unsigned class, unsigned idiom, int a, int b)
{
	struct share share = share_of(weighing, class, idiom, a);
	AUTO_FREE struct weighted_pair *list = allocate(strata_of(weighing, idiom), sizeof(*list));
	size_t count = 0;

	for (unsigned c = 0; c < CLASS_COUNT && share.there; c++)
		for (size_t h = 0; h < weighing->cells[c][idiom].count && share.of[c] > 0; h++) {
			const struct weigh_stratum *one = &weighing->cells[c][idiom].strata[h];

			if (one->weight > 0)
				list[count++] = (struct weighted_pair){ share.of[c] * one->weight,
					one->alone[a][b], one->alone[b][a], one->both[a][b] };
		}
	if (share.empty > 0)
		list[count++] = (struct weighted_pair){ share.empty, 0, 0, 0 };
	return weighted_difference(list, count, share.inverse_m);
}

bool weigh_is_circular(
	const struct weighing *weighing, unsigned class, unsigned idiom, int detector)
{
	return mix_is_circular(weighing->mix, detector) &&
		(class == WEIGH_ALL ||
			mix_speaks_of(
				weighing->mix, (enum plan_class) class, (enum plan_idiom)idiom));
}

/* In all classes together a detector without any rule ranks last by definition. */
static bool is_ranked(const struct weighing *weighing, unsigned class, unsigned idiom, int detector)
{
	return !weigh_is_circular(weighing, class, idiom, detector) &&
		(class == WEIGH_ALL || detector_has_rule(detector, (enum plan_class) class));
}

bool weigh_overtakes(const struct weighing *weighing, const struct weighing *even, unsigned class,
	unsigned idiom, int a, int b)
{
	struct difference now = weigh_difference(weighing, class, idiom, a, b);
	struct difference before = weigh_difference(even, class, idiom, a, b);

	return is_ranked(weighing, class, idiom, a) && is_ranked(weighing, class, idiom, b) &&
		now.low > 0 && before.difference <= 0;
}
