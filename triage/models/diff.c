/* SPDX-License-Identifier: Apache-2.0
 * The results of a concordance. */
#include "diff.h"

#include "base/complain.h"
#include "base/escape.h"
#include "base/interrupts.h"
#include "base/util.h"
#include "formats/table.h"
#include "harnesses/memory/go.h"
#include "harnesses/truth/arguments.h"
#include "harnesses/truth/describe.h"
#include "runs/run_dir.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LAYOUT_SHARE 20
#define LAYOUT_FEW   5
#define SHOWN_MAX    20 /* disagreements kept with all that both sides said, a cell */

/* ---- cells ------------------------------------------------------------------------------------------ */

/* Returns untrusted @text, cut to a limit, without control characters. */
static json_t *diff_text(const char *text, size_t size)
{
	AUTO_FREE char *bounded = format("%.*s", (int)(size < 4096 ? size : 4096), text);

	return escape_json(bounded);
}

static json_t *side_json(
	enum verdict verdict, const struct observation *seen, const char *text, size_t size)
{
	json_t *json = json_pack("{ss}", "verdict", verdict_slug(verdict));

	json_object_set_new(json, "kind",
		seen->tool != TOOL_NONE ? diff_text(seen->kind, strlen(seen->kind)) : json_null());
	json_object_set_new(json, "text", diff_text(text != NULL ? text : "", size));
	return json;
}

/* Both sides once more: what they do does not depend on what ran before. */
static json_t *disagreement_json(
	const struct concordance *concordance, enum detector_id detector, const struct plan *plan)
{
	struct concordance_pair pair;
	char sentence[DESCRIBE_MAX], arguments[DESCRIBE_MAX];
	json_t *json;

	describe_sentence(plan, sentence);
	describe_arguments(plan, arguments);
	json = json_pack("{ss ss so}", "plan", sentence, "arguments", arguments, "command",
		json_sprintf("build/bin/triage concordance --only=%s %s", detectors[detector].slug,
			arguments));
	if (concordance_compare(detector, plan, concordance->timeout_ms, &pair) == 0) {
		json_object_set_new(json, "model",
			side_json(pair.model.verdict, &pair.model.seen, pair.model.text,
				pair.model.text_size));
		json_object_set_new(json, "reference",
			side_json(pair.reference.verdict, &pair.reference.seen, pair.reference.text,
				pair.reference.text_size));
		json_object_set_new(
			json, "again", json_boolean(agreement_is_difference(pair.agreement)));
	}
	concordance_pair_free(&pair);
	return json;
}

/* Why nothing decides it: the reference's reason, else the model's. */
static void count_reason(const struct concordance *concordance, enum detector_id detector,
	const struct plan *plan, json_t *reasons)
{
	struct reference_run run;
	const char *reason = GO_UNDECIDED;
	json_int_t before;

	if (reference_run_plan(detector, plan, concordance->timeout_ms, &run) == 0 &&
		run.layout != NULL)
		reason = run.layout;
	before = json_integer_value(json_object_get(reasons, reason));
	json_object_set_new(reasons, reason, json_integer(before + 1));
	reference_free(&run);
}

struct counts {
	uint64_t plans, violations, agree, layout, differs, timeout, broken, failed;
};

static struct counts count(
	const struct concordance *concordance, enum detector_id detector, enum plan_class class)
{
	struct counts counts = { 0 };

	for (uint64_t i = 0; i < concordance->plans; i++) {
		struct plan plan = concordance_plan(concordance, detector, class, i);
		enum agreement agreement = *concordance_at(concordance, detector, class, i);

		counts.plans += agreement != AGREEMENT_UNKNOWN;
		counts.violations += agreement != AGREEMENT_UNKNOWN && truth_of(&plan).violation;
		counts.agree += agreement == AGREEMENT_SAME;
		counts.layout += agreement == AGREEMENT_LAYOUT;
		counts.differs += agreement_is_difference(agreement);
		counts.timeout += agreement == AGREEMENT_TIMEOUT;
		counts.broken += agreement == AGREEMENT_BROKEN;
		counts.failed += agreement == AGREEMENT_FAILED;
	}
	return counts;
}

