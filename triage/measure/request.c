/* SPDX-License-Identifier: Apache-2.0
 * A run's beginning, its measuring and its end. */
#include "request.h"

#include "audits.h"
#include "base/complain.h"
#include "base/interrupts.h"
#include "base/limits.h"
#include "harnesses/base/clock.h"
#include "base/progress.h"
#include "base/util.h"
#include "measure.h"
#include "mix/sampling.h"
#include "part.h"
#include "runs/plan_file.h"
#include "runs/run_dir.h"
#include "runs/results.h"
#include "runs/table.h"
#include "runs/toolchain.h"
#include "workers.h"

#include "harnesses/memory/stage.h"
#include "harnesses/verdict/heard.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

#define WHO  "measure"
#define UNIT (1u << 18)

/* ---- a run's beginning --------------------------------------------------------------------------- */

static char *machine(void)
{
	struct utsname kernel;

	uname(&kernel);
	return format("%s %s, %s, %ld cores", kernel.sysname, kernel.release, kernel.machine,
		sysconf(_SC_NPROCESSORS_ONLN));
}

/* The classes that the sample has no plans for are left out. */
static uint32_t classes_with_plans(const struct measure_request *request)
{
	uint32_t bits = 0;

	for (int c = 0; c < CLASS_COUNT; c++)
		if ((request->classes & BIT(c)) &&
			sample_count(&request->sample, (enum plan_class)c) > 0)
			bits |= BIT(c);
	return bits;
}

/* A detector that is not built has no cells, and it is said once why. */
static void drop_unavailable(struct measurement *run)
{
	run->unavailable = json_array();
	for (int d = 0; d < DETECTOR_COUNT; d++) {
		const char *reason = "its programs are not built; is its compiler installed?";

		if (!(run->detectors & BIT(d)) || toolchain_is_built((enum detector_id)d))
			continue;
		run->detectors &= ~BIT(d);
		json_array_append_new(run->unavailable,
			json_pack("{ss ss}", "detector", detectors[d].slug, "reason", reason));
		complain(WHO, 0, "%s is unavailable: %s", detectors[d].slug, reason);
	}
}

/* With its blocks too: a full disk must show here, not as a worker's SIGBUS; a shard may have no plans. */
static int make_file(const char *path, off_t size)
{
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0644), error;

	if (fd < 0)
		return -errno;
	error = size > 0 ? posix_fallocate(fd, 0, size) : 0;
	close(fd);
	return -error;
}

static int make_folder(const struct measurement *run, const char *name)
{
	AUTO_FREE char *path = format("%s/%s", run->directory, name);

	return mkdir(path, 0755) == 0 || errno == EEXIST ? 0 : -errno;
}

static int make_cell_files(const struct measurement *run, struct cell cell)
{
	AUTO_FREE char *plans = measurement_plans_path(run, cell.class, cell.idiom, cell.detector);
	AUTO_FREE char *kinds = measurement_kinds_path(run, cell.class, cell.idiom, cell.detector);
	off_t count = (off_t)measurement_count(run, cell.class);
	int error = make_file(plans, count);

	return error != 0 ? error : make_file(kinds, (off_t)HEARD_BYTES_AT + count);
}

static int make_plan_files(const struct measurement *run)
{
	int error = make_folder(run, "plans");
	struct cell cell;
	unsigned at = 0;

	if (error == 0)
		error = make_folder(run, "kinds");
	while (error == 0 && measurement_next_cell(run, &at, &cell))
		error = make_cell_files(run, cell);
	return error;
}

static int write_manifest(const struct measurement *run)
{
	AUTO_FREE char *path = format("%s/run.json", run->directory);
	AUTO_JSON json_t *json = measurement_to_json(run);

	return file_write_json(path, json);
}

