/* SPDX-License-Identifier: Apache-2.0
 * Finding and trying seeds, and the dictionary. */
#include "seeds.h"

#include "base/complain.h"
#include "base/escape.h"
#include "base/util.h"
#include "crashes/cache.h"
#include "crashes/workers.h"
#include "runs.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define WHO "target"

#define TRIED_MAX 200 /* AFL++ leaves out what crashes among the others */

static bool is_directory(const char *path)
{
	struct stat status;

	return stat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

static bool is_file(const char *path)
{
	struct stat status;

	return stat(path, &status) == 0 && S_ISREG(status.st_mode);
}

/* ---- finding --------------------------------------------------------------------------------- */

static int list_files(const char *directory, struct inputs *ret)
{
	DIR *dir = opendir(directory);

	if (dir == NULL)
		return -errno;
	for (struct dirent *entry = readdir(dir); entry != NULL; entry = readdir(dir)) {
		AUTO_FREE char *path = format("%s/%s", directory, entry->d_name);

		if (entry->d_name[0] != '.' && is_file(path))
			inputs_find(path, ret);
	}
	closedir(dir);
	inputs_sort(ret);
	return 0;
}

/* AFL++ gives up when no seed has any. */
static bool has_bytes(const struct inputs *list)
{
	struct stat status;

	for (size_t i = 0; i < list->count; i++)
		if (stat(list->list[i], &status) == 0 && status.st_size > 0)
			return true;
	return false;
}

static int make_up(const char *run, struct target_seeds *ret)
{
	AUTO_FREE char *path = format("%s/seeds/made-up/zero", run);
	int error;

	free(ret->directory);
	ret->directory = format("%s/seeds/made-up", run);
	ret->made_up = true;
	error = file_make_directories(ret->directory);
	if (error == 0)
		error = file_write(path, "0", 1);
	if (error == 0)
		error = list_files(ret->directory, &ret->list);
	return error == 0 ? 0 : complain(WHO, EXIT_INTERNAL, "%s: %s", path, strerror(-error));
}

int target_seeds_find(
	const struct target_request *request, const char *run, struct target_seeds *ret)
{
	int error;

	*ret = (struct target_seeds){ .directory = request->corpus != NULL ?
			format("%s", request->corpus) :
			target_beside(request->source, "") };
	if (request->corpus != NULL && !is_directory(request->corpus))
		return complain(WHO, EXIT_USAGE,
			"CORPUS=%s: no such directory; next: name a directory that has one input "
			"in each file, or leave CORPUS= out",
			request->corpus);
	error = is_directory(ret->directory) ? list_files(ret->directory, &ret->list) : 0;
	if (error != 0)
		return complain(WHO, EXIT_USAGE, "%s: %s", ret->directory, strerror(-error));
	if (ret->list.count > 0 && !has_bytes(&ret->list))
		return complain(WHO, EXIT_USAGE,
			"%s: all its files are empty; next: put an input there that has at least "
			"one byte, or remove the files",
			ret->directory);
	if (ret->list.count > 0)
		return 0;
	complain(WHO, 0,
		"no seeds: %s %s. Fuzzing starts from one byte, which finds little. Put small "
		"valid inputs there, each in a file, or name a directory with CORPUS=",
		ret->directory, is_directory(ret->directory) ? "holds no files" : "is not there");
	return make_up(run, ret);
}

void target_seeds_free(struct target_seeds *seeds)
{
	free(seeds->directory);
	free(seeds->first_end);
	inputs_free(&seeds->list);
	inputs_free(&seeds->crashing);
}

/* ---- trying ---------------------------------------------------------------------------------- */

static int replay(const struct target_request *request, const char *directory,
	const struct program *target, struct crashes *crashes)
{
	struct cache journal;
	struct workers replay = { .target = target,
		.limits = { TARGET_SEEDS_PATIENCE * request->timeout_ms, TARGET_SEEDS_MIB },
		.jobs = 2,
		.journal = &journal };
	int error = cache_open(directory, &journal), code = 0;

	if (error == 0) {
		error = workers_replay(&replay, crashes);
		cache_close(&journal);
	}
	if (error < 0)
		code = complain(WHO, EXIT_INTERNAL, "the seeds could not be tried: %s",
			replay.why != NULL ? replay.why : strerror(-error));
	free(replay.why);
	return code;
}

static void collect_end(const char *ended, struct target_seeds *seeds)
{
	if (ended == NULL || strncmp(ended, "exit status 0", 13) == 0)
		return;
	seeds->refused++;
	if (seeds->first_end == NULL)
		seeds->first_end = format("%s", ended);
}

static void collect_seeds(const struct crashes *crashes, struct target_seeds *seeds)
{
	for (size_t i = 0; i < crashes->count; i++) {
		const struct crash *crash = &crashes->list[i];
		const struct crash_report *report;
		const char **first;

		if (crash->crashed == 0) {
			collect_end(crash->ended, seeds);
			continue;
		}
		report = crashes->reports[crash->report];
		seeds->late += report->timed_out;
		seeds->large += report->out_of_memory;
		if (seeds->first_crash == NULL && !report->timed_out && !report->out_of_memory)
			seeds->check = report_check(report->main);
		first = report->timed_out     ? &seeds->first_late :
			report->out_of_memory ? &seeds->first_large :
						&seeds->first_crash;
		*first = *first != NULL ? *first : crash->path;
		inputs_find(crash->path, &seeds->crashing);
	}
}

int target_seeds_try(
	const struct target_request *request, const char *run, struct target_seeds *seeds)
{
	AUTO_FREE char *directory = format("%s/seeds", run);
	AUTO_FREE char *why = NULL;
	char *alone[2];
	struct program target;
	struct crashes crashes;
	int code;

	seeds->tried = seeds->list.count < TRIED_MAX ? seeds->list.count : TRIED_MAX;
	if (program_open(target_argv(request, alone), NULL, &target, &why) != 0) {
		program_free(&target);
		return complain(WHO, EXIT_INTERNAL, "%s", why);
	}
	crashes_open(seeds->list.list, seeds->tried, &crashes);
	file_make_directories(directory);
	code = replay(request, directory, &target, &crashes);
	collect_seeds(&crashes, seeds);
	crashes_free(&crashes);
	program_free(&target);
	return code;
}

/* ---- the dictionary -------------------------------------------------------------------------- */

char *target_dictionary(const struct target_request *request)
{
	char *beside;

	if (request->dictionary != NULL)
		return format("%s", request->dictionary);
	beside = target_beside(request->source, ".dict");
	if (access(beside, R_OK) == 0)
		return beside;
	free(beside);
	return NULL;
}

int target_dictionary_check(const struct target_request *request)
{
	const char *path = request->dictionary;
	struct stat status;

	if (path == NULL)
		return 0;
	if (access(path, R_OK) != 0 || stat(path, &status) != 0)
		return complain(WHO, EXIT_USAGE, "DICT=%s: %s", path, strerror(errno));
	if (!S_ISREG(status.st_mode))
		return complain(WHO, EXIT_USAGE, "DICT=%s: not a file", path);
	return 0;
}
