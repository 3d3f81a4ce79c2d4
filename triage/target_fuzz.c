/* SPDX-License-Identifier: Apache-2.0
 * Fuzzing a target and triaging what was saved. */
#include "target_fuzz.h"

#include "complain.h"
#include "crashes_file.h"
#include "crashes_run.h"
#include "document.h"
#include "file.h"
#include "html_text.h"
#include "runs.h"
#include "target_deaths.h"
#include "target_library.h"
#include "target_reach.h"
#include "target_seeds.h"
#include "target_start.h"
#include "target_truth.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define WHO "target"

#define SLOW_PER_S 100 /* executions; below that fuzzing goes nowhere in a minute */

/* ---- what is written down -------------------------------------------------------------------- */

static json_t *optional_json(const char *text)
{
	return text != NULL ? text_json(text) : NULL;
}

static int write_manifest(const struct target_request *request, const char *directory)
{
	AUTO_FREE char *path = format("%s/run.json", directory);
	AUTO_FREE char *date = runs_date();
	AUTO_FREE char *identity = target_identity(request->source);
	AUTO_JSON json_t *json = json_pack("{ss ss so so so* so* ss ss si si si si so*}", "schema",
		TARGET_RUN_SCHEMA, "date", date, "source", text_json(identity), "program",
		text_json(request->program), "sources", optional_json(request->sources), "flags",
		optional_json(request->flags), "detector", request->detector->slug, "engine",
		engine_slug(request->engine), "time_s", request->time_s, "jobs", request->jobs,
		"seed", request->seed, "timeout_ms", request->timeout_ms, "corpus",
		optional_json(request->corpus));
	int error = file_write_json(path, json);

	return error == 0 ? 0 : complain(WHO, EXIT_INTERNAL, "%s: %s", path, strerror(-error));
}

static json_t *paths_json(const struct inputs *inputs)
{
	json_t *list = json_array();

	for (size_t i = 0; i < inputs->count; i++)
		json_array_append_new(list, text_json(inputs->list[i]));
	return list;
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

struct work {
	const struct target_request *request;
	char *directory;
	struct target_seeds seeds;
	struct target_truth truth;
	struct target_library library;
	bool followed;            /* it is known what of the library inputs reach */
	size_t reached;           /* functions of it */
	json_t *counts, *buckets; /* target_truth_json, buckets_json */
	struct target_deaths deaths;
	json_t *unrepeated; /* target_deaths_unrepeated */
	size_t saved;       /* crash files that were judged */
	size_t died;        /* of them those that were saved as crashes, not as hangs */
	size_t hangs;       /* files of hangs, judged or not */
	bool all_seeds_crash, failed, interrupted;
	bool later; /* the engine ran before, and was cut off with us */
};

/* AFL++ goes on without a dictionary that has no word it can use: its own line about that is shown. */
static void say_warning(const struct work *work)
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

static void run_engine(struct work *work)
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
		.seeds = work->seeds.directory,
		.dictionary = dictionary,
		.detector = request->detector,
		.seconds = request->time_s,
		.executions = request->executions,
		.jobs = request->jobs,
		.seed = request->seed,
		.timeout_ms = request->timeout_ms,
		.progress = target_truth_progress,
		.arg = &work->truth };
	int ended = engine_run(&run);

	work->failed = ended < 0;
	work->interrupted = ended > 0;
	if (dictionary != NULL)
		say_warning(work);
}

/* The seeds that crash are findings as any other; the engine goes on from the rest. */
static void say_seeds(struct work *work)
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
			"%zu of %zu seeds ran into our limit of %d ms, %s the first; they are judged below",
			seeds->late, seeds->tried,
			TARGET_SEEDS_PATIENCE * work->request->timeout_ms, seeds->first_late);
	if (seeds->large > 0)
		complain(WHO, 0,
			"%zu of %zu seeds went over our limit of %d MiB, %s the first; they are judged below",
			seeds->large, seeds->tried, TARGET_SEEDS_MIB, seeds->first_large);
	if (work->all_seeds_crash)
		complain(WHO, 0,
			"so %s has nothing to start from and was not run; next: mend these crashes, or give "
			"CORPUS= an input that the target survives",
			engine_name(work->request->engine));
}

