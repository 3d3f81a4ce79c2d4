/* SPDX-License-Identifier: Apache-2.0
 * A part of a job, from its halves to its end. */
#include "part.h"

#include "base/complain.h"
#include "base/json_file.h"
#include "base/progress.h"
#include "base/util.h"
#include "runs/job.h"
#include "runs/merge.h"
#include "runs/plan_file.h"
#include "runs/results.h"
#include "runs/toolchain.h"

#include "harnesses/verdict/heard.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define WHO    "measure"
#define WINDOW 65536

static struct job_part part_of(const struct measurement *run)
{
	return (struct job_part){ run->job, run->parts->shard, run->parts->shards };
}

/* ---- programs -------------------------------------------------------------------------------- */

struct programs {
	char *list[2 * DETECTOR_COUNT];
	size_t count;
};

static struct programs programs_of(uint32_t chosen)
{
	struct programs programs = { .count = 0 };

	for (int d = 0; d < DETECTOR_COUNT; d++)
		if (chosen & BIT(d)) {
			programs.list[programs.count++] = toolchain_program(
				"measure", (enum detector_id)d);
			programs.list[programs.count++] = toolchain_program(
				"replay", (enum detector_id)d);
		}
	return programs;
}

static char *words_of(const struct programs *programs)
{
	char *words = format("make");

	for (size_t i = 0; i < programs->count; i++) {
		char *longer = format("%s %s", words, programs->list[i]);

		free(words);
		words = longer;
	}
	return words;
}

static void free_programs(struct programs *programs)
{
	for (size_t i = 0; i < programs->count; i++)
		free(programs->list[i]);
}

int part_check_programs(const char *who, uint32_t chosen, const json_t *request)
{
	struct programs programs = programs_of(chosen);
	AUTO_FREE char *build = job_build(programs.list, programs.count);
	AUTO_FREE char *command = words_of(&programs);
	const char *wanted = json_file_text(request, "build");
	const char *missing = "";
	int code = 0;

	for (size_t i = programs.count; i-- > 0;)
		if (access(programs.list[i], X_OK) != 0)
			missing = programs.list[i];
	if (*missing != '\0')
		code = complain(
			who, EXIT_NOTHING, "%s is not built here; next: %s", missing, command);
	else if (request != NULL && strcmp(wanted, build) != 0)
		code = complain(who, EXIT_NOTHING,
			"the programs here (build %s) are not those of job %s (build %s); next, "
			"with the sources and compilers of the job: %s",
			build, json_file_text(request, "job"), wanted, command);
	free_programs(&programs);
	return code;
}

/* ---- its beginning --------------------------------------------------------------------------- */

static int agree(const struct measurement *run, const struct job_part *part, const char *arguments)
{
	struct programs programs = programs_of(run->detectors);
	AUTO_FREE char *build = job_build(programs.list, programs.count);
	AUTO_FREE char *error = NULL;
	AUTO_JSON json_t *request = job_request(
		part, "measure", arguments, run->toolchain, build, run->plan_version);
	int failure = job_agree(part, request, &error);

	if (failure == -ESTALE) {
		AUTO_FREE char *why = NULL;
		AUTO_JSON json_t *there = job_read(part->job, &why);

		free_programs(&programs);
		return part_check_programs(WHO, run->detectors, there);
	}
	free_programs(&programs);
	return failure == 0 ?
		0 :
		complain(WHO, failure == -EILSEQ ? EXIT_NOTHING : EXIT_INTERNAL, "%s", error);
}

/* Without locks two processes may do the same work twice, and nothing else. */
static int lock(const struct job_part *part, const char *there, int *ret_lock)
{
	*ret_lock = job_lock(part);
	if (*ret_lock == -EWOULDBLOCK)
		return complain(WHO, JOB_REQUEUE, "%s: another process works on this part", there);
	if (*ret_lock < 0 && *ret_lock != -ENOLCK && *ret_lock != -EOPNOTSUPP)
		return complain(WHO, EXIT_INTERNAL, "%s.lock: %s", there, strerror(-*ret_lock));
	if (*ret_lock < 0)
		complain(WHO, 0, "%s.lock: %s; the part is made without a lock", there,
			strerror(-*ret_lock));
	return 0;
}

