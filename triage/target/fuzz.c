/* SPDX-License-Identifier: Apache-2.0
 * Fuzzes a target and triages the saved files. */
#include "fuzz.h"

#include "base/complain.h"
#include "base/escape.h"
#include "base/interrupts.h"
#include "base/json_file.h"
#include "base/util.h"
#include "conclude.h"
#include "crashes/file.h"
#include "crashes/run.h"
#include "reach.h"
#include "runs.h"
#include "runs/kinds.h"
#include "runs/run_dir.h"
#include "start.h"
#include "tool.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define WHO "target"

/* ---- what is written down -------------------------------------------------------------------- */

static json_t *optional_json(const char *text)
{
	return text != NULL ? escape_json(text) : NULL;
}

static int write_manifest(const struct target_request *request, const char *directory)
{
	AUTO_FREE char *path = format("%s/run.json", directory);
	AUTO_FREE char *date = run_dir_date();
	AUTO_FREE char *identity = target_identity(request->source);
	AUTO_JSON json_t *json = json_pack("{ss ss so so so* so* so* so* ss ss si si si si so*}",
		"schema", RUN_SCHEMA_TARGET, "date", date, "source", escape_json(identity),
		"program", escape_json(request->program), "sources",
		optional_json(request->sources), "flags", optional_json(request->flags), "build",
		optional_json(request->build), "command", optional_json(request->command),
		"detector", request->detector->slug, "engine", engine_slug(request->engine),
		"time_s", request->time_s, "jobs", request->jobs, "seed", request->seed,
		"timeout_ms", request->timeout_ms, "corpus", optional_json(request->corpus));
	int error = file_write_json(path, json);

	return error == 0 ? 0 : complain(WHO, EXIT_INTERNAL, "%s: %s", path, strerror(-error));
}

/* Of crashes.json what leads on from here. */
static json_t *buckets_json(const char *directory)
{
	static const char *const kept[] = { "id", "severity", "title", "reproducer", "command" };
	AUTO_FREE char *why = NULL;
	struct crashes_file file;
	json_t *list = json_array();
	size_t i;
	const json_t *bucket;

	if (crashes_file_open(directory, &file, &why) != 0) {
		crashes_file_close(&file);
		return list;
	}
	json_array_foreach((json_t *)(uintptr_t)file.buckets, i, bucket) {
		json_t *row = json_pack("{sI}", "members",
			(json_int_t)json_array_size(json_object_get(bucket, "members")));

		for (size_t k = 0; k < sizeof(kept) / sizeof(*kept); k++)
			json_object_set(row, kept[k], json_object_get(bucket, kept[k]));
		json_array_append_new(list, row);
	}
	crashes_file_close(&file);
	return list;
}

/* ---- one run --------------------------------------------------------------------------------- */

/* AFL++ goes on without a dictionary that has no word it can use: its own line about that is shown. */
static void say_warning(const struct target_work *work)
{
	AUTO_FREE char *path = format(
		"%s/%s.0.log", work->directory, engine_slug(work->request->engine));
	AUTO_FREE uint8_t *text = NULL;
	const char *found;
	size_t size;

	if (file_read(path, 1 << 20, &text, &size) != 0)
		return;
	found = strstr((char *)text, "No usable data");
	if (found != NULL)
		complain(WHO, 0, "%s: %.*s", engine_name(work->request->engine),
			(int)strcspn(found, "\033\r\n"), found);
}

static void tool_progress(const struct engine_run *run, struct engine_progress *ret)
{
	ret->executions = target_tool_executions(run->directory);
	snprintf(ret->words, sizeof(ret->words), "by AFL++'s last count");
}

static void run_engine(struct target_work *work)
{
	const struct target_request *request = work->request;
	AUTO_FREE char *label = target_name(request->source);
	AUTO_FREE char *dictionary = target_dictionary(request);
	AUTO_FREE char *loops = format("FENCEPOST_LOOPS=%d", request->loops);
	char *environment[] = { request->loops > 0 ? loops : NULL, NULL };
	struct engine_run run = { .engine = request->engine,
		.environment = environment,
		.label = label,
		.directory = work->directory,
		.program = request->program,
		.arguments = request->argv != NULL ? request->argv + 1 : NULL,
		.emulated = request->emulated,
		.seeds = work->seeds.directory,
		.dictionary = dictionary,
		.detector = request->detector,
		.seconds = request->time_s,
		.executions = request->executions,
		.jobs = request->jobs,
		.seed = request->seed,
		.timeout_ms = request->timeout_ms,
		.out = request->crashes.out,
		.progress = request->command != NULL ? tool_progress : target_truth_progress,
		.arg = &work->truth };
	int ended = engine_run(&run);

	work->failed = ended < 0;
	work->interrupted = ended > 0;
	if (dictionary != NULL)
		say_warning(work);
}

