/* SPDX-License-Identifier: Apache-2.0
 * Ends a run of a target. */
#include "conclude.h"

#include "base/complain.h"
#include "base/escape.h"
#include "base/interrupts.h"
#include "base/json_file.h"
#include "base/util.h"
#include "runs.h"
#include "runs/kinds.h"
#include "runs/run_dir.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define WHO "target"

#define SLOW_PER_S 100 /* executions; below that fuzzing goes nowhere in a minute */

bool target_is_missed(const struct target_work *work)
{
	return work->followed && work->reached == 0;
}

/* ---- what is written down -------------------------------------------------------------------- */

static json_t *paths_json(const struct inputs *inputs)
{
	json_t *list = json_array();

	for (size_t i = 0; i < inputs->count; i++)
		json_array_append_new(list, escape_json(inputs->list[i]));
	return list;
}

static double wall_s(const char *directory)
{
	AUTO_JSON json_t *cell = json_file_in(directory, "cell.json", NULL);

	return json_number_value(json_object_get(cell, "wall_s"));
}

static int write_result(const struct target_work *work)
{
	const struct target_request *request = work->request;
	AUTO_FREE char *path = format("%s/target.json", work->directory);
	AUTO_FREE char *identity = target_identity(request->source);
	AUTO_FREE char *version = engine_version(request->engine);
	const char *id = strrchr(work->directory, '/');
	AUTO_JSON json_t *json = json_pack(
		"{ss ss so so ss s{ss ss} si si si sf sb sb s{so sb sI so} s{so sI sI sb} sO sO sO}",
		"schema", TARGET_SCHEMA, "id", id != NULL ? id + 1 : work->directory, "source",
		escape_json(identity), "program", escape_json(request->program), "detector",
		request->detector->slug, "engine", "name", engine_slug(request->engine), "version",
		version, "seed", request->seed, "jobs", request->jobs, "requested_s",
		request->time_s, "wall_s", wall_s(work->directory), "interrupted",
		work->interrupted, "failed", work->failed, "seeds", "directory",
		escape_json(work->seeds.directory), "made_up", work->seeds.made_up, "count",
		(json_int_t)work->seeds.list.count, "crashing", paths_json(&work->seeds.crashing),
		"library", "files", target_library_json(&work->library), "functions",
		(json_int_t)work->library.function_count, "reached", (json_int_t)work->reached,
		"followed", work->followed, "truth", work->counts, "buckets", work->buckets,
		"unrepeated", work->unrepeated);
	int error = json != NULL ? file_write_json(path, json) : -ENOMEM;

	if (error != 0)
		return complain(WHO, EXIT_INTERNAL, "%s: %s", path, strerror(-error));
	fprintf(work->request->crashes.out, "\n%s\n", path);
	return 0;
}

/* ---- the last lines -------------------------------------------------------------------------- */

/* What was not looked at, or NULL. The caller frees. */
static char *unseen_words(const struct target_work *work)
{
	AUTO_FREE char *names = NULL;

	if (!target_is_missed(work))
		return target_library_words(&work->library);
	names = target_library_names(&work->library);
	return format("no input reached %s (0 of %zu functions), so its code was not tested", names,
		work->library.function_count);
}

static void say_nothing_found(const struct target_work *work, double executions, double seconds)
{
	double rate = seconds > 0 ? executions / seconds : 0;
	FILE *out = work->request->crashes.out;

	fprintf(out, "no crash in %.0f executions, %.0f s, %.0f a second\n", executions, seconds,
		rate);
	fprintf(out, "what to try: TIME=%d; ", 10 * work->request->time_s);
	if (work->seeds.made_up)
		fprintf(out, "real inputs in CORPUS=; ");
	else
		fprintf(out, "more inputs of other kinds than the %zu in %s; ",
			work->seeds.list.count, work->seeds.directory);
	fprintf(out, "words of the format in DICT=; %s\n",
		work->request->command != NULL ? "another sanitizer in its build" :
						 "DETECTOR=msan or another of make list");
	if (rate < SLOW_PER_S && work->request->command != NULL)
		fprintf(out,
			"that is slow; next: move the work that every run repeats before "
			"__AFL_INIT(), or call the code from LLVMFuzzerTestOneInput\n");
	else if (rate < SLOW_PER_S)
		fprintf(out,
			"that is slow; next: move work that every execution repeats to "
			"LLVMFuzzerInitialize\n");
}

/* A fuzzer takes an exit() for an end like any other, and what comes after it is never tried. */
static void say_exits(const struct target_work *work)
{
	json_int_t deaths = json_file_number(work->counts, "deaths");

	if (deaths > 0)
		complain(WHO, 0,
			"in %lld executions the target called exit(), so no detector checked "
			"them; next: make it return instead",
			(long long)deaths);
}

