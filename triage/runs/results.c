/* SPDX-License-Identifier: Apache-2.0
 * results.json, and the writing of both files of results. */
#include "results.h"

#include "base/json_file.h"
#include "base/slugs.h"
#include "base/util.h"
#include "harnesses/truth/describe.h"
#include "harnesses/verdict/heard.h"
#include "stats/statistics.h"
#include "store.h"
#include "tally.h"

#include <errno.h>
#include <glob.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SCHEMA            "fencepost/results/1"
#define DISAGREEMENTS_MAX 1000 /* listed; results.sqlite has them all */
#define BROKEN_SHARE      0.001 /* of a cell's plans that may time out or break before it is marked */

/* ---- names ----------------------------------------------------------------------------------- */

char *cell_name(struct cell cell)
{
	return format("%s.%s.%s", plan_classes[cell.class].slug, plan_idiom_slug(cell.idiom),
		detectors[cell.detector].slug);
}

static int no_such(const char *what, slug_of *slug, char **ret_error)
{
	AUTO_FREE char *all = slugs_all(slug, NULL);

	*ret_error = format(
		"no such %s in the cell (CLASS.IDIOM.DETECTOR); there are:%s", what, all);
	return -EINVAL;
}

int cell_parse(const char *text, struct cell *ret, char **ret_error)
{
	AUTO_FREE char *copy = format("%s", text);
	char *rest = NULL, *first = strtok_r(copy, "./", &rest);
	char *second = strtok_r(NULL, "./", &rest), *third = strtok_r(NULL, "./", &rest);
	int class = first != NULL ? plan_class_find(first) : -1;
	int idiom = second != NULL ? plan_idiom_find(second) : -1;
	int detector = third != NULL ? detector_find(third) : -1;

	if (class < 0)
		return no_such("class", class_slug, ret_error);
	if (idiom < 0)
		return no_such("idiom", idiom_slug, ret_error);
	if (detector < 0 || strtok_r(NULL, "./", &rest) != NULL)
		return no_such("detector", detector_slug, ret_error);
	*ret = (struct cell){ (enum plan_class) class, (enum plan_idiom)idiom,
		(enum detector_id)detector };
	return 0;
}

void results_outcome_words(uint8_t outcome, char ret[OUTCOME_WORDS_MAX])
{
	bool valid = outcome_is_valid(outcome);
	bool silent = valid && outcome_verdict(outcome) == VERDICT_SILENT;

	snprintf(ret, OUTCOME_WORDS_MAX, "%s%s%s",
		valid ? verdict_slug(outcome_verdict(outcome)) : "?", silent ? "/" : "",
		silent ? cause_slug(outcome_cause(outcome)) : "");
}

/* ---- one cell -------------------------------------------------------------------------------- */

struct sums {
	struct cell cell;
	struct store *store;
	uint64_t inputs, judged;
	uint64_t verdicts[VERDICT_COUNT], causes[CAUSE_COUNT];
	uint64_t region_verdicts[REGION_COUNT][VERDICT_COUNT];
	uint64_t region_causes[REGION_COUNT][CAUSE_COUNT];
};

