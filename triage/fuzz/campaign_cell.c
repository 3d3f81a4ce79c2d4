/* SPDX-License-Identifier: Apache-2.0
 * Replays, judges, groups and keeps the saved crashes of one cell. */
#include "campaign_cell.h"

#include "audit/audit.h"
#include "audit/bucket.h"
#include "base/complain.h"
#include "base/interrupts.h"
#include "base/json_file.h"
#include "base/limits.h"
#include "base/pool.h"
#include "base/util.h"
#include "blindspots.h"
#include "buckets.h"
#include "counted.h"
#include "harnesses/record/record.h"
#include "harnesses/verdict/blindspot.h"
#include "stats/statistics.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define WHO "triage"
#define AUDITS_MAX \
	4000 /* saved inputs replayed of one cell: a minute; AFL++ saves fewer in an hour */

struct cell {
	const struct campaign *campaign;
	enum plan_class class;
	enum plan_idiom idiom;
	char *directory;
	size_t saved;           /* by the engine */
	size_t count, capacity; /* of the next two: those that are replayed, AUDITS_MAX at most */
	char **paths;
	struct audit *audits;
	size_t failed;   /* could not be replayed */
	size_t not_kept; /* buckets or blind spots whose reproducer could not be written */
};

/* ---- finding --------------------------------------------------------------------------------- */

static void add_path(const char *path, void *arg)
{
	struct cell *cell = arg;

	if (cell->count == cell->capacity) {
		cell->capacity = cell->capacity > 0 ? 2 * cell->capacity : 256;
		cell->paths = reallocarray(cell->paths, cell->capacity, sizeof(*cell->paths));
		if (cell->paths == NULL)
			abort();
	}
	cell->paths[cell->count++] = format("%s", path);
}

