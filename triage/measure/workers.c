/* SPDX-License-Identifier: Apache-2.0
 * Workers, each with a program build/bin/measure-<detector> that judges a range of one cell's plans.
 *
 * The per-plan file is all that a worker and this process share beside a counter: a byte that is not 0
 * is a plan that was judged, whoever died since. */
#include "workers.h"

#include "audit/audit.h"
#include "base/interrupts.h"
#include "base/pool.h"
#include "base/progress.h"
#include "base/util.h"
#include "harnesses/base/child.h"
#include "harnesses/base/process.h"
#include "harnesses/record/record.h"
#include "runs/toolchain.h"
#include "units.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#define LOOK_MS       50    /* between two looks at a worker's counter */
#define HANG_MS       20000 /* without a plan finished: it is killed, and the plan audited */
#define MEASURE_AGAIN 75    /* a worker's heap was spoilt: harnesses/drivers/measure.c */
#define STARTS_MAX    10    /* in a row in which a worker dies before its first plan */

/* What one worker of the pool has. */
struct worker {
	pid_t pid; /* of the program that runs */
	struct unit unit;
	unsigned failed_starts;
	struct record *record; /* its counter, in memory that is shared with it */
	int record_fd;
};

struct judging {
	struct measure *measure;
	struct worker *workers;
	struct units units;
	struct pool pool;
	struct progress progress;
	pthread_mutex_t lock; /* for all below, and what is the measure's */
	uint64_t done;        /* plans of units that are finished */
	uint64_t before;      /* plans that an earlier process had judged */
};

/* ---- one worker -------------------------------------------------------------------------------- */

/* A worker's argv, NULL-terminated; each is for free(). */
struct arguments {
	char *list[16];
	size_t count;
};

static void argue(struct arguments *arguments, char *argument)
{
	arguments->list[arguments->count++] = argument;
}

static void free_arguments(struct arguments *arguments)
{
	for (size_t i = 0; i < arguments->count; i++)
		free(arguments->list[i]);
}

static struct arguments arguments_of(struct cell cell, const struct sample *sample)
{
	struct arguments arguments = { .count = 0 };

	argue(&arguments, toolchain_program("measure", cell.detector));
	argue(&arguments, format("--class=%s", plan_classes[cell.class].slug));
	argue(&arguments, format("--idiom=%s", plan_idiom_slug(cell.idiom)));
	argue(&arguments, format("--plans=%s", sample_slug(sample->kind)));
	argue(&arguments, format("--seed=%llu", (unsigned long long)sample->seed));
	argue(&arguments, format("--inputs=%llu", (unsigned long long)sample->inputs));
	return arguments;
}

static void argue_numbers(
	const struct measurement *run, struct cell cell, struct arguments *arguments)
{
	AUTO_FREE char *numbers = measurement_numbers_path(run, cell.class, cell.idiom);

	argue(arguments, format("--numbers=%s", numbers));
}

static struct arguments unit_arguments(const struct judging *judging, const struct unit *unit)
{
	struct arguments arguments = arguments_of(unit->cell, &unit->part->sample);
	AUTO_FREE char *kinds = measurement_kinds_path(
		judging->measure->run, unit->cell.class, unit->cell.idiom, unit->cell.detector);

	argue(&arguments, format("--first=%llu", (unsigned long long)unit->first));
	argue(&arguments, format("--count=%llu", (unsigned long long)unit->count));
	argue(&arguments, format("--at=%llu", (unsigned long long)unit->at));
	argue(&arguments, format("--kinds=%s", kinds));
	if (judging->measure->run->drawn != NULL)
		argue_numbers(judging->measure->run, unit->cell, &arguments);
	if (judging->measure->backwards)
		argue(&arguments, format("--backwards"));
	argue(&arguments, unit_path(judging->measure, unit));
	return arguments;
}

/* For the user: the first error is the one that counts. Takes over @text. */
static void set_error(struct judging *judging, char *text)
{
	pthread_mutex_lock(&judging->lock);
	if (judging->measure->error == NULL) {
		judging->measure->error = text;
		text = NULL;
	}
	pthread_mutex_unlock(&judging->lock);
	free(text);
}