static void add_row(const struct tally_row *row, void *arg)
{
	struct sums *sums = arg;

	store_count(sums->store, sums->cell, row);
	sums->judged += row->count;
	sums->verdicts[row->verdict] += row->count;
	sums->causes[row->cause] += row->count;
	sums->region_verdicts[row->region][row->verdict] += row->count;
	sums->region_causes[row->region][row->cause] += row->count;
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

/* What section 4 of the design makes of verdicts; timeout, broken and layout are in no rate. */
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

		for (int v = 0; v < VERDICT_COUNT; v++)
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

struct writing {
	const struct measurement *run;
	const struct results *results;
	struct store *store;
	json_t *cells;
	uint64_t unjudged;
	uint64_t class_violations[CLASS_COUNT], region_violations[REGION_COUNT];
};

static void add_mix(struct writing *writing, const struct tally *tally)
{
	uint64_t regions[REGION_COUNT];

	writing->class_violations[tally->class] += tally_violations(tally, regions);
	for (int r = 0; r < REGION_COUNT; r++)
		writing->region_violations[r] += regions[r];
}

static int add_cells(
	struct writing *writing, enum plan_class class, enum plan_idiom idiom, char **ret_error)
{
	struct tally tally;
	int error = tally_read(writing->run, class, idiom, &tally, ret_error);

	for (unsigned d = 0; d < DETECTOR_COUNT && error == 0; d++) {
		struct cell cell = { class, idiom, (enum detector_id)d };
		struct sums sums = {
			.cell = cell, .store = writing->store, .inputs = tally.inputs
		};
		const struct cost *cost = &writing->results->cost[class][idiom][d];

		/* a grid has no plans of most classes */
		if (!measurement_has_cell(writing->run, (int)class, (int)idiom, (int)d) ||
			tally.inputs == 0)
			continue;
		tally_each(&tally, cell.detector, add_row, &sums);
		writing->unjudged += tally.unjudged[d];
		json_array_append_new(writing->cells, cell_json(&sums, cost));
		if (cost->known)
			store_cost(writing->store, cell, cost);
	}
	if (error == 0)
		add_mix(writing, &tally);
	tally_free(&tally);
	return error;
}

static int add_all_cells(struct writing *writing, char **ret_error)
{
	int error = 0;

	for (int c = 0; c < CLASS_COUNT; c++)
		for (int i = 0; i < IDIOM_COUNT; i++)
			if (error == 0 && (writing->run->classes & BIT(c)) &&
				(writing->run->idioms & BIT(i)))
				error = add_cells(
					writing, (enum plan_class)c, (enum plan_idiom)i, ret_error);
	return error;
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

static bool is_kind(const char *said, const char *kind)
{
	return strcmp(said, kind) == 0 || strcmp(said, HEARD_KIND_UNKNOWN) == 0;
}

bool audited_kinds_agree(const struct audited *audited)
{
	return is_kind(audited->fast_kind, audited->kind) &&
		is_kind(audited->dying_kind, audited->kind);
}

bool audited_agrees(const struct audited *audited)
{
	return audited->fast == audited->audit && audited_kinds_agree(audited);
}

static json_t *audit_json(const struct writing *writing)
{
	const struct results *results = writing->results;
	json_t *list = json_array();
	uint64_t agreed = 0, kinds_agreed = 0;

	for (size_t i = 0; i < results->audited_count; i++) {
		const struct audited *audited = &results->audited[i];

		store_audit(writing->store, writing->run, audited);
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

	json_object_set_new(document, "schema", json_string(SCHEMA));
	add_sample(document, run);
	json_object_set_new(document, "complete", json_boolean(complete));
	json_object_set_new(
		document, "missing", missing != NULL ? json_string(missing) : json_null());
	json_object_set_new(document, "not_judged", count_json(writing->unjudged));
	json_object_set_new(document, "wall_s", json_real(wall_s));
	json_object_set_new(document, "verdicts_per_s",
		json_real(wall_s > 0 ? (double)results->judged / wall_s : 0));
	json_object_set_new(document, "worker_deaths", count_json(results->worker_deaths));
	json_object_set_new(document, "options", options_json(run));
	json_object_set_new(document, "mix",
		json_pack("{so so}", "classes",
			shares_json(writing->class_violations, CLASS_COUNT, class_slug), "regions",
			shares_json(writing->region_violations, REGION_COUNT, region_slug)));
	json_object_set_new(document, "audit", audit_json(writing));
	json_object_set(document, "cells", writing->cells);
}

static void store_metas(struct store *store, const struct results *results, const json_t *document)
{
	static const char *const keys[] = { "id", "date", "toolchain", "machine" };
	AUTO_FREE char *version = format("%d", (int)json_file_number(document, "plan_version"));
	AUTO_FREE char *wall_s = format("%.6f", isfinite(results->wall_s) ? results->wall_s : 0);
	AUTO_FREE char *judged = format("%ju", (uintmax_t)results->judged);
	AUTO_FREE char *deaths = format("%ju", (uintmax_t)results->worker_deaths);

	store_meta(store, "schema", SCHEMA);
	for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++)
		store_meta(store, keys[i], json_string_value(json_object_get(document, keys[i])));
	store_meta(store, "plan_version", version);
	store_meta(store, "wall_s", wall_s);
	store_meta(store, "judged", judged);
	store_meta(store, "worker_deaths", deaths);
	store_meta(store, "unfinished", results->unfinished ? "1" : "0");
	store_meta(
		store, "complete", json_is_true(json_object_get(document, "complete")) ? "1" : "0");
}

/* ---- files ----------------------------------------------------------------------------------- */

/* Both under temporary names. */
static int write_both(const struct measurement *run, const struct results *results,
	const char *sqlite, const char *json, char **ret_error)
{
	struct writing writing = { .run = run, .results = results };
	AUTO_JSON json_t *document = measurement_to_json(run);
	AUTO_JSON json_t *cells = json_array();
	AUTO_FREE char *later = NULL; /* the store's complaint when there was an earlier one */
	int error, closed;

	writing.cells = cells;
	writing.store = store_create(sqlite, ret_error);
	if (writing.store == NULL)
		return -EIO;
	error = add_all_cells(&writing, ret_error);
	if (error == 0) {
		describe(&writing, document);
		store_metas(writing.store, results, document);
	}
	closed = store_close(writing.store, error == 0 ? ret_error : &later);
	if (error != 0 || closed != 0) {
		unlink(sqlite);
		return error != 0 ? error : closed;
	}
	error = file_write_json(json, document);
	if (error != 0)
		*ret_error = format("%s: %s", json, strerror(-error));
	return error;
}

/* What a process that was killed while it wrote has left; a run has one writer at a time. */
static void remove_leftovers(const struct measurement *run)
{
	AUTO_FREE char *pattern = format("%s/results.*.new*", run->directory);
	glob_t found = { 0 };

	if (glob(pattern, GLOB_NOSORT, NULL, &found) == 0)
		for (size_t i = 0; i < found.gl_pathc; i++)
			unlink(found.gl_pathv[i]);
	globfree(&found);
}

int results_write(const struct measurement *run, const struct results *results, char **ret_error)
{
	AUTO_FREE char *json = format("%s/results.json", run->directory);
	AUTO_FREE char *sqlite = format("%s/results.sqlite", run->directory);
	AUTO_FREE char *new_json = format("%s.%d.new", json, (int)getpid());
	AUTO_FREE char *new_sqlite = format("%s.%d.new", sqlite, (int)getpid());
	int error;

	remove_leftovers(run);
	error = write_both(run, results, new_sqlite, new_json, ret_error);

	if (error == 0 && (rename(new_sqlite, sqlite) != 0 || rename(new_json, json) != 0)) {
		error = -errno;
		*ret_error = format("%s: %s", json, strerror(-error));
	}
	if (error != 0) {
		unlink(new_sqlite);
		unlink(new_json);
	}
	return error;
}

json_t *results_read(const char *directory, char **ret_error)
{
	AUTO_FREE char *path = format("%s/results.json", directory);
	int error;
	json_t *json = json_file_read(path, SCHEMA, &error, ret_error);

	if (json != NULL && !json_is_array(json_object_get(json, "cells"))) {
		*ret_error = format("%s: has no list of cells", path);
		json_decref(json);
		return NULL;
	}
	return json;
}