static int compare_strings(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Of all jobs, in order of their names. */
static void find_crashes(struct cell *cell)
{
	cell->saved = engine_each_saved(cell->directory, add_path, cell);
	if (cell->count > 0)
		qsort(cell->paths, cell->count, sizeof(*cell->paths), compare_strings);
	if (cell->count > AUDITS_MAX)
		complain(WHO, 0, "%zu inputs saved in %s, of which the first %d are replayed",
			cell->saved, cell->directory, AUDITS_MAX);
	for (; cell->count > AUDITS_MAX; cell->count--)
		free(cell->paths[cell->count - 1]);
}

/* ---- replaying ------------------------------------------------------------------------------- */

static struct plan_fixed fixed_of(const struct cell *cell)
{
	return (struct plan_fixed){ (int)cell->class, (int)cell->idiom };
}

static int replay_one(void *arg, unsigned worker, size_t i)
{
	struct cell *cell = arg;
	AUTO_FREE char *program = format("build/bin/replay-%s", cell->campaign->detector->slug);
	struct audit_runner runner = { cell->campaign->detector, program, false };

	(void)worker;
	if (audit_run(&runner, cell->paths[i], fixed_of(cell), &cell->audits[i]) != 0)
		__atomic_fetch_add(&cell->failed, 1, __ATOMIC_RELAXED);
	return 0;
}

static int replay_all(struct cell *cell)
{
	AUTO_FREE char *program = format("build/bin/replay-%s", cell->campaign->detector->slug);
	struct audit_runner runner = { cell->campaign->detector, program, false };
	struct pool pool = { .count = cell->count,
		.jobs = limits_jobs((unsigned)sysconf(_SC_NPROCESSORS_ONLN), LIMITS_AUDIT),
		.work = replay_one,
		.arg = cell };

	cell->audits = calloc(cell->count + 1, sizeof(*cell->audits));
	if (cell->audits == NULL)
		return -ENOMEM;
	pool_run(&pool);
	return audit_symbolize(&runner, cell->audits, cell->count);
}

/* What ended no process. A hunt's finds are audited when they are kept. */
static int audit_counted(const struct cell *cell, json_t **ret)
{
	const struct campaign *campaign = cell->campaign;

	if (campaign->hunts || campaign->every)
		return 0;
	fprintf(campaign->out, "%s %s: auditing inputs that were counted without a report\n",
		plan_classes[cell->class].slug, plan_idiom_slug(cell->idiom));
	fflush(campaign->out);
	return counted_audit(campaign->detector, cell->directory, campaign->jobs, ret);
}

/* ---- counting -------------------------------------------------------------------------------- */

struct totals {
	uint64_t executions, violations, benign, verdicts[VERDICT_COUNT], causes[CAUSE_COUNT];
	uint64_t first_violation_ns, first_diagnosis_ns, first_find_ns;
};

static uint64_t earlier(uint64_t a, uint64_t b)
{
	return a == 0 || (b != 0 && b < a) ? b : a;
}

/* Sums the records of all jobs; one that a death left open is closed here. 0, or -errno of a record
 * that cannot be read, which is named. A job that never started has none. */
static int count(const struct cell *cell, struct totals *ret)
{
	struct totals sum = { 0 };

	for (int job = 0; job < cell->campaign->jobs; job++) {
		AUTO_FREE char *path = engine_record_path(cell->directory, job);
		struct record *of;

		if (access(path, F_OK) != 0)
			continue;
		of = record_map(path);
		if (of == NULL) {
			int error = errno;

			return complain(WHO, -error, "%s: no record of this version: %s", path,
				strerror(error));
		}
		record_close_open(of);
		sum.executions += of->executions;
		for (int v = 0; v < VERDICT_COUNT; v++)
			sum.verdicts[v] += of->verdicts[v];
		for (int cause = 0; cause < CAUSE_COUNT; cause++)
			sum.causes[cause] += of->causes[cause];
		sum.first_violation_ns = earlier(sum.first_violation_ns, of->first_violation_ns);
		sum.first_diagnosis_ns = earlier(sum.first_diagnosis_ns, of->first_diagnosis_ns);
		sum.first_find_ns = earlier(sum.first_find_ns, of->first_find_ns);
		munmap(of, sizeof(*of));
	}
	for (int v = VERDICT_RIGHT; v <= VERDICT_SILENT; v++)
		sum.violations += sum.verdicts[v];
	sum.benign = sum.verdicts[VERDICT_CLEAN] + sum.verdicts[VERDICT_FALSE_ALARM];
	*ret = sum;
	return 0;
}

static json_t *verdicts_json(const struct totals *sum)
{
	json_t *verdicts = json_object();

	for (int v = 0; v < VERDICT_COUNT; v++)
		json_object_set_new(verdicts, verdict_slug((enum verdict)v),
			json_integer((json_int_t)sum->verdicts[v]));
	return verdicts;
}

/* Those that occurred. */
static json_t *causes_json(const struct totals *sum)
{
	json_t *causes = json_object();

	for (int cause = CAUSE_NONE + 1; cause < CAUSE_COUNT; cause++)
		if (sum->causes[cause] > 0)
			json_object_set_new(causes, cause_slug((enum cause)cause),
				json_integer((json_int_t)sum->causes[cause]));
	return causes;
}

static json_t *seconds_json(uint64_t ns)
{
	return ns != 0 ? json_real((double)ns * 1e-9) : json_null();
}

/* ---- keeping --------------------------------------------------------------------------------- */

static json_t *members_json(const struct cell *cell, const struct bucket *bucket)
{
	json_t *members = json_array();

	for (size_t i = 0; i < bucket->of->count; i++)
		json_array_append_new(members, json_string(cell->paths[bucket->of->members[i]]));
	return members;
}

static json_t *bucket_json(const struct cell *cell, const struct bucket *bucket, int kept)
{
	const struct audit *audit = bucket->audit;
	AUTO_FREE char *reproducer = format(
		"crashes/%s/%s/input", plan_classes[cell->class].slug, bucket->name);

	return json_pack("{ss ss si ss ss so so ss* ss* ss sb}", "id", bucket->name, "key",
		bucket->key, "key_version", KEY_VERSION, "kind", audit->seen.kind, "access",
		bucket_access(audit), "frames", bucket_frames(audit), "members",
		members_json(cell, bucket), "reproducer", kept >= 0 ? reproducer : NULL, "fault",
		audit->fault, "verdict", verdict_slug(audit->verdict), "new", kept == 0);
}

static json_t *keep_buckets(struct cell *cell)
{
	json_t *list = json_array();
	struct buckets buckets;

	buckets_make(cell->campaign->detector, cell->audits, cell->count, &buckets);
	for (size_t i = 0; i < buckets.all.count && !interrupts_came(); i++) {
		struct bucket *bucket = &buckets.list[i];
		int kept = bucket_keep(
			"crashes", bucket, cell->campaign->detector, cell->campaign->toolchain);

		cell->not_kept += kept < 0;
		if (kept < 0)
			complain(WHO, kept,
				"crashes/%s/%s not kept: %s; next, once this is fixed: "
				"build/bin/triage fuzz --finish %s",
				plan_classes[cell->class].slug, bucket->name, strerror(-kept),
				cell->campaign->directory);
		json_array_append_new(list, bucket_json(cell, bucket, kept));
	}
	buckets_free(&buckets);
	return list;
}

static json_t *keep_finds(struct cell *cell)
{
	const struct campaign *campaign = cell->campaign;
	bool failed = false;
	json_t *list;

	fprintf(campaign->out,
		"%s %s: each blind spot is minimised and run under the other detectors\n",
		plan_classes[cell->class].slug, plan_idiom_slug(cell->idiom));
	fflush(campaign->out);
	list = blindspots_keep("crashes", campaign->detector, cell->audits, cell->count,
		campaign->toolchain, &failed);

	cell->not_kept += failed;
	return list;
}

/* Saved, but a process of its own has no report, or in a hunt no miss, to show for it. */
static size_t count_unreproduced(const struct cell *cell)
{
	size_t n = 0;

	for (size_t i = 0; i < cell->count; i++) {
		const struct audit *audit = &cell->audits[i];

		n += cell->campaign->hunts ? !blindspot_is(audit->verdict, audit->cause) :
					     audit->seen.tool == TOOL_NONE;
	}
	return n;
}

/* The object of campaign.json; @buckets becomes part of it. */
static json_t *describe(const struct cell *cell, const struct totals *totals, json_t *buckets)
{
	AUTO_JSON json_t *ran = json_file_in(cell->directory, "cell.json", NULL);
	const struct campaign *campaign = cell->campaign;
	const struct totals sum = *totals;
	uint64_t committed = sum.violations - sum.verdicts[VERDICT_LANGUAGE];
	double wall_s = json_number_value(json_object_get(ran, "wall_s"));
	/* without its own word the cell was cut off */
	bool interrupted = ran == NULL || json_is_true(json_object_get(ran, "interrupted"));
	bool failed = json_is_true(json_object_get(ran, "failed"));
	const char *id = strrchr(campaign->directory, '/');
	json_t *object = json_pack(
		"{ss ss ss ss s{ss ss} ss si si si sf sb sI sf s{sI sI} sI so so so so so so so so sI sI sI}",
		"id", id != NULL ? id + 1 : campaign->directory, "class",
		plan_classes[cell->class].slug, "idiom", plan_idiom_slug(cell->idiom), "detector",
		campaign->detector->slug, "engine", "name", engine_name(campaign->engine),
		"version", campaign->engine_version, "toolchain", campaign->toolchain, "seed",
		campaign->seed, "jobs", campaign->jobs, "requested_s",
		(int)json_integer_value(json_object_get(ran, "requested_s")), "wall_s", wall_s,
		"interrupted", interrupted, "execs", (json_int_t)sum.executions, "execs_per_s",
		wall_s > 0 ? (double)sum.executions / wall_s : 0, "inputs", "benign",
		(json_int_t)sum.benign, "violations", (json_int_t)sum.violations, "violations",
		(json_int_t)sum.violations, "verdicts", verdicts_json(&sum), "causes",
		causes_json(&sum), "diagnosed", rate_json(sum.verdicts[VERDICT_RIGHT], committed),
		"stopped", rate_json(sum.violations - sum.verdicts[VERDICT_SILENT], sum.violations),
		"refused", rate_json(sum.verdicts[VERDICT_LANGUAGE], sum.violations),
		"first_violation_s", seconds_json(sum.first_violation_ns), "first_diagnosis_s",
		seconds_json(sum.first_diagnosis_ns), "buckets", buckets, "saved_crashes",
		(json_int_t)cell->saved, "replayed", (json_int_t)cell->count, "not_reproduced",
		(json_int_t)count_unreproduced(cell));

	json_object_set_new(object, "failed", json_boolean(failed));
	json_object_set_new(object, "rule",
		json_boolean(
			detector_has_rule((int)(campaign->detector - detectors), cell->class)));
	json_object_set_new(object, "hunt", json_boolean(campaign->hunts));
	json_object_set_new(object, "first_find_s", seconds_json(sum.first_find_ns));
	return object;
}

static void release(struct cell *cell)
{
	for (size_t i = 0; i < cell->count; i++) {
		if (cell->audits != NULL)
			audit_free(&cell->audits[i]);
		free(cell->paths[i]);
	}
	free(cell->paths);
	free(cell->audits);
	free(cell->directory);
}

/* Why the cell cannot be judged now, printed; or 0. */
static int check(const struct cell *cell, int replayed)
{
	if (replayed == -ENOENT)
		return complain(
			WHO, -1, "no llvm-symbolizer in PATH; next: scripts/bootstrap build");
	if (replayed != 0)
		return complain(WHO, -1, "%s: %s", cell->directory, strerror(-replayed));
	if (interrupts_came())
		return complain(WHO, -1, "interrupted");
	if (cell->failed > 0)
		return complain(WHO, -1,
			"%zu of %zu saved inputs in %s could not be replayed; next: make build/bin/replay-%s",
			cell->failed, cell->count, cell->directory, cell->campaign->detector->slug);
	return 0;
}

json_t *campaign_triage(const struct campaign *campaign, enum plan_class class,
	enum plan_idiom idiom, bool *ret_all_kept)
{
	struct cell cell = { .campaign = campaign,
		.class = class,
		.idiom = idiom,
		.directory = campaign_cell_directory(campaign, class, idiom) };
	json_t *object = NULL, *counted = NULL;
	struct totals totals;

	find_crashes(&cell);
	if (cell.count > 0)
		fprintf(campaign->out, "%s %s: replaying %zu saved %s%s\n",
			plan_classes[class].slug, plan_idiom_slug(idiom), cell.count,
			campaign->hunts ? "input" : "crash",
			cell.count == 1         ? "" :
				campaign->hunts ? "s" :
						  "es");
	fflush(campaign->out);
	if (check(&cell, replay_all(&cell)) == 0 &&
		check(&cell, audit_counted(&cell, &counted)) == 0 && count(&cell, &totals) == 0) {
		object = describe(
			&cell, &totals, campaign->hunts ? json_array() : keep_buckets(&cell));
		if (campaign->hunts)
			json_object_set_new(object, "finds", keep_finds(&cell));
		json_object_set_new(object, "every", json_boolean(campaign->every));
		json_object_update(object, counted);
	}
	json_decref(counted);
	if (object != NULL && interrupts_came()) {
		json_decref(object);
		object = NULL;
		complain(WHO, -1, "interrupted");
	}
	*ret_all_kept = cell.not_kept == 0;
	release(&cell);
	return object;
}
