/* SPDX-License-Identifier: Apache-2.0
 * The report's comparisons: detectors on the same plans, and what each adds to the others. */
#include "sections.h"

#include "base/util.h"
#include "data_ask.h"
#include "stats/statistics.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- pairs ----------------------------------------------------------------------------------- */

struct pairing {
	unsigned class, idiom;
	int a, b;
	uint64_t both, only_a, only_b, plans;
	double p; /* McNemar, adjusted by Holm over all of the report */
};

struct pairings {
	struct pairing *list;
	size_t count;
};

static void add_pairing(
	struct pairings *pairings, const struct report_data *data, struct pairing pairing)
{
	const struct report_data_group *group = &data->groups[pairing.class][pairing.idiom];

	for (size_t i = 0; i < group->count; i++) {
		bool a = group->list[i].diagnosed & BIT(pairing.a);
		bool b = group->list[i].diagnosed & BIT(pairing.b);
		uint64_t plans = group->list[i].count;

		pairing.plans += plans;
		pairing.both += a && b ? plans : 0;
		pairing.only_a += a && !b ? plans : 0;
		pairing.only_b += b && !a ? plans : 0;
	}
	if (pairing.both + pairing.only_a + pairing.only_b == 0)
		return; /* neither ever diagnosed: nothing to compare */
	pairing.p = inference_mcnemar(pairing.only_a, pairing.only_b);
	pairings->list = list_grow(pairings->list, pairings->count, sizeof(*pairings->list));
	pairings->list[pairings->count++] = pairing;
}

static struct pairings all_pairings(const struct report_data *data)
{
	struct pairings pairings = { 0 };
	double *p;

	for (unsigned i = 0; i < IDIOM_COUNT; i++)
		for (unsigned c = 0; c < CLASS_COUNT; c++)
			for (int a = 0; a < DETECTOR_COUNT; a++)
				for (int b = a + 1; b < DETECTOR_COUNT; b++)
					if (report_data_cell(data, c, i, a) != NULL &&
						report_data_cell(data, c, i, b) != NULL)
						add_pairing(&pairings, data,
							(struct pairing){ .class = c,
								.idiom = i,
								.a = a,
								.b = b });
	p = allocate(pairings.count + 1, sizeof(*p));
	for (size_t k = 0; k < pairings.count; k++)
		p[k] = pairings.list[k].p;
	inference_holm(p, pairings.count);
	for (size_t k = 0; k < pairings.count; k++)
		pairings.list[k].p = p[k];
	free(p);
	return pairings;
}

static void pairing_row(struct draft *draft, const struct pairing *pairing)
{
	struct difference difference = inference_paired(
		pairing->both, pairing->only_a, pairing->only_b, pairing->plans);
	AUTO_FREE char *p = draft_p(pairing->p);

	document_row(draft->page);
	document_cell(draft->page, "%s", plan_classes[pairing->class].slug);
	document_cell(draft->page, "%s", detectors[pairing->a].slug);
	document_cell(draft->page, "%s", detectors[pairing->b].slug);
	document_cell(draft->page, "%" PRIu64, pairing->both);
	document_cell(draft->page, "%" PRIu64, pairing->only_a);
	document_cell(draft->page, "%" PRIu64, pairing->only_b);
	document_cell(draft->page, "%+.1f\n[%+.1f, %+.1f]", 100 * difference.difference,
		100 * difference.low, 100 * difference.high);
	document_cell(draft->page, "%s", p);
}

/* One of @with and @other in @class, seen from @with. */
static bool find_pairing(const struct pairings *pairings, unsigned class, unsigned idiom, int with,
	int other, struct pairing *ret)
{
	for (size_t i = 0; i < pairings->count; i++) {
		const struct pairing *one = &pairings->list[i];

		if (one->class != class || one->idiom != idiom ||
			!((one->a == with && one->b == other) ||
				(one->b == with && one->a == other)))
			continue;
		*ret = *one;
		if (one->b == with) {
			ret->only_a = one->only_b;
			ret->only_b = one->only_a;
		}
		return true;
	}
	return false;
}

