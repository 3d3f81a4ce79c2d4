/* SPDX-License-Identifier: Apache-2.0
 * results.json, and the writing of both files of results. */
#include "results.h"

#include "base/json_file.h"
#include "base/slugs.h"
#include "base/util.h"
#include "count.h"
#include "harnesses/truth/describe.h"
#include "harnesses/verdict/heard.h"
#include "kinds.h"
#include "stats/statistics.h"

#include <errno.h>
#include <glob.h>
#include <math.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define DISAGREEMENTS_MAX 1000 /* listed; audits.jsonl has them all */
#define BROKEN_SHARE      0.001 /* of a cell's plans that may time out or break before it is marked */

/* ---- names ----------------------------------------------------------------------------------- */

void results_outcome_words(uint8_t outcome, char ret[OUTCOME_WORDS_MAX])
{
	bool valid = outcome_is_valid(outcome);
	bool silent = valid && outcome_verdict(outcome) == VERDICT_SILENT;

	snprintf(ret, OUTCOME_WORDS_MAX, "%s%s%s",
		valid ? verdict_slug(outcome_verdict(outcome)) : "?", silent ? "/" : "",
		silent ? cause_slug(outcome_cause(outcome)) : "");
}

/* ---- one cell -------------------------------------------------------------------------------- */

/* From inputs on, all are counts: SUMS_COUNTS of them. */
struct sums {
	struct cell cell;
	uint64_t inputs, judged;
	uint64_t verdicts[VERDICT_COUNT], causes[CAUSE_COUNT];
	uint64_t region_verdicts[REGION_COUNT][VERDICT_COUNT];
	uint64_t region_causes[REGION_COUNT][CAUSE_COUNT];
};
#define SUMS_COUNTS ((sizeof(struct sums) - offsetof(struct sums, inputs)) / sizeof(uint64_t))

static struct sums sum_cell(const struct count *count, struct cell cell)
{
	struct sums sums = { .cell = cell };

	for (size_t i = 0; i < count->count; i++) {
		const struct count_row *row = &count->rows[i];
		uint8_t region = row->values[AXIS_REGION], outcome = row->outcomes[cell.detector];

		if (row->values[COUNT_CLASS] != cell.class ||
			row->values[COUNT_IDIOM] != cell.idiom)
			continue;
		sums.inputs += row->plans;
		if (outcome == OUTCOME_NONE)
			continue;
		sums.judged += row->plans;
		sums.verdicts[outcome_verdict(outcome)] += row->plans;
		sums.causes[outcome_cause(outcome)] += row->plans;
		sums.region_verdicts[region][outcome_verdict(outcome)] += row->plans;
		sums.region_causes[region][outcome_cause(outcome)] += row->plans;
	}
	return sums;
}

static json_t *count_json(uint64_t count)
{
	return json_integer((json_int_t)count);
}

/* Of none in @n, the rule of three gives the upper bound (Hanley and Lippman-Hand, 1983). */
static json_t *alarms_json(uint64_t k, uint64_t n)
{
	json_t *rate = rate_json(k, n);

	if (k == 0 && n > 0)
		json_object_set_new(rate, "hi", json_real(n > 3 ? 3 / (double)n : 1));
	return rate;
}

static json_t *verdicts_json(
	const uint64_t counts[VERDICT_COUNT], enum verdict first, enum verdict last)
{
	json_t *object = json_object();

	for (int v = (int)first; v <= (int)last; v++)
		json_object_set_new(object, verdict_slug((enum verdict)v), count_json(counts[v]));
	return object;
}

/* Only those that occurred. */
static json_t *causes_json(const uint64_t counts[CAUSE_COUNT])
{
	json_t *object = json_object();

	for (int c = CAUSE_NONE + 1; c < CAUSE_COUNT; c++)
		if (counts[c] > 0)
			json_object_set_new(
				object, cause_slug((enum cause)c), count_json(counts[c]));
	return object;
}

