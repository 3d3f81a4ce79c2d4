/* SPDX-License-Identifier: Apache-2.0
 * The pool of workers: programs build/bin/measure-<detector>, each judging a range of one cell's plans.
 *
 * The per-plan file is all that a worker and this process share beside a counter: a byte that is not 0
 * is a plan that was judged, whoever died since. */
#include "workers.h"

#include "audit/audit.h"
#include "base/progress.h"
#include "base/util.h"
#include "harnesses/base/child.h"
#include "harnesses/base/process.h"
#include "harnesses/record/record.h"
#include "runs/toolchain.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#define POLL_MS       5
#define HANG_MS       20000 /* without a plan finished: it is killed, and the plan audited */
#define MEASURE_AGAIN 75    /* a worker's heap was spoilt: harnesses/drivers/measure.c */
#define STARTS_MAX    10    /* in a row in which a worker dies before its first plan */

/* Plans of one cell that one process is to judge. */
struct unit {
	struct cell cell;
	const struct measurement_part *part;
	uint64_t first, count; /* in the part's sample */
	uint64_t at;           /* the first one's byte in the per-plan file */
};

struct worker {
	pid_t pid; /* 0: free */
	struct unit unit;
	unsigned failed_starts;
	struct record *record; /* its counter, in memory that is shared with it */
	int record_fd;
	uint64_t seen_executions;
	int64_t seen_ms; /* when the counter moved last */
};

struct pool {
	struct measure *measure;
	struct worker *workers;
	struct unit *units;
	size_t unit_count, next;
	uint64_t done;   /* plans of units that are finished */
	uint64_t before; /* plans that an earlier process had judged */
	int error;
};

volatile sig_atomic_t measure_interrupted;

/* ---- which plans are still to be judged ---------------------------------------------------------- */

static void add_units(struct pool *pool, struct cell cell)
{
	const struct measurement *run = pool->measure->run;
	uint64_t at = 0;

	for (size_t p = 0; p < run->part_count; p++) {
		const struct measurement_part *part = &run->parts[p];
		uint64_t first = measurement_part_first(part, cell.class);
		uint64_t left = measurement_part_count(part, cell.class);

		while (left > 0) {
			uint64_t count = left < pool->measure->unit ? left : pool->measure->unit;

			pool->units = realloc(
				pool->units, (pool->unit_count + 1) * sizeof(*pool->units));
			if (pool->units == NULL)
				abort();
			pool->units[pool->unit_count++] = (struct unit){ cell, part, first, count,
				at };
			first += count;
			at += count;
			left -= count;
		}
	}
}

static void list_units(struct pool *pool)
{
	for (int d = 0; d < DETECTOR_COUNT; d++)
		for (int c = 0; c < CLASS_COUNT; c++)
			for (int i = 0; i < IDIOM_COUNT; i++) {
				struct cell cell = { (enum plan_class)c, (enum plan_idiom)i,
					(enum detector_id)d };

				if (measurement_has_cell(pool->measure->run, c, i, d))
					add_units(pool, cell);
			}
}

static char *plans_path(const struct pool *pool, const struct unit *unit)
{
	return measurement_plans_path(
		pool->measure->run, unit->cell.class, unit->cell.idiom, unit->cell.detector);
}

/* The unit's bytes; NULL with errno set. For free(). */
static uint8_t *read_bytes(const struct pool *pool, const struct unit *unit)
{
	AUTO_FREE char *path = plans_path(pool, unit);
	uint8_t *bytes = malloc(unit->count);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t got = fd < 0 ? -errno : bytes == NULL ? -ENOMEM : 0;

	if (got == 0)
		got = file_read_at(fd, bytes, unit->count, unit->at);
	if (fd >= 0)
		close(fd);
	if (got == (ssize_t)unit->count)
		return bytes;
	free(bytes);
	errno = got < 0 ? (int)-got : EIO;
	return NULL;
}

static int write_byte(const struct pool *pool, const struct unit *unit, uint64_t i, uint8_t byte)
{
	AUTO_FREE char *path = plans_path(pool, unit);
	int fd = open(path, O_WRONLY | O_CLOEXEC), error = 0;

	if (fd < 0)
		return -errno;
	if (pwrite(fd, &byte, 1, (off_t)(unit->at + i)) != 1)
		error = -errno;
	close(fd);
	return error;
}

static uint64_t count_judged(const uint8_t *bytes, uint64_t count)
{
	uint64_t judged = 0;

	for (uint64_t i = 0; i < count; i++)
		judged += bytes[i] != OUTCOME_NONE;
	return judged;
}

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

static struct arguments unit_arguments(const struct pool *pool, const struct unit *unit)
{
	struct arguments arguments = arguments_of(unit->cell, &unit->part->sample);
	AUTO_FREE char *kinds = measurement_kinds_path(
		pool->measure->run, unit->cell.class, unit->cell.idiom, unit->cell.detector);

