/* SPDX-License-Identifier: Apache-2.0
 * The report as a whole, and the words that its sections share. */
#include "draft.h"

#include "base/json_file.h"
#include "base/util.h"
#include "stats/statistics.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- words ----------------------------------------------------------------------------------- */

char *paper_rate(uint64_t k, uint64_t n)
{
	struct rate rate = rate_of(k, n);
	char share[RATE_PERCENT_MAX];

	if (n == 0)
		return format("nothing");
	rate_percent(k, n, share);
	return format("%s %% [%.1f, %.1f]", share, 100 * rate.low, 100 * rate.high);
}

char *paper_rate_cell(uint64_t k, uint64_t n)
{
	struct rate rate = rate_of(k, n);
	char share[RATE_PERCENT_MAX];

	if (n == 0)
		return format("-");
	rate_percent(k, n, share);
	return format("%s\n[%.1f, %.1f] %" PRIu64 "/%" PRIu64, share, 100 * rate.low,
		100 * rate.high, k, n);
}

char *paper_p(double p)
{
	return p < 0.001 ? format("<0.001") : format("%.3f", p);
}

const char *paper_language(enum plan_idiom idiom)
{
	switch (idiom) {
	case IDIOM_go: return "Go";
	case IDIOM_rust: return "Rust";
	default: return plan_idiom_slug(idiom);
	}
}

/* ---- figures --------------------------------------------------------------------------------- */

void paper_add_figure(struct paper *paper, char *name, const char *alt, char *svg, bool committed)
{
	struct paper_figure *longer = realloc(
		paper->figures, (paper->figure_count + 1) * sizeof(*longer));

	if (longer == NULL)
		abort();
	paper->figures = longer;
	longer[paper->figure_count++] = (struct paper_figure){ name, svg, committed };
	page_target(paper->page, committed ? PAGE_BOTH : PAGE_HTML);
	page_figure(paper->page, name, alt, svg);
	page_target(paper->page, PAGE_BOTH);
}

void paper_free(struct paper *paper)
{
	for (size_t i = 0; i < paper->figure_count; i++) {
		free(paper->figures[i].name);
		free(paper->figures[i].svg);
	}
	free(paper->figures);
}

/* ---- the whole ------------------------------------------------------------------------------- */

static const char *const links[] = { "claim", "The claim", "rates", "Rates", "verdicts", "Verdicts",
	"distance", "Distance", "causes", "Causes", "pairs", "Pairs", "sets", "Sets", "alarms",
	"False alarms", "cost", "Cost", "concordance", "Concordance", "campaigns", "Campaigns",
	"toolchains", "Toolchains", "method", "Method", NULL };

static void say_lacking(struct paper *paper)
{
	const json_t *sentence;
	size_t i;

	json_array_foreach(paper->study->lacking, i, sentence)
		page_item(paper->page, "Missing: %s.", json_string_value(sentence));
}

void paper_write(struct paper *paper)
{
	page_heading(paper->page, 1, "top", "What memory-safety checkers catch");
	say_lacking(paper);
	paper_answer(paper);
	page_links(paper->page, links);
	paper_claim(paper);
	paper_rates(paper);
	paper_stacks(paper);
	paper_distance(paper);
	paper_causes(paper);
	paper_compare(paper);
	paper_cover(paper);
	paper_alarms(paper);
	paper_cost(paper);
	paper_concordance(paper);
	paper_campaigns(paper);
	paper_toolchains(paper);
	paper_method(paper);
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

static void csv_cell(
	FILE *out, unsigned class, unsigned idiom, int detector, const struct study_cell *cell)
{
	/* slugs hold neither commas nor quotes */
	fprintf(out, "%s,%s,%s,%" PRIu64 ",%" PRIu64 ",%" PRIu64 ",%" PRIu64,
		plan_classes[class].slug, plan_idiom_slug((enum plan_idiom)idiom),
		detectors[detector].slug, cell->inputs, cell->judged, cell->violations,
		study_committed(cell));
	for (int v = 0; v < VERDICT_COUNT; v++)
		fprintf(out, ",%" PRIu64, cell->verdicts[v]);
	for (int c = CAUSE_NONE + 1; c < CAUSE_COUNT; c++)
		fprintf(out, ",%" PRIu64, cell->causes[c]);
	csv_rate(out, cell->verdicts[VERDICT_RIGHT], study_committed(cell));
	csv_rate(out, study_stopped(cell), cell->violations);
	csv_rate(out, cell->verdicts[VERDICT_LANGUAGE], cell->violations);
	csv_rate(out, cell->verdicts[VERDICT_FALSE_ALARM], cell->benign);
	if (cell->has_cost)
		fprintf(out, ",%.1f,%" PRIu64 "\n", cell->ns_per_benign_plan, cell->rss_kib);
	else
		fprintf(out, ",,\n");
}

char *paper_csv(const struct study *study)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (out == NULL)
		abort();
	fprintf(out, "class,idiom,detector,inputs,judged,violations,committed");
	for (int v = 0; v < VERDICT_COUNT; v++)
		fprintf(out, ",%s", verdict_slug((enum verdict)v));
	for (int c = CAUSE_NONE + 1; c < CAUSE_COUNT; c++)
		fprintf(out, ",%s", cause_slug((enum cause)c));
	fprintf(out,
		",diagnosed,diagnosed_lo,diagnosed_hi,stopped,stopped_lo,stopped_hi,refused,"
		"refused_lo,refused_hi,false_alarms,false_alarms_lo,false_alarms_hi,"
		"ns_per_benign_plan,rss_kib\n");
	for (unsigned c = 0; c < CLASS_COUNT; c++)
		for (unsigned i = 0; i < IDIOM_COUNT; i++)
			for (int d = 0; d < DETECTOR_COUNT; d++)
				if (study_cell(study, c, i, d) != NULL)
					csv_cell(out, c, i, d, study_cell(study, c, i, d));
	if (fclose(out) != 0)
		abort();
	return text;
}
