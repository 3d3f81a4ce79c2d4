/* SPDX-License-Identifier: Apache-2.0
 * The report's rates under mixes: the matrix of the first page, the claimed figures, and the share of wild accesses. */
#include "sections.h"

#include "base/util.h"
#include "claims.h"
#include "data_ask.h"
#include "formats/chart.h"
#include "mixes.h"

#include <math.h>
#include <stdlib.h>

/* ---- the matrix ------------------------------------------------------------------------------ */

/* The figure under the mix that is shown, then the one under the mix even; NaN for none. */
struct front_cell {
	double rate, even;
	const char *star, *arrow;
	bool no_rule, circular;
};

static struct front_cell front_cell(
	const struct report_data *study, unsigned class, unsigned idiom, int detector)
{
	const struct report_data_mix *shown = mixes_shown(study, class, idiom, detector);

	return (struct front_cell){
		.rate = weigh_rate(&shown->weighing, class, idiom, detector).rate,
		.even = weigh_rate(&study->even->weighing, class, idiom, detector).rate,
		.star = shown != study->lead ? "*" : "",
		.arrow = mixes_arrow(study, shown, class, idiom, detector),
		.no_rule = !detector_has_rule(detector, (enum plan_class) class),
		.circular = weigh_is_circular(&shown->weighing, class, idiom, detector),
	};
}

static void put_heat(struct draft *paper, const struct front_cell *cell, struct cell id)
{
	AUTO_FREE char *anchor = draft_anchor(id);
	AUTO_FREE char *text = cell->circular ? format("–\neven %.0f", 100 * cell->even) :
						format("%.0f%s%s\neven %.0f", 100 * cell->rate,
							cell->star, cell->arrow, 100 * cell->even);

	if (isnan(cell->rate) || cell->no_rule)
		document_heat(paper->page, -1, anchor, "–");
	else
		document_heat(paper->page, cell->circular ? -1 : cell->rate, anchor, text);
}

static void put_words(struct draft *paper, const struct front_cell *cell)
{
	if (cell->no_rule)
		document_cell(paper->page, "no rule");
	else if (isnan(cell->rate))
		document_cell(paper->page, "-");
	else if (cell->circular)
		document_cell(paper->page, "by construction (%.1f)", 100 * cell->even);
	else if (fabs(cell->rate - cell->even) < 5e-4 && *cell->arrow == '\0')
		document_cell(paper->page, "%.1f", 100 * cell->rate);
	else
		document_cell(paper->page, "%.1f%s%s (%.1f)", 100 * cell->rate, cell->star,
			cell->arrow, 100 * cell->even);
}

static void front_row(struct draft *paper, unsigned class, unsigned idiom, bool html)
{
	document_row(paper->page);
	document_cell(paper->page, "%s", plan_classes[class].slug);
	for (int d = 0; d < DETECTOR_COUNT; d++) {
		struct front_cell cell;

		if (!(paper->study->detectors_of[idiom] & BIT(d)))
			continue;
		cell = front_cell(paper->study, class, idiom, d);
		if (html)
			put_heat(paper, &cell,
				(struct cell){ (enum plan_class) class, (enum plan_idiom)idiom,
					(enum detector_id)d });
		else
			put_words(paper, &cell);
	}
}

static void front_table(struct draft *paper, unsigned idiom, bool html)
{
	const struct report_data *study = paper->study;
	const char *columns[DETECTOR_COUNT + 1];
	size_t count = draft_columns(study, idiom, columns);
	AUTO_FREE char *star = study->beside != NULL && study->beside != study->lead ?
		format("; * under `%s`, where `%s` is made of the detector's own reports",
			study->beside->mix.name, study->lead->mix.name) :
		format("%s", "");
	AUTO_FREE char *caption = format("%s, diagnosed under the mix `%s`, %% of the violations "
					 "committed%s; %s under `even`. ↑ ↓: the ranking changes",
		draft_language((enum plan_idiom)idiom), study->lead->mix.name, star,
		html ? "below, in grey," : "in brackets");

	document_target(paper->page, html ? DOCUMENT_HTML : DOCUMENT_MARKDOWN);
	if (html)
		document_matrix(paper->page, caption, columns, count);
	else
		document_table(paper->page, caption, columns, count, 1);
	for (unsigned c = 0; c < CLASS_COUNT; c++)
		if (study->classes & BIT(c))
			front_row(paper, c, idiom, html);
	document_table_end(paper->page);
}

void section_front(struct draft *paper, bool html)
{
	for (unsigned i = 0; i < IDIOM_COUNT; i++)
		if (paper->study->idioms & BIT(i))
			front_table(paper, i, html);
	document_target(paper->page, DOCUMENT_BOTH);
}

/* ---- the claimed figures --------------------------------------------------------------------- */

static bool speaks_of_claims(const struct report_data *study, const struct report_data_mix *mix)
{
	for (size_t c = 0; c < CLAIM_COUNT; c++)
		for (int i = 0; i < IDIOM_COUNT; i++)
			if (mix == study->even ||
				mix_speaks_of(&mix->mix, claims[c].class, (enum plan_idiom)i))
				return true;
	return false;
}