/* At most 5 % of a class may be decided by no rule; of few plans, a handful. */
static bool is_too_much(const struct counts *counts)
{
	return counts->layout > LAYOUT_FEW && LAYOUT_SHARE * counts->layout > counts->violations;
}

static void add_cell(struct diff *comparison, enum detector_id detector, enum plan_class class)
{
	const struct concordance *concordance = comparison->concordance;
	struct counts counts = count(concordance, detector, class);
	json_t *disagreements = json_array(), *reasons = json_object();

	/* whoever interrupts wants what is there, not both sides of it once more */
	for (uint64_t i = 0; i < concordance->plans && !interrupts_came(); i++) {
		struct plan plan = concordance_plan(concordance, detector, class, i);
		enum agreement agreement = *concordance_at(concordance, detector, class, i);

		if (agreement == AGREEMENT_LAYOUT)
			count_reason(concordance, detector, &plan, reasons);
		if (agreement_is_difference(agreement) &&
			json_array_size(disagreements) < SHOWN_MAX)
			json_array_append_new(
				disagreements, disagreement_json(concordance, detector, &plan));
	}
	if (!comparison->other_release[detector])
		comparison->differs += counts.differs;
	comparison->undecided += is_too_much(&counts);
	comparison->failed += counts.failed;
	json_array_append_new(comparison->cells,
		json_pack("{ss ss ss sI sI sI sI sI sI sI sI so so}", "idiom",
			model_is_go(detectors[detector].model) ? "go" : "rust", "detector",
			detectors[detector].slug, "class", plan_classes[class].slug, "plans",
			(json_int_t)counts.plans, "violations", (json_int_t)counts.violations,
			"agree", (json_int_t)counts.agree, "layout", (json_int_t)counts.layout,
			"differ", (json_int_t)counts.differs, "failed", (json_int_t)counts.failed,
			"timeout", (json_int_t)counts.timeout, "broken", (json_int_t)counts.broken,
			"disagreements", disagreements, "layout_reasons", reasons));
}

static json_t *cell_at(const struct diff *comparison, const char *detector, const char *class)
{
	size_t i;
	json_t *cell;

	json_array_foreach(comparison->cells, i, cell)
		if (strcmp(json_string_value(json_object_get(cell, "detector")), detector) == 0 &&
			strcmp(json_string_value(json_object_get(cell, "class")), class) == 0)
			return cell;
	return NULL;
}

static int64_t number(const json_t *cell, const char *key)
{
	return json_integer_value(json_object_get(cell, key));
}

/* ---- for people ------------------------------------------------------------------------------------- */

/* "1990/1998 +2" */
static void add_agreement(struct table *table, const json_t *cell)
{
	int64_t layout = number(cell, "layout");
	AUTO_FREE char *more = format(" +%lld", (long long)layout);

	table_cell(table, "%lld/%lld%s", (long long)number(cell, "agree"),
		(long long)(number(cell, "plans") - layout), layout > 0 ? more : "");
}

static void print_table(FILE *out, const struct diff *comparison)
{
	static const char *const heads[] = { "<class", NULL };
	const struct concordance *concordance = comparison->concordance;
	struct table *table = table_new(heads);

	for (int d = 0; d < DETECTOR_COUNT; d++)
		if (concordance->detectors & BIT(d))
			table_column(table, detectors[d].slug);
	for (int c = 0; c < CLASS_COUNT; c++) {
		if (!(concordance->classes & BIT(c)))
			continue;
		table_row(table);
		table_cell(table, "%s", plan_classes[c].slug);
		for (int d = 0; d < DETECTOR_COUNT; d++)
			if (concordance->detectors & BIT(d))
				add_agreement(table,
					cell_at(comparison, detectors[d].slug,
						plan_classes[c].slug));
	}
	fprintf(out,
		"plans on which model and language agree, of those with a verdict (+ plans that "
		"are layout)\n");
	table_end(table, TABLE_TEXT, 0, out);
}