/* 0, or the exit code. */
static int describe_run(const struct measure_request *request, struct measurement *run)
{
	*run = (struct measurement){ .plan_version = PLAN_VERSION,
		.stage_version = STAGE_VERSION,
		.classes = classes_with_plans(request),
		.idioms = request->idioms,
		.detectors = request->detectors,
		.audits = request->audits,
		.counts_only = request->counts_only,
		.part_count = 1 };
	run->parts = allocate(1, sizeof(*run->parts));
	run->parts[0] = (struct measurement_part){ request->sample, request->shard, request->shards,
		NULL };
	run->date = run_dir_date();
	run->machine = machine();
	run->work = part_work(run, NULL);
	if (request->job == NULL)
		drop_unavailable(run);
	else
		run->unavailable = json_array();
	run->toolchain = toolchain_of(run->detectors);
	if (run->classes == 0)
		return complain(WHO, EXIT_USAGE,
			"nothing to measure: the grid is over oob-read and oob-write");
	if (run->detectors == 0)
		return complain(
			WHO, 1, "nothing to measure: no detector is available; see make doctor");
	return 0;
}

static int draw_cell(const struct measure_request *request, const struct measurement *run,
	enum plan_class class, enum plan_idiom idiom, char **ret_error)
{
	AUTO_FREE char *path = measurement_numbers_path(run, class, idiom);
	size_t count = (size_t)request->sample.inputs;
	uint64_t *numbers = allocate(count, sizeof(*numbers));
	int error = sampling_draw(request->mix, &request->sample, class, idiom, numbers, ret_error);

	run->drawn->numbers[class][idiom] = numbers;
	if (error != 0)
		return error;
	error = file_write(path, numbers, count * sizeof(*numbers));
	if (error != 0)
		*ret_error = format("%s: %s", path, strerror(-error));
	return error;
}

/* All violations, so that no stratum has fewer plans than its weight says. */
static int draw_plans(const struct measure_request *request, struct measurement *run)
{
	AUTO_FREE char *error = NULL;
	int failed = make_folder(run, "numbers");

	measurement_draw(run, request->mix->name);
	for (int c = 0; c < CLASS_COUNT; c++)
		for (int i = 0; i < IDIOM_COUNT && failed == 0; i++)
			if ((run->classes & BIT(c)) && (run->idioms & BIT(i)))
				failed = draw_cell(request, run, (enum plan_class)c,
					(enum plan_idiom)i, &error);
	if (failed == 0)
		return 0;
	complain(WHO, 0, "%s", error != NULL ? error : strerror(-failed));
	file_remove_tree(run->directory);
	return failed == -EDOM || failed == -ERANGE || failed == -E2BIG ? EXIT_USAGE :
									  EXIT_INTERNAL;
}

static int begin_run(const struct measure_request *request, struct measurement *run)
{
	int code = describe_run(request, run);

	if (code != 0)
		return code;
	run->directory = run_dir_make("measure");
	if (run->directory == NULL)
		return complain(WHO, 1, "runs/ cannot be written to: %s", strerror(errno));
	run->id = format("%s", run->directory + strlen("runs/"));
	return request->mix != NULL ? draw_plans(request, run) : 0;
}

/* ---- its end ------------------------------------------------------------------------------------- */

static size_t disagreements(const struct results *results)
{
	size_t count = 0;

	for (size_t i = 0; i < results->audited_count; i++)
		count += !audited_agrees(&results->audited[i]);
	return count;
}

/* Is the run complete? -1: results.json cannot be read. */
static int print_run(const struct measurement *run, FILE *out)
{
	AUTO_FREE char *error = NULL;
	AUTO_JSON json_t *json = results_read(run->directory, &error);

	if (json == NULL)
		return complain(WHO, -1, "%s", error);
	if (out != NULL)
		results_print_brief(out, json);
	return json_is_true(json_object_get(json, "complete"));
}

static char *resuming(const struct measurement *run)
{
	return run->job != NULL ? part_command(run) : format("make measure RESUME=%s", run->id);
}

