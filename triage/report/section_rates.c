/* SPDX-License-Identifier: Apache-2.0
 * The report's rates: tables by class and detector, stacked bars, distance, causes, false alarms. */
#include "sections.h"

#include "base/util.h"
#include "data_ask.h"
#include "formats/chart.h"
#include "stats/statistics.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- rates by class and detector ------------------------------------------------------------- */

struct measure_words {
	const char *title;
	void (*cell)(struct document *page, const struct report_data_cell *cell);
};

static void put_rate(struct document *page, uint64_t k, uint64_t n)
{
	AUTO_FREE char *words = draft_rate_cell(k, n);

	document_bar(page, n > 0 ? (double)k / (double)n : -1, "%s", words);
}

static void put_diagnosed(struct document *page, const struct report_data_cell *cell)
{
	if (!cell->has_rule)
		document_cell(page, "no rule");
	else
		put_rate(page, cell->verdicts[VERDICT_RIGHT], report_data_committed(cell));
}

static void put_stopped(struct document *page, const struct report_data_cell *cell)
{
	put_rate(page, report_data_stopped(cell), cell->violations);
}

static void put_refused(struct document *page, const struct report_data_cell *cell)
{
	put_rate(page, cell->verdicts[VERDICT_LANGUAGE], cell->violations);
}

static void put_alarms(struct document *page, const struct report_data_cell *cell)
{
	uint64_t k = cell->verdicts[VERDICT_FALSE_ALARM];

	if (k > 0)
		put_rate(page, k, cell->benign);
	else if (cell->benign > 0)
		document_cell(page, "0\nbelow %.2g %% of %" PRIu64,
			100 * inference_rule_of_three(cell->benign), cell->benign);
	else
		document_cell(page, "-");
}

static const struct measure_words diagnosed = {
	"diagnosed: the report names the violation, % of those committed", put_diagnosed
};
static const struct measure_words stopped = { "stopped: anything but silence, % of all violations",
	put_stopped };
static const struct measure_words refused = {
	"refused: by a check that the language makes in every build, % of all violations",
	put_refused
};
static const struct measure_words alarms = { "false alarms, % of the benign plans", put_alarms };

static void rate_row(
	struct draft *draft, const struct measure_words *measure, unsigned class, unsigned idiom)
{
	const struct report_data *data = draft->data;

	document_row(draft->page);
	document_cell(draft->page, "%s", plan_classes[class].slug);
	for (int d = 0; d < DETECTOR_COUNT; d++) {
		const struct report_data_cell *cell = report_data_cell(data, class, idiom, d);

		if (!(data->detectors_of[idiom] & BIT(d)))
			continue;
		if (cell != NULL)
			measure->cell(draft->page, cell);
		else
			document_cell(draft->page, "not measured");
	}
}

static void rate_table(struct draft *draft, const struct measure_words *measure, unsigned idiom)
{
	const char *columns[DETECTOR_COUNT + 1];
	size_t count = draft_columns(draft->data, idiom, columns);
	AUTO_FREE char *caption = format(
		"%s, mix `even`, %s", draft_language((enum plan_idiom)idiom), measure->title);

	document_table(draft->page, caption, columns, count, 1);
	for (unsigned c = 0; c < CLASS_COUNT; c++)
		if (draft->data->classes & BIT(c))
			rate_row(draft, measure, c, idiom);
	document_table_end(draft->page);
}

void section_rates(struct draft *draft)
{
	bool weighed = draft->data->lead !=
		NULL; /* then Markdown has the first page's table alone */

	document_heading(draft->page, 2, "rates", "Detection by class and detector");
	document_say(draft->page,
		"The mix `even` is that of the plans as they are drawn: even over sizes, regions, ways "
		"and distances. “No rule”: the detector has no report that names the class.");
	document_target(draft->page, DOCUMENT_HTML);
	document_say(draft->page,
		"Below each rate stand its 95 %% Wilson interval and k of n, under the mix `even`.");
	document_target(draft->page, DOCUMENT_MARKDOWN);
	document_say(draft->page,
		"report.html and results.csv also have the intervals and the shares stopped and refused.");
	if (draft->data->idioms == 0)
		document_say(draft->page, "No cell has a verdict.");
	for (unsigned i = 0; i < IDIOM_COUNT; i++) {
		if (!(draft->data->idioms & BIT(i)))
			continue;
		document_target(draft->page, weighed ? DOCUMENT_HTML : DOCUMENT_BOTH);
		rate_table(draft, &diagnosed, i);
		document_target(draft->page, DOCUMENT_HTML);
		rate_table(draft, &stopped, i);
		rate_table(draft, &refused, i);
	}
	document_target(draft->page, DOCUMENT_BOTH);
}