static int start(struct judging *judging, struct worker *worker)
{
	struct arguments arguments = unit_arguments(judging, &worker->unit);
	AUTO_FREE char *record_path = format(
		"FENCEPOST_RECORD=/proc/self/fd/%d", worker->record_fd);
	char *extra[] = { record_path, NULL };
	char **environment = audit_environment(
		&detectors[worker->unit.cell.detector], false, extra);
	/* a Ctrl-C is for the parent to act upon; its death is the worker's */
	const struct child_options options = { .argv = arguments.list,
		.environment = environment,
		.standard = { CHILD_NULL, CHILD_NULL, CHILD_NULL },
		.place = CHILD_GROUP };
	pid_t pid;

	*worker->record = (struct record){ .magic = RECORD_MAGIC };
	pid = child_spawn(&options, NULL);
	worker->pid = pid;
	if (pid < 0)
		set_error(judging, format("%s: %s", arguments.list[0], strerror(-pid)));
	audit_environment_free(environment);
	free_arguments(&arguments);
	return pid > 0 ? 0 : pid;
}

/* What a worker that ends by itself with an error has to say: it is run again to hear it. */
static int hear_error(struct judging *judging, const struct unit *unit)
{
	struct arguments arguments = unit_arguments(judging, unit);
	char **environment = audit_environment(&detectors[unit->cell.detector], false, NULL);
	struct process_result result = { 0 };
	int error = process_run(arguments.list, environment, HANG_MS, 4096, &result);

	set_error(judging,
		error != 0 ? format("%s: %s", arguments.list[0], strerror(-error)) :
			     format("%s could not start its work: %s", arguments.list[0],
				     result.output));
	process_free(&result);
	audit_environment_free(environment);
	free_arguments(&arguments);
	return -ENOEXEC;
}

/* ---- when a worker ends -------------------------------------------------------------------------- */

/* Judges one plan in a process of its own. 0 or -errno. */
static int measure_audit_one(
	enum detector_id detector, const struct plan *plan, uint8_t *ret_outcome)
{
	AUTO_FREE char *program = toolchain_program("replay", detector);
	struct audit_runner runner = { &detectors[detector], program, false };
	struct audit audit;
	int error = audit_run_plan(&runner, plan, &audit);

	if (error == 0)
		error = audit_symbolize(&runner, &audit, 1);
	*ret_outcome = outcome_of(audit.verdict, audit.cause);
	audit_free(&audit);
	return error;
}

/* The plan that a worker died on is the first, in its order, that has no byte. */
static int judge_by_audit(struct judging *judging, const struct unit *unit)
{
	AUTO_FREE uint8_t *bytes = unit_read(judging->measure, unit);
	struct plan plan;
	uint8_t outcome;
	uint64_t i;
	int error;

	if (bytes == NULL)
		return -errno;
	for (i = 0; i < unit->count; i++)
		if (bytes[judging->measure->backwards ? unit->count - 1 - i : i] == OUTCOME_NONE)
			break;
	if (i == unit->count)
		return 0;
	i = judging->measure->backwards ? unit->count - 1 - i : i;
	plan = measurement_part_plan(
		unit->part, unit->cell.class, unit->cell.idiom, unit->first + i);
	error = measure_audit_one(unit->cell.detector, &plan, &outcome);
	return error != 0 ? error : unit_write(judging->measure, unit, i, outcome);
}

/* Whatever a worker says of itself, its bytes decide. */
static bool is_judged(const struct judging *judging, const struct unit *unit)
{
	AUTO_FREE uint8_t *bytes = unit_read(judging->measure, unit);

	return bytes != NULL && unit_count_judged(unit, bytes) == unit->count;
}

/* How it came to its end, and at which plan. */
static void tell_death(const struct worker *worker, int status)
{
	AUTO_FREE char *cell = cell_name(worker->unit.cell);
	AUTO_FREE char *how = WIFSIGNALED(status) ?
		format("by signal %d (%s)", WTERMSIG(status), strsignal(WTERMSIG(status))) :
		format("with exit code %d", WEXITSTATUS(status));

	progress_say("measure: a worker of %s ended %s after %llu plans; the next one is audited",
		cell, how, (unsigned long long)worker->record->executions);
}

