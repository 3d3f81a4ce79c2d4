/* SPDX-License-Identifier: Apache-2.0
 * Rates under a mix as text. */
#include "print.h"

#include "base/escape.h"
#include "base/util.h"
#include "formats/table.h"

#include <math.h>
#include <stdlib.h>

static const char *class_name(unsigned class)
{
	return class == WEIGH_ALL ? "all of the mix" : plan_classes[class].slug;
}

/* Was the class measured, but with no plan of the mix? */
static bool lacks_plans(const struct weighing *weighing, unsigned class, unsigned idiom)
{
	const struct weigh_cell *cell = &weighing->cells[class % CLASS_COUNT][idiom];

	if (class == WEIGH_ALL || cell->strata == NULL)
		return false;
	for (int d = 0; d < DETECTOR_COUNT; d++)
		if (!isnan(weigh_rate(weighing, class, idiom, d).rate))
			return false;
	return true;
}

char *mix_rate_words(const struct weighing *weighing, unsigned class, unsigned idiom, int detector)
{
	struct weighted rate = weigh_rate(weighing, class, idiom, detector);
	AUTO_FREE char *most = NULL;

	if (class != WEIGH_ALL && !detector_has_rule(detector, (enum plan_class) class))
		return format("no rule");
	if (isnan(rate.rate))
		return format(lacks_plans(weighing, class, idiom) ? "no plans" : "-");
	if (weigh_is_circular(weighing, class, idiom, detector))
		return format("by construction");
	most = rate.most > rate.rate ? format(" to %.1f", 100 * rate.most) : format("%s", "");
	if (isnan(rate.low))
		return format("%.1f%s ±%.1f", 100 * rate.rate, most, 100 * rate.given);
	return format("%.1f%s ±%.1f [%.1f, %.1f]", 100 * rate.rate, most, 100 * rate.given,
		100 * rate.low, 100 * rate.high);
}

/* Has any detector a rate in it, or could one have with more plans? */
static bool has_class(const struct weighing *weighing, unsigned class, unsigned idiom)
{
	for (int d = 0; d < DETECTOR_COUNT; d++)
		if (!isnan(weigh_rate(weighing, class, idiom, d).rate))
			return true;
	return lacks_plans(weighing, class, idiom);
}

static size_t print_idiom(FILE *out, const struct measurement *run, const struct weighing *weighing,
	unsigned idiom, bool markdown)
{
	struct table *table = table_new((const char *const[]){ "<class", NULL });
	size_t rates = 0;

	for (int d = 0; d < DETECTOR_COUNT; d++)
		if ((run->detectors & BIT(d)) && detector_has_idiom(d, (enum plan_idiom)idiom))
			table_column(table, detectors[d].slug);
	for (unsigned c = 0; c <= WEIGH_ALL; c++) {
		if (!has_class(weighing, c, idiom))
			continue;
		table_row(table);
		table_cell(table, "%s", class_name(c));
		for (int d = 0; d < DETECTOR_COUNT; d++) {
			AUTO_FREE char *words = mix_rate_words(weighing, c, idiom, d);

			if (!(run->detectors & BIT(d)) ||
				!detector_has_idiom(d, (enum plan_idiom)idiom))
				continue;
			table_cell(table, "%s", words);
			rates++;
		}
	}
	if (rates > 0) {
		fprintf(out, markdown ? "\n**%s, diagnosed under `" : "\n%s, diagnosed under ",
			plan_idiom_slug((enum plan_idiom)idiom));
		escape_print(out, weighing->mix->name);
		fprintf(out,
			markdown ? "`, %% of the violations committed**\n\n" :
				   ", %% of the violations committed\n");
	}
	table_end(table, markdown ? TABLE_MARKDOWN : TABLE_TEXT, 0, out);
	return rates;
}

static void print_head(FILE *out, const struct mix *mix)
{
	AUTO_FREE char *text = format(
		"mix %s: %s; sample: %s; seen by:", mix->name, mix->source, mix->sample);

	escape_print(out, text);
	for (int d = 0; d < DETECTOR_COUNT; d++)
		if (mix->seen_by & BIT(d))
			fprintf(out, " %s", detectors[d].slug);
	fprintf(out, "%s\n", mix->seen_by == 0 ? " no detector" : "");
}

static void print_dropped(FILE *out, const struct weighing *weighing)
{
	for (unsigned c = 0; c < CLASS_COUNT; c++)
		for (unsigned i = 0; i < IDIOM_COUNT; i++)
			if (weighing->cells[c][i].dropped > 0)
				fprintf(out,
					"dropped in %s, %s: %.2g %% of the weight, which no plan can have\n",
					plan_classes[c].slug, plan_idiom_slug((enum plan_idiom)i),
					100 * weighing->cells[c][i].dropped);
}

/* Each change once: the one that is ahead under the mix first. */
static void print_changes(FILE *out, const struct weighing *weighing, const struct weighing *even)
{
	for (unsigned i = 0; i < IDIOM_COUNT; i++)
		for (unsigned c = 0; c <= WEIGH_ALL; c++)
			for (int a = 0; a < DETECTOR_COUNT; a++)
				for (int b = 0; b < DETECTOR_COUNT; b++) {
					struct difference now;

					if (!weigh_overtakes(weighing, even, c, i, a, b))
						continue;
					now = weigh_difference(weighing, c, i, a, b);
					fprintf(out,
						"the ranking changes in %s, %s: %s overtakes %s, %+.1f points "
						"[%+.1f, %+.1f]\n",
						class_name(c), plan_idiom_slug((enum plan_idiom)i),
						detectors[a].slug, detectors[b].slug,
						100 * now.difference, 100 * now.low,
						100 * now.high);
				}
}

size_t mix_print(FILE *out, const struct measurement *run, const struct weighing *weighing,
	const struct weighing *even, bool markdown)
{
	size_t rates = 0;

	print_head(out, weighing->mix);
	for (unsigned i = 0; i < IDIOM_COUNT; i++)
		rates += print_idiom(out, run, weighing, i, markdown);
	fprintf(out,
		"\n±: half of the 95 %% interval, given the weights. [a, b]: the interval with the "
		"error of the weights%s.\n",
		isnan(weighing->mix->inverse_m) ? "; the size of their sample is unknown" : "");
	for (unsigned i = 0; i < IDIOM_COUNT; i++)
		for (unsigned c = 0; c < CLASS_COUNT; c++)
			if (lacks_plans(weighing, c, i))
				fprintf(out,
					"no plans: of %s, %s, this run has no plan that the mix weighs; next: "
					"a larger N=, or make measure PLANS=mix MIX=\n",
					plan_classes[c].slug, plan_idiom_slug((enum plan_idiom)i));
	print_dropped(out, weighing);
	if (run->drawn == NULL)
		print_changes(out, weighing, even);
	return rates;
}