static void say_alarms(struct draft *draft)
{
	uint64_t alarms_count = 0, benign = 0;

	for (unsigned c = 0; c < CLASS_COUNT; c++)
		for (unsigned i = 0; i < IDIOM_COUNT; i++)
			for (int d = 0; d < DETECTOR_COUNT; d++) {
				const struct report_data_cell *cell = report_data_cell(
					draft->data, c, i, d);

				if (cell == NULL || c == CLASS_null_deref)
					continue;
				alarms_count += cell->verdicts[VERDICT_FALSE_ALARM];
				benign += cell->benign;
			}
	document_say(draft->page,
		"Outside null-deref, %" PRIu64 " of %" PRIu64
		" benign plans were reported. In null-deref, C forbids what Go and Rust allow: adding "
		"0 to a null pointer, and copying no bytes from one.",
		alarms_count, benign);
}

void section_alarms(struct draft *draft)
{
	document_heading(draft->page, 2, "alarms", "False alarms");
	say_alarms(draft);
	document_target(draft->page, DOCUMENT_HTML);
	document_say(draft->page,
		"Where none of n plans was reported, the rate is below 3/n (the rule of three).");
	for (unsigned i = 0; i < IDIOM_COUNT; i++)
		if (draft->data->idioms & BIT(i))
			rate_table(draft, &alarms, i);
}

/* ---- stacked bars ---------------------------------------------------------------------------- */

static size_t stacks_of(const struct report_data *data, unsigned idiom, struct chart_stack *ret)
{
	size_t count = 0;

	for (unsigned c = 0; c < CLASS_COUNT; c++) {
		if (!(data->classes & BIT(c)))
			continue;
		ret[count++] = (struct chart_stack){ plan_classes[c].slug, NULL, { 0 } };
		for (int d = 0; d < DETECTOR_COUNT; d++) {
			const struct report_data_cell *cell = report_data_cell(data, c, idiom, d);

			if (cell == NULL || cell->violations == 0)
				continue;
			ret[count] = (struct chart_stack){ NULL, detectors[d].slug, { 0 } };
			for (int v = 0; v < CHART_PARTS; v++)
				ret[count].shares[v] = (double)cell->verdicts[v] /
					(double)cell->violations;
			count++;
		}
	}
	return count;
}

void section_stacks(struct draft *draft)
{
	document_target(draft->page, DOCUMENT_HTML);
	document_heading(draft->page, 2, "verdicts", "What became of the violations");
	for (unsigned i = 0; i < IDIOM_COUNT; i++) {
		AUTO_FREE struct chart_stack *stacks = allocate(
			(DETECTOR_COUNT + 1) * CLASS_COUNT, sizeof(*stacks));
		const char *language = draft_language((enum plan_idiom)i);
		AUTO_FREE char *title = format(
			"Verdicts over all violations under the mix even, %s", language);
		AUTO_FREE char *alt = format("%s: each bar is all violations of one cell, by what "
					     "became of them.",
			language);
		size_t count;

		if (!(draft->data->idioms & BIT(i)))
			continue;
		count = stacks_of(draft->data, i, stacks);
		draft_add_figure(draft, format("verdicts-%s", plan_idiom_slug((enum plan_idiom)i)),
			alt, chart_stacks(title, stacks, count), false);
	}
	document_target(draft->page, DOCUMENT_HTML);
	if (draft->data->idioms == 0)
		document_say(draft->page, "No cell has a violation.");
}

/* ---- distance -------------------------------------------------------------------------------- */

struct curves {
	struct chart_line lines[REGION_COUNT];
	struct chart_point *points;
	size_t count;
};

/* The caller frees points. */
static void make_curves(
	const struct report_data_distance *distances, size_t count, struct curves *ret)
{
	*ret = (struct curves){ .points = allocate(count + 1, sizeof(*ret->points)) };
	for (size_t i = 0; i < count; i++) {
		struct rate rate = rate_of(distances[i].right, distances[i].committed);
		bool is_new = i == 0 || distances[i].region != distances[i - 1].region;

		ret->points[i] = (struct chart_point){ distances[i].bucket, distances[i].before,
			rate.rate, rate.low, rate.high };
		if (is_new)
			ret->lines[ret->count++] = (struct chart_line){
				plan_region_slug(distances[i].region), &ret->points[i], 0
			};
		ret->lines[ret->count - 1].count++;
	}
}

