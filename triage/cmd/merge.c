/* SPDX-License-Identifier: Apache-2.0
 * The subcommand merge. */
#include "base/complain.h"
#include "base/interrupts.h"
#include "base/json_file.h"
#include "base/limits.h"
#include "base/util.h"
#include "cmd.h"
#include "fuzz/merge.h"
#include "measure/audits.h"
#include "measure/part.h"
#include "runs/job.h"
#include "runs/kinds.h"
#include "runs/merge.h"
#include "runs/results.h"
#include "runs/run_dir.h"
#include "runs/table.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define WHO       "merge"
#define NAMED_MAX 20 /* missing parts, each with its command */

/* ---- what is missing ------------------------------------------------------------------------- */

/* Names what the audits of one run are missing for: results_write cannot tell. */
static void name_unaudited(const struct measurement *runs, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct results results;
		char *why = NULL;

		if (results_load(&runs[i], &results, &why) != 0)
			printf("missing: the audits of %s, which has no audits.jsonl\n",
				runs[i].directory);
		else if (results.unfinished)
			printf("missing: audits or costs of %s\n", runs[i].directory);
		if ((why != NULL || results.unfinished) && runs[i].job == NULL &&
			runs[i].merged == NULL)
			printf("next: make measure RESUME=%s\n", runs[i].id);
		results_free(&results);
		free(why);
	}
}

static char *command_of(const struct measurement *sum, const struct measurement_part *part)
{
	AUTO_FREE char *arguments = measurement_arguments(sum, part);

	return format(
		"build/bin/triage measure --shard=%u/%u %s", part->shard, part->shards, arguments);
}

static void name_missing_shards(const char *directory)
{
	AUTO_FREE char *why = NULL;
	struct measurement_part part;
	struct measurement sum;
	size_t k = 0;

	if (measurement_read(directory, &sum, &why) == 0 && sum.job == NULL)
		for (; k < NAMED_MAX && measurement_missing_part(&sum, k, &part); k++) {
			AUTO_FREE char *command = command_of(&sum, &part);

			printf("next: %s\n", command);
		}
	measurement_free(&sum);
}

/* The parts of the job that are not there, each with the command that makes it. How many. */
static unsigned name_missing_parts(const json_t *request)
{
	struct job_part part = { json_file_text(request, "job"), 1,
		(unsigned)json_file_number(request, "parts") };
	unsigned missing = 0;

	for (; part.part <= part.parts; part.part++) {
		AUTO_FREE char *command = job_command(request, part.part);

		if (job_part_is_done(&part) || missing++ >= NAMED_MAX)
			continue;
		printf("missing: part %u of %u%s; next: %s\n", part.part, part.parts,
			job_is_locked(&part) ? ", which another process works on" : "", command);
	}
	if (missing > NAMED_MAX)
		printf("missing: %u more parts; next: build/bin/triage runs --job %s\n",
			missing - NAMED_MAX, part.job);
	return missing;
}

/* ---- measurements ---------------------------------------------------------------------------- */

/* By the programs of the job; where they are not, the sum is not complete. */
static int audit_drawn(const struct measurement *sum, struct results *results, char **ret_error)
{
	AUTO_FREE char *why = NULL;
	AUTO_JSON json_t *request = job_read(sum->job, &why);
	struct measure measure = { .run = sum,
		.jobs = limits_jobs((unsigned)sysconf(_SC_NPROCESSORS_ONLN), LIMITS_AUDIT),
		.results = results };
	int error;

	if (request == NULL || part_check_programs(WHO, sum->detectors, request) != 0) {
		if (request == NULL)
			complain(WHO, 0, "%s", why);
		results->unfinished = true;
		results->audited_count = 0;
		return 0;
	}
	error = measure_audit_drawn(&measure);
	if (error == 0 && interrupts_came())
		error = -EINTR;
	if (error != 0)
		*ret_error = measure.error != NULL ? measure.error : format("%s", strerror(-error));
	return error;
}