/* The rates of a cell. The verdicts timeout, broken and layout enter none of them. */
static void add_rates(json_t *object, const uint64_t verdicts[VERDICT_COUNT])
{
	uint64_t violations = 0, committed;

	for (int v = VERDICT_RIGHT; v <= VERDICT_SILENT; v++)
		violations += verdicts[v];
	committed = violations - verdicts[VERDICT_LANGUAGE];
	json_object_set_new(object, "violations", count_json(violations));
	json_object_set_new(object, "committed", count_json(committed));
	json_object_set_new(object, "diagnosed", rate_json(verdicts[VERDICT_RIGHT], committed));
	json_object_set_new(
		object, "stopped", rate_json(violations - verdicts[VERDICT_SILENT], violations));
	json_object_set_new(object, "refused", rate_json(verdicts[VERDICT_LANGUAGE], violations));
}

static json_t *regions_json(const struct sums *sums)
{
	json_t *regions = json_object();

	for (int r = 0; r < REGION_COUNT; r++) {
		const uint64_t *verdicts = sums->region_verdicts[r];
		json_t *region;
		uint64_t judged = 0;

		for (int v = VERDICT_RIGHT; v <= VERDICT_FALSE_ALARM; v++)
			judged += verdicts[v];
		if (judged == 0)
			continue;
		region = json_pack("{so so so}", "verdicts",
			verdicts_json(verdicts, VERDICT_RIGHT, VERDICT_SILENT), "benign",
			verdicts_json(verdicts, VERDICT_CLEAN, VERDICT_FALSE_ALARM), "causes",
			causes_json(sums->region_causes[r]));
		add_rates(region, verdicts);
		json_object_set_new(regions, plan_region_slug((enum plan_region)r), region);
	}
	return regions;
}

static json_t *cost_json(const struct cost *cost)
{
	return cost->known && isfinite(cost->ns_per_benign_plan) ?
		json_pack("{sf sI}", "ns_per_benign_plan", cost->ns_per_benign_plan, "rss_kib",
			(json_int_t)cost->rss_kib) :
		json_object();
}

static json_t *cell_json(const struct sums *sums, const struct cost *cost)
{
	struct cell cell = sums->cell;
	const uint64_t *verdicts = sums->verdicts;
	uint64_t bad = verdicts[VERDICT_TIMEOUT] + verdicts[VERDICT_BROKEN];
	uint64_t alarms = verdicts[VERDICT_FALSE_ALARM];
	json_t *judged = verdicts_json(verdicts, VERDICT_RIGHT, VERDICT_SILENT);
	json_t *json;

	json_object_update_new(judged, verdicts_json(verdicts, VERDICT_TIMEOUT, VERDICT_LAYOUT));
	json = json_pack("{ss ss ss sI sI so so so so so so sb sb}", "class",
		plan_classes[cell.class].slug, "idiom", plan_idiom_slug(cell.idiom), "detector",
		detectors[cell.detector].slug, "inputs", (json_int_t)sums->inputs, "judged",
		(json_int_t)sums->judged, "verdicts", judged, "benign",
		verdicts_json(verdicts, VERDICT_CLEAN, VERDICT_FALSE_ALARM), "causes",
		causes_json(sums->causes), "by_region", regions_json(sums), "false_alarms",
		alarms_json(alarms, alarms + verdicts[VERDICT_CLEAN]), "cost", cost_json(cost),
		"marked", (double)bad > BROKEN_SHARE * (double)sums->judged, "rule",
		detector_has_rule((int)cell.detector, cell.class));
	add_rates(json, verdicts);
	return json;
}

/* ---- all cells ------------------------------------------------------------------------------- */

struct tally {
	struct sums sums[CLASS_COUNT][IDIOM_COUNT][DETECTOR_COUNT];
	/* of the plans alone, the same for every detector */
	uint64_t class_violations[CLASS_COUNT], region_violations[REGION_COUNT];
};

struct writing {
	const struct measurement *run;
	const struct results *results;
	const struct tally *tally;
	json_t *cells;
	uint64_t unjudged;
};

static void add_mix(struct tally *tally, const struct count *count)
{
	for (size_t i = 0; i < count->count; i++) {
		const struct count_row *row = &count->rows[i];

		if (!row->values[COUNT_TRUTH])
			continue;
		tally->class_violations[row->values[COUNT_CLASS]] += row->plans;
		tally->region_violations[row->values[AXIS_REGION]] += row->plans;
	}
}