static bool draw_curves(struct draft *draft, struct cell cell, bool committed)
{
	size_t count;
	AUTO_FREE struct report_data_distance *distances = report_data_distances(
		draft->data, cell, &count);
	AUTO_FREE char *what = format("%s, %s, under %s", plan_classes[cell.class].slug,
		draft_language(cell.idiom), detectors[cell.detector].slug);
	AUTO_FREE char *title = format("Diagnosed by distance under the mix even: %s", what);
	AUTO_FREE char *alt = format(
		"%s, mix even: share of the committed violations that are diagnosed, "
		"by how far from the object the farthest byte lies. Bands are "
		"95 %% intervals.",
		what);
	struct curves curves;

	if (count == 0)
		return false;
	make_curves(distances, count, &curves);
	draft_add_figure(draft,
		format("distance-%s-%s", plan_classes[cell.class].slug,
			plan_idiom_slug(cell.idiom)),
		alt, chart_distance(title, curves.lines, curves.count), committed);
	free(curves.points);
	return true;
}

void section_distance(struct draft *draft)
{
	const struct report_data *data = draft->data;
	size_t drawn = 0;

	document_heading(draft->page, 2, "distance", "Detection against distance");
	document_say(draft->page,
		"A redzone is a few bytes to some kilobytes wide. An access beyond the redzone is "
		"found only by luck. Plans that aim at a neighbour or a page are left out.");
	for (unsigned i = 0; i < IDIOM_COUNT; i++)
		for (int c = CLASS_oob_read; c <= CLASS_oob_write; c++) {
			int detector = report_data_main(data, (enum plan_idiom)i);

			if (report_data_cell(data, (unsigned)c, i, detector) != NULL)
				drawn += draw_curves(draft,
					(struct cell){ (enum plan_class)c, (enum plan_idiom)i,
						(enum detector_id)detector },
					c == CLASS_oob_write && i == 0);
		}
	if (drawn == 0)
		document_say(draft->page,
			"Nothing to draw: the run keeps no outcomes of its plans, or has no out-of-bounds class.");
}

#define CAUSES_SHOWN 3 /* in a sentence */

/* ---- causes ---------------------------------------------------------------------------------- */

struct ranked_cause {
	enum cause cause;
	uint64_t count, most;
	unsigned class; /* in which it is commonest */
};

static int compare_causes(const void *a, const void *b)
{
	const struct ranked_cause *x = a, *y = b;

	if (x->count != y->count)
		return x->count > y->count ? -1 : 1;
	return (int)x->cause - (int)y->cause;
}

/* The commonest first; returns how many occur. */
static size_t rank_causes(const struct report_data *data, unsigned idiom, int detector,
	struct ranked_cause ret[CAUSE_COUNT], uint64_t *ret_violations)
{
	size_t count = 0;

	*ret_violations = 0;
	for (unsigned c = 0; c < CLASS_COUNT; c++)
		if (report_data_cell(data, c, idiom, detector) != NULL)
			*ret_violations += report_data_cell(data, c, idiom, detector)->violations;
	for (int k = CAUSE_NONE + 1; k < CAUSE_COUNT; k++) {
		struct ranked_cause one = { (enum cause)k, 0, 0, 0 };

		for (unsigned c = 0; c < CLASS_COUNT; c++) {
			const struct report_data_cell *cell = report_data_cell(
				data, c, idiom, detector);

			if (cell == NULL || cell->causes[k] == 0)
				continue;
			one.count += cell->causes[k];
			if (cell->causes[k] > one.most) {
				one.most = cell->causes[k];
				one.class = c;
			}
		}
		if (one.count > 0)
			ret[count++] = one;
	}
	qsort(ret, count, sizeof(*ret), compare_causes);
	return count;
}

static void cause_row(struct draft *draft, unsigned idiom, int detector,
	const struct ranked_cause *one, uint64_t violations)
{
	struct cell cell = { (enum plan_class)one->class, (enum plan_idiom)idiom,
		(enum detector_id)detector };
	AUTO_FREE char *example = report_data_example(draft->data, cell, one->cause);
	AUTO_FREE char *name = cell_name(cell);
	char share[RATE_PERCENT_MAX];

	rate_percent(one->count, violations, share);
	document_row(draft->page);
	document_cell(draft->page, "`%s`", cause_slug(one->cause));
	document_cell(draft->page, "%s", cause_words(one->cause));
	document_cell(draft->page, "%s", example != NULL ? example : "its plans are not stored");
	document_cell(draft->page, "`%s`", name);
	document_bar(draft->page, violations > 0 ? (double)one->count / (double)violations : 0,
		"%s\n%" PRIu64, share, one->count);
}

