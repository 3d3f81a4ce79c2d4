/* SPDX-License-Identifier: Apache-2.0
 * Runs an engine on a cell of a campaign, and reads its records meanwhile. */
#include "campaign.h"

#include "base/complain.h"
#include "base/json_file.h"
#include "base/util.h"
#include "harnesses/record/places.h"
#include "harnesses/record/record.h"
#include "runs/kinds.h"
#include "runs/run_dir.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#define TIMEOUT_MS 1000 /* of one plan; none takes a thousandth of it */

char *campaign_cell_directory(
	const struct campaign *campaign, enum plan_class class, enum plan_idiom idiom)
{
	return format(
		"%s/%s.%s", campaign->directory, plan_classes[class].slug, plan_idiom_slug(idiom));
}

/* What the program of one job writes. */
struct job_memory {
	struct record *record;
	struct places *places; /* NULL where every report ends its process */
};

/* Jobs that come to the same bucket count it each: the most of one is what is certain. */
static size_t count_buckets(const struct job_memory *jobs, int count)
{
	size_t most = 0;

	for (int i = 0; i < count; i++) {
		size_t buckets = places_buckets(jobs[i].places);

		most = buckets > most ? buckets : most;
	}
	return most;
}

static void progress(const struct engine_run *run, struct engine_progress *ret)
{
	const struct job_memory *jobs = run->arg;
	uint64_t violations = 0, diagnosed = 0, silent = 0;
	int used = 0;

	ret->executions = 0;
	for (int i = 0; i < run->jobs; i++) {
		const struct record *of = jobs[i].record;

		ret->executions += of->executions;
		ret->waits = ret->waits || of->executions == 0;
		diagnosed += of->verdicts[VERDICT_RIGHT];
		silent += of->verdicts[VERDICT_SILENT];
		for (int v = VERDICT_RIGHT; v <= VERDICT_SILENT; v++)
			violations += of->verdicts[v];
	}
	/* first what a narrow terminal must show */
	if (jobs->places != NULL)
		used = snprintf(ret->words, sizeof(ret->words), "%zu buckets  ",
			count_buckets(jobs, run->jobs));
	snprintf(ret->words + used, sizeof(ret->words) - (size_t)used,
		"%llu violations  %llu diagnosed  %llu silent", (unsigned long long)violations,
		(unsigned long long)diagnosed, (unsigned long long)silent);
}

static int map_job(const struct campaign *campaign, const char *path, struct job_memory *ret)
{
	ret->record = record_map(path);
	if (ret->record != NULL && !campaign->every && !campaign->hunts)
		ret->places = places_map(path);
	return ret->record == NULL ||
			(ret->places == NULL && !campaign->every && !campaign->hunts) ?
		-errno :
		0;
}

static void unmap_jobs(struct job_memory *jobs, int count)
{
	for (int i = 0; i < count; i++) {
		if (jobs[i].record != NULL)
			munmap(jobs[i].record, sizeof(struct record));
		if (jobs[i].places != NULL)
			munmap(jobs[i].places, sizeof(struct places));
	}
	free(jobs);
}

/* The memory of all jobs, made; or NULL with a message printed. For unmap_jobs. */
static struct job_memory *map_jobs(const struct campaign *campaign, const char *directory)
{
	struct job_memory *jobs = calloc((size_t)campaign->jobs, sizeof(*jobs));
	int error = file_make_directories(directory);

	if (jobs == NULL)
		abort();
	for (int i = 0; i < campaign->jobs && error == 0; i++) {
		AUTO_FREE char *path = engine_record_path(directory, i);

		error = map_job(campaign, path, &jobs[i]);
	}
	if (error == 0)
		return jobs;
	complain("fuzz", 0, "%s: %s", directory, strerror(-error));
	unmap_jobs(jobs, campaign->jobs);
	return NULL;
}

int campaign_fuzz(
	const struct campaign *campaign, enum plan_class class, enum plan_idiom idiom, int seconds)
{
	const char *slug = plan_classes[class].slug;
	AUTO_FREE char *directory = campaign_cell_directory(campaign, class, idiom);
	AUTO_FREE char *label = format("%s %s", slug, plan_idiom_slug(idiom));
	AUTO_FREE char *program = format("build/bin/%s%s-%s", campaign->every ? "" : "fast-",
		engine_slug(campaign->engine), campaign->detector->slug);
	AUTO_FREE char *seeds = format("corpus/%s", slug);
	AUTO_FREE char *dictionary = format("corpus/%s.dict", slug);
	AUTO_FREE char *class_is = format("FENCEPOST_CLASS=%s", slug);
	AUTO_FREE char *idiom_is = format("FENCEPOST_IDIOM=%s", plan_idiom_slug(idiom));
	char *environment[] = { class_is, idiom_is,
		campaign->hunts ? (char *)(uintptr_t) "FENCEPOST_HUNT=1" : NULL, NULL };
	struct job_memory *jobs = map_jobs(campaign, directory);
	struct engine_run run = { .engine = campaign->engine,
		.label = campaign->label != NULL ? campaign->label : label,
		.directory = directory,
		.program = program,
		.seeds = seeds,
		.dictionary = dictionary,
		.detector = campaign->detector,
		.environment = environment,
		.seconds = seconds,
		.executions = campaign->executions,
		.jobs = campaign->jobs,
		.seed = campaign->seed,
		.timeout_ms = TIMEOUT_MS,
		.longest = PLAN_BYTES_MAX,
		/* a second thread would make malloc lock, and plans that land out of it leave the lock behind */
		.out = campaign->out,
		.ui = campaign->ui,
		.starts_over = !campaign->every,
		.progress = progress,
		.arg = jobs };
	int result = jobs != NULL ? engine_run(&run) : -1;

	for (int i = 0; jobs != NULL && i < campaign->jobs; i++)
		record_drop_open(jobs[i].record); /* the engine has been stopped in it */
	if (jobs != NULL)
		unmap_jobs(jobs, campaign->jobs);
	return result;
}

json_int_t campaign_audits(const json_t *cells, json_int_t *ret_differ)
{
	json_int_t run = 0, agree = 0;
	size_t i;
	const json_t *cell;

	json_array_foreach((json_t *)(uintptr_t)cells, i, cell) {
		run += json_file_number(json_object_get(cell, "audits"), "run");
		agree += json_file_number(json_object_get(cell, "audits"), "agree");
	}
	*ret_differ = run - agree;
	return run;
}

bool campaign_all_ran(const json_t *cells)
{
	size_t i;
	const json_t *cell;

	json_array_foreach((json_t *)(uintptr_t)cells, i, cell)
		if (json_is_true(json_object_get(cell, "interrupted")) ||
			json_is_true(json_object_get(cell, "failed")))
			return false;
	return json_array_size(cells) > 0;
}