int part_begin(struct measurement *run, const char *arguments, int *ret_lock)
{
	struct job_part part = part_of(run);
	AUTO_FREE char *there = job_part_directory(&part);
	int code = part_check_programs(WHO, run->detectors, NULL);

	*ret_lock = -1;
	if (code == 0)
		code = agree(run, &part, arguments);
	if (code == 0 && !job_part_is_done(&part))
		code = lock(&part, there, ret_lock);
	if (code != 0)
		return code;
	if (job_part_is_done(&part)) {
		job_remove_halves(&part);
		progress_say("%s is complete", there);
		return PART_IS_DONE;
	}
	run->directory = job_half_make(&part);
	return run->directory != NULL ?
		0 :
		complain(WHO, EXIT_INTERNAL, "%s: %s", there, strerror(errno));
}

/* ---- halves ---------------------------------------------------------------------------------- */

/* The plans of a cell and their kinds, at home and here. */
struct files {
	int from, from_kinds, to, to_kinds;
	struct heard_table theirs, ours;
};

static int open_cell(const struct measurement *from, const struct measurement *to, struct cell cell,
	struct files *ret)
{
	AUTO_FREE char *their_kinds = measurement_kinds_path(
		from, cell.class, cell.idiom, cell.detector);
	AUTO_FREE char *ours = measurement_plans_path(to, cell.class, cell.idiom, cell.detector);
	AUTO_FREE char *our_kinds = measurement_kinds_path(
		to, cell.class, cell.idiom, cell.detector);

	*ret = (struct files){ plan_file_open(from, cell), file_open(their_kinds),
		open(ours, O_RDWR | O_CLOEXEC), open(our_kinds, O_RDWR | O_CLOEXEC), { 0 }, { 0 } };
	if (ret->to < 0 || ret->to_kinds < 0)
		return -errno;
	return 0;
}

static void close_cell(struct files *files)
{
	int all[] = { files->from, files->from_kinds, files->to, files->to_kinds };

	for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++)
		if (all[i] >= 0)
			close(all[i]);
}

static int write_at(int fd, const void *bytes, size_t count, uint64_t at)
{
	ssize_t written = pwrite(fd, bytes, count, (off_t)at);

	return written == (ssize_t)count ? 0 : written < 0 ? -errno : -EIO;
}

/* A half's table is of its own: kinds had places as they came. */
static uint8_t our_kind(struct files *files, uint8_t byte)
{
	char kind[KIND_MAX];

	heard_of(&files->theirs, byte, kind);
	return byte == HEARD_UNKNOWN || strcmp(kind, HEARD_KIND_UNKNOWN) == 0 ?
		HEARD_UNKNOWN :
		heard_byte(&files->ours, kind);
}

/* Bytes first, then kinds: their process may still write, and it writes the kind first. */
static int take_window(struct files *files, uint64_t at, size_t count)
{
	uint8_t plans[WINDOW], kinds[WINDOW] = { 0 }, ours[WINDOW] = { 0 }, heard[WINDOW] = { 0 };
	ssize_t got = file_read_at(files->from, plans, count, at);
	int error;

	if (got <= 0 || file_read_at(files->to, ours, count, at) < 0 ||
		file_read_at(files->to_kinds, heard, count, HEARD_BYTES_AT + at) < 0)
		return got < 0 ? (int)got : 0;
	if (files->from_kinds >= 0) {
		file_read_at(files->from_kinds, kinds, count, HEARD_BYTES_AT + at);
		file_read_at(files->from_kinds, &files->theirs, sizeof(files->theirs), 0);
	}
	for (ssize_t i = 0; i < got; i++)
		if (ours[i] == OUTCOME_NONE && outcome_is_valid(plans[i])) {
			ours[i] = plans[i];
			heard[i] = our_kind(files, kinds[i]);
		}
	error = write_at(files->to_kinds, heard, (size_t)got, HEARD_BYTES_AT + at);
	return error != 0 ? error : write_at(files->to, ours, (size_t)got, at);
}