static int report_sum(
	const char *directory, const struct measurement *runs, size_t count, const json_t *request)
{
	AUTO_FREE char *why = NULL;
	AUTO_JSON json_t *results = results_read(directory, &why);
	const json_t *audit = json_object_get(results, "audit");
	bool complete = json_is_true(json_object_get(results, "complete"));
	size_t added = json_array_size(json_object_get(results, "merged"));
	int error = complete ? run_dir_set_latest(directory) : 0;

	if (results == NULL)
		return complain(WHO, 1, "%s", why);
	if (error != 0)
		return complain(WHO, 1, "runs/latest: %s; the runs are added up in %s",
			strerror(-error), directory);
	printf("%s: %zu run%s added up, %zu cells\n", directory, added, added == 1 ? "" : "s",
		json_array_size(json_object_get(results, "cells")));
	if (added < count)
		printf("%zu more equal to one of these, counted once\n", count - added);
	name_unaudited(runs, count);
	results_print_missing(stdout, results);
	if (request != NULL)
		name_missing_parts(request);
	name_missing_shards(directory);
	printf("next: build/bin/triage show %s\n", directory);
	if (json_file_number(audit, "agreed") < json_file_number(audit, "sampled"))
		return EXIT_FINDING;
	return complete ? 0 : EXIT_NOTHING;
}

static int add_up(const struct measurement *runs, size_t count, const json_t *request)
{
	AUTO_FREE char *directory = NULL;
	AUTO_FREE char *error = NULL;
	int failure;

	if (merge_check(runs, count, &error) != 0)
		return complain(WHO, EXIT_NOTHING, "%s", error);
	directory = run_dir_make("merge");
	if (directory == NULL)
		return complain(WHO, 1, "runs/ cannot be written to: %s", strerror(errno));
	failure = merge_runs(runs, count, directory, audit_drawn, &error);
	if (failure != 0)
		return complain(WHO,
			failure == -EILSEQ        ? EXIT_NOTHING :
				failure == -EINTR ? EXIT_INTERRUPTED :
						    EXIT_INTERNAL,
			"%s", error);
	return report_sum(directory, runs, count, request);
}

static int merge_measurements(char *const *directories, size_t count, const json_t *request)
{
	AUTO_FREE struct measurement *runs = allocate(count, sizeof(*runs));
	AUTO_FREE char *error = NULL;
	int code = 0;

	for (size_t i = 0; i < count && code == 0; i++)
		if (measurement_read(directories[i], &runs[i], &error) != 0)
			code = complain(WHO, 1, "%s", error);
	if (code == 0)
		code = add_up(runs, count, request);
	for (size_t i = 0; i < count; i++)
		measurement_free(&runs[i]);
	return code;
}

/* ---- campaigns ------------------------------------------------------------------------------- */

static int merge_campaigns(char *const *directories, size_t count, const json_t *request)
{
	AUTO_FREE char *directory = NULL;
	AUTO_FREE char *error = NULL;
	unsigned missing;
	int failure = campaigns_merge_check(directories, count, &error);

	if (failure != 0)
		return complain(
			WHO, failure == -EILSEQ ? EXIT_NOTHING : EXIT_INTERNAL, "%s", error);
	directory = run_dir_make("merge");
	if (directory == NULL)
		return complain(WHO, 1, "runs/ cannot be written to: %s", strerror(errno));
	failure = campaigns_merge(directories, count, directory, &error);
	missing = request != NULL ? name_missing_parts(request) : 0;
	if (failure == 0 && missing == 0)
		failure = run_dir_set_latest(directory);
	if (failure != 0)
		return complain(WHO, 1, "%s", error != NULL ? error : strerror(-failure));
	printf("%s: %zu campaign%s added up\nnext: build/bin/triage show %s\n", directory, count,
		count == 1 ? "" : "s", directory);
	return missing == 0 ? 0 : EXIT_NOTHING;
}

/* ---- the command line ------------------------------------------------------------------------ */