static void matrix_cell(struct draft *draft, const struct pairing *pairing)
{
	struct difference difference = inference_paired(
		pairing->both, pairing->only_a, pairing->only_b, pairing->plans);
	AUTO_FREE char *p = draft_p(pairing->p);

	if (pairing->only_a + pairing->only_b == 0)
		document_cell(draft->page, "equal\nthe same %" PRIu64, pairing->both);
	else
		document_cell(draft->page, "%+.1f\n[%+.1f, %+.1f] %" PRIu64 ":%" PRIu64 ", p %s",
			100 * difference.difference, 100 * difference.low, 100 * difference.high,
			pairing->only_a, pairing->only_b, p);
}

/* @with against each other detector: a line a class. */
static void matrix(struct draft *draft, const struct pairings *pairings, unsigned idiom, int with)
{
	const struct report_data *data = draft->data;
	const char *columns[DETECTOR_COUNT + 1] = { "class" };
	AUTO_FREE char *caption = format("%s, `%s` against: points more, how many violations it "
					 "alone and the other alone diagnosed",
		draft_language((enum plan_idiom)idiom), detectors[with].slug);
	size_t count = 1;

	for (int d = 0; d < DETECTOR_COUNT; d++)
		if (d != with && (data->detectors_of[idiom] & BIT(d)))
			columns[count++] = detectors[d].slug;
	document_table(draft->page, caption, columns, count, 1);
	for (unsigned c = 0; c < CLASS_COUNT; c++) {
		if (report_data_cell(data, c, idiom, with) == NULL)
			continue;
		document_row(draft->page);
		document_cell(draft->page, "%s", plan_classes[c].slug);
		for (int d = 0; d < DETECTOR_COUNT; d++) {
			struct pairing pairing;

			if (d == with || !(data->detectors_of[idiom] & BIT(d)))
				continue;
			if (find_pairing(pairings, c, idiom, with, d, &pairing))
				matrix_cell(draft, &pairing);
			else
				document_cell(draft->page, "-");
		}
	}
	document_table_end(draft->page);
}

static void pairing_table(struct draft *draft, const struct pairings *pairings, unsigned idiom)
{
	static const char *const columns[] = { "class", "A", "B", "both", "A alone", "B alone",
		"A - B, points", "p" };
	AUTO_FREE char *caption = format("%s, every pair", draft_language((enum plan_idiom)idiom));

	document_table(draft->page, caption, columns, 8, 3);
	for (size_t i = 0; i < pairings->count; i++)
		if (pairings->list[i].idiom == idiom)
			pairing_row(draft, &pairings->list[i]);
	document_table_end(draft->page);
}

void section_compare(struct draft *draft)
{
	const struct report_data *data = draft->data;
	struct pairings pairings = all_pairings(data);

	document_target(draft->page, DOCUMENT_HTML);
	document_heading(draft->page, 2, "pairs", "Detectors compared on the same plans");
	if (pairings.count == 0) {
		document_say(draft->page,
			"Nothing to compare: it takes two detectors over the same "
			"plans, of which one diagnoses something.");
		return;
	}
	document_say(draft->page,
		"Every detector judged the same plans, so each plan is compared with itself: how "
		"many violations both diagnosed and how many one alone. The difference is of all "
		"violations, in points, with its 95 %% interval (Newcombe, method 10); p is of the "
		"exact McNemar test, Holm-corrected over all %zu pairs of this report.",
		pairings.count);
	for (unsigned i = 0; i < IDIOM_COUNT; i++)
		if (report_data_main(data, (enum plan_idiom)i) >= 0)
			matrix(draft, &pairings, i, report_data_main(data, (enum plan_idiom)i));
	document_target(draft->page, DOCUMENT_HTML);
	document_fold(draft->page, "Every pair");
	for (unsigned i = 0; i < IDIOM_COUNT; i++)
		if (data->idioms & BIT(i))
			pairing_table(draft, &pairings, i);
	document_fold_end(draft->page);
	free(pairings.list);
}

/* ---- sets ------------------------------------------------------------------------------------ */

static size_t groups_of(const struct report_data *data, unsigned idiom,
	struct patterns ret[CLASS_COUNT], uint64_t *ret_plans)
{
	size_t count = 0;

	*ret_plans = 0;
	for (unsigned c = 0; c < CLASS_COUNT; c++)
		if (data->groups[c][idiom].count > 0) {
			ret[count++] = (struct patterns){ data->groups[c][idiom].list,
				data->groups[c][idiom].count };
			*ret_plans += data->groups[c][idiom].plans;
		}
	return count;
}

