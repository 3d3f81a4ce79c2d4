/* SPDX-License-Identifier: Apache-2.0
 * Draws of audits. */
#include "draw.h"

#include "base/util.h"

#include <stdlib.h>

#define PER_STRATUM 4

struct ranked {
	uint64_t rank;
	struct draw_pick pick;
};

/* The @most picks of lowest rank so far. */
struct picks {
	struct ranked *list;
	size_t count, most;
};

static uint64_t rank_of(uint64_t number)
{
	uint64_t z = (number + 1) * 0x9e3779b97f4a7c15u;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	z = (z ^ z >> 27) * 0x94d049bb133111ebu;
	return z ^ z >> 31;
}

/* Sorted by rank; what is too much falls off the end. */
static void offer(struct picks *picks, struct ranked pick)
{
	size_t i = picks->count;

	if (picks->count == picks->most) {
		if (picks->most == 0 || picks->list[picks->most - 1].rank <= pick.rank)
			return;
		i--;
	} else {
		picks->count++;
	}
	for (; i > 0 && picks->list[i - 1].rank > pick.rank; i--)
		picks->list[i] = picks->list[i - 1];
	picks->list[i] = pick;
}

/* Plans of one region, outcome and kind of report. */
struct stratum {
	struct ranked list[PER_STRATUM];
	uint8_t count;
};

struct draw {
	uint16_t numbers[REGION_COUNT][256][256]; /* of a stratum, from 1; 0: none yet */
	struct stratum *strata;
	size_t count;
	struct picks random;
};

struct draw *draw_new(unsigned random)
{
	struct draw *draw = allocate(1, sizeof(*draw));

	draw->random = (struct picks){ allocate(random + 1, sizeof(struct ranked)), 0, random };
	return draw;
}

void draw_free(struct draw *draw)
{
	if (draw == NULL)
		return;
	free(draw->random.list);
	free(draw->strata);
	free(draw);
}

/* NULL when there are more than any detector has kinds for. */
static struct stratum *stratum_of(
	struct draw *draw, enum plan_region region, uint8_t outcome, uint8_t heard)
{
	uint16_t *number = &draw->numbers[region][outcome][heard];

	if (*number == 0 && draw->count < UINT16_MAX) {
		draw->strata = list_grow(draw->strata, draw->count, sizeof(*draw->strata));
		draw->strata[draw->count++] = (struct stratum){ .count = 0 };
		*number = (uint16_t)draw->count;
	}
	return *number > 0 ? &draw->strata[*number - 1] : NULL;
}

void draw_offer(struct draw *draw, enum plan_region region, struct draw_pick pick)
{
	struct stratum *stratum = stratum_of(draw, region, pick.outcome, pick.heard);
	struct ranked ranked = { rank_of(pick.number), pick };

	if (stratum != NULL) {
		struct picks all = { stratum->list, stratum->count, PER_STRATUM };

		offer(&all, ranked);
		stratum->count = (uint8_t)all.count;
	}
	offer(&draw->random, ranked);
}

/* ---- the list ------------------------------------------------------------------------------------ */

static bool is_listed(const struct audited *list, size_t count, uint64_t index)
{
	for (size_t i = 0; i < count; i++)
		if (list[i].index == index)
			return true;
	return false;
}

static void append(struct audited **list, size_t *count, struct cell cell,
	const struct heard_table *kinds, const struct draw_pick *pick)
{
	struct audited audited = { .cell = cell, .index = pick->index, .fast = pick->outcome };

	heard_of(kinds, pick->heard, audited.fast_kind);
	*list = list_grow(*list, *count, sizeof(**list));
	(*list)[(*count)++] = audited;
}

static int compare_indices(const void *a, const void *b)
{
	const struct audited *x = a, *y = b;

	return (x->index > y->index) - (x->index < y->index);
}

/* Kinds have their numbers in the order in which workers came to them: that of the list must not depend on it. */
void draw_list(const struct draw *draw, struct cell cell, const struct heard_table *kinds,
	bool part, struct audited **list, size_t *count)
{
	const struct picks *random = &draw->random;
	size_t from = *count;

	for (size_t s = 0; s < draw->count; s++)
		for (int i = 0; i < draw->strata[s].count; i++)
			append(list, count, cell, kinds, &draw->strata[s].list[i].pick);
	for (size_t i = 0; i < random->count; i++)
		if ((part || *count - from < random->most) &&
			!is_listed(*list + from, *count - from, random->list[i].pick.index))
			append(list, count, cell, kinds, &random->list[i].pick);
	if (*count > from)
		qsort(*list + from, *count - from, sizeof(**list), compare_indices);
}

char *draw_path(const struct measurement *run)
{
	return format("%s/draw.jsonl", run->directory);
}