/* That nothing crashes is no result where nothing was looked at. */
static int say_clean(const struct target_work *work, const char *words)
{
	AUTO_FREE char *unseen = unseen_words(work);

	if (unseen == NULL)
		return complain(WHO, EXIT_FINE, "exit 0: %s", words);
	if (target_is_missed(work))
		return complain(WHO, EXIT_NOTHING,
			"exit 3: %s, but %s; next: CORPUS= with inputs that reach it", words,
			unseen);
	if (target_library_is_unseen(&work->library))
		return complain(WHO, EXIT_NOTHING,
			"exit 3: %s, but %s; next: build it with the command above", words, unseen);
	return complain(WHO, EXIT_FINE, "exit 0: %s, but %s", words, unseen);
}

/* Nothing crashes by itself, though something was saved. */
static int say_none_crashes(const struct target_work *work)
{
	size_t count = json_array_size(work->unrepeated);
	AUTO_FREE char *variables = target_variables(work->request);

	if (work->hangs > 0)
		complain(WHO, 0,
			"%zu hangs in %s/afl/*/hangs exceeded the limit of %d ms for AFL++ (its "
			"-t). None of the first %d exceeded the limit of %d s when it ran alone; "
			"next: make fuzz %s TIMEOUT=%d",
			work->hangs, work->directory, work->request->timeout_ms, TARGET_HANGS_MAX,
			work->request->crashes.timeout_s, variables, 5 * work->request->timeout_ms);
	if (work->failed)
		complain(WHO, 0, "%s gave up: its first executions died",
			engine_name(work->request->engine));
	if (count > 0)
		return complain(WHO, EXIT_FINDING,
			"exit 2: %zu death%s, shown above, whose input%s not crash again; next: "
			"the commands under %s",
			count, count == 1 ? "" : "s", count == 1 ? " does" : "s do",
			count == 1 ? "it" : "them");
	if (work->died == 0)
		return say_clean(work, "nothing crashes, though it is slow");
	target_deaths_print_causes(work->request);
	return complain(WHO, EXIT_FINDING,
		"exit 2: %zu saved, none of which crashes again, and no report of them was kept; "
		"next: the commands above",
		work->died);
}

/* Did the engine get all of its time, and was all judged that it saved? */
static bool is_complete(const struct target_work *work, int triaged)
{
	return !work->failed && !work->interrupted && !interrupts_ever() &&
		(triaged == EXIT_FINE || triaged == EXIT_FINDING);
}

int target_conclude(const struct target_work *work, int triaged)
{
	double executions = (double)json_file_number(work->counts, "executions"),
	       seconds = wall_s(work->directory);
	size_t buckets = json_array_size(work->buckets),
	       unrepeated = json_array_size(work->unrepeated);
	AUTO_FREE char *variables = target_variables(work->request);
	AUTO_FREE char *unseen = unseen_words(work);
	AUTO_FREE char *next = NULL;
	int written;

	target_truth_print(work->request->crashes.out, work->counts, work->request->detector->slug);
	target_deaths_print(work->unrepeated, work->request);
	written = write_result(work);
	if (written != 0)
		return written;
	if (is_complete(work, triaged))
		written = run_dir_point_latest(work->directory);
	if (written != 0)
		return complain(WHO, EXIT_INTERNAL,
			"exit 1: runs/latest: %s; the run is complete: %s", strerror(-written),
			work->directory);
	if ((work->interrupted && !work->later) || interrupts_ever() || triaged == EXIT_INTERRUPTED)
		return complain(WHO, EXIT_INTERRUPTED,
			"exit 130: interrupted after %.0f executions", executions);
	if (work->failed && unrepeated == 0)
		return complain(WHO, EXIT_INTERNAL, "exit 1: %s did not run to its end",
			engine_name(work->request->engine));
	if (triaged != EXIT_FINE && triaged != EXIT_FINDING)
		return complain(WHO, triaged, "exit %d: the crashes could not be judged", triaged);
	if (triaged == EXIT_FINE && (work->saved > 0 || unrepeated > 0))
		return say_none_crashes(work);
	if (triaged == EXIT_FINE) {
		say_nothing_found(work, executions, seconds);
		say_exits(work);
		return say_clean(work, "nothing crashes");
	}
	if (unseen != NULL)
		complain(WHO, 0, "warning: %s", unseen);
	if (work->request->command != NULL)
		next = format(
			"To see what is new in the next run: build/bin/triage crashes --against "
			"%s",
			work->directory);
	else
		next = format("To accept these crashes: make baseline %s", variables);
	return complain(WHO, EXIT_FINDING, "exit 2: %zu bucket%s%s; %.0f executions in %.0f s. %s",
		buckets, buckets == 1 ? "" : "s",
		unrepeated > 0 ? ", and deaths that do not repeat" : "", executions, seconds, next);
}
