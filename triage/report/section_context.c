/* SPDX-License-Identifier: Apache-2.0
 * The report's sections on cost, concordance and method. */
#include "sections.h"

#include "base/json_file.h"
#include "base/util.h"
#include "data_ask.h"
#include "formats/chart.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- cost ------------------------------------------------------------------------------------ */

#define RATIOS_MAX ((int)CLASS_COUNT * (int)IDIOM_COUNT)

struct costs {
	double time[RATIOS_MAX], memory[RATIOS_MAX]; /* against `none`, in ascending order */
	size_t count;
	double ns_low, ns_high;
	uint64_t rss_high;
};

static int compare_doubles(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return x < y ? -1 : x > y;
}

static void cost_of(const struct report_data *data, int detector, struct costs *ret)
{
	*ret = (struct costs){ 0 };
	for (unsigned c = 0; c < CLASS_COUNT; c++)
		for (unsigned i = 0; i < IDIOM_COUNT; i++) {
			const struct report_data_cell *cell = report_data_cell(
				data, c, i, detector);
			const struct report_data_cell *none = report_data_cell(
				data, c, i, DETECTOR_none);

			if (cell == NULL || none == NULL || !cell->has_cost || !none->has_cost ||
				none->ns_per_benign_plan <= 0 || none->rss_kib == 0)
				continue;
			ret->time[ret->count] = cell->ns_per_benign_plan / none->ns_per_benign_plan;
			ret->memory[ret->count++] = (double)cell->rss_kib / (double)none->rss_kib;
			if (ret->ns_low == 0 || cell->ns_per_benign_plan < ret->ns_low)
				ret->ns_low = cell->ns_per_benign_plan;
			if (cell->ns_per_benign_plan > ret->ns_high)
				ret->ns_high = cell->ns_per_benign_plan;
			if (cell->rss_kib > ret->rss_high)
				ret->rss_high = cell->rss_kib;
		}
	qsort(ret->time, ret->count, sizeof(*ret->time), compare_doubles);
	qsort(ret->memory, ret->count, sizeof(*ret->memory), compare_doubles);
}

static void cost_row(struct draft *draft, int detector, const struct costs *costs)
{
	size_t last = costs->count - 1, middle = costs->count / 2;

	document_row(draft->page);
	document_cell(draft->page, "%s", detectors[detector].slug);
	document_cell(draft->page, "%.2f\n%.2f to %.2f", costs->time[middle], costs->time[0],
		costs->time[last]);
	document_cell(draft->page, "%.0f to %.0f", costs->ns_low, costs->ns_high);
	document_cell(draft->page, "%.2f\n%.2f to %.2f", costs->memory[middle], costs->memory[0],
		costs->memory[last]);
	document_cell(draft->page, "%.1f", (double)costs->rss_high / 1024);
}

static void cost_table(struct draft *draft, const struct costs costs[DETECTOR_COUNT])
{
	static const char *const columns[] = { "detector", "time, times none", "ns a benign plan",
		"memory, times none", "MiB at most" };

	document_table(draft->page,
		"Cost against none: the median over classes and idioms, and the range", columns, 5,
		1);
	for (int d = 0; d < DETECTOR_COUNT; d++)
		if (costs[d].count > 0)
			cost_row(draft, d, &costs[d]);
	document_table_end(draft->page);
}

void section_cost(struct draft *draft)
{
	AUTO_FREE struct costs *costs = allocate(DETECTOR_COUNT, sizeof(*costs));
	struct chart_strip strips[DETECTOR_COUNT];
	size_t count = 0;

	document_heading(draft->page, 2, "cost", "Cost");
	for (int d = 0; d < DETECTOR_COUNT; d++) {
		cost_of(draft->data, d, &costs[d]);
		if (costs[d].count > 0)
			strips[count++] = (struct chart_strip){ detectors[d].slug, costs[d].time,
				costs[d].count };
	}
	if (count == 0) {
		document_say(draft->page,
			"No cost is stored, or none of `none` to compare with: make "
			"measure DETECTORS=\"none ...\".");
		return;
	}
	document_say(draft->page,
		"Time of a benign plan and resident memory of a worker, as multiples of the same without "
		"a checker. A harness of a few accesses is no application: read the order, not the "
		"factor.");
	draft_add_figure(draft, format("cost"),
		"Time of a benign plan as a multiple of the same without a checker, a dot a class "
		"and idiom, on a logarithmic scale.",
		chart_strips("Time against none", "times none", strips, count), false);
	cost_table(draft, costs);
}

