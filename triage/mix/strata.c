/* SPDX-License-Identifier: Apache-2.0
 * From laws to strata. */
#include "strata.h"

#include "base/util.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#define DRAWS     (1u << 20) /* a combination of axes is in one plan of 12,000 or more */
#define DRAW_SEED 0x6d6978

static size_t radix_of(const struct mix_law *law)
{
	size_t most = 0;

	for (size_t r = 0; r < law->count && law->axis != COUNT_CLASS; r++)
		most = law->rows[r].count > most ? law->rows[r].count : most;
	return most + 1;
}

/* The law for class weighs whole classes: inside one it says nothing. */
static const struct mix_row *row_of(
	const struct strata *strata, size_t l, const struct mix_group *const *chosen)
{
	const struct mix_law *law = &strata->mix->laws[l];

	return law->axis == COUNT_CLASS ? NULL :
					  mix_row_of(law, strata->class, strata->idiom, chosen);
}

static bool class_lacks(const struct strata *strata, const struct mix_group *const *chosen)
{
	for (unsigned a = 0; a < AXIS_NAMED_COUNT; a++)
		if (chosen[a] != NULL &&
			(chosen[a]->values.bits[0] &
				describe_axis_allowed(strata->class, (enum describe_axis)a)) == 0)
			return true;
	return false;
}

/* All strata whose first @l digits are @number, and which share @weight. @reach: how likely a plan comes to a row. */
static void spread(struct strata *strata, size_t l, const struct mix_group **chosen, size_t number,
	double weight, double *const *reach)
{
	const struct mix_law *law = &strata->mix->laws[l];
	const struct mix_row *row;

	if (l == strata->mix->count) {
		strata->weights[number] = weight;
		strata->excluded[number] = class_lacks(strata, chosen);
		return;
	}
	row = row_of(strata, l, chosen);
	number *= radix_of(law);
	chosen[law->axis] = NULL;
	if (row == NULL) {
		spread(strata, l + 1, chosen, number, weight, reach);
		return;
	}
	reach[l][row - law->rows] += weight;
	for (size_t g = 0; g < row->count; g++) {
		chosen[law->axis] = &row->groups[g];
		if (row->groups[g].weight > 0)
			spread(strata, l + 1, chosen, number + 1 + g,
				weight * row->groups[g].weight, reach);
	}
	chosen[law->axis] = NULL;
}

/* The part of a variance that a condition with a sample of its own brings has the square of its weight; a sample that
 * is split by the conditions is the smaller, the rarer the condition. */
static double inverse_of(const struct mix *mix, double *const *reach)
{
	double sum = 0;

	for (size_t l = 0; l < mix->count; l++)
		for (size_t r = 0; r < mix->laws[l].count; r++) {
			const struct mix_row *row = &mix->laws[l].rows[r];

			if (reach[l][r] > 0)
				sum += row->has_sample ?
					reach[l][r] * reach[l][r] * row->inverse_m :
					reach[l][r] * mix->inverse_m;
		}
	return sum;
}

int strata_make(const struct mix *mix, enum plan_class class, enum plan_idiom idiom, size_t most,
	struct strata *ret)
{
	const struct mix_group *chosen[COUNT_AXES] = { 0 };
	double *reach[MIX_LAWS_MAX];

	*ret = (struct strata){ .mix = mix, .class = class, .idiom = idiom, .count = 1 };
	for (size_t l = 0; l < mix->count && ret->count <= most; l++)
		ret->count *= radix_of(&mix->laws[l]);
	if (ret->count > most)
		return -E2BIG;
	ret->weights = allocate(ret->count, sizeof(*ret->weights));
	ret->occurs = allocate(ret->count, sizeof(*ret->occurs));
	ret->excluded = allocate(ret->count, sizeof(*ret->excluded));
	for (size_t l = 0; l < mix->count; l++)
		reach[l] = allocate(mix->laws[l].count, sizeof(**reach));
	spread(ret, 0, chosen, 0, 1, reach);
	ret->inverse_m = inverse_of(mix, reach);
	for (size_t l = 0; l < mix->count; l++)
		free(reach[l]);
	return 0;
}

void strata_free(struct strata *strata)
{
	free(strata->weights);
	free(strata->occurs);
	free(strata->excluded);
	*strata = (struct strata){ 0 };
}

