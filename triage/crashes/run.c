/* SPDX-License-Identifier: Apache-2.0
 * Replays crash files, groups them, and writes the requested formats. */
#include "run.h"

#include "base/complain.h"
#include "base/escape.h"
#include "base/interrupts.h"
#include "base/json_file.h"
#include "base/progress.h"
#include "base/util.h"
#include "buckets.h"
#include "buckets_formats.h"
#include "buckets_html.h"
#include "buckets_print.h"
#include "buckets_score.h"
#include "cache.h"
#include "exec/sanitizers.h"
#include "runs/kinds.h"
#include "runs/run_dir.h"
#include "saved.h"
#include "workers.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#define XXH_INLINE_ALL
#include <xxhash.h>

#define WHO "triage crashes"

#define REUSED_MAX 50 /* earlier runs that are looked at */
/* Of what an earlier run knows: changed with how inputs are run. */
#define REPLAY_VERSION 5

/* ---- what is replayed ------------------------------------------------------------------------ */

/* TARGET alone takes its arguments from the campaign; without TARGET all is the campaign's. */
static char **command_of(const struct crashes_request *request, const struct inputs *inputs)
{
	static char *command[4098], at[] = "@@";
	const char *file = inputs->setup.file; /* where afl-fuzz put the input, by -f */
	size_t count = 0;

	if (request->command != NULL && (request->command[1] != NULL || inputs->cmdline == NULL))
		return request->command;
	if (inputs->cmdline == NULL)
		return NULL;
	for (; inputs->cmdline[count] != NULL; count++)
		command[count] = count > 0 && file != NULL &&
				strcmp(inputs->cmdline[count], file) == 0 ?
			at :
			inputs->cmdline[count];
	if (request->command != NULL)
		command[0] = request->command[0];
	return command[0] != NULL ? command : NULL;
}

/* What a result is of: the program's bytes, its arguments and options, the limits. */
static char *identity_of(const struct crashes_request *request, const struct program *target)
{
	const struct sanitizers_reports reports = { .leaks = true };
	char **environment = sanitizers_environment(target, &reports);
	uint64_t hash = target->hash;

	for (size_t i = 0; target->argv[i] != NULL; i++)
		hash = XXH3_64bits_withSeed(target->argv[i], strlen(target->argv[i]) + 1, hash);
	for (size_t i = 0; environment[i] != NULL; i++)
		if (strstr(environment[i], "SAN_OPTIONS=") != NULL)
			hash = XXH3_64bits_withSeed(
				environment[i], strlen(environment[i]) + 1, hash);
	program_arguments_free(environment);
	hash = XXH3_64bits_withSeed(target->name, strlen(target->name), hash);
	if (target->directory != NULL)
		hash = XXH3_64bits_withSeed(target->directory, strlen(target->directory), hash);
	return format("%d-%016llx-%d-%u", REPLAY_VERSION, (unsigned long long)hash,
		request->timeout_s, request->memory_mib);
}

static json_t *list_json(char *const *list)
{
	json_t *array = json_array();

	for (size_t i = 0; list[i] != NULL; i++)
		json_array_append_new(array, escape_json(list[i]));
	return array;
}

static int write_manifest(const char *directory, const struct crashes_request *request,
	const struct program *target, const char *identity)
{
	AUTO_FREE char *path = format("%s/run.json", directory);
	AUTO_FREE char *date = run_dir_date();
	AUTO_JSON json_t *json = json_pack("{ss ss ss so so si sI si}", "schema",
		RUN_SCHEMA_CRASHES, "date", date, "identity", identity, "directories",
		list_json(request->directories), "command", list_json(target->argv), "timeout_s",
		request->timeout_s, "memory_mib", (json_int_t)request->memory_mib, "key_version",
		KEY_VERSION);

	return file_write_json(path, json);
}

static bool is_same_run(const char *directory, const char *identity)
{
	AUTO_JSON json_t *json = json_file_in(directory, "run.json", RUN_SCHEMA_CRASHES);

	return json != NULL && strcmp(json_file_text(json, "identity"), identity) == 0;
}