/* ---- concordance ----------------------------------------------------------------------------- */

static void concordance_row(struct draft *draft, const json_t *cell)
{
	json_int_t plans = json_file_number(cell, "plans"), agree = json_file_number(cell, "agree");
	json_int_t layout = json_file_number(cell, "layout");
	AUTO_FREE char *rate = plans > layout && agree >= 0 && agree <= plans - layout ?
		draft_rate_cell((uint64_t)agree, (uint64_t)(plans - layout)) :
		format("-");

	document_row(draft->page);
	document_cell(draft->page, "%s", json_file_text(cell, "idiom"));
	document_cell(draft->page, "%s", json_file_text(cell, "detector"));
	document_cell(draft->page, "%s", json_file_text(cell, "class"));
	document_cell(draft->page, "%lld", (long long)plans);
	document_cell(draft->page, "%lld", (long long)layout);
	document_cell(draft->page, "%s", rate);
	document_cell(draft->page, "%zu", json_array_size(json_object_get(cell, "disagreements")));
}

/* A line a detector, all classes together. */
static void say_agreement(struct draft *draft, const char *detector, const char *version)
{
	json_int_t plans = 0, agree = 0, layout = 0;
	const json_t *cell;
	size_t i;

	json_array_foreach(json_object_get(draft->data->concordance, "cells"), i, cell) {
		if (strcmp(json_file_text(cell, "detector"), detector) != 0)
			continue;
		plans += json_file_number(cell, "plans");
		agree += json_file_number(cell, "agree");
		layout += json_file_number(cell, "layout");
	}
	document_item(draft->page, "`%s` against %s: %lld of %lld plans agree, %lld are `layout`.",
		detector, version, (long long)agree, (long long)(plans - layout),
		(long long)layout);
}

void section_concordance(struct draft *draft)
{
	static const char *const columns[] = { "idiom", "detector", "class", "plans", "layout",
		"agree, % of the decided", "disagreements listed" };
	const json_t *concordance = draft->data->concordance, *cell;
	const char *detector;
	json_t *version;
	size_t i;

	document_heading(draft->page, 2, "concordance", "Models against real Go and Rust");
	if (json_array_size(json_object_get(concordance, "cells")) == 0) {
		document_say(draft->page,
			"Not run: `make concordance` executes the same plans in real "
			"Go and Rust and compares verdict by verdict.");
		return;
	}
	document_say(draft->page,
		"The same plans run in the real languages, and the verdicts are compared plan by plan. "
		"Some plans have no right verdict, because the linker decides: those are `layout`.");
	json_object_foreach(json_object_get(concordance, "toolchains"), detector, version)
		if (json_is_string(version))
			say_agreement(draft, detector, json_string_value(version));
	document_target(draft->page, DOCUMENT_HTML);
	document_say(draft->page, "From `%s`.", draft->data->concordance_path);
	document_table(draft->page, "Agreement of model and language", columns, 7, 3);
	json_array_foreach(json_object_get(concordance, "cells"), i, cell)
		concordance_row(draft, cell);
	document_table_end(draft->page);
}

/* ---- how it was measured --------------------------------------------------------------------- */

/* "oob-read oob-write" of a bit set, or NULL when it is all there are. The caller frees. */
static char *slugs_of(uint32_t bits, const char *(*slug)(int), int count)
{
	char *text = format("%s", "");

	for (int i = 0; i < count; i++)
		if (bits & BIT(i)) {
			char *longer = format("%s%s%s", text, *text != '\0' ? " " : "", slug(i));

			free(text);
			text = longer;
		}
	return text;
}

static const char *class_of(int i)
{
	return plan_classes[i].slug;
}

static const char *idiom_of(int i)
{
	return plan_idiom_slug((enum plan_idiom)i);
}

static const char *detector_of(int i)
{
	return detectors[i].slug;
}