static int finish_run(const struct measurement *run, struct measure *measure, FILE *out)
{
	AUTO_FREE char *error = NULL;
	AUTO_FREE char *next = resuming(run);
	int complete, error_number;

	if (results_write(run, measure->results, &error) != 0)
		return complain(WHO, 1, "%s; next, once this is fixed: %s", error, next);
	complete = print_run(run, run->job == NULL ? out : NULL);
	if (complete < 0)
		return 1;
	if (!complete) {
		AUTO_FREE char *words = format("%s; to go on: %s",
			interrupts_came() ? "interrupted" : "not complete", next);

		if (out != NULL)
			fprintf(out, "%s\n", words);
		else
			progress_say("%s", words);
		return interrupts_came() ? 130 : 1;
	}
	error_number = plan_files_settle(run);
	if (error_number != 0)
		return complain(WHO, 1, "%s/plans: %s; once that is mended: %s", run->directory,
			strerror(-error_number), next);
	if (run->job != NULL)
		return part_publish(run, out);
	error_number = run_dir_point_latest(run->directory);
	if (error_number != 0)
		return complain(WHO, 1, "runs/latest: %s; the run is complete: %s",
			strerror(-error_number), run->directory);
	return disagreements(measure->results) > 0 ? 2 : 0;
}

/* What earlier processes spent on a run that is resumed, as far as they came to write it down. */
static void add_earlier(const struct measurement *run, struct results *results)
{
	AUTO_FREE char *error = NULL;
	struct results earlier = { 0 };

	if (results_load(run, &earlier, &error) == 0) {
		results->wall_s += earlier.wall_s;
		results->judged += earlier.judged;
		results->worker_deaths += earlier.worker_deaths;
		results->work = part_work(run, earlier.work);
	}
	results_free(&earlier);
}

static int measure_run(const struct measurement *run, const struct measure_request *request)
{
	AUTO_FREE struct results *results = allocate(1, sizeof(*results));
	struct measure measure = { .run = run,
		.jobs = limits_jobs(request->jobs, LIMITS_AUDIT),
		.unit = request->unit,
		.backwards = request->backwards,
		.results = results };
	int64_t start = clock_now_ms();
	int error, code;

	error = measure_judge(&measure);
	if (error == 0 && !interrupts_came())
		error = measure_audit(&measure);
	if (error == 0 && !interrupts_came())
		error = measure_costs(&measure);
	results->wall_s = (double)(clock_now_ms() - start) / 1000;
	if (request->resume != NULL)
		add_earlier(run, results);
	if (results->work == NULL)
		results->work = json_deep_copy(run->work);
	part_work_end(results->work, (double)(clock_now_ms() - start) / 1000);
	results->unfinished = results->unfinished || error != 0 || interrupts_came();
	if (error != 0) {
		AUTO_FREE char *next = resuming(run);

		complain(WHO, 0, "%s; next, once this is fixed: %s",
			measure.error != NULL ? measure.error : strerror(-error), next);
		code = 1;
	} else {
		code = finish_run(run, &measure, request->out);
	}
	free(measure.error);
	results_free(results);
	return code;
}

/* ---- all of it ------------------------------------------------------------------------------ */

static int open_run(const struct measure_request *request, struct measurement *run)
{
	AUTO_FREE char *directory = NULL, *error = NULL;

	if (request->resume == NULL) {
		int code = begin_run(request, run), failure;

		if (code != 0)
			return code;
		failure = make_plan_files(run);
		failure = failure != 0 ? failure : write_manifest(run);
		if (failure != 0) {
			complain(WHO, 0, "%s cannot be written to: %s", run->directory,
				strerror(-failure));
			file_remove_tree(run->directory);
		}
		return failure != 0;
	}
	directory = run_dir_find_measurement(request->resume, &error);
	if (directory == NULL || measurement_read(directory, run, &error) != 0 ||
		measurement_check_version(run, &error) != 0)
		return complain(WHO, 64, "%s", error);
	return 0;
}

/* The half is there, with all that others have judged. */
static int fill_part(struct measurement *run)
{
	int failure = make_plan_files(run);

	failure = failure != 0 ? failure : part_take_halves(run);
	failure = failure != 0 ? failure : write_manifest(run);
	if (failure == 0)
		return 0;
	complain(WHO, 0, "%s cannot be written to: %s", run->directory, strerror(-failure));
	file_remove_tree(run->directory);
	return EXIT_INTERNAL;
}

