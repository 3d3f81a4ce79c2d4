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
	const struct report_data *data, unsigned class, unsigned idiom, int detector)
{
	const struct report_data_mix *shown = mixes_shown(data, class, idiom, detector);

	return (struct front_cell){
		.rate = weigh_rate(&shown->weighing, class, idiom, detector).rate,
		.even = weigh_rate(&data->even->weighing, class, idiom, detector).rate,
		.star = shown != data->lead ? "*" : "",
		.arrow = mixes_arrow(data, shown, class, idiom, detector),
		.no_rule = !detector_has_rule(detector, (enum plan_class) class),
		.circular = weigh_is_circular(&shown->weighing, class, idiom, detector),
	};
}

static void put_heat(struct draft *draft, const struct front_cell *cell, struct cell id)
{
	AUTO_FREE char *anchor = draft_anchor(id);
	AUTO_FREE char *text = cell->circular ? format("–\neven %.0f", 100 * cell->even) :
						format("%.0f%s%s\neven %.0f", 100 * cell->rate,
							cell->star, cell->arrow, 100 * cell->even);

	if (isnan(cell->rate) || cell->no_rule)
		document_heat(draft->page, -1, anchor, "–");
	else
		document_heat(draft->page, cell->circular ? -1 : cell->rate, anchor, text);
}

static void put_words(struct draft *draft, const struct front_cell *cell)
{
	if (cell->no_rule)
		document_cell(draft->page, "no rule");
	else if (isnan(cell->rate))
		document_cell(draft->page, "-");
	else if (cell->circular)
		document_cell(draft->page, "by construction (%.1f)", 100 * cell->even);
	else if (fabs(cell->rate - cell->even) < 5e-4 && *cell->arrow == '\0')
		document_cell(draft->page, "%.1f", 100 * cell->rate);
	else
		document_cell(draft->page, "%.1f%s%s (%.1f)", 100 * cell->rate, cell->star,
			cell->arrow, 100 * cell->even);
}

static void front_row(struct draft *draft, unsigned class, unsigned idiom, bool html)
{
	document_row(draft->page);
	document_cell(draft->page, "%s", plan_classes[class].slug);
	for (int d = 0; d < DETECTOR_COUNT; d++) {
		struct front_cell cell;

		if (!(draft->data->detectors_of[idiom] & BIT(d)))
			continue;
		cell = front_cell(draft->data, class, idiom, d);
		if (html)
			put_heat(draft, &cell,
				(struct cell){ (enum plan_class) class, (enum plan_idiom)idiom,
					(enum detector_id)d });
		else
			put_words(draft, &cell);
	}
}

static void front_table(struct draft *draft, unsigned idiom, bool html)
{
	const struct report_data *data = draft->data;
	const char *columns[DETECTOR_COUNT + 1];
	size_t count = draft_columns(data, idiom, columns);
	AUTO_FREE char *star = data->beside != NULL && data->beside != data->lead ?
		format("; * under `%s`, where `%s` is made of the detector's own reports",
			data->beside->mix.name, data->lead->mix.name) :
		format("%s", "");
	AUTO_FREE char *caption = format("%s, diagnosed under the mix `%s`, %% of the violations "
					 "committed%s; %s under `even`. ↑ ↓: the ranking changes",
		draft_language((enum plan_idiom)idiom), data->lead->mix.name, star,
		html ? "below, in grey," : "in brackets");

	document_target(draft->page, html ? DOCUMENT_HTML : DOCUMENT_MARKDOWN);
	if (html)
		document_matrix(draft->page, caption, columns, count);
	else
		document_table(draft->page, caption, columns, count, 1);
	for (unsigned c = 0; c < CLASS_COUNT; c++)
		if (data->classes & BIT(c))
			front_row(draft, c, idiom, html);
	document_table_end(draft->page);
}

void section_front(struct draft *draft, bool html)
{
	for (unsigned i = 0; i < IDIOM_COUNT; i++)
		if (draft->data->idioms & BIT(i))
			front_table(draft, i, html);
	document_target(draft->page, DOCUMENT_BOTH);
}

/* ---- the claimed figures --------------------------------------------------------------------- */

static bool speaks_of_claims(const struct report_data *data, const struct report_data_mix *mix)
{
	for (size_t c = 0; c < CLAIM_COUNT; c++)
		for (int i = 0; i < IDIOM_COUNT; i++)
			if (mix == data->even ||
				mix_speaks_of(&mix->mix, claims[c].class, (enum plan_idiom)i))
				return true;
	return false;
}