/* The command that repeats the run. */
static char *command_of(const struct measurement *run)
{
	const struct measurement_part *part = run->parts;
	AUTO_FREE char *classes = slugs_of(run->classes, class_of, CLASS_COUNT);
	AUTO_FREE char *idioms = slugs_of(run->idioms, idiom_of, IDIOM_COUNT);
	AUTO_FREE char *chosen = slugs_of(run->detectors, detector_of, DETECTOR_COUNT);
	bool all_classes = run->classes == BIT(CLASS_COUNT) - 1;
	bool all_idioms = run->idioms == BIT(IDIOM_COUNT) - 1;
	AUTO_FREE char *sample = part->sample.kind == SAMPLE_GRID ?
		format("PLANS=grid") :
		format("N=%" PRIu64 " SEED=%" PRIu64, part->sample.inputs, part->sample.seed);
	AUTO_FREE char *shard = part->shards > 1 ?
		format(" SHARD=%u/%u", part->shard, part->shards) :
		format("%s", "");

	return format("make measure %s AUDIT=%u%s%s%s%s%s%s DETECTORS=\"%s\"%s", sample,
		run->audits, all_classes ? "" : " CLASSES=\"", all_classes ? "" : classes,
		all_classes ? "" : "\"", all_idioms ? "" : " IDIOMS=\"", all_idioms ? "" : idioms,
		all_idioms ? "" : "\"", chosen, shard);
}

static void say_run(struct draft *draft)
{
	const struct report_data *data = draft->data;
	const struct measurement *run = &data->run;
	const json_t *audit = json_object_get(data->results, "audit");
	AUTO_FREE char *command = run->part_count > 0 ? command_of(run) : NULL;

	document_item(
		draft->page, "Run `%s`, %s.", run->id, run->date != NULL ? run->date : "no date");
	document_item(draft->page, "Toolchain: %s. Machine: %s.",
		run->toolchain != NULL ? run->toolchain : "unknown",
		run->machine != NULL ? run->machine : "unknown");
	document_item(draft->page, "Plan version %d, stage version %d.", run->plan_version,
		run->stage_version);
	document_item(draft->page,
		"%lld plans a cell, %zu cells, %.0f s, audits included; %lld of %lld audits agree.",
		(long long)json_file_number(data->results, "inputs_per_cell"),
		json_array_size(json_object_get(data->results, "cells")),
		json_number_value(json_object_get(data->results, "wall_s")),
		(long long)json_file_number(audit, "agreed"),
		(long long)json_file_number(audit, "sampled"));
	if (run->merged != NULL)
		document_item(draft->page, "Added up from %zu runs or shards.",
			json_array_size(run->merged));
	if (command != NULL)
		document_code(draft->page, command);
}

static void say_options(struct draft *draft)
{
	static const char *const columns[] = { "detector", "checks and options" };
	const json_t *options = json_object_get(draft->data->results, "options");

	document_target(draft->page, DOCUMENT_HTML);
	document_table(draft->page, "Detectors", columns, 2, 2);
	for (int d = 0; d < DETECTOR_COUNT; d++) {
		const char *text = json_file_text(options, detectors[d].slug);

		if (*text == '\0')
			continue;
		document_row(draft->page);
		document_cell(draft->page, "%s", detectors[d].slug);
		document_cell(draft->page, "`%s`", text);
	}
	document_table_end(draft->page);
}

void section_method(struct draft *draft)
{
	document_heading(draft->page, 2, "method", "How it was measured");
	say_run(draft);
	say_options(draft);
	document_target(draft->page, DOCUMENT_BOTH);
	document_heading(draft->page, 3, "caveats", "Caveats");
	document_item(draft->page,
		"Millions of plans run in one process. The compiler's checks are real, but the function "
		"that a failed check calls is replaced at link time. The audits confirm the verdicts.");
	document_item(draft->page,
		"The memory around an object decides what a checker sees. That memory is built the same "
		"way every time; another allocator or program has another.");
	document_item(draft->page,
		"Detectors without a language in their name watch C code that makes the language's own "
		"checks, over C memory.");
	document_item(draft->page,
		"MSan's reports never name a class: reading freed memory is a use of uninitialised "
		"memory to MSan, and counts as a wrong kind.");
	document_item(draft->page,
		"No plan outlives ASan's quarantine, so its use-after-free rate is an upper bound.");
	document_item(draft->page,
		"`fortify` sees no object's size at compile time here. Only the stack protector and "
		"malloc speak in that row.");
	document_item(draft->page,
		"The intervals are those of drawing plans from this mix. They do not cover other mixes, "
		"compilers or machines.");
}