/* The same target without the check that stops it, as commands. */
static void say_without(const struct target_work *work, const char *check)
{
	const char *flags = work->request->flags;
	struct target_request other = *work->request;
	AUTO_FREE char *added = format("%s%s-fno-sanitize=%s", flags != NULL ? flags : "",
		flags != NULL && *flags != '\0' ? " " : "", check);
	AUTO_FREE char *without = NULL;
	AUTO_FREE char *asan = NULL;

	other.flags = added;
	without = target_variables(&other);
	other.flags = flags;
	other.detector = &detectors[DETECTOR_asan];
	asan = target_variables(&other);
	complain(WHO, 0,
		"or build it without the check of UBSan that stops it (build archives with this "
		"check again too):");
	complain(WHO, 0, "    make fuzz %s", without);
	complain(WHO, 0, "    make fuzz %s", asan);
}

/* The seeds that crash are findings as any other; the engine goes on from the rest. */
static void say_seeds(struct target_work *work)
{
	const struct target_seeds *seeds = &work->seeds;
	size_t count = seeds->crashing.count;

	work->all_seeds_crash = count > 0 && count == seeds->list.count;
	if (count > seeds->late + seeds->large)
		complain(WHO, 0,
			"%zu of %zu seeds crash the target, %s the first; they are judged below",
			count - seeds->late - seeds->large, seeds->tried, seeds->first_crash);
	if (seeds->late > 0)
		complain(WHO, 0,
			"%zu of %zu seeds exceeded the limit of %d ms, %s the first; they are "
			"judged below",
			seeds->late, seeds->tried,
			TARGET_SEEDS_PATIENCE * work->request->timeout_ms, seeds->first_late);
	if (seeds->large > 0)
		complain(WHO, 0,
			"%zu of %zu seeds exceeded the limit of %d MiB, %s the first; they are "
			"judged below",
			seeds->large, seeds->tried, TARGET_SEEDS_MIB, seeds->first_large);
	if (work->all_seeds_crash)
		complain(WHO, 0,
			"so %s has no input to start from and was not run; next: fix these "
			"crashes, or give CORPUS= an input that the target survives",
			engine_name(work->request->engine));
	if (work->request->command != NULL && seeds->refused == seeds->tried)
		complain(WHO, 0,
			"warning: the program accepts no seed, the first ends with %s; next: try PROGRAM= by "
			"hand, and give CORPUS= inputs that it accepts",
			seeds->first_end);
	if (work->all_seeds_crash && seeds->check != NULL && work->request->command != NULL)
		complain(WHO, 0,
			"or build it without the check that stops it: CFLAGS=-fno-sanitize=%s",
			seeds->check);
	else if (work->all_seeds_crash && seeds->check != NULL)
		say_without(work, seeds->check);
}

/* ---- the library ----------------------------------------------------------------------------- */

static void follow(
	struct target_work *work, const struct inputs *inputs, const struct inputs *left_out)
{
	if (work->library.function_count > 0 &&
		target_reach(&work->library, work->directory, inputs, left_out, &work->reached) ==
			0)
		work->followed = true;
}

static void follow_seeds(struct target_work *work)
{
	AUTO_FREE char *names = target_library_names(&work->library);

	follow(work, &work->seeds.list, &work->seeds.crashing);
	if (target_is_missed(work))
		complain(WHO, 0,
			"warning: the seeds reach no function of %s (0 of %zu functions); next: "
			"give CORPUS= inputs that do, or find out why LLVMFuzzerTestOneInput "
			"returns early",
			names, work->library.function_count);
}

static void add_queued(const char *path, void *inputs)
{
	inputs_find(path, inputs);
}

/* What the seeds did not reach, the engine's inputs may have. */
static void follow_queue(struct target_work *work)
{
	struct inputs inputs = { 0 };

	if (!target_is_missed(work))
		return;
	engine_each_queued(work->directory, add_queued, &inputs);
	inputs_sort(&inputs);
	follow(work, &inputs, NULL);
	inputs_free(&inputs);
}