/* From the newest runs of the same target on. */
static size_t reuse(const char *own, const char *identity, struct crashes *crashes)
{
	struct run_dirs runs;
	size_t known = 0, looked = 0;

	run_dir_list(&runs);
	for (size_t i = runs.count; i-- > 0 && looked < REUSED_MAX;) {
		if (strcmp(runs.list[i], own) == 0 || !is_same_run(runs.list[i], identity))
			continue;
		known += cache_reuse(runs.list[i], crashes);
		looked++;
	}
	run_dir_free(&runs);
	return known;
}

/* ---- what comes of it ------------------------------------------------------------------------ */

static int write_form(
	const struct crash_buckets *buckets, enum form form, const char *file, FILE *out)
{
	AUTO_JSON json_t *json = form == FORM_JSON ? crash_buckets_json(buckets) :
		form == FORM_SARIF                 ? crash_buckets_sarif(buckets) :
						     NULL;
	AUTO_FREE char *text = form == FORM_JUNIT ? crash_buckets_junit(buckets) :
		form == FORM_HTML                 ? crash_buckets_html(buckets) :
		json != NULL ? json_dumps(json, JSON_INDENT(1) | JSON_REAL_PRECISION(12)) :
			       NULL;
	int error;

	if (text == NULL)
		return complain(WHO, EXIT_INTERNAL, "out of memory");
	if (strcmp(file, "-") == 0) {
		fprintf(out, "%s\n", text);
		return 0;
	}
	error = file_write(file, text, strlen(text));
	return error == 0 ? 0 : complain(WHO, EXIT_INTERNAL, "%s: %s", file, strerror(-error));
}

static int write_results(const struct crash_buckets *buckets, const struct crashes_request *request)
{
	AUTO_FREE char *path = format("%s/crashes.json", buckets->directory);
	AUTO_JSON json_t *json = crash_buckets_json(buckets);
	AUTO_FREE char *why = NULL;
	bool silent = request->quiet;
	int error = json != NULL ? file_write_json(path, json) : -ENOMEM, code = 0;

	if (error != 0)
		code = complain(WHO, EXIT_INTERNAL, "%s: %s", path, strerror(-error));
	for (int form = 0; form < FORM_COUNT; form++) {
		const char *file = request->forms[form];

		if (file == NULL)
			continue;
		silent = silent || strcmp(file, "-") == 0;
		if (write_form(buckets, (enum form)form, file, request->out) != 0)
			code = EXIT_INTERNAL;
	}
	if (request->score != NULL) {
		error = crash_buckets_score(buckets, request->score, request->out, &why);
		if (error == -ENODATA)
			code = complain(WHO, EXIT_NOTHING, "%s: no label names a crash of this run",
				request->score);
		else if (error != 0)
			code = complain(WHO, EXIT_USAGE, "%s: %s", request->score,
				why != NULL ? why : strerror(-error));
	} else if (!silent) {
		crash_buckets_print(buckets, request->out);
	}
	if (!silent)
		fprintf(request->out, "\n%s\n", path);
	if (fflush(request->out) != 0)
		code = complain(WHO, EXIT_INTERNAL, "standard output: %s", strerror(errno));
	return code;
}

struct work {
	const struct crashes_request *request;
	struct program *target;
	const struct inputs *inputs;
	struct crashes *crashes;
	char *directory;
	struct ignore *ignore;
};

static void say_what(const struct work *work, size_t known)
{
	AUTO_FREE char *reused = known > 0 ? format("%zu known from an earlier run, ", known) :
					     format("%s", "");
	AUTO_FREE char *limit = NULL;

	if (work->inputs->setup.taken != NULL)
		progress_say("taken from the campaign: %s", work->inputs->setup.taken);
	if (work->request->memory_mib > 0)
		limit = format("and %u MiB a run", work->request->memory_mib);
	progress_say("%zu crash file%s, %s%d runs each, at most %d s %s, %u at a time",
		work->crashes->count, work->crashes->count == 1 ? "" : "s", reused, CRASH_RUNS,
		work->request->timeout_s, limit != NULL ? limit : "a run, no memory limit",
		work->request->jobs);
}