static void claimed_cell(struct draft *paper, const struct report_data_mix *mix, struct cell cell)
{
	struct weighted rate = weigh_rate(
		&mix->weighing, cell.class, cell.idiom, (int)cell.detector);

	if (mix != paper->study->even && !mix_speaks_of(&mix->mix, cell.class, cell.idiom))
		document_cell(paper->page, "-");
	else if (!detector_has_rule((int)cell.detector, cell.class))
		document_cell(paper->page, "no rule");
	else if (isnan(rate.rate))
		document_cell(paper->page, "-");
	else if (weigh_is_circular(&mix->weighing, cell.class, cell.idiom, (int)cell.detector))
		document_cell(paper->page, "by construction");
	else if (isnan(rate.low))
		document_cell(paper->page, "%.1f", 100 * rate.rate);
	else
		document_cell(paper->page, "%.1f\n[%.1f, %.1f]", 100 * rate.rate, 100 * rate.low,
			100 * rate.high);
}

static void claimed_row(struct draft *paper, const struct claim *claim, enum plan_idiom idiom)
{
	const struct report_data *study = paper->study;
	int detector = report_data_article(study, idiom);
	struct cell cell = { claim->class, idiom, (enum detector_id)detector };
	double least, most;

	if (report_data_cell(study, claim->class, idiom, detector) == NULL)
		return;
	document_row(paper->page);
	document_cell(paper->page, "%s", claim->what);
	document_cell(paper->page, "%s", draft_language(idiom));
	document_cell(paper->page, "%.1f", claim->claimed[idiom]);
	for (size_t m = 0; m < study->mix_count; m++)
		if (speaks_of_claims(study, &study->mixes[m]))
			claimed_cell(paper, &study->mixes[m], cell);
	if (!detector_has_rule(detector, claim->class))
		document_cell(paper->page, "no rule");
	else if (report_data_range(
			 study, cell, claim->has_near ? (int)claim->near : -1, &least, &most))
		document_cell(paper->page, "%.0f to %.0f", 100 * least, 100 * most);
	else
		document_cell(paper->page, "-");
}

void section_claimed(struct draft *paper)
{
	const struct report_data *study = paper->study;
	const char *columns[4 + REPORT_DATA_MIXES_MAX] = { "claim", "language", "claimed, %" };
	size_t count = 3;

	if (study->lead == NULL)
		return;
	for (size_t m = 0; m < study->mix_count; m++)
		if (speaks_of_claims(study, &study->mixes[m]))
			columns[count++] = study->mixes[m].mix.name;
	columns[count++] = "any mix of these words";
	document_table(paper->page, "Claimed, and diagnosed under each mix, %", columns, count, 2);
	for (size_t c = 0; c < CLAIM_COUNT; c++)
		for (unsigned i = 0; i < IDIOM_COUNT; i++)
			claimed_row(paper, &claims[c], (enum plan_idiom)i);
	document_table_end(paper->page);
	document_say(paper->page,
		"The last column has the least and the most that a mix over the article's own words can "
		"give. `harnesses/mixes/README.md` has the sources of the mixes. None of them is claimed "
		"to be the article's.");
}

/* ---- wild accesses --------------------------------------------------------------------------- */

#define WILD_MOST 0.2

static void draw_wild(struct draft *paper, const struct report_data_mix *none,
	const struct report_data_mix *all, enum plan_idiom idiom)
{
	AUTO_FREE char *title = format(
		"oob-write, %s, under `%s`: diagnosed by the share of wild accesses",
		draft_language(idiom), none->mix.name);
	struct chart_slope slopes[CHART_REGIONS];
	size_t count = 0;

	for (int d = 0; d < DETECTOR_COUNT && count < CHART_REGIONS; d++) {
		double from = weigh_rate(&none->weighing, CLASS_oob_write, idiom, d).rate;
		double to = weigh_rate(&all->weighing, CLASS_oob_write, idiom, d).rate;

		if ((paper->study->detectors_of[idiom] & BIT(d)) && !isnan(from) && !isnan(to) &&
			detector_has_rule(d, CLASS_oob_write) &&
			!weigh_is_circular(&none->weighing, CLASS_oob_write, idiom, d))
			slopes[count++] = (struct chart_slope){ detectors[d].slug, from,
				from + WILD_MOST * (to - from) };
	}
	if (count > 0)
		draft_add_figure(paper, format("wild-%s", plan_idiom_slug(idiom)), title,
			chart_slopes(title, "share of wild accesses", WILD_MOST, slopes, count),
			false);
}

/* The rate is a straight line between no wild access and nothing but wild ones: the other weights keep their ratios. */
void section_wild(struct draft *paper)
{
	const struct report_data *study = paper->study;
	const struct report_data_mix *like = study->beside != NULL ? study->beside : study->lead;
	struct report_data_mix none, all;

	document_target(paper->page, DOCUMENT_HTML);
	if (like == NULL || !mixes_with_wild(study, like, 0, &none))
		return;
	document_heading(paper->page, 2, "wild", "Wild accesses");
	document_say(paper->page,
		"A wild access lands in unmapped memory: a signal ends it, and no checker names it. Of the "
		"crashes of OSS-Fuzz that look like overflows, 11 %% are wild; of public collections, 18 %%.");
	if (mixes_with_wild(study, like, 1, &all)) {
		for (unsigned i = 0; i < IDIOM_COUNT; i++)
			if (study->idioms & BIT(i))
				draw_wild(paper, &none, &all, (enum plan_idiom)i);
		mixes_close(&all);
	}
	mixes_close(&none);
}