static void note_memory(struct judging *judging, struct cell cell, const struct rusage *usage)
{
	struct cost *cost = &judging->measure->results->cost[cell.class][cell.idiom][cell.detector];
	uint64_t rss = (uint64_t)usage->ru_maxrss;

	pthread_mutex_lock(&judging->lock);
	cost->rss_kib = rss > cost->rss_kib ? rss : cost->rss_kib;
	pthread_mutex_unlock(&judging->lock);
}

/* Waits for the program's end, which comes at once when it hangs or all is to end. */
static int wait_for(const struct judging *judging, struct worker *worker, int *ret_status,
	struct rusage *ret_usage)
{
	int64_t seen_ms = clock_now_ms();
	uint64_t seen = 0;
	int error;

	while ((error = child_wait(worker->pid, clock_now_ms() + LOOK_MS)) == -ETIMEDOUT) {
		uint64_t executions = __atomic_load_n(
			&worker->record->executions, __ATOMIC_RELAXED);

		if (executions != seen) {
			seen = executions;
			seen_ms = clock_now_ms();
		}
		if (clock_now_ms() - seen_ms > HANG_MS || pool_ends(&judging->pool))
			kill(worker->pid, SIGKILL);
	}
	if (error == 0)
		error = child_finish(worker->pid, ret_status, ret_usage);
	return error;
}

/* After an end that was none of the unit's. 0: the program is to be started again. */
static int after_end(struct judging *judging, struct worker *worker, int status)
{
	uint64_t executions = worker->record->executions;

	if (WIFEXITED(status) && WEXITSTATUS(status) == MEASURE_AGAIN && executions > 0)
		return 0;
	if (executions == 0 && (!WIFSIGNALED(status) || ++worker->failed_starts > STARTS_MAX))
		return hear_error(judging, &worker->unit);
	if (executions == 0)
		return 0;
	worker->failed_starts = 0;
	tell_death(worker, status);
	pthread_mutex_lock(&judging->lock);
	judging->measure->results->worker_deaths++;
	pthread_mutex_unlock(&judging->lock);
	return judge_by_audit(judging, &worker->unit);
}

/* Starts the program as often as it takes. POOL_GONE when all is to end before. */
static int judge_rest(struct judging *judging, struct worker *worker)
{
	worker->failed_starts = 0;
	while (!pool_ends(&judging->pool)) {
		struct rusage usage;
		int status, error = start(judging, worker);

		if (error == 0)
			error = wait_for(judging, worker, &status, &usage);
		if (error != 0)
			return error;
		note_memory(judging, worker->unit.cell, &usage);
		if (WIFEXITED(status) && WEXITSTATUS(status) == 0 &&
			is_judged(judging, &worker->unit))
			return 0;
		if (!pool_ends(&judging->pool))
			error = after_end(judging, worker, status);
		if (error != 0)
			return error;
	}
	return POOL_GONE;
}

/* ---- the pool ---------------------------------------------------------------------------------- */

/* Judges what a unit has left. */
static int judge_unit(void *arg, unsigned number, size_t item)
{
	struct judging *judging = arg;
	struct worker *worker = &judging->workers[number];
	const struct unit *unit = &judging->units.list[item];
	AUTO_FREE uint8_t *bytes = unit_read(judging->measure, unit);
	uint64_t judged;
	int error = 0;

	if (bytes == NULL) {
		AUTO_FREE char *path = unit_path(judging->measure, unit);

		error = -errno;
		set_error(judging, format("%s: %s", path, strerror(-error)));
		return error;
	}
	judged = unit_count_judged(unit, bytes);
	pthread_mutex_lock(&judging->lock);
	judging->before += judged;
	pthread_mutex_unlock(&judging->lock);
	worker->unit = *unit;
	if (judged < unit->count)
		error = judge_rest(judging, worker);
	pthread_mutex_lock(&judging->lock);
	judging->done += error == 0 ? unit->count : 0;
	worker->record->executions = 0; /* they are in there now */
	pthread_mutex_unlock(&judging->lock);
	return error;
}