/* The complete parts, and the copies of them that differ: these are to be refused by name. */
static void list_parts(const json_t *request, struct run_dirs *ret)
{
	struct job_part part = { json_file_text(request, "job"), 1,
		(unsigned)json_file_number(request, "parts") };

	*ret = (struct run_dirs){ 0 };
	for (; part.part <= part.parts; part.part++) {
		struct run_dirs copies;

		if (!job_part_is_done(&part))
			continue;
		ret->list = list_grow(ret->list, ret->count, sizeof(*ret->list));
		ret->list[ret->count++] = job_part_directory(&part);
		job_copies(&part, &copies);
		for (size_t i = 0; i < copies.count; i++) {
			ret->list = list_grow(ret->list, ret->count, sizeof(*ret->list));
			ret->list[ret->count++] = format("%s", copies.list[i]);
		}
		run_dir_free(&copies);
	}
}

static int merge_job(const char *job)
{
	AUTO_FREE char *error = NULL;
	AUTO_JSON json_t *request = job_read(job, &error);
	struct run_dirs parts;
	int code;

	if (request == NULL)
		return complain(WHO, EXIT_USAGE, "%s: %s", job, error);
	list_parts(request, &parts);
	if (parts.count == 0) {
		name_missing_parts(request);
		code = complain(WHO, EXIT_NOTHING, "no part of job %s is complete", job);
	} else if (strcmp(json_file_text(request, "command"), "fuzz") == 0) {
		code = merge_campaigns(parts.list, parts.count, request);
	} else {
		code = merge_measurements(parts.list, parts.count, request);
	}
	run_dir_free(&parts);
	return code;
}

static int merge_named(char **names, size_t count)
{
	AUTO_FREE char **directories = allocate(count, sizeof(*directories));
	size_t campaigns = 0;
	int code = 0;

	for (size_t i = 0; i < count && code == 0; i++) {
		AUTO_FREE char *error = NULL;

		directories[i] = run_dir_find_measurement(names[i], &error);
		if (directories[i] == NULL)
			code = complain(WHO, EXIT_USAGE, "%s", error);
		else
			campaigns += run_kind_of(directories[i]) == RUN_CAMPAIGN;
	}
	if (code == 0 && campaigns > 0 && campaigns < count)
		code = complain(WHO, EXIT_NOTHING, "campaigns and measurements cannot be added up");
	else if (code == 0)
		code = (campaigns > 0 ? merge_campaigns : merge_measurements)(
			directories, count, NULL);
	for (size_t i = 0; i < count; i++)
		free(directories[i]);
	return code;
}

int cmd_merge(int argc, char **argv)
{
	bool help = argc == 2 && strcmp(argv[1], "--help") == 0;
	bool job = argc == 3 && strcmp(argv[1], "--job") == 0;
	int code;

	if (!job && (argc < 2 || argv[1][0] == '-')) {
		fprintf(help ? stdout : stderr,
			"usage: triage merge RUN...\n"
			"       triage merge --job JOB\n"
			"Adds up measurements, parts of one measurement, or campaigns. The sum "
			"is a new run.\n"
			"RUN is a directory, an id under runs/, or latest. With --job, merge "
			"adds up the complete\n"
			"parts of a job (scripts/shard makes them), and audits a sample of all "
			"parts.\n"
			"\n"
			"Measurements must agree in plan version, toolchain, kind of plans, "
			"classes, idioms and\n"
			"detectors. A part that is given twice counts once if its bytes are "
			"equal. If its bytes\n"
			"differ, merge names the files and stops. If parts are missing, merge "
			"lists the commands\n"
			"that make them, and marks the new run as incomplete.\n"
			"\n"
			"Campaigns must agree in detector and kind. Their counts are added, and "
			"buckets with the\n"
			"same key are joined.\n"
			"\n"
			"Example: triage merge 20260102-030405-measure 20260102-040506-measure\n"
			"Exit codes: 0 fine, 1 internal error or a damaged run, 2 an audit "
			"disagrees, 3 not comparable\n"
			"or not complete, 64 usage, 130 interrupted.\n");
		return help ? 0 : 64;
	}
	interrupts_catch();
	code = job ? merge_job(argv[2]) : merge_named(argv + 1, (size_t)argc - 1);
	interrupts_release();
	return code;
}