size_t strata_find(const struct strata *strata, const uint8_t values[COUNT_AXES])
{
	const struct mix_group *chosen[COUNT_AXES] = { 0 };
	size_t number = 0;

	for (size_t l = 0; l < strata->mix->count; l++) {
		const struct mix_law *law = &strata->mix->laws[l];
		const struct mix_row *row = row_of(strata, l, chosen);

		number *= radix_of(law);
		for (size_t g = 0; row != NULL && g < row->count && chosen[law->axis] == NULL; g++)
			if (mix_values_have(&row->groups[g].values, values[law->axis])) {
				chosen[law->axis] = &row->groups[g];
				number += 1 + g;
			}
		if (row != NULL && chosen[law->axis] == NULL)
			return SIZE_MAX;
	}
	return strata->weights[number] > 0 ? number : SIZE_MAX;
}

size_t strata_of_plan(
	const struct strata *strata, const struct plan *plan, const struct truth *truth)
{
	uint8_t values[COUNT_AXES] = { 0 };

	for (size_t l = 0; l < strata->mix->count; l++)
		values[strata->mix->laws[l].axis] = (uint8_t)count_value(
			plan, truth, strata->mix->laws[l].axis);
	return strata_find(strata, values);
}

int strata_drop(const struct strata *strata, double *ret_dropped, char **ret_error)
{
	size_t heaviest = SIZE_MAX;
	AUTO_FREE char *words = NULL;
	double dropped = 0;

	for (size_t h = 0; h < strata->count; h++)
		if (strata->weights[h] > 0 && !strata->occurs[h]) {
			dropped += strata->weights[h];
			if (heaviest == SIZE_MAX || strata->weights[h] > strata->weights[heaviest])
				heaviest = h;
		}
	*ret_dropped = dropped;
	if (dropped <= STRATA_DROPPED_MAX)
		return 0;
	words = strata_words(strata, heaviest);
	*ret_error = format(
		"%s: %.1f %% of the weight in %s, %s is of combinations that no plan has, "
		"most of it %s; allowed: %.0f %%. The values of each class: build/bin/plan list",
		strata->mix->path, 100 * dropped, plan_classes[strata->class].slug,
		plan_idiom_slug(strata->idiom), words, 100 * STRATA_DROPPED_MAX);
	return -EDOM;
}

static size_t count_unseen(const struct strata *strata)
{
	size_t count = 0;

	for (size_t h = 0; h < strata->count; h++)
		count += strata->weights[h] > 0 && !strata->occurs[h] && !strata->excluded[h];
	return count;
}

void strata_search(struct strata *strata)
{
	const struct sample sample = { SAMPLE_RANDOM, DRAW_SEED, DRAWS };
	size_t unseen = count_unseen(strata);

	for (uint64_t i = 0; i < DRAWS && unseen > 0; i++) {
		struct plan plan = sample_plan(&sample, strata->class, strata->idiom, i);
		struct truth truth = truth_of(&plan);
		size_t h = truth.violation ? strata_of_plan(strata, &plan, &truth) : SIZE_MAX;

		if (h == SIZE_MAX || strata->occurs[h])
			continue;
		strata->occurs[h] = true;
		unseen--;
	}
}

char *strata_words(const struct strata *strata, size_t number)
{
	const struct mix_group *chosen[COUNT_AXES] = { 0 };
	size_t place = strata->count, size;
	char *text = NULL;
	FILE *out = text_open(&text, &size);

	for (size_t l = 0; l < strata->mix->count; l++) {
		const struct mix_law *law = &strata->mix->laws[l];
		const struct mix_row *row = row_of(strata, l, chosen);
		char name[COUNT_NAME_MAX];
		unsigned value = 0;
		size_t digit;

		place /= radix_of(law);
		digit = number / place;
		number %= place;
		if (row == NULL || digit == 0)
			continue;
		chosen[law->axis] = &row->groups[digit - 1];
		while (!mix_values_have(&chosen[law->axis]->values, value))
			value++;
		count_value_name(strata->idiom, law->axis, value, name);
		fprintf(out, "%s%s=%s", ftell(out) > 0 ? " " : "", count_axis_name(law->axis),
			name);
	}
	text_close(out);
	return text;
}