static void say_rate(const struct crash_buckets *buckets)
{
	if (buckets->executions == 0)
		progress_say("nothing was new");
	else
		progress_say("replayed in %.1f s: %llu runs, %.0f a second, %s", buckets->wall_s,
			(unsigned long long)buckets->executions,
			buckets->wall_s > 0 ? (double)buckets->executions / buckets->wall_s : 0,
			buckets->forks ? "through the target's forkserver" : "a new process each");
}

static int report_reused(struct cache *journal, const struct crashes *crashes)
{
	int error = 0;

	for (size_t i = 0; error == 0 && i < crashes->count; i++)
		if (crashes->list[i].state == CRASH_DONE)
			error = cache_add(journal, crashes, &crashes->list[i]);
	return error;
}

static int conclude(
	const struct work *work, const struct workers *replay, int replayed, int64_t began)
{
	struct crash_buckets buckets = { .target = work->target,
		.inputs = work->inputs,
		.directory = work->directory,
		.complete = replayed == 0,
		.forks = replay->forks,
		.timeout_s = work->request->reports ? 0 : work->request->timeout_s,
		.memory_mib = work->request->memory_mib,
		.executions = replay->executions,
		.wall_s = (double)(clock_now_ms() - began) / 1000 };
	int code;

	if (work->crashes->count > 0 && !work->request->reports)
		say_rate(&buckets);
	if (replay->refused > 0)
		progress_say(
			"%zu crash%s without a stack, because ptrace is forbidden here; next: "
			"--again where it is allowed (docker run --cap-add=SYS_PTRACE), or build "
			"the target with a sanitizer",
			replay->refused, replay->refused == 1 ? "" : "es");
	crash_buckets_make(&buckets, work->ignore, work->crashes);
	code = write_results(&buckets, work->request);
	if (replayed < 0)
		code = complain(WHO, EXIT_INTERNAL, "%s", replay->why);
	else if (buckets.states[CRASH_FAILED] > 0)
		code = complain(WHO, EXIT_INTERNAL, "%s",
			replay->why != NULL ? replay->why : "target failed");
	else if (code == 0 && buckets.states[CRASH_WAITING] > 0 && !interrupts_came())
		code = complain(WHO, EXIT_INTERNAL, "%zu files could not be run: workers died",
			buckets.states[CRASH_WAITING]);
	if (code == 0 && buckets.count > 0)
		code = EXIT_FINDING;
	else if (code == 0 && work->request->reports && buckets.states[CRASH_UNREADABLE] > 0)
		code = EXIT_NOTHING; /* there may be reports in what could not be read */
	crash_buckets_free(&buckets);
	if (interrupts_came() && code != EXIT_INTERNAL) {
		progress_say("interrupted; the results so far are kept; next: run the same command "
			     "again");
		code = EXIT_INTERRUPTED;
	}
	return code;
}

static void read_saved(struct crashes *crashes)
{
	const char *missing;
	size_t cut = saved_read(crashes, &missing);

	if (cut > 0)
		complain(WHO, 0,
			"%zu saved text%s longer than 64 MiB or of more than %d processes, and "
			"the end was not read; next: split -C 60M",
			cut, cut == 1 ? " is" : "s are", SAVED_PARTS_MAX);
	if (missing != NULL)
		complain(WHO, 0, "compressed files are not read; next: install %s", missing);
}