/* ---- the library ----------------------------------------------------------------------------- */

/* Is there a library, and did no input come to it, as far as that is known? */
static bool is_missed(const struct work *work)
{
	return work->followed && work->reached == 0;
}

static void follow(struct work *work, const struct inputs *inputs, const struct inputs *left_out)
{
	if (work->library.function_count > 0 &&
		target_reach(&work->library, work->directory, inputs, left_out, &work->reached) ==
			0)
		work->followed = true;
}

static void follow_seeds(struct work *work)
{
	AUTO_FREE char *names = target_library_names(&work->library);

	follow(work, &work->seeds.list, &work->seeds.crashing);
	if (is_missed(work))
		complain(WHO, 0,
			"warning: the seeds reach nothing of %s (0 of %zu functions); next: CORPUS= with "
			"inputs that do, or see why LLVMFuzzerTestOneInput returns before",
			names, work->library.function_count);
}

static void add_queued(const char *path, void *inputs)
{
	inputs_find(path, inputs);
}

/* What the seeds did not reach, the engine's inputs may have. */
static void follow_queue(struct work *work)
{
	struct inputs inputs = { 0 };

	if (!is_missed(work))
		return;
	engine_each_queued(work->directory, add_queued, &inputs);
	inputs_sort(&inputs);
	follow(work, &inputs, NULL);
	inputs_free(&inputs);
}

/* What was not looked at, or NULL. The caller frees. */
static char *unseen_words(const struct work *work)
{
	AUTO_FREE char *names = NULL;

	if (!is_missed(work))
		return target_library_words(&work->library);
	names = target_library_names(&work->library);
	return format("no input reached %s (0 of %zu functions): nothing in there was looked at",
		names, work->library.function_count);
}

/* How the engine ended; one that was killed wrote nothing. */
static void read_cell(struct work *work)
{
	AUTO_FREE char *path = format("%s/cell.json", work->directory);
	AUTO_JSON json_t *cell = file_load_json(path);

	work->interrupted = cell == NULL || json_is_true(json_object_get(cell, "interrupted"));
	work->failed = json_is_true(json_object_get(cell, "failed"));
}

static int open_library(struct work *work)
{
	int error = target_library_open(work->request, &work->library);

	if (error != 0)
		return complain(WHO, EXIT_INTERNAL, "%s.symbols: %s", work->request->program,
			strerror(-error));
	target_library_warn(&work->library);
	return 0;
}