static uint64_t covered(const struct patterns *groups, size_t count, uint32_t set)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < count; i++)
		sum += inference_covered(&groups[i], set);
	return sum;
}

/* The detector that adds most to @set; -1 when none does. */
static int best_next(const struct patterns *groups, size_t count, uint32_t set, uint32_t all)
{
	uint64_t most = covered(groups, count, set);
	int best = -1;

	for (int d = 0; d < DETECTOR_COUNT; d++) {
		uint64_t now = covered(groups, count, set | BIT(d));

		if ((all & BIT(d)) && now > most) {
			most = now;
			best = d;
		}
	}
	return best;
}

static void adding_table(struct draft *draft, unsigned idiom, const struct patterns *groups,
	size_t count, uint64_t plans)
{
	static const char *const columns[] = { "detector", "alone, %", "adds", "together, %" };
	AUTO_FREE char *caption = format("%s, each detector in the order in which it adds most",
		draft_language((enum plan_idiom)idiom));
	uint32_t all = draft->data->detectors_of[idiom], set = 0;
	int next;

	document_table(draft->page, caption, columns, 4, 1);
	while ((next = best_next(groups, count, set, all)) >= 0) {
		uint64_t before = covered(groups, count, set), alone, after;
		char share[RATE_PERCENT_MAX], sum[RATE_PERCENT_MAX];

		alone = covered(groups, count, BIT(next));
		set |= BIT(next);
		after = covered(groups, count, set);
		rate_percent(alone, plans, share);
		rate_percent(after, plans, sum);
		document_row(draft->page);
		document_cell(draft->page, "%s", detectors[next].slug);
		document_bar(
			draft->page, (double)alone / (double)plans, "%s\n%" PRIu64, share, alone);
		document_cell(draft->page, "+%" PRIu64, after - before);
		document_bar(
			draft->page, (double)after / (double)plans, "%s\n%" PRIu64, sum, after);
	}
	document_table_end(draft->page);
}

/* "asan, ubsan"; the caller frees. */
static char *names_of(uint32_t set)
{
	char *text = format("%s", "");

	for (int d = 0; d < DETECTOR_COUNT; d++)
		if (set & BIT(d)) {
			char *longer = format(
				"%s%s`%s`", text, *text != '\0' ? " + " : "", detectors[d].slug);

			free(text);
			text = longer;
		}
	return text;
}

/* At most as many detectors as can be tried. */
static uint32_t few(uint32_t set)
{
	while (__builtin_popcount(set) > REPORT_DATA_DETECTORS_MAX)
		set &= ~(1u << (31 - __builtin_clz(set)));
	return set;
}

static void say_sets(
	struct draft *draft, unsigned idiom, const struct patterns *groups, size_t count)
{
	uint32_t all = few(draft->data->detectors_of[idiom]);
	AUTO_FREE char *every = names_of(inference_smallest_set(groups, count, all, 1));
	AUTO_FREE char *most = names_of(inference_smallest_set(groups, count, all, 0.99));

	if (*every == '\0')
		document_say(draft->page, "%s: no detector diagnosed anything.",
			draft_language((enum plan_idiom)idiom));
	else
		document_say(draft->page,
			"%s: the smallest set that diagnoses, in every class, all that any detector "
			"of this run does is %s; 99 %% of it in every class: %s.",
			draft_language((enum plan_idiom)idiom), every, most);
}

void section_cover(struct draft *draft)
{
	document_target(draft->page, DOCUMENT_HTML);
	document_heading(draft->page, 2, "sets", "What each further detector adds");
	document_say(draft->page,
		"Of the violations under the mix `even`, equally many of each class, that at least "
		"one detector of the set diagnoses. Sets are builds of their own that run over the "
		"same inputs.");
	for (unsigned i = 0; i < IDIOM_COUNT; i++) {
		struct patterns groups[CLASS_COUNT];
		uint64_t plans;
		size_t count = groups_of(draft->data, i, groups, &plans);

		if (count == 0)
			continue;
		adding_table(draft, i, groups, count, plans);
		say_sets(draft, i, groups, count);
	}
	if (!draft->data->has_plans)
		document_say(draft->page, "The run's per-plan outcomes are not stored.");
}