static void show_progress(void *arg, size_t done)
{
	struct judging *judging = arg;
	uint64_t plans;

	(void)done;
	pthread_mutex_lock(&judging->lock);
	plans = judging->done;
	for (unsigned i = 0; i < judging->pool.jobs; i++)
		plans += __atomic_load_n(&judging->workers[i].record->executions, __ATOMIC_RELAXED);
	judging->progress.before = judging->before;
	pthread_mutex_unlock(&judging->lock);
	progress_show(&judging->progress, plans);
}

static bool open_workers(struct judging *judging)
{
	judging->workers = allocate(judging->pool.jobs, sizeof(*judging->workers));
	for (unsigned i = 0; i < judging->pool.jobs; i++) {
		struct worker *worker = &judging->workers[i];
		AUTO_FREE char *path = NULL;

		/* not close-on-exec: the worker opens it through /proc */
		worker->record_fd = memfd_create("fencepost", 0);
		path = format("/proc/self/fd/%d", worker->record_fd);
		worker->record = worker->record_fd >= 0 ? record_map(path) : NULL;
		if (worker->record == NULL)
			return false;
	}
	return true;
}

static void close_workers(struct judging *judging)
{
	for (unsigned i = 0; i < judging->pool.jobs; i++) {
		if (judging->workers[i].record != NULL)
			munmap(judging->workers[i].record, sizeof(struct record));
		if (judging->workers[i].record_fd > 0)
			close(judging->workers[i].record_fd);
	}
	free(judging->workers);
	free(judging->units.list);
}

int measure_judge(struct measure *measure)
{
	struct judging judging = { .measure = measure, .lock = PTHREAD_MUTEX_INITIALIZER };
	uint64_t total = 0;
	int error;

	units_find(measure, &judging.units);
	for (size_t i = 0; i < judging.units.count; i++)
		total += judging.units.list[i].count;
	judging.pool = (struct pool){ .count = judging.units.count,
		.jobs = measure->jobs,
		.work = judge_unit,
		.watch = show_progress,
		.arg = &judging };
	judging.progress = progress_start("judging", "verdicts", total, 0);
	error = open_workers(&judging) ? pool_run(&judging.pool) : -errno;
	progress_end(&judging.progress);
	measure->results->judged = judging.done > judging.before ? judging.done - judging.before :
								   0;
	close_workers(&judging);
	if (error != 0 && measure->error == NULL)
		measure->error = format("a worker could not be run: %s", child_error(error));
	return error;
}

/* ---- what a plan costs --------------------------------------------------------------------------- */

#define COST_PLANS 10000

static int cost_of(struct measure *measure, struct cell cell)
{
	struct sample sample = { SAMPLE_RANDOM, 1, COST_PLANS };
	struct arguments arguments = arguments_of(cell, &sample);
	char **environment = audit_environment(&detectors[cell.detector], false, NULL);
	struct cost *cost = &measure->results->cost[cell.class][cell.idiom][cell.detector];
	struct process_result result = { 0 };
	char *end;
	int error;

	argue(&arguments, format("--cost=%d", COST_PLANS));
	error = process_run(arguments.list, environment, HANG_MS, 4096, &result);
	if (error == 0) {
		uint64_t rss;

		cost->ns_per_benign_plan = strtod(result.output, &end);
		rss = strtoull(end, NULL, 10);
		cost->known = cost->ns_per_benign_plan > 0;
		measure->results->unfinished = measure->results->unfinished || !cost->known;
		cost->rss_kib = rss > cost->rss_kib ? rss : cost->rss_kib;
	}
	process_free(&result);
	audit_environment_free(environment);
	free_arguments(&arguments);
	return error;
}

/* One after the other: two at a time would take each other's memory bandwidth. */
int measure_costs(struct measure *measure)
{
	struct cell cell;
	unsigned at = 0, nth = 0;
	int error = 0;

	while (error == 0 && !interrupts_came() && measurement_next_cell(measure->run, &at, &cell))
		/* the parts of a job share the cells */
		if (measure->run->job == NULL ||
			nth++ % measure->run->parts->shards == measure->run->parts->shard - 1)
			error = cost_of(measure, cell);
	return error;
}