/* 0, or the exit code. */
static int fuzz(struct work *work)
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
	else if (engine_interrupts == 0 && !work->all_seeds_crash)
		run_engine(work);
	work->interrupted = work->interrupted || engine_interrupts > 0;
	follow_queue(work);
	work->counts = target_truth_json(&work->truth);
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
static int triage(struct work *work)
{
	struct crashes_request request = work->request->crashes;
	char *command[] = { (char *)(uintptr_t)work->request->program, NULL };
	struct inputs inputs = { 0 };
	int code = EXIT_FINE;

	request.command = command;
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

static double wall_s(const char *directory)
{
	AUTO_FREE char *path = format("%s/cell.json", directory);
	AUTO_JSON json_t *cell = file_load_json(path);

	return json_number_value(json_object_get(cell, "wall_s"));
}

static int write_result(const struct work *work)
{
	const struct target_request *request = work->request;
	AUTO_FREE char *path = format("%s/target.json", work->directory);
	AUTO_FREE char *identity = target_identity(request->source);
	AUTO_FREE char *version = engine_version(request->engine);
	const char *id = strrchr(work->directory, '/');
	AUTO_JSON json_t *json = json_pack(
		"{ss ss so so ss s{ss ss} si si si sf sb sb s{so sb sI so} s{so sI sI sb} sO sO sO}",
		"schema", TARGET_SCHEMA, "id", id != NULL ? id + 1 : work->directory, "source",
		text_json(identity), "program", text_json(request->program), "detector",
		request->detector->slug, "engine", "name", engine_slug(request->engine), "version",
		version, "seed", request->seed, "jobs", request->jobs, "requested_s",
		request->time_s, "wall_s", wall_s(work->directory), "interrupted",
		work->interrupted, "failed", work->failed, "seeds", "directory",
		text_json(work->seeds.directory), "made_up", work->seeds.made_up, "count",
		(json_int_t)work->seeds.list.count, "crashing", paths_json(&work->seeds.crashing),
		"library", "files", target_library_json(&work->library), "functions",
		(json_int_t)work->library.function_count, "reached", (json_int_t)work->reached,
		"followed", work->followed, "truth", work->counts, "buckets", work->buckets,
		"unrepeated", work->unrepeated);
	int error = json != NULL ? file_write_json(path, json) : -ENOMEM;

	if (error != 0)
		return complain(WHO, EXIT_INTERNAL, "%s: %s", path, strerror(-error));
	printf("\n%s\n", path);
	return 0;
}

static void say_nothing_found(const struct work *work, double executions, double seconds)
{
	double rate = seconds > 0 ? executions / seconds : 0;

	printf("no crash in %.0f executions, %.0f s, %.0f a second\n", executions, seconds, rate);
	printf("what to try: TIME=%d; ", 10 * work->request->time_s);
	if (work->seeds.made_up)
		printf("real inputs in CORPUS=; ");
	else
		printf("more inputs of other kinds than the %zu in %s; ", work->seeds.list.count,
			work->seeds.directory);
	printf("words of the format in DICT=; DETECTOR=msan or another of make list\n");
	if (rate < SLOW_PER_S)
		printf("that is slow: look for what the target does in each execution that could be done once, "
		       "in LLVMFuzzerInitialize\n");
}

/* A fuzzer takes an exit() for an end like any other, and what comes after it is never tried. */
static void say_exits(const struct work *work)
{
	json_int_t deaths = document_number(work->counts, "deaths");

	if (deaths > 0)
		complain(WHO, 0,
			"in %lld executions the target ended its process by exit(), which no detector looks "
			"at; next: make it return instead",
			(long long)deaths);
}

/* That nothing crashes is no result where nothing was looked at. */
static int say_clean(const struct work *work, const char *words)
{
	AUTO_FREE char *unseen = unseen_words(work);

	if (unseen == NULL)
		return complain(WHO, EXIT_FINE, "exit 0: %s", words);
	if (is_missed(work))
		return complain(WHO, EXIT_NOTHING,
			"exit 3: %s, but %s; next: CORPUS= with inputs that reach it", words,
			unseen);
	if (target_library_is_unseen(&work->library))
		return complain(WHO, EXIT_NOTHING,
			"exit 3: %s, but %s; next: build it with the command above", words, unseen);
	return complain(WHO, EXIT_FINE, "exit 0: %s, but %s", words, unseen);
}

/* Nothing crashes by itself, though something was saved. */
static int say_none_crashes(const struct work *work)
{
	size_t count = json_array_size(work->unrepeated);
	AUTO_FREE char *variables = target_variables(work->request);

	if (work->hangs > 0)
		complain(WHO, 0,
			"%zu hangs in %s/afl/*/hangs: they ran into our limit of %d ms (AFL++'s -t), but "
			"none of the first %d into that of %d s by itself; next: make fuzz %s TIMEOUT=%d",
			work->hangs, work->directory, work->request->timeout_ms, TARGET_HANGS_MAX,
			work->request->crashes.timeout_s, variables, 5 * work->request->timeout_ms);
	if (work->failed)
		complain(WHO, 0, "%s gave up: its first executions died",
			engine_name(work->request->engine));
	if (count > 0)
		return complain(WHO, EXIT_FINDING,
			"exit 2: %zu death%s, shown above, whose input%s not crash again; next: what "
			"stands under %s",
			count, count == 1 ? "" : "s", count == 1 ? " does" : "s do",
			count == 1 ? "it" : "them");
	if (work->died == 0)
		return say_clean(work, "nothing crashes, though it is slow");
	target_deaths_print_causes(work->request);
	return complain(WHO, EXIT_FINDING,
		"exit 2: %zu saved, none of which crashes again, and no report of them was kept; next: "
		"what stands above",
		work->died);
}

/* Did the engine get all of its time, and was all judged that it saved? */
static bool is_complete(const struct work *work, int triaged)
{
	return !work->failed && !work->interrupted && engine_interrupts == 0 &&
		(triaged == EXIT_FINE || triaged == EXIT_FINDING);
}

static int conclude(const struct work *work, int triaged)
{
	double executions = (double)document_number(work->counts, "executions"),
	       seconds = wall_s(work->directory);
	size_t buckets = json_array_size(work->buckets),
	       unrepeated = json_array_size(work->unrepeated);
	AUTO_FREE char *variables = target_variables(work->request);
	AUTO_FREE char *unseen = unseen_words(work);
	int written;

	target_truth_print(work->counts, work->request->detector->slug);
	target_deaths_print(work->unrepeated, work->request);
	written = write_result(work);
	if (written != 0)
		return written;
	if (is_complete(work, triaged))
		written = runs_point_latest(work->directory);
	if (written != 0)
		return complain(WHO, EXIT_INTERNAL,
			"exit 1: runs/latest: %s; the run is complete: %s", strerror(-written),
			work->directory);
	if ((work->interrupted && !work->later) || engine_interrupts > 0 ||
		triaged == EXIT_INTERRUPTED)
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
	return complain(WHO, EXIT_FINDING,
		"exit 2: %zu bucket%s%s; %.0f executions in %.0f s. To accept what there is: make "
		"baseline %s",
		buckets, buckets == 1 ? "" : "s",
		unrepeated > 0 ? ", and deaths that do not repeat" : "", executions, seconds,
		variables);
}

static void release(struct work *work)
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
	int error = runs_lock(directory);

	return error >= 0 ?
		0 :
		complain(WHO, EXIT_INTERNAL, "%s: %s", directory, runs_lock_words(error));
}

