/* SPDX-License-Identifier: Apache-2.0
 * A cell of a campaign: which program an engine runs on it, and what its records say meanwhile. */
#include "campaign.h"

#include "base/complain.h"
#include "base/util.h"
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

static void progress(const struct engine_run *run, struct engine_progress *ret)
{
	struct record *const *records = run->arg;
	uint64_t violations = 0, diagnosed = 0, silent = 0;

	ret->executions = 0;
	for (int i = 0; i < run->jobs; i++) {
		const struct record *of = records[i];

		ret->executions += of->executions;
		diagnosed += of->verdicts[VERDICT_RIGHT];
		silent += of->verdicts[VERDICT_SILENT];
		for (int v = VERDICT_RIGHT; v <= VERDICT_SILENT; v++)
			violations += of->verdicts[v];
	}
	snprintf(ret->words, sizeof(ret->words), "%llu violations  %llu diagnosed  %llu silent",
		(unsigned long long)violations, (unsigned long long)diagnosed,
		(unsigned long long)silent);
}

/* The records of all jobs, made; or NULL with a message printed. For close_records. */
static struct record **open_records(const char *directory, int jobs)
{
	struct record **records = calloc((size_t)jobs, sizeof(*records));
	int error = file_make_directories(directory);

	if (records == NULL)
		abort();
	for (int i = 0; i < jobs && error == 0; i++) {
		AUTO_FREE char *path = engine_record_path(directory, i);

		records[i] = record_map(path);
		error = records[i] == NULL ? -errno : 0;
	}
	if (error == 0)
		return records;
	fprintf(stderr, "fuzz: %s: %s\n", directory, strerror(-error));
	for (int i = 0; i < jobs; i++)
		if (records[i] != NULL)
			munmap(records[i], sizeof(struct record));
	free(records);
	return NULL;
}

static void close_records(struct record **records, int jobs)
{
	for (int i = 0; i < jobs; i++) {
		record_drop_open(records[i]); /* the engine has been stopped in it */
		munmap(records[i], sizeof(struct record));
	}
	free(records);
}

int campaign_fuzz(
	const struct campaign *campaign, enum plan_class class, enum plan_idiom idiom, int seconds)
{
	const char *slug = plan_classes[class].slug;
	AUTO_FREE char *directory = campaign_cell_directory(campaign, class, idiom);
	AUTO_FREE char *label = format("%s %s", slug, plan_idiom_slug(idiom));
	AUTO_FREE char *program = format("build/bin/%s%s-%s", campaign->hunts ? "hunt-" : "",
		engine_slug(campaign->engine), campaign->detector->slug);
	AUTO_FREE char *seeds = format("corpus/%s", slug);
	AUTO_FREE char *dictionary = format("corpus/%s.dict", slug);
	AUTO_FREE char *class_is = format("FENCEPOST_CLASS=%s", slug);
	AUTO_FREE char *idiom_is = format("FENCEPOST_IDIOM=%s", plan_idiom_slug(idiom));
	char *environment[] = { class_is, idiom_is, NULL };
	struct record **records = open_records(directory, campaign->jobs);
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
		.ui = campaign->ui,
		.progress = progress,
		.arg = records };
	int result = records != NULL ? engine_run(&run) : -1;

	if (records != NULL)
		close_records(records, campaign->jobs);
	return result;
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

int campaign_refuse_other(const char *who, const char *directory)
{
	AUTO_FREE char *schema = run_dir_schema(directory);
	AUTO_FREE char *next = NULL;

	if (*schema == '\0' || strcmp(schema, RUN_SCHEMA_CAMPAIGN) == 0)
		return 0;
	if (strcmp(schema, RUN_SCHEMA_TARGET) == 0)
		next = format(", build/bin/triage crashes %s/afl -- PROGRAM prints its crashes",
			directory);
	return complain(who, EXIT_USAGE,
		"%s: no campaign but of schema %s; next: build/bin/triage runs says what there is%s",
		directory, schema, next != NULL ? next : "");
}
