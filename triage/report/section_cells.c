/* SPDX-License-Identifier: Apache-2.0
 * The first table of report.html, with a colour for each cell, and the details of each cell. HTML only, because
 * 176 cells are too many for a page in a repository. */
#include "sections.h"

#include "base/util.h"
#include "data_ask.h"
#include "stats/statistics.h"

#include <inttypes.h>
#include <stdlib.h>

#define CAUSES_SHOWN 5

static void heat_cell(struct draft *draft, struct cell id)
{
	const struct report_data_cell *cell = report_data_cell(
		draft->data, id.class, id.idiom, (int)id.detector);
	AUTO_FREE char *anchor = draft_anchor(id);
	uint64_t committed = cell != NULL ? report_data_committed(cell) : 0;
	double share = committed > 0 ? (double)cell->verdicts[VERDICT_RIGHT] / (double)committed :
				       -1;
	AUTO_FREE char *text = format("%.0f", 100 * share);

	if (cell == NULL)
		document_cell(draft->page, " ");
	else if (!cell->has_rule || committed == 0)
		document_heat(draft->page, -1, anchor, "–");
	else
		document_heat(draft->page, share, anchor, text);
}

static void matrix_of(struct draft *draft, enum plan_idiom idiom)
{
	const char *columns[DETECTOR_COUNT + 1];
	size_t count = draft_columns(draft->data, idiom, columns);
	AUTO_FREE char *caption = format(
		"%s: violations that the report names, %% of those committed, under the mix `even`. “–”: no rule.",
		draft_language(idiom));

	document_matrix(draft->page, caption, columns, count);
	for (unsigned c = 0; c < CLASS_COUNT; c++) {
		if (!(draft->data->classes & BIT(c)))
			continue;
		document_row(draft->page);
		document_cell(draft->page, "%s", plan_classes[c].slug);
		for (int d = 0; d < DETECTOR_COUNT; d++)
			if (draft->data->detectors_of[idiom] & BIT(d))
				heat_cell(draft,
					(struct cell){
						(enum plan_class)c, idiom, (enum detector_id)d });
	}
	document_table_end(draft->page);
}

void section_matrix(struct draft *draft)
{
	if (draft->data->lead != NULL) {
		section_front(draft, true);
		return;
	}
	document_target(draft->page, DOCUMENT_HTML);
	for (unsigned i = 0; i < IDIOM_COUNT; i++)
		if (draft->data->idioms & BIT(i))
			matrix_of(draft, (enum plan_idiom)i);
}

static void say_rates_of(struct draft *draft, const struct report_data_cell *cell)
{
	AUTO_FREE char *right = draft_rate(
		cell->verdicts[VERDICT_RIGHT], report_data_committed(cell));
	AUTO_FREE char *stopped = draft_rate(report_data_stopped(cell), cell->violations);
	AUTO_FREE char *refused = draft_rate(cell->verdicts[VERDICT_LANGUAGE], cell->violations);

	document_say(draft->page,
		"Diagnosed: %s of %" PRIu64 " committed violations. Stopped: %s of %" PRIu64
		" violations. Refused by the language: %s. False alarms: %" PRIu64 " of %" PRIu64
		" benign plans.",
		cell->has_rule ? right : "no rule", report_data_committed(cell), stopped,
		cell->violations, refused, cell->verdicts[VERDICT_FALSE_ALARM], cell->benign);
}

static void say_cause(
	struct draft *draft, struct cell id, enum cause cause, uint64_t count, uint64_t violations)
{
	AUTO_FREE char *example = report_data_example(draft->data, id, cause);
	char share[RATE_PERCENT_MAX];

	rate_percent(count, violations, share);
	document_item(draft->page, "`%s`, %s %% of all violations: %s.%s%s", cause_slug(cause),
		share, cause_words(cause), example != NULL ? " For example " : "",
		example != NULL ? example : "");
}

static void cell_of(struct draft *draft, struct cell id, const struct report_data_cell *cell)
{
	AUTO_FREE char *anchor = draft_anchor(id);
	AUTO_FREE char *title = format("%s, %s, %s", plan_classes[id.class].slug,
		draft_language(id.idiom), detectors[id.detector].slug);
	bool said[CAUSE_COUNT] = { 0 };

	document_heading(draft->page, 3, anchor, title);
	say_rates_of(draft, cell);
	for (int shown = 0; shown < CAUSES_SHOWN; shown++) {
		int most = CAUSE_NONE;

		for (int k = CAUSE_NONE + 1; k < CAUSE_COUNT; k++)
			if (!said[k] && cell->causes[k] > (most ? cell->causes[most] : 0))
				most = k;
		if (most == CAUSE_NONE)
			return;
		said[most] = true;
		say_cause(draft, id, (enum cause)most, cell->causes[most], cell->violations);
	}
}

void section_cells(struct draft *draft)
{
	document_target(draft->page, DOCUMENT_HTML);
	document_heading(draft->page, 2, "cells", "Each cell");
	for (unsigned i = 0; i < IDIOM_COUNT; i++)
		for (unsigned c = 0; c < CLASS_COUNT; c++)
			for (int d = 0; d < DETECTOR_COUNT; d++) {
				const struct report_data_cell *cell = report_data_cell(
					draft->data, c, i, d);

				if (cell != NULL)
					cell_of(draft,
						(struct cell){ (enum plan_class)c,
							(enum plan_idiom)i, (enum detector_id)d },
						cell);
			}
}
