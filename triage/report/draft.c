/* SPDX-License-Identifier: Apache-2.0
 * The report as a whole, and the words that its sections share. */
#include "draft.h"

#include "base/json_file.h"
#include "base/util.h"
#include "data_ask.h"
#include "sections.h"
#include "stats/statistics.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- words ----------------------------------------------------------------------------------- */

char *draft_rate(uint64_t k, uint64_t n)
{
	struct rate rate = rate_of(k, n);
	char share[RATE_PERCENT_MAX];

	if (n == 0)
		return format("nothing");
	rate_percent(k, n, share);
	return format("%s %% [%.1f, %.1f]", share, 100 * rate.low, 100 * rate.high);
}

char *draft_rate_cell(uint64_t k, uint64_t n)
{
	struct rate rate = rate_of(k, n);
	char share[RATE_PERCENT_MAX];

	if (n == 0)
		return format("-");
	rate_percent(k, n, share);
	return format("%s\n[%.1f, %.1f] %" PRIu64 "/%" PRIu64, share, 100 * rate.low,
		100 * rate.high, k, n);
}

char *draft_percent(uint64_t k, uint64_t n)
{
	return n > 0 ? format("%.0f", 100 * (double)k / (double)n) : format("-");
}

char *draft_p(double p)
{
	return p < 0.001 ? format("<0.001") : format("%.3f", p);
}

const char *draft_language(enum plan_idiom idiom)
{
	switch (idiom) {
	case IDIOM_go: return "Go";
	case IDIOM_rust: return "Rust";
	default: return plan_idiom_slug(idiom);
	}
}

size_t draft_columns(
	const struct report_data *data, unsigned idiom, const char *ret[DETECTOR_COUNT + 1])
{
	size_t count = 0;

	ret[count++] = "class";
	for (int d = 0; d < DETECTOR_COUNT; d++)
		if (data->detectors_of[idiom] & BIT(d))
			ret[count++] = detectors[d].slug;
	return count;
}

char *draft_anchor(struct cell cell)
{
	return format("cell-%s-%s-%s", plan_classes[cell.class].slug, plan_idiom_slug(cell.idiom),
		detectors[cell.detector].slug);
}

/* ---- figures --------------------------------------------------------------------------------- */

void draft_add_figure(struct draft *draft, char *name, const char *alt, char *svg, bool committed)
{
	draft->figures = list_grow(draft->figures, draft->figure_count, sizeof(*draft->figures));
	draft->figures[draft->figure_count++] = (struct draft_figure){ name, svg, committed };
	document_target(draft->page, committed ? DOCUMENT_BOTH : DOCUMENT_HTML);
	document_figure(draft->page, name, alt, svg);
	document_target(draft->page, DOCUMENT_BOTH);
}

void draft_free(struct draft *draft)
{
	for (size_t i = 0; i < draft->figure_count; i++) {
		free(draft->figures[i].name);
		free(draft->figures[i].svg);
	}
	free(draft->figures);
}

/* ---- the whole ------------------------------------------------------------------------------- */

static const char *const links[] = { "claim", "The claim", "rates", "Rates", "verdicts", "Verdicts",
	"distance", "Distance", "wild", "Wild accesses", "causes", "Causes", "pairs", "Pairs",
	"sets", "Sets", "alarms", "False alarms", "cost", "Cost", "concordance", "Concordance",
	"campaigns", "Campaigns", "toolchains", "Toolchains", "method", "Method", "cells",
	"Each cell", NULL };

static void say_lacking(struct draft *draft)
{
	const json_t *sentence;
	size_t i;

	json_array_foreach(draft->data->lacking, i, sentence)
		document_item(draft->page, "Missing: %s.", json_string_value(sentence));
}

void draft_write(struct draft *draft)
{
	static void (*const sections[])(struct draft * draft) = { section_claim, section_rates,
		section_stacks, section_distance, section_wild, section_causes, section_compare,
		section_cover, section_alarms, section_cost, section_concordance, section_campaigns,
		section_toolchains, section_method, section_cells };

	document_heading(draft->page, 1, "top", "What memory-safety checkers catch");
	section_matrix(draft);
	document_target(draft->page, DOCUMENT_BOTH);
	say_lacking(draft);
	section_answer(draft);
	if (draft->data->lead != NULL)
		section_front(draft, false);
	document_links(draft->page, links);
	for (size_t i = 0; i < sizeof(sections) / sizeof(*sections); i++) {
		document_target(draft->page, DOCUMENT_BOTH);
		sections[i](draft);
	}
}

/* ---- CSV ------------------------------------------------------------------------------------- */

static void csv_rate(FILE *out, uint64_t k, uint64_t n)
{
	struct rate rate = rate_of(k, n);

	if (n == 0)
		fprintf(out, ",,,");
	else
		fprintf(out, ",%.6f,%.6f,%.6f", rate.rate, rate.low, rate.high);
}

static void csv_cell(FILE *out, unsigned class, unsigned idiom, int detector,
	const struct report_data_cell *cell)
{
	/* slugs hold neither commas nor quotes */
	fprintf(out, "%s,%s,%s,%" PRIu64 ",%" PRIu64 ",%" PRIu64 ",%" PRIu64,
		plan_classes[class].slug, plan_idiom_slug((enum plan_idiom)idiom),
		detectors[detector].slug, cell->inputs, cell->judged, cell->violations,
		report_data_committed(cell));
	for (int v = 0; v < VERDICT_COUNT; v++)
		fprintf(out, ",%" PRIu64, cell->verdicts[v]);
	for (int c = CAUSE_NONE + 1; c < CAUSE_COUNT; c++)
		fprintf(out, ",%" PRIu64, cell->causes[c]);
	csv_rate(out, cell->verdicts[VERDICT_RIGHT], report_data_committed(cell));
	csv_rate(out, report_data_stopped(cell), cell->violations);
	csv_rate(out, cell->verdicts[VERDICT_LANGUAGE], cell->violations);
	csv_rate(out, cell->verdicts[VERDICT_FALSE_ALARM], cell->benign);
	if (cell->has_cost)
		fprintf(out, ",%.1f,%" PRIu64 ",even\n", cell->ns_per_benign_plan, cell->rss_kib);
	else
		fprintf(out, ",,,even\n");
}

char *draft_csv(const struct report_data *data)
{
	char *text = NULL;
	size_t size;
	FILE *out = text_open(&text, &size);

	fprintf(out, "class,idiom,detector,inputs,judged,violations,committed");
	for (int v = 0; v < VERDICT_COUNT; v++)
		fprintf(out, ",%s", verdict_slug((enum verdict)v));
	for (int c = CAUSE_NONE + 1; c < CAUSE_COUNT; c++)
		fprintf(out, ",%s", cause_slug((enum cause)c));
	fprintf(out,
		",diagnosed,diagnosed_lo,diagnosed_hi,stopped,stopped_lo,stopped_hi,refused,"
		"refused_lo,refused_hi,false_alarms,false_alarms_lo,false_alarms_hi,"
		"ns_per_benign_plan,rss_kib,mix\n");
	for (unsigned c = 0; c < CLASS_COUNT; c++)
		for (unsigned i = 0; i < IDIOM_COUNT; i++)
			for (int d = 0; d < DETECTOR_COUNT; d++)
				if (report_data_cell(data, c, i, d) != NULL)
					csv_cell(out, c, i, d, report_data_cell(data, c, i, d));
	text_close(out);
	return text;
}
