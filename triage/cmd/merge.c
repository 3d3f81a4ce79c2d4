/* SPDX-License-Identifier: Apache-2.0
 * The subcommand merge. */
#include "base/complain.h"
#include "base/util.h"
#include "cmd.h"
#include "runs/merge.h"
#include "runs/results.h"
#include "runs/run_dir.h"
#include "runs/table.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WHO "merge"

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
		results_free(&results);
		free(why);
	}
}

static int report(const char *directory, const struct measurement *runs, size_t count)
{
	AUTO_FREE char *why = NULL;
	AUTO_JSON json_t *results = results_read(directory, &why);
	int error = 0;

	if (results == NULL)
		return complain(WHO, 1, "%s", why);
	if (json_is_true(json_object_get(results, "complete")))
		error = run_dir_point_latest(directory);
	if (error != 0)
		return complain(WHO, 1, "runs/latest: %s; the runs are added up in %s",
			strerror(-error), directory);
	printf("%s: %zu run%s added up, %zu cells\n", directory, count, count == 1 ? "" : "s",
		json_array_size(json_object_get(results, "cells")));
	name_unaudited(runs, count);
	results_print_missing(stdout, results);
	printf("next: build/bin/triage show %s\n", directory);
	return 0;
}

static int merge(const struct measurement *runs, size_t count)
{
	AUTO_FREE char *directory = NULL;
	AUTO_FREE char *error = NULL;

	if (merge_check(runs, count, &error) != 0)
		return complain(WHO, 3, "%s", error);
	directory = run_dir_make("merge");
	if (directory == NULL)
		return complain(WHO, 1, "runs/ cannot be written to: %s", strerror(errno));
	if (merge_runs(runs, count, directory, &error) != 0)
		return complain(WHO, 1, "%s", error);
	return report(directory, runs, count);
}

/* 0, or the exit code. */
static int read_run(const char *name, struct measurement *ret)
{
	AUTO_FREE char *error = NULL;
	AUTO_FREE char *directory = run_dir_find_measurement(name, &error);

	*ret = (struct measurement){ 0 };
	if (directory == NULL)
		return complain(WHO, EXIT_USAGE, "%s", error);
	return measurement_read(directory, ret, &error) == 0 ? 0 : complain(WHO, 1, "%s", error);
}

int cmd_merge(int argc, char **argv)
{
	bool help = argc == 2 && strcmp(argv[1], "--help") == 0;
	size_t count = argc > 1 ? (size_t)argc - 1 : 0;
	AUTO_FREE struct measurement *runs = allocate(count + 1, sizeof(*runs));
	int code = 0;

	if (count == 0 || argv[1][0] == '-') {
		fprintf(help ? stdout : stderr,
			"usage: triage merge RUN...\n"
			"Adds up measurements, or shards of one measurement, into a new run.\n"
			"RUN is a directory, an id under runs/, or latest.\n\n"
			"The runs must agree in plan version, toolchain, kind of plans, classes, idioms and\n"
			"detectors, and no plan may occur twice. If a shard is missing, merge names the shard, and\n"
			"the new run is marked as incomplete.\n\n"
			"Example: triage merge 20260102-030405-measure 20260102-040506-measure\n"
			"Exit codes: 0 fine, 1 internal error or a damaged run, 3 not comparable, 64 usage.\n");
		return help ? 0 : 64;
	}
	for (size_t i = 0; i < count && code == 0; i++)
		code = read_run(argv[i + 1], &runs[i]);
	if (code == 0)
		code = merge(runs, count);
	for (size_t i = 0; i < count; i++)
		measurement_free(&runs[i]);
	return code;
}