int target_fuzz(const struct target_request *request, char **ret_directory)
{
	AUTO_FREE char *name = target_name(request->source);
	AUTO_FREE char *what = format("target-%s", name);
	AUTO_FREE char *why = NULL;
	struct work work = { .request = request };
	int code;

	*ret_directory = NULL;
	code = target_dictionary_check(request);
	if (code == 0)
		code = engine_check(request->engine) != 0 ? 1 : 0;
	if (code != 0)
		return code;
	code = target_start(request, &why);
	if (code != 0)
		return complain(WHO, code, "exit %d: %s", code, why);
	work.directory = runs_make(what);
	if (work.directory == NULL)
		return complain(
			WHO, EXIT_INTERNAL, "runs/ cannot be written to: %s", strerror(errno));
	engine_catch_interrupts();
	code = write_manifest(request, work.directory);
	if (code == 0)
		code = lock(work.directory);
	if (code == 0)
		code = fuzz(&work);
	if (code == 0)
		code = conclude(&work, triage(&work));
	release(&work);
	*ret_directory = work.directory;
	return code;
}

/* ---- one that was cut off -------------------------------------------------------------------- */

static int in_range(const json_t *json, const char *key, int most)
{
	json_int_t number = document_number(json, key);

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
	int engine = engine_find(document_text(run, "engine")),
	    detector = detector_find(document_text(run, "detector"));

	if (engine < 0 || detector < 0)
		return -EINVAL;
	ret->source = document_text(run, "source");
	ret->program = document_text(run, "program");
	ret->sources = document_text(run, "sources");
	ret->flags = document_text(run, "flags");
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
	AUTO_JSON json_t *run = document_read(path, TARGET_RUN_SCHEMA, &error, &why);
	struct target_request request = { .crashes = *crashes };
	struct work work = {
		.request = &request, .directory = (char *)(uintptr_t)directory, .later = true
	};

	if (run == NULL)
		return complain(WHO, EXIT_INTERNAL, "%s", why);
	if (read_request(run, &request) != 0)
		return complain(WHO, EXIT_INTERNAL, "%s: damaged", path);
	if (target_start(&request, &no_start) != 0)
		return complain(WHO, EXIT_INTERNAL,
			"exit 1: %s; it is as `make program-target TARGET=` last built it",
			no_start);
	remove_journals(directory);
	engine_catch_interrupts();
	code = fuzz(&work);
	if (code == 0)
		code = conclude(&work, triage(&work));
	release(&work);
	return code;
}