static int tally_of_bytes(const struct measurement *run, struct tally *ret, char **ret_error)
{
	struct count_request request = {
		.run = run, .axes = BIT(AXIS_REGION) | BIT(COUNT_TRUTH), .partial = true
	};
	struct count count;
	int error = count_plans(&request, &count, ret_error);
	struct cell cell;
	unsigned at = 0;

	while (error == 0 && measurement_next_cell(run, &at, &cell))
		ret->sums[cell.class][cell.idiom][cell.detector] = sum_cell(&count, cell);
	if (error == 0)
		add_mix(ret, &count);
	count_free(&count);
	return error;
}

/* All but the cells' names are counts. */
void tally_add(struct tally **sum, const struct tally *from, bool first)
{
	if (first && from != NULL) {
		*sum = allocate(1, sizeof(**sum));
	} else if (*sum == NULL || from == NULL) {
		free(*sum);
		*sum = NULL;
		return;
	}
	for (size_t i = 0; i < sizeof(from->sums) / sizeof(struct sums); i++) {
		struct sums *to = &(*sum)->sums[0][0][0] + i;
		const struct sums *of = &from->sums[0][0][0] + i;
		const uint64_t *counts = &of->inputs;

		for (size_t k = 0; k < SUMS_COUNTS; k++)
			(&to->inputs)[k] += counts[k];
	}
	for (size_t c = 0; c < CLASS_COUNT; c++)
		(*sum)->class_violations[c] += from->class_violations[c];
	for (size_t r = 0; r < REGION_COUNT; r++)
		(*sum)->region_violations[r] += from->region_violations[r];
}

bool tally_equal(const struct tally *a, const struct tally *b)
{
	return a != NULL && b != NULL && memcmp(a, b, sizeof(*a)) == 0;
}

bool tally_agrees(const struct tally *tally, struct cell cell, const uint64_t outcomes[256])
{
	const struct sums *sums = &tally->sums[cell.class][cell.idiom][cell.detector];
	struct sums bytes = { .inputs = outcomes[OUTCOME_NONE] };

	for (unsigned byte = OUTCOME_NONE + 1; byte < 256; byte++) {
		if (outcomes[byte] > 0 && !outcome_is_valid((uint8_t)byte))
			return false;
		bytes.inputs += outcomes[byte];
		bytes.judged += outcomes[byte];
		if (outcomes[byte] == 0)
			continue;
		bytes.verdicts[outcome_verdict((uint8_t)byte)] += outcomes[byte];
		bytes.causes[outcome_cause((uint8_t)byte)] += outcomes[byte];
	}
	bytes.causes[CAUSE_NONE] = sums->causes[CAUSE_NONE]; /* results.json does not have them */
	return bytes.inputs == sums->inputs && bytes.judged == sums->judged &&
		memcmp(bytes.verdicts, sums->verdicts, sizeof(bytes.verdicts)) == 0 &&
		memcmp(bytes.causes, sums->causes, sizeof(bytes.causes)) == 0;
}

static void add_cell(struct writing *writing, struct cell cell)
{
	struct sums sums = writing->tally->sums[cell.class][cell.idiom][cell.detector];

	/* a grid has no plans of most classes */
	if (sums.inputs == 0)
		return;
	sums.cell = cell;
	writing->unjudged += sums.inputs - sums.judged;
	json_array_append_new(writing->cells,
		cell_json(&sums, &writing->results->cost[cell.class][cell.idiom][cell.detector]));
}

static void add_cells(struct writing *writing)
{
	struct cell cell;
	unsigned at = 0;

	while (measurement_next_cell(writing->run, &at, &cell))
		add_cell(writing, cell);
}

/* ---- the rest of the document ---------------------------------------------------------------- */

static json_t *shares_json(const uint64_t *counts, int count, slug_of *slug)
{
	json_t *object = json_object();
	uint64_t all = 0;

	for (int i = 0; i < count; i++)
		all += counts[i];
	for (int i = 0; i < count; i++)
		if (counts[i] > 0)
			json_object_set_new(
				object, slug(i), json_real((double)counts[i] / (double)all));
	return object;
}

static json_t *counts_json(const uint64_t *counts, int count, slug_of *slug)
{
	json_t *object = json_object();

	for (int i = 0; i < count; i++)
		if (counts[i] > 0)
			json_object_set_new(object, slug(i), count_json(counts[i]));
	return object;
}