	argue(&arguments, format("--first=%llu", (unsigned long long)unit->first));
	argue(&arguments, format("--count=%llu", (unsigned long long)unit->count));
	argue(&arguments, format("--at=%llu", (unsigned long long)unit->at));
	argue(&arguments, format("--kinds=%s", kinds));
	if (pool->measure->backwards)
		argue(&arguments, format("--backwards"));
	argue(&arguments, plans_path(pool, unit));
	return arguments;
}

static int start(const struct pool *pool, struct worker *worker)
{
	struct arguments arguments = unit_arguments(pool, &worker->unit);
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

	*worker->record = (struct record){ .magic = RECORD_MAGIC };
	worker->seen_executions = 0;
	worker->seen_ms = clock_now_ms();
	worker->pid = child_spawn(&options, NULL);
	audit_environment_free(environment);
	free_arguments(&arguments);
	return worker->pid > 0 ? 0 : worker->pid;
}

/* What a worker that ends by itself with an error has to say: it is run again to hear it. */
static void hear_error(const struct pool *pool, const struct unit *unit)
{
	struct arguments arguments = unit_arguments(pool, unit);
	char **environment = audit_environment(&detectors[unit->cell.detector], false, NULL);
	struct process_result result = { 0 };
	int error = process_run(arguments.list, environment, HANG_MS, 4096, &result);

	free(pool->measure->error);
	pool->measure->error = error != 0 ?
		format("%s: %s", arguments.list[0], strerror(-error)) :
		format("%s could not work: %s", arguments.list[0], result.output);
	process_free(&result);
	audit_environment_free(environment);
	free_arguments(&arguments);
}

/* ---- when a worker ends -------------------------------------------------------------------------- */

int measure_audit_one(enum detector_id detector, const struct plan *plan, uint8_t *ret_outcome)
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
static int judge_by_audit(struct pool *pool, const struct unit *unit)
{
	AUTO_FREE uint8_t *bytes = read_bytes(pool, unit);
	struct plan plan;
	uint8_t outcome;
	uint64_t i;
	int error;

	if (bytes == NULL)
		return -errno;
	for (i = 0; i < unit->count; i++)
		if (bytes[pool->measure->backwards ? unit->count - 1 - i : i] == OUTCOME_NONE)
			break;
	if (i == unit->count)
		return 0;
	i = pool->measure->backwards ? unit->count - 1 - i : i;
	plan = sample_plan(
		&unit->part->sample, unit->cell.class, unit->cell.idiom, unit->first + i);
	error = measure_audit_one(unit->cell.detector, &plan, &outcome);
	return error != 0 ? error : write_byte(pool, unit, i, outcome);
}

/* Whatever a worker says of itself, its bytes decide. */
static bool is_judged(const struct pool *pool, const struct unit *unit)
{
	AUTO_FREE uint8_t *bytes = read_bytes(pool, unit);

	return bytes != NULL && count_judged(bytes, unit->count) == unit->count;
}

static void finish_unit(struct pool *pool, struct worker *worker)
{
	pool->done += worker->unit.count;
	worker->unit.count = 0;
	worker->failed_starts = 0;
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

static void after_death(struct pool *pool, struct worker *worker, int status)
{
	uint64_t executions = worker->record->executions;

	worker->failed_starts = executions == 0 ? worker->failed_starts + 1 : 0;
	if (worker->failed_starts > STARTS_MAX) {
		hear_error(pool, &worker->unit);
		pool->error = -ENOEXEC;
		return;
	}
	if (executions > 0) {
		tell_death(worker, status);
		pool->measure->results->worker_deaths++;
		pool->error = judge_by_audit(pool, &worker->unit);
	}
	if (pool->error == 0)
		pool->error = start(pool, worker);
}

static void note_memory(struct pool *pool, struct cell cell, const struct rusage *usage)
{
	struct cost *cost = &pool->measure->results->cost[cell.class][cell.idiom][cell.detector];
	uint64_t rss = (uint64_t)usage->ru_maxrss;

	cost->rss_kib = rss > cost->rss_kib ? rss : cost->rss_kib;
}

static void reap(struct pool *pool, struct worker *worker)
{
	int status, error = child_wait(worker->pid, 0);
	struct rusage usage;

	if (error == -ETIMEDOUT)
		return;
	if (error == 0)
		error = child_finish(worker->pid, &status, &usage);
	worker->pid = 0;
	if (error != 0) {
		pool->error = error;
		return;
	}
	note_memory(pool, worker->unit.cell, &usage);
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0 && is_judged(pool, &worker->unit)) {
		finish_unit(pool, worker);
	} else if (measure_interrupted || pool->error != 0) {
		worker->unit.count = 0;
	} else if (WIFEXITED(status) && WEXITSTATUS(status) == MEASURE_AGAIN &&
		worker->record->executions > 0) {
		pool->error = start(pool, worker);
	} else if (WIFSIGNALED(status) || worker->record->executions > 0) {
		after_death(pool, worker, status);
	} else {
		hear_error(pool, &worker->unit);
		pool->error = -ENOEXEC;
	}
}