static void claimed_cell(struct draft *draft, const struct report_data_mix *mix, struct cell cell)
{
	struct weighted rate = weigh_rate(
		&mix->weighing, cell.class, cell.idiom, (int)cell.detector);

	if (mix != draft->data->even && !mix_speaks_of(&mix->mix, cell.class, cell.idiom))
		document_cell(draft->page, "-");
	else if (!detector_has_rule((int)cell.detector, cell.class))
		document_cell(draft->page, "no rule");
	else if (isnan(rate.rate))
		document_cell(draft->page, "-");
	else if (weigh_is_circular(&mix->weighing, cell.class, cell.idiom, (int)cell.detector))
		document_cell(draft->page, "by construction");
	else if (isnan(rate.low))
		document_cell(draft->page, "%.1f", 100 * rate.rate);
	else
		document_cell(draft->page, "%.1f\n[%.1f, %.1f]", 100 * rate.rate, 100 * rate.low,
			100 * rate.high);
}

static void claimed_row(struct draft *draft, const struct claim *claim, enum plan_idiom idiom)
{
	const struct report_data *data = draft->data;
	int detector = report_data_article(data, idiom);
	struct cell cell = { claim->class, idiom, (enum detector_id)detector };
	double least, most;

	if (report_data_cell(data, claim->class, idiom, detector) == NULL)
		return;
	document_row(draft->page);
	document_cell(draft->page, "%s", claim->what);
	document_cell(draft->page, "%s", draft_language(idiom));
	document_cell(draft->page, "%.1f", claim->claimed[idiom]);
	for (size_t m = 0; m < data->mix_count; m++)
		if (speaks_of_claims(data, &data->mixes[m]))
			claimed_cell(draft, &data->mixes[m], cell);
	if (!detector_has_rule(detector, claim->class))
		document_cell(draft->page, "no rule");
	else if (report_data_range(
			 data, cell, claim->has_near ? (int)claim->near : -1, &least, &most))
		document_cell(draft->page, "%.0f to %.0f", 100 * least, 100 * most);
	else
		document_cell(draft->page, "-");
}

void section_claimed(struct draft *draft)
{
	const struct report_data *data = draft->data;
	const char *columns[4 + REPORT_DATA_MIXES_MAX] = { "claim", "language", "claimed, %" };
	size_t count = 3;

	if (data->lead == NULL)
		return;
	for (size_t m = 0; m < data->mix_count; m++)
		if (speaks_of_claims(data, &data->mixes[m]))
			columns[count++] = data->mixes[m].mix.name;
	columns[count++] = "any mix of these words";
	document_table(draft->page, "Claimed, and diagnosed under each mix, %", columns, count, 2);
	for (size_t c = 0; c < CLAIM_COUNT; c++)
		for (unsigned i = 0; i < IDIOM_COUNT; i++)
			claimed_row(draft, &claims[c], (enum plan_idiom)i);
	document_table_end(draft->page);
	document_say(draft->page,
		"The last column has the least and the most that a mix over the article's own words can "
		"give. `harnesses/mixes/README.md` has the sources of the mixes. None of them is claimed "
		"to be the article's.");
}

/* ---- wild accesses --------------------------------------------------------------------------- */

#define WILD_MOST 0.2

static void draw_wild(struct draft *draft, const struct report_data_mix *none,
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

		if ((draft->data->detectors_of[idiom] & BIT(d)) && !isnan(from) && !isnan(to) &&
			detector_has_rule(d, CLASS_oob_write) &&
			!weigh_is_circular(&none->weighing, CLASS_oob_write, idiom, d))
			slopes[count++] = (struct chart_slope){ detectors[d].slug, from,
				from + WILD_MOST * (to - from) };
	}
	if (count > 0)
		draft_add_figure(draft, format("wild-%s", plan_idiom_slug(idiom)), title,
			chart_slopes(title, "share of wild accesses", WILD_MOST, slopes, count),
			false);
}

/* The rate is a straight line between no wild access and nothing but wild ones: the other weights keep their ratios. */
void section_wild(struct draft *draft)
{
	const struct report_data *data = draft->data;
	const struct report_data_mix *like = data->beside != NULL ? data->beside : data->lead;
	struct report_data_mix none, all;

	document_target(draft->page, DOCUMENT_HTML);
	if (like == NULL || !mixes_with_wild(data, like, 0, &none))
		return;
	document_heading(draft->page, 2, "wild", "Wild accesses");
	document_say(draft->page,
		"A wild access lands in unmapped memory: a signal ends it, and no checker names it. Of the "
		"crashes of OSS-Fuzz that look like overflows, 11 %% are wild; of public collections, 18 %%.");
	if (mixes_with_wild(data, like, 1, &all)) {
		for (unsigned i = 0; i < IDIOM_COUNT; i++)
			if (data->idioms & BIT(i))
				draw_wild(draft, &none, &all, (enum plan_idiom)i);
		mixes_close(&all);
	}
	mixes_close(&none);
}