static json_t *disagreement_json(const struct measurement *run, const struct audited *audited)
{
	AUTO_FREE char *cell = cell_name(audited->cell);
	struct plan plan = measurement_plan(
		run, audited->cell.class, audited->cell.idiom, audited->index);
	char words[DESCRIBE_MAX] = "", fast[OUTCOME_WORDS_MAX], audit[OUTCOME_WORDS_MAX];

	describe_sentence(&plan, words);
	results_outcome_words(audited->fast, fast);
	results_outcome_words(audited->audit, audit);
	return json_pack("{ss sI ss ss ss ss ss ss}", "cell", cell, "index",
		(json_int_t)audited->index, "plan", words, "fast", fast, "audit", audit,
		"fast_kind", audited->fast_kind, "audit_kind", audited->kind, "dying_kind",
		audited->dying_kind);
}

static json_t *audit_json(const struct writing *writing)
{
	const struct results *results = writing->results;
	json_t *list = json_array();
	uint64_t agreed = 0, kinds_agreed = 0;

	for (size_t i = 0; i < results->audited_count; i++) {
		const struct audited *audited = &results->audited[i];

		kinds_agreed += audited_kinds_agree(audited);
		if (audited_agrees(audited))
			agreed++;
		else if (json_array_size(list) < DISAGREEMENTS_MAX)
			json_array_append_new(list, disagreement_json(writing->run, audited));
	}
	return json_pack("{sI sI sI so}", "sampled", (json_int_t)results->audited_count, "agreed",
		(json_int_t)agreed, "kinds_agreed", (json_int_t)kinds_agreed, "disagreements",
		list);
}

static char *options_of(const struct detector *detector)
{
	return format("%s%s%s%s%s%s%s", *detector->checks != '\0' ? detector->checks : "no checks",
		*detector->asan_options != '\0' ? "; ASAN_OPTIONS=" : "", detector->asan_options,
		*detector->ubsan_options != '\0' ? "; UBSAN_OPTIONS=" : "", detector->ubsan_options,
		*detector->msan_options != '\0' ? "; MSAN_OPTIONS=" : "", detector->msan_options);
}

/* How many violating plans there are, beside their shares. */
static json_t *mix_json(const struct tally *tally)
{
	return json_pack("{so so so so}", "classes",
		shares_json(tally->class_violations, CLASS_COUNT, class_slug), "regions",
		shares_json(tally->region_violations, REGION_COUNT, region_slug), "class_plans",
		counts_json(tally->class_violations, CLASS_COUNT, class_slug), "region_plans",
		counts_json(tally->region_violations, REGION_COUNT, region_slug));
}

static json_t *options_json(const struct measurement *run)
{
	json_t *options = json_object();

	for (int d = 0; d < DETECTOR_COUNT; d++)
		if (run->detectors & BIT(d)) {
			AUTO_FREE char *text = options_of(&detectors[d]);

			json_object_set_new(options, detectors[d].slug, json_string(text));
		}
	return options;
}

/* A run of one part has a seed and a shard; of several these are in `parts`. */
static void add_sample(json_t *json, const struct measurement *run)
{
	const struct measurement_part *part = run->parts;
	bool single = run->part_count == 1;
	uint64_t inputs = 0;

	for (int c = 0; c < CLASS_COUNT; c++)
		if ((run->classes & BIT(c)) && measurement_count(run, (enum plan_class)c) > inputs)
			inputs = measurement_count(run, (enum plan_class)c);
	json_object_set_new(json, "inputs_per_cell", count_json(inputs));
	json_object_set_new(json, "seed",
		single && part->sample.kind == SAMPLE_RANDOM ? count_json(part->sample.seed) :
							       json_null());
	json_object_set_new(json, "shard",
		single ? json_pack("{sI sI}", "i", (json_int_t)part->shard, "n",
				 (json_int_t)part->shards) :
			 json_null());
}