/* How the engine ended; one that was killed wrote nothing. */
static void read_cell(struct target_work *work)
{
	AUTO_JSON json_t *cell = json_file_in(work->directory, "cell.json", NULL);

	work->interrupted = cell == NULL || json_is_true(json_object_get(cell, "interrupted"));
	work->failed = json_is_true(json_object_get(cell, "failed"));
}

static int open_library(struct target_work *work)
{
	int error;

	if (work->request->command != NULL)
		return 0;
	error = target_library_open(work->request, &work->library);
	if (error != 0)
		return complain(WHO, EXIT_INTERNAL, "%s.symbols: %s", work->request->program,
			strerror(-error));
	target_library_warn(&work->library);
	return 0;
}

/* 0, or the exit code. */
static int fuzz(struct target_work *work)
{
	int code = open_library(work), error;

	if (code == 0)
		code = target_seeds_find(work->request, work->directory, &work->seeds);
	if (code == 0)
		code = target_seeds_try(work->request, work->directory, &work->seeds);
	if (code != 0)
		return code;
	say_seeds(work);
	follow_seeds(work);
	error = target_truth_open(work->directory, work->request->jobs, &work->truth);
	if (error != 0)
		return complain(WHO, EXIT_INTERNAL, "%s: %s", work->directory, strerror(-error));
	if (work->later)
		read_cell(work);
	else if (!interrupts_came() && !work->all_seeds_crash)
		run_engine(work);
	work->interrupted = work->interrupted || interrupts_came();
	follow_queue(work);
	work->counts = target_truth_json(&work->truth);
	if (work->request->command != NULL)
		json_object_set_new(work->counts, "executions",
			json_integer((json_int_t)target_tool_executions(work->directory)));
	return 0;
}

static bool is_hang(const char *path)
{
	static const char *const starts[] = { "timeout-", "slow-unit-", "oom-" }; /* libFuzzer's */
	const char *slash = strrchr(path, '/'), *name = slash != NULL ? slash + 1 : path;

	for (size_t i = 0; i < sizeof(starts) / sizeof(*starts); i++)
		if (strncmp(name, starts[i], strlen(starts[i])) == 0)
			return true;
	return strstr(path, "/hangs/") != NULL;
}

/* EXIT_FINE, EXIT_FINDING, or what went wrong. */
static int triage(struct target_work *work)
{
	struct crashes_request request = work->request->crashes;
	char *alone[2];
	struct inputs inputs = { 0 };
	int code = EXIT_FINE;

	request.command = target_argv(work->request, alone);
	work->hangs = target_kept(work->directory, &inputs);
	if (work->hangs > TARGET_HANGS_MAX)
		complain(WHO, 0, "%zu hangs in %s/afl/*/hangs, of which the first %d are judged",
			work->hangs, work->directory, TARGET_HANGS_MAX);
	for (size_t i = 0; i < inputs.count; i++)
		work->died += !is_hang(inputs.list[i]);
	work->died += work->seeds.crashing.count - work->seeds.late - work->seeds.large;
	for (size_t i = 0; i < work->seeds.crashing.count; i++)
		inputs_find(work->seeds.crashing.list[i], &inputs);
	target_deaths_open(work->directory, work->request->jobs, &work->deaths);
	target_deaths_inputs(&work->deaths, &inputs);
	inputs_sort(&inputs);
	work->saved = inputs.count;
	request.quiet = inputs.count == 0;
	/* that an engine which did not run saved nothing is no result */
	if (inputs.count > 0 || !work->failed)
		code = crashes_run(&request, &inputs, work->directory);
	inputs_free(&inputs);
	work->unrepeated = code == EXIT_FINE || code == EXIT_FINDING ?
		target_deaths_unrepeated(&work->deaths, work->directory) :
		json_array();
	work->buckets = code == EXIT_FINDING || code == EXIT_INTERRUPTED ?
		buckets_json(work->directory) :
		json_array();
	return code;
}

static void release(struct target_work *work)
{
	target_library_close(&work->library);
	target_truth_close(&work->truth);
	target_seeds_free(&work->seeds);
	json_decref(work->counts);
	json_decref(work->buckets);
	json_decref(work->unrepeated);
	target_deaths_close(&work->deaths);
}