static int replay_and_conclude(struct work *work, const char *identity)
{
	struct cache journal;
	struct workers replay = { .target = work->target,
		.insists = true,
		.limits = { work->request->timeout_s * 1000, work->request->memory_mib },
		.jobs = work->request->jobs,
		.journal = &journal };
	size_t known = work->request->again || work->request->reports ?
		0 :
		reuse(work->directory, identity, work->crashes);
	int64_t began = clock_now_ms();
	int error = cache_open(work->directory, &journal), closed;

	if (error == 0)
		error = report_reused(&journal, work->crashes);
	if (error != 0)
		return complain(WHO, EXIT_INTERNAL, "%s/journal.jsonl: %s", work->directory,
			strerror(-error));
	if (work->crashes->count > 0 && !work->request->reports)
		say_what(work, known);
	interrupts_catch();
	if (work->request->reports)
		read_saved(work->crashes);
	else
		error = workers_replay(&replay, work->crashes);
	closed = cache_close(&journal);
	if (closed != 0 && error >= 0) {
		error = closed;
		replay.why = format("%s/journal.jsonl: %s", work->directory, strerror(-closed));
	}
	error = conclude(work, &replay, error, began);
	free(replay.why);
	return error;
}

#define LIBFUZZER_MIB 2048 /* libFuzzer's own limit */

/* A run that is another command's is of a campaign which was told whether to look for leaks. */
static struct program_choices choices_of(
	const struct crashes_request *request, const struct inputs *inputs, bool of_campaign)
{
	return (struct program_choices){ .leaks = inputs->leaks ? PROGRAM_LEAKS_ON :
			of_campaign                             ? PROGRAM_LEAKS_OFF :
								  PROGRAM_LEAKS_DEFAULT,
		.name = request->name != NULL ? request->name : inputs->setup.name,
		.fixed = request->name == NULL && inputs->setup.file != NULL &&
			strchr(inputs->setup.file, '/') == NULL,
		.directory = request->cwd,
		.options = inputs->setup.options,
		/* below it, ours comes first, and is known for what it is */
		.limits_memory = !of_campaign &&
			(request->memory_mib == 0 || request->memory_mib > LIBFUZZER_MIB),
		.memory_mib = request->memory_mib };
}

int crashes_run(
	const struct crashes_request *request, const struct inputs *inputs, const char *directory)
{
	char **command = command_of(request, inputs);
	AUTO_FREE char *why = NULL;
	AUTO_FREE char *identity = NULL;
	const struct program_choices choices = choices_of(request, inputs, directory != NULL);
	struct program target = { 0 };
	struct crashes crashes;
	struct work work = {
		.request = request, .target = &target, .inputs = inputs, .crashes = &crashes
	};
	int code = 0, error = 0;

	if (command == NULL && !request->reports)
		return complain(WHO, EXIT_USAGE, "no TARGET given, and AFL++ left no file cmdline");
	work.ignore = ignore_open(request->ignore, &why);
	if (work.ignore == NULL)
		return complain(WHO, EXIT_USAGE, "%s", why);
	if (request->reports)
		saved_target(&target);
	else if (program_open(command, &choices, &target, &why) != 0)
		code = complain(WHO, EXIT_USAGE, "%s", why);
	if (code == 0) {
		identity = identity_of(request, &target);
		work.directory = directory != NULL ? format("%s", directory) :
						     run_dir_make("crashes");
		if (work.directory == NULL)
			error = -errno;
		else if (directory == NULL)
			error = write_manifest(work.directory, request, &target, identity);
		if (error != 0)
			code = complain(WHO, EXIT_INTERNAL,
				"runs/ cannot be written to: %s; next: start it in a directory "
				"where it may write",
				strerror(-error));
	}
	if (code == 0) {
		crashes_open(inputs->list, inputs->count, &crashes);
		code = replay_and_conclude(&work, identity);
		crashes_free(&crashes);
	}
	free(work.directory);
	program_free(&target);
	ignore_free(work.ignore);
	return code;
}

void crashes_forget(const struct crashes_request *request)
{
	for (int form = 0; form < FORM_COUNT; form++) {
		struct stat status;

		if (request->forms[form] != NULL && lstat(request->forms[form], &status) == 0 &&
			S_ISREG(status.st_mode))
			unlink(request->forms[form]);
	}
}