static int open_part(const struct measure_request *request, struct measurement *run, int *ret_lock)
{
	AUTO_FREE char *arguments = NULL;
	int code = describe_run(request, run);

	if (code != 0)
		return code;
	for (int c = 0; c < CLASS_COUNT; c++)
		if ((run->classes & BIT(c)) &&
			sample_count(&request->sample, (enum plan_class)c) < request->shards)
			return complain(WHO, EXIT_USAGE, "shard=%u/%u: more parts than plans of %s",
				request->shard, request->shards, plan_classes[c].slug);
	arguments = measurement_arguments(run, run->parts);
	run->job = format("%s", request->job);
	run->id = format("%s.%u-of-%u", run->job, request->shard, request->shards);
	code = part_begin(run, arguments, ret_lock);
	return code == 0 ? fill_part(run) : code;
}

/* What was judged by one compiler must not be finished by another. */
static int check_resumed(const struct measurement *run)
{
	AUTO_FREE char *now = toolchain_of(run->detectors);
	int failure;

	if (run->stage_version != STAGE_VERSION)
		return complain(WHO, 3,
			"%s was begun with stage version %d, but this program has %d; next: make measure",
			run->id, run->stage_version, STAGE_VERSION);
	if (run->job != NULL && run->merged == NULL) {
		AUTO_FREE char *next = part_command(run);

		return complain(WHO, EXIT_USAGE, "%s is a part of a job; next: %s", run->id, next);
	}
	if (plan_files_are_settled(run))
		return complain(WHO, EXIT_NOTHING,
			"%s is complete, and its plans are packed or not kept; next: build/bin/triage show %s",
			run->id, run->directory);
	if (run->merged != NULL)
		return complain(
			WHO, 3, "%s was merged from other runs; next: resume those", run->id);
	if (run->toolchain == NULL || strcmp(run->toolchain, now) != 0)
		return complain(WHO, 3,
			"%s was begun with %s, but this machine has %s; next: the same LLVM= as "
			"then",
			run->id, run->toolchain != NULL ? run->toolchain : "an unknown toolchain",
			now);
	failure = make_plan_files(run);
	return failure == 0 ? 0 :
			      complain(WHO, 1, "%s/plans cannot be written to: %s", run->directory,
				      strerror(-failure));
}

struct measure_request measure_request_default(void)
{
	return (struct measure_request){ .sample = { SAMPLE_RANDOM, 1, 100000 },
		.shard = 1,
		.shards = 1,
		.audits = 32,
		.jobs = (unsigned)sysconf(_SC_NPROCESSORS_ONLN),
		.classes = BIT(CLASS_COUNT) - 1,
		.idioms = BIT(IDIOM_COUNT) - 1,
		.detectors = BIT(DETECTOR_none) | BIT(DETECTOR_asan) | BIT(DETECTOR_ubsan) |
			BIT(DETECTOR_asan_ubsan),
		.unit = UNIT };
}

static int run_part(const struct measure_request *request)
{
	struct measurement run = { 0 };
	int lock = -1, half = -1, code = open_part(request, &run, &lock);

	if (code == 0) {
		half = run_dir_lock(run.directory); /* so that nobody removes it */
		code = measure_run(&run, request);
	}
	if (half >= 0)
		close(half);
	if (code == EXIT_INTERNAL && run.directory != NULL && part_is_there(&run))
		code = complain(WHO, 0, "another process has completed the part");
	if (lock >= 0)
		close(lock);
	measurement_free(&run);
	return code == PART_IS_DONE ? 0 : code;
}

static int run_whole(const struct measure_request *request, char **ret_directory)
{
	struct measurement run = { 0 };
	int lock = -1, code = open_run(request, &run);

	if (code == 0 && (lock = run_dir_lock(run.directory)) < 0)
		code = complain(WHO, 1, "%s: %s", run.directory, run_dir_lock_words(lock));
	if (code == 0 && request->resume != NULL)
		code = check_resumed(&run);
	if (code == 0) {
		code = measure_run(&run, request);
		if (ret_directory != NULL)
			*ret_directory = format("%s", run.directory);
	}
	if (lock >= 0)
		close(lock);
	measurement_free(&run);
	return code;
}

int measure_request_run(const struct measure_request *request, char **ret_directory)
{
	int code;

	interrupts_catch();
	code = request->job != NULL ? run_part(request) : run_whole(request, ret_directory);
	interrupts_release();
	return code;
}