static void cause_table(struct draft *draft, unsigned idiom, int detector, bool draw)
{
	static const char *const columns[] = { "cause", "what it means", "for example", "cell",
		"% of all violations" };
	const char *language = draft_language((enum plan_idiom)idiom);
	AUTO_FREE char *caption = format(
		"%s, why `%s` was silent, all classes of this run together", language,
		detectors[detector].slug);
	struct ranked_cause causes[CAUSE_COUNT];
	struct chart_bar bars[CAUSE_COUNT];
	uint64_t violations;
	size_t count = rank_causes(draft->data, idiom, detector, causes, &violations);

	for (size_t i = 0; i < count; i++)
		bars[i] = (struct chart_bar){ cause_slug(causes[i].cause),
			(double)causes[i].count / (double)violations };
	if (draw) {
		AUTO_FREE char *title = format(
			"Causes of silence, %s, %s", language, detectors[detector].slug);
		AUTO_FREE char *alt = format("%s under `%s`: causes of silence, in per cent of all "
					     "violations.",
			language, detectors[detector].slug);

		draft_add_figure(draft,
			format("causes-%s", plan_idiom_slug((enum plan_idiom)idiom)), alt,
			chart_pareto(title, bars, count), false);
	}
	if (count == 0)
		return;
	document_target(draft->page, DOCUMENT_HTML);
	document_table(draft->page, caption, columns, 5, 4);
	for (size_t i = 0; i < count; i++)
		cause_row(draft, idiom, detector, &causes[i], violations);
	document_table_end(draft->page);
}

/* "`asan` leaves 31 % of the violations silent: 13 % `intra-object`, ..." of all idioms together. */
static void say_missed(struct draft *draft, int detector)
{
	uint64_t causes[CAUSE_COUNT] = { 0 }, violations = 0, silent = 0;
	AUTO_FREE char *text = NULL;
	AUTO_FREE char *share = NULL;
	size_t size;
	FILE *out = text_open(&text, &size);

	for (unsigned i = 0; i < IDIOM_COUNT; i++)
		for (unsigned c = 0; c < CLASS_COUNT; c++) {
			const struct report_data_cell *cell = report_data_cell(
				draft->data, c, i, detector);

			violations += cell != NULL ? cell->violations : 0;
			for (int k = CAUSE_NONE + 1; k < CAUSE_COUNT && cell != NULL; k++)
				causes[k] += cell->causes[k];
		}
	for (int k = CAUSE_NONE + 1; k < CAUSE_COUNT; k++)
		silent += causes[k];
	for (int shown = 0; shown < CAUSES_SHOWN; shown++) {
		int most = CAUSE_NONE;

		for (int k = CAUSE_NONE + 1; k < CAUSE_COUNT; k++)
			most = causes[k] > causes[most] ? k : most;
		if (most == CAUSE_NONE)
			break;
		fprintf(out, "%s%.1f %% `%s`", shown > 0 ? ", " : ": ",
			100 * (double)causes[most] / (double)violations,
			cause_slug((enum cause)most));
		causes[most] = 0;
	}
	fclose(out);
	share = draft_percent(silent, violations);
	document_item(draft->page, "`%s` leaves %s %% of the violations silent%s.",
		detectors[detector].slug, share, text);
}

void section_causes(struct draft *draft)
{
	const struct report_data *data = draft->data;

	document_heading(draft->page, 2, "causes", "What it does not catch");
	document_say(draft->page,
		"Each silent violation has one cause (`harnesses/README.md` defines them). The shares "
		"are under the mix `even`, with equally many plans of each class. An input of a cause: `build/bin/triage show "
		"%s CELL CAUSE`.",
		data->run.id);
	for (int d = 0; d < DETECTOR_COUNT; d++)
		if (data->detectors & BIT(d))
			say_missed(draft, d);
	document_target(draft->page, DOCUMENT_HTML);
	for (unsigned i = 0; i < IDIOM_COUNT; i++)
		if (report_data_main(data, (enum plan_idiom)i) >= 0)
			cause_table(draft, i, report_data_main(data, (enum plan_idiom)i), true);
	document_target(draft->page, DOCUMENT_HTML);
	document_fold(draft->page, "The same for every other detector");
	for (unsigned i = 0; i < IDIOM_COUNT; i++)
		for (int d = 0; d < DETECTOR_COUNT; d++)
			if ((data->detectors_of[i] & BIT(d)) &&
				d != report_data_main(data, (enum plan_idiom)i))
				cause_table(draft, i, d, false);
	document_fold_end(draft->page);
}