/* To the end of this process. 0, or the exit code. */
static int lock(const char *directory)
{
	int error = run_dir_lock(directory);

	return error >= 0 ?
		0 :
		complain(WHO, EXIT_INTERNAL, "%s: %s", directory, run_dir_lock_words(error));
}

int target_fuzz(const struct target_request *request, char **ret_directory)
{
	AUTO_FREE char *name = target_name(request->source);
	AUTO_FREE char *what = format("target-%s", name);
	AUTO_FREE char *why = NULL;
	struct target_work work = { .request = request };
	int code;

	*ret_directory = NULL;
	code = target_dictionary_check(request);
	if (code == 0)
		code = engine_check(request->engine) != 0 ? 1 : 0;
	if (code != 0)
		return code;
	if (request->command == NULL)
		code = target_start(request, &why);
	if (code != 0)
		return complain(WHO, code, "exit %d: %s", code, why);
	work.directory = run_dir_make(what);
	if (work.directory == NULL)
		return complain(
			WHO, EXIT_INTERNAL, "runs/ cannot be written to: %s", strerror(errno));
	interrupts_catch();
	code = write_manifest(request, work.directory);
	if (code == 0)
		code = lock(work.directory);
	if (code == 0)
		code = fuzz(&work);
	if (code == 0)
		code = target_conclude(&work, triage(&work));
	release(&work);
	*ret_directory = work.directory;
	return code;
}

/* ---- one that was cut off -------------------------------------------------------------------- */

static int in_range(const json_t *json, const char *key, int most)
{
	json_int_t number = json_file_number(json, key);

	return number < 1 ? 1 : number > most ? most : (int)number;
}

/* Half a journal is in the way of a whole one. */
static void remove_journals(const char *directory)
{
	AUTO_FREE char *of_seeds = format("%s/seeds/journal.jsonl", directory);
	AUTO_FREE char *own = format("%s/journal.jsonl", directory);

	unlink(of_seeds);
	unlink(own);
}

/* With the strings of run.json, which live as long as it does. */
static int read_request(const json_t *run, struct target_request *ret)
{
	int engine = engine_find(json_file_text(run, "engine")),
	    detector = detector_find(json_file_text(run, "detector"));

	if (engine < 0 || detector < 0)
		return -EINVAL;
	ret->source = json_file_text(run, "source");
	ret->program = json_file_text(run, "program");
	ret->sources = json_file_text(run, "sources");
	ret->flags = json_file_text(run, "flags");
	ret->build = json_file_text(run, "build");
	ret->command = json_string_value(json_object_get(run, "command"));
	ret->engine = (enum engine_id)engine;
	ret->detector = &detectors[detector];
	ret->corpus = json_string_value(json_object_get(run, "corpus"));
	ret->time_s = in_range(run, "time_s", 9999999);
	ret->jobs = in_range(run, "jobs", 1024);
	ret->seed = in_range(run, "seed", 9999999);
	ret->timeout_ms = in_range(run, "timeout_ms", 600000);
	return 0;
}

int target_finish(const char *directory, const struct crashes_request *crashes)
{
	AUTO_FREE char *path = format("%s/run.json", directory);
	AUTO_FREE char *why = NULL;
	AUTO_FREE char *no_start = NULL;
	int error, code;
	AUTO_JSON json_t *run = json_file_read(path, RUN_SCHEMA_TARGET, &error, &why);
	struct target_request request = { .crashes = *crashes };
	struct target_work work = {
		.request = &request, .directory = (char *)(uintptr_t)directory, .later = true
	};

	if (run == NULL)
		return complain(WHO, EXIT_INTERNAL, "%s", why);
	if (read_request(run, &request) != 0)
		return complain(WHO, EXIT_INTERNAL, "%s: damaged", path);
	code = target_tool_open(&request);
	if (code == 0 && request.command == NULL && target_start(&request, &no_start) != 0)
		return complain(WHO, EXIT_INTERNAL,
			"exit 1: %s; it is as `make program-target TARGET=` last built it",
			no_start);
	remove_journals(directory);
	interrupts_catch();
	if (code == 0)
		code = fuzz(&work);
	if (code == 0)
		code = target_conclude(&work, triage(&work));
	release(&work);
	target_tool_close(&request);
	return code;
}