static void print_sides(FILE *out, const json_t *one)
{
	static const char *const sides[] = { "model", "reference" };

	for (int i = 0; i < 2; i++) {
		const json_t *side = json_object_get(one, sides[i]);
		const char *kind = json_string_value(json_object_get(side, "kind"));

		fprintf(out, "%s %s%s%s", sides[i],
			json_string_value(json_object_get(side, "verdict")),
			kind != NULL ? ": " : "", kind != NULL ? kind : "");
		fprintf(out, i == 0 ? "; " : "\n");
	}
}

static void print_disagreements(FILE *out, const struct diff *comparison)
{
	const unsigned most = 3;
	size_t i, k;
	json_t *cell, *one;

	json_array_foreach(comparison->cells, i, cell) {
		json_t *list = json_object_get(cell, "disagreements");

		if (number(cell, "differ") > 0)
			fprintf(out, "\n%s, %s: %lld differ\n",
				json_string_value(json_object_get(cell, "class")),
				json_string_value(json_object_get(cell, "detector")),
				(long long)number(cell, "differ"));
		json_array_foreach(list, k, one) {
			if (k >= most)
				break;
			fprintf(out, "  %s\n    ", json_string_value(json_object_get(one, "plan")));
			print_sides(out, one);
			fprintf(out, "    %s\n",
				json_string_value(json_object_get(one, "command")));
		}
	}
}

static void print_layouts(FILE *out, const struct diff *comparison)
{
	size_t i;
	json_t *cell;

	json_array_foreach(comparison->cells, i, cell) {
		const char *reason;
		json_t *times;

		json_object_foreach(json_object_get(cell, "layout_reasons"), reason, times) {
			fprintf(out, "layout: %s, %s: %lld of %lld violating plans: ",
				json_string_value(json_object_get(cell, "class")),
				json_string_value(json_object_get(cell, "detector")),
				(long long)json_integer_value(times),
				(long long)number(cell, "violations"));
			escape_print(out, reason);
			fprintf(out, "\n");
		}
	}
}

void diff_count(struct diff *comparison)
{
	const struct concordance *concordance = comparison->concordance;

	comparison->cells = json_array();
	for (unsigned d = 0; d < DETECTOR_COUNT; d++)
		for (unsigned c = 0; c < CLASS_COUNT; c++)
			if ((concordance->detectors & BIT(d)) && (concordance->classes & BIT(c)))
				add_cell(comparison, (enum detector_id)d, (enum plan_class)c);
}

void diff_print(FILE *out, const struct diff *comparison)
{
	print_table(out, comparison);
	print_disagreements(out, comparison);
	print_layouts(out, comparison);
}

/* ---- concordance.json ------------------------------------------------------------------------------ */

static json_t *versions_json(const struct diff *comparison)
{
	json_t *json = json_object();

	for (unsigned d = 0; d < DETECTOR_COUNT; d++)
		if (comparison->versions[d] != NULL)
			json_object_set_new(json, detectors[d].slug,
				diff_text(
					comparison->versions[d], strlen(comparison->versions[d])));
	return json;
}

int diff_write(FILE *out, const struct diff *comparison)
{
	const struct concordance *concordance = comparison->concordance;
	AUTO_FREE char *path = format("%s/concordance.json", comparison->directory);
	AUTO_FREE char *date = run_dir_date();
	AUTO_JSON json_t *json = json_pack("{ss ss ss si sI sI sb sO sO so}", "schema",
		"fencepost/concordance/1", "id", comparison->id, "date", date, "plan_version",
		PLAN_VERSION, "plans", (json_int_t)concordance->plans, "seed",
		(json_int_t)concordance->seed, "complete", !interrupts_came(), "unavailable",
		comparison->unavailable, "cells", comparison->cells, "toolchains",
		versions_json(comparison));
	int error = file_write_json(path, json);

	if (error != 0)
		complain("concordance", 0, "%s: %s", path, strerror(-error));
	else
		fprintf(out, "results: %s\n", path);
	return error;
}