/* @document is the run's own object, whose keys the results share. */
static void describe(struct writing *writing, json_t *document)
{
	const struct measurement *run = writing->run;
	const struct results *results = writing->results;
	AUTO_FREE char *missing = measurement_missing(run);
	bool complete = writing->unjudged == 0 && missing == NULL && !results->unfinished;
	double wall_s = isfinite(results->wall_s) ? results->wall_s : 0;

	json_object_set_new(document, "schema", json_string(RESULTS_SCHEMA));
	add_sample(document, run);
	json_object_set_new(document, "complete", json_boolean(complete));
	json_object_set_new(
		document, "missing", missing != NULL ? json_string(missing) : json_null());
	json_object_set_new(document, "not_judged", count_json(writing->unjudged));
	json_object_set_new(document, "unfinished", json_boolean(results->unfinished));
	json_object_set_new(document, "wall_s", json_real(wall_s));
	json_object_set_new(document, "verdicts_per_s",
		json_real(wall_s > 0 ? (double)results->judged / wall_s : 0));
	json_object_set_new(document, "worker_deaths", count_json(results->worker_deaths));
	json_object_set_new(document, "options", options_json(run));
	json_object_set_new(document, "mix", mix_json(writing->tally));
	if (results->work != NULL)
		json_object_set(document, "work", results->work);
	json_object_set_new(document, "audit", audit_json(writing));
	json_object_set(document, "cells", writing->cells);
}

/* ---- files ----------------------------------------------------------------------------------- */

/* Both under temporary names. */
static int write_both(const struct measurement *run, const struct results *results,
	const char *audits, const char *json, char **ret_error)
{
	AUTO_FREE struct tally *counted = allocate(1, sizeof(*counted));
	AUTO_JSON json_t *document = measurement_to_json(run);
	AUTO_JSON json_t *cells = json_array();
	struct writing writing = { .run = run,
		.results = results,
		.tally = results->tally != NULL ? results->tally : counted,
		.cells = cells };
	int error = results->tally != NULL ? 0 : tally_of_bytes(run, counted, ret_error);

	if (error != 0)
		return error;
	add_cells(&writing);
	describe(&writing, document);
	error = audited_write(audits, results->audited, results->audited_count);
	if (error != 0) {
		*ret_error = format("%s: %s", audits, strerror(-error));
		return error;
	}
	error = file_write_json(json, document);
	if (error != 0)
		*ret_error = format("%s: %s", json, strerror(-error));
	return error;
}

/* What a process that was killed while it wrote has left; a run has one writer at a time. */
static void remove_leftovers(const struct measurement *run)
{
	AUTO_FREE char *pattern = format("%s/{results,audits}.*.new*", run->directory);
	glob_t found = { 0 };

	if (glob(pattern, GLOB_NOSORT | GLOB_BRACE, NULL, &found) == 0)
		for (size_t i = 0; i < found.gl_pathc; i++)
			unlink(found.gl_pathv[i]);
	globfree(&found);
}

int results_write(const struct measurement *run, const struct results *results, char **ret_error)
{
	AUTO_FREE char *json = format("%s/results.json", run->directory);
	AUTO_FREE char *audits = format("%s/audits.jsonl", run->directory);
	AUTO_FREE char *new_json = format("%s.%d.new", json, (int)getpid());
	AUTO_FREE char *new_audits = format("%s.%d.new", audits, (int)getpid());
	int error;

	remove_leftovers(run);
	error = write_both(run, results, new_audits, new_json, ret_error);

	if (error == 0 && (rename(new_audits, audits) != 0 || rename(new_json, json) != 0)) {
		error = -errno;
		*ret_error = format("%s: %s", json, strerror(-error));
	}
	if (error != 0) {
		unlink(new_audits);
		unlink(new_json);
	}
	return error;
}

json_t *results_read(const char *directory, char **ret_error)
{
	AUTO_FREE char *path = format("%s/results.json", directory);
	int error;
	json_t *json = json_file_read(path, RESULTS_SCHEMA, &error, ret_error);

	if (json != NULL && !json_is_array(json_object_get(json, "cells"))) {
		*ret_error = format("%s: has no list of cells", path);
		json_decref(json);
		return NULL;
	}
	return json;
}

static char *row_name(const json_t *row)
{
	return format("%s.%s.%s", json_file_text(row, "class"), json_file_text(row, "idiom"),
		json_file_text(row, "detector"));
}

static void load_costs(const json_t *json, struct results *ret)
{
	const json_t *row;
	size_t i;

	json_array_foreach(json_object_get(json, "cells"), i, row) {
		AUTO_FREE char *name = row_name(row);
		AUTO_FREE char *why = NULL;
		const json_t *cost = json_object_get(row, "cost");
		json_int_t rss_kib = json_file_number(cost, "rss_kib");
		struct cell cell;

		if (cell_parse(name, &cell, &why) == 0 && json_object_size(cost) > 0)
			ret->cost[cell.class][cell.idiom][cell.detector] = (struct cost){ true,
				json_number_value(json_object_get(cost, "ns_per_benign_plan")),
				rss_kib > 0 ? (uint64_t)rss_kib : 0 };
	}
}