static void watch(struct pool *pool, struct worker *worker)
{
	int64_t now = clock_now_ms();

	if (worker->record->executions != worker->seen_executions) {
		worker->seen_executions = worker->record->executions;
		worker->seen_ms = now;
	}
	if (now - worker->seen_ms > HANG_MS)
		kill(worker->pid, SIGKILL);
	reap(pool, worker);
}

/* ---- the pool ---------------------------------------------------------------------------------- */

/* Gives a free worker the next unit that has work left. */
static void employ(struct pool *pool, struct worker *worker)
{
	while (pool->next < pool->unit_count) {
		struct unit *unit = &pool->units[pool->next++];
		AUTO_FREE uint8_t *bytes = read_bytes(pool, unit);
		uint64_t judged;

		if (bytes == NULL) {
			AUTO_FREE char *path = plans_path(pool, unit);

			pool->error = -errno;
			pool->measure->error = format("%s: %s", path, strerror(errno));
			return;
		}
		judged = count_judged(bytes, unit->count);
		pool->before += judged;
		if (judged == unit->count) {
			pool->done += unit->count;
			continue;
		}
		worker->unit = *unit;
		pool->error = start(pool, worker);
		return;
	}
}

/* False when nothing runs any more and nothing is to be started. */
static bool step(struct pool *pool)
{
	bool busy = false;

	for (unsigned i = 0; i < pool->measure->jobs; i++) {
		struct worker *worker = &pool->workers[i];

		if (worker->pid > 0)
			watch(pool, worker);
		if (worker->pid == 0 && !measure_interrupted && pool->error == 0)
			employ(pool, worker);
		busy = busy || worker->pid > 0;
	}
	return busy;
}

static void stop_workers(struct pool *pool)
{
	for (unsigned i = 0; i < pool->measure->jobs; i++)
		if (pool->workers[i].pid > 0)
			kill(pool->workers[i].pid, SIGKILL);
}

static uint64_t done_so_far(const struct pool *pool)
{
	uint64_t done = pool->done;

	for (unsigned i = 0; i < pool->measure->jobs; i++)
		if (pool->workers[i].pid > 0)
			done += pool->workers[i].record->executions;
	return done;
}

static bool open_workers(struct pool *pool)
{
	pool->workers = calloc(pool->measure->jobs, sizeof(*pool->workers));
	for (unsigned i = 0; pool->workers != NULL && i < pool->measure->jobs; i++) {
		struct worker *worker = &pool->workers[i];
		AUTO_FREE char *path = NULL;

		/* not close-on-exec: the worker opens it through /proc */
		worker->record_fd = memfd_create("fencepost", 0);
		path = format("/proc/self/fd/%d", worker->record_fd);
		worker->record = worker->record_fd >= 0 ? record_map(path) : NULL;
		if (worker->record == NULL)
			return false;
	}
	return pool->workers != NULL;
}

static void close_workers(struct pool *pool)
{
	for (unsigned i = 0; pool->workers != NULL && i < pool->measure->jobs; i++) {
		if (pool->workers[i].record != NULL)
			munmap(pool->workers[i].record, sizeof(struct record));
		if (pool->workers[i].record_fd > 0)
			close(pool->workers[i].record_fd);
	}
	free(pool->workers);
	free(pool->units);
}

int measure_judge(struct measure *measure)
{
	struct pool pool = { .measure = measure };
	struct progress progress;
	uint64_t total = 0;

	list_units(&pool);
	for (size_t i = 0; i < pool.unit_count; i++)
		total += pool.units[i].count;
	if (!open_workers(&pool)) {
		int error = -errno;

		close_workers(&pool);
		return error;
	}
	progress = progress_start("judging", "verdicts", total, 0);
	while (step(&pool)) {
		progress.before = pool.before;
		progress_show(&progress, done_so_far(&pool));
		if (measure_interrupted || pool.error != 0)
			stop_workers(&pool);
		poll(NULL, 0, POLL_MS);
	}
	progress_end(&progress);
	measure->results->judged = pool.done > pool.before ? pool.done - pool.before : 0;
	close_workers(&pool);
	if (pool.error != 0 && measure->error == NULL)
		measure->error = format("a worker could not be run: %s", child_error(pool.error));
	return pool.error;
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
	for (int c = 0; c < CLASS_COUNT; c++)
		for (int i = 0; i < IDIOM_COUNT; i++)
			for (int d = 0; d < DETECTOR_COUNT && !measure_interrupted; d++) {
				struct cell cell = { (enum plan_class)c, (enum plan_idiom)i,
					(enum detector_id)d };
				int error = 0;

				if (measurement_has_cell(measure->run, c, i, d))
					error = cost_of(measure, cell);

				if (error != 0)
					return error;
			}
	return 0;
}