static int take_cell(const struct measurement *from, const struct measurement *to, struct cell cell)
{
	AUTO_FREE struct files *files = allocate(1, sizeof(*files));
	uint64_t end = measurement_count(to, cell.class);
	int error = open_cell(from, to, cell, files);

	if (error == 0 && files->from >= 0) {
		file_read_at(files->to_kinds, &files->ours, sizeof(files->ours), 0);
		for (uint64_t at = 0; at < end && error == 0; at += WINDOW)
			error = take_window(
				files, at, end - at < WINDOW ? (size_t)(end - at) : WINDOW);
		if (error == 0)
			error = write_at(files->to_kinds, &files->ours, sizeof(files->ours), 0);
	}
	close_cell(files);
	return error;
}

/* What a half that ended in order wrote of its processes; else what it knew at its beginning. */
static void add_work(struct measurement *run, const struct measurement *half)
{
	AUTO_FREE char *why = NULL;
	AUTO_JSON json_t *results = results_read(half->directory, &why);
	const json_t *work = json_object_get(results, "work");
	json_t *all;

	work = work != NULL ? work : half->work;
	all = work != NULL ? json_deep_copy(work) : json_array();
	json_array_extend(all, run->work);
	json_decref(run->work);
	run->work = all;
}

static bool is_same_part(const struct measurement *a, const struct measurement *b)
{
	return a->part_count == 1 && measurement_part_compare(a->parts, b->parts) == 0 &&
		a->parts->shards == b->parts->shards && a->plan_version == b->plan_version &&
		a->stage_version == b->stage_version;
}

static int take_half(struct measurement *run, const char *directory)
{
	AUTO_FREE char *why = NULL;
	struct measurement half;
	struct cell cell;
	unsigned at = 0;
	int error = 0;

	if (measurement_read(directory, &half, &why) == 0 && is_same_part(&half, run)) {
		while (error == 0 && measurement_next_cell(run, &at, &cell))
			error = take_cell(&half, run, cell);
		add_work(run, &half);
	}
	measurement_free(&half);
	return error;
}

int part_take_halves(struct measurement *run)
{
	struct job_part part = part_of(run);
	struct run_dirs halves;
	int error = 0;

	job_halves(&part, &halves);
	for (size_t i = 0; i < halves.count && error == 0; i++)
		error = take_half(run, halves.list[i]);
	run_dir_free(&halves);
	return error;
}

/* ---- its end --------------------------------------------------------------------------------- */

int part_publish(const struct measurement *run, FILE *out)
{
	struct job_part part = part_of(run);
	AUTO_FREE char *there = job_part_directory(&part);
	AUTO_FREE char *error = NULL;
	int failure = job_publish(&part, run->directory, merge_compare, &error);

	if (failure != 0)
		return complain(
			WHO, failure == -EILSEQ ? EXIT_NOTHING : EXIT_INTERNAL, "%s", error);
	job_remove_halves(&part);
	if (out != NULL)
		fprintf(out, "%s: complete; next: build/bin/triage runs --job %s\n", there,
			run->job);
	return 0;
}

bool part_is_there(const struct measurement *run)
{
	struct job_part part = part_of(run);

	return job_part_is_done(&part);
}

char *part_command(const struct measurement *run)
{
	AUTO_FREE char *why = NULL;
	AUTO_JSON json_t *request = job_read(run->job, &why);

	return request != NULL ? job_command(request, run->parts->shard) : format("%s", why);
}

json_t *part_work(const struct measurement *run, const json_t *earlier)
{
	json_t *work = earlier != NULL ? json_deep_copy(earlier) : json_array();
	json_t *entry = job_host();

	json_object_set_new(entry, "shard", json_integer(run->parts->shard));
	json_object_set_new(entry, "shards", json_integer(run->parts->shards));
	json_object_set_new(entry, "seconds", json_null());
	json_array_append_new(work, entry);
	return work;
}

void part_work_end(json_t *work, double seconds)
{
	json_object_set_new(
		json_array_get(work, json_array_size(work) - 1), "seconds", json_real(seconds));
}