static void load_counts(const json_t *json, slug_of *slug, int count, uint64_t *ret)
{
	for (int i = 0; i < count; i++)
		ret[i] += (uint64_t)json_file_number(json, slug(i));
}

static const char *verdict_at(int verdict)
{
	return verdict_slug((enum verdict)verdict);
}

static const char *cause_at(int cause)
{
	return cause == CAUSE_NONE ? "" : cause_slug((enum cause)cause);
}

/* verdicts and benign have no key in common. */
static void load_outcomes(const json_t *json, uint64_t *ret_verdicts, uint64_t *ret_causes)
{
	load_counts(json_object_get(json, "verdicts"), verdict_at, VERDICT_COUNT, ret_verdicts);
	load_counts(json_object_get(json, "benign"), verdict_at, VERDICT_COUNT, ret_verdicts);
	load_counts(json_object_get(json, "causes"), cause_at, CAUSE_COUNT, ret_causes);
}

static void load_cell(const json_t *json, struct sums *ret)
{
	ret->inputs = (uint64_t)json_file_number(json, "inputs");
	ret->judged = (uint64_t)json_file_number(json, "judged");
	load_outcomes(json, ret->verdicts, ret->causes);
	for (int r = 0; r < REGION_COUNT; r++)
		load_outcomes(json_object_get(json_object_get(json, "by_region"),
				      plan_region_slug((enum plan_region)r)),
			ret->region_verdicts[r], ret->region_causes[r]);
}

static void load_tally(const json_t *json, struct results *ret)
{
	const json_t *mix = json_object_get(json, "mix"), *row;
	size_t i;

	if (!json_is_object(json_object_get(mix, "class_plans")))
		return;
	ret->tally = allocate(1, sizeof(*ret->tally));
	load_counts(json_object_get(mix, "class_plans"), class_slug, CLASS_COUNT,
		ret->tally->class_violations);
	load_counts(json_object_get(mix, "region_plans"), region_slug, REGION_COUNT,
		ret->tally->region_violations);
	json_array_foreach(json_object_get(json, "cells"), i, row) {
		AUTO_FREE char *why = NULL;
		AUTO_FREE char *name = row_name(row);
		struct cell cell;

		if (cell_parse(name, &cell, &why) == 0)
			load_cell(row, &ret->tally->sums[cell.class][cell.idiom][cell.detector]);
	}
}

/* A time or a count that can be. */
static double amount(const json_t *json, const char *key)
{
	double value = json_number_value(json_object_get(json, key));

	return value >= 0 && value < 1e18 ? value : 0;
}

int results_load(const struct measurement *run, struct results *ret, char **ret_error)
{
	AUTO_FREE char *path = format("%s/results.json", run->directory);
	AUTO_FREE char *audits = format("%s/audits.jsonl", run->directory);
	AUTO_JSON json_t *json = NULL;
	struct audited *audited;
	double judged;
	int error;

	*ret = (struct results){ 0 };
	if (access(path, R_OK) != 0) {
		error = -errno;
		*ret_error = format("%s: %s", path, strerror(-error));
		return error;
	}
	json = results_read(run->directory, ret_error);
	if (json == NULL)
		return -EINVAL;
	load_costs(json, ret);
	load_tally(json, ret);
	ret->work = json_incref(json_object_get(json, "work"));
	ret->wall_s = amount(json, "wall_s");
	judged = round(amount(json, "verdicts_per_s") * ret->wall_s);
	ret->judged = judged < 1e18 ? (uint64_t)judged : 0;
	ret->worker_deaths = (uint64_t)amount(json, "worker_deaths");
	ret->unfinished = json_is_true(json_object_get(json, "unfinished"));
	error = audited_read(run, audits, &audited, &ret->audited_count, ret_error);
	ret->audited = audited;
	return error;
}

void results_free(struct results *results)
{
	free((void *)(uintptr_t)results->audited);
	free(results->tally);
	json_decref(results->work);
	*results = (struct results){ 0 };
}
