/* SPDX-License-Identifier: Apache-2.0
 * Workers that replay crashes, one of each content. */
#include "workers.h"

#include "base/interrupts.h"
#include "base/limits.h"
#include "base/pool.h"
#include "base/progress.h"
#include "base/util.h"
#include "cache.h"
#include "harnesses/base/child.h"
#include "replayer.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct work {
	struct workers *replay;
	struct crashes *crashes;
	size_t *tasks, task_count; /* crashes, one of each content */
	char *directory;
	struct replayer replayers[POOL_JOBS_MAX];
	struct pool pool;
	struct progress progress;
	pthread_mutex_t lock; /* for what answers go into */
	int error;
};

/* ---- answers --------------------------------------------------------------------------------- */

static enum crash_state state_of(int error)
{
	switch (error) {
	case 0: return CRASH_DONE;
	case -ENOENT: return CRASH_GONE;
	case -EACCES:
	case -EISDIR:
	case -ENOTSUP: /* of file_open: a FIFO, a device */
	case -EIO: return CRASH_UNREADABLE;
	default: return CRASH_FAILED;
	}
}

/* Takes over an answer, also for crashes of the same content, which stand next in the order of hashes. */
static void take(struct work *work, struct crash *crash, const struct replay_answer *answer,
	char *texts[CRASH_RUNS])
{
	struct crash_report report = { .text = texts[0],
		.wait_status = answer->wait_status,
		.timed_out = answer->timed_out,
		.out_of_memory = answer->out_of_memory };

	crash->state = state_of(answer->error);
	crash->runs = answer->runs;
	crash->crashed = answer->crashed;
	crash->varies = answer->varies;
	if (crash->state == CRASH_DONE && answer->crashed == 0)
		crash->ended = format("%.*s", (int)sizeof(answer->ended), answer->ended);
	crash->unknown = crash->ended != NULL && answer->unknown;
	if (answer->crashed > 0) {
		crash_read(&report);
		for (size_t i = 1; i < answer->text_count; i++)
			crash_add_again(&report, texts[i]);
		crash->report = report.main != NULL ? crashes_add_report(work->crashes, &report) :
						      CRASH_NONE;
	}
	crash_report_close(&report);
	work->replay->executions += answer->executions;
	work->replay->forks = work->replay->forks || answer->forks;
	work->replay->refused += answer->refused;
	if (crash->state == CRASH_FAILED && work->replay->why == NULL)
		work->replay->why = format(
			"%s: %s", work->replay->target->program, child_error(answer->error));
	if (crash->state == CRASH_DONE && work->error == 0)
		work->error = cache_add(work->replay->journal, work->crashes, crash);
}

/* One task, on the worker's replayer. */
static int replay_one(void *arg, unsigned worker, size_t task)
{
	struct work *work = arg;
	size_t crash = work->tasks[task];
	char *texts[CRASH_RUNS] = { NULL };
	struct replay_answer answer;
	int error;

	if (replayer_run(&work->replayers[worker], crash, &answer, texts) != 0)
		return POOL_GONE;
	pthread_mutex_lock(&work->lock);
	take(work, &work->crashes->list[crash], &answer, texts);
	error = work->error;
	pthread_mutex_unlock(&work->lock);
	return error;
}

/* Shows how far it is; tells who replays when all is to end. */
static void watch(void *arg, size_t done)
{
	struct work *work = arg;

	for (unsigned i = 0; i < work->pool.jobs && pool_ends(&work->pool); i++)
		replayer_stop(&work->replayers[i]);
	progress_show(&work->progress, done);
}

/* ---- crashes of one content ------------------------------------------------------------------ */

static int compare_contents(const void *a, const void *b, void *crashes)
{
	const struct crash *list = ((const struct crashes *)crashes)->list;
	size_t i = *(const size_t *)a, j = *(const size_t *)b;
	int order = strcmp(list[i].hash, list[j].hash);

	return order != 0 ? order : (i > j) - (i < j);
}

static size_t *by_content(struct crashes *crashes)
{
	size_t *order = allocate(crashes->count + 1, sizeof(*order));

	for (size_t i = 0; i < crashes->count; i++)
		order[i] = i;
	qsort_r(order, crashes->count, sizeof(*order), compare_contents, crashes);
	return order;
}

static int compare_indices(const void *a, const void *b)
{
	size_t i = *(const size_t *)a, j = *(const size_t *)b;

	return (i > j) - (i < j);
}

static void choose(struct work *work, const size_t *order)
{
	const struct crash *list = work->crashes->list, *last = NULL;

	work->tasks = allocate(work->crashes->count + 1, sizeof(*work->tasks));
	for (size_t i = 0; i < work->crashes->count; i++) {
		const struct crash *crash = &list[order[i]];

		if (crash->state != CRASH_WAITING)
			continue;
		if (last == NULL || strcmp(last->hash, crash->hash) != 0)
			work->tasks[work->task_count++] = order[i];
		last = crash;
	}
	qsort(work->tasks, work->task_count, sizeof(*work->tasks), compare_indices);
}

static const char *extension_of(const char *path)
{
	const char *slash = strrchr(path, '/'), *dot = strrchr(path, '.');

	return dot != NULL && dot > slash ? dot : "";
}

/* Does what was found of @known hold for @crash, which has the same content? That it died does, whatever the name
 * that it died under; that it did not, where a target may go by names, only for names that end alike. */
static bool holds_for(const struct work *work, const struct crash *known, const struct crash *crash)
{
	const struct program *target = work->replay->target;

	if (known->state != CRASH_DONE && known->state != CRASH_FAILED)
		return false;
	return known->crashed > 0 || !target->takes_file || target->named ||
		!work->replay->insists ||
		strcmp(extension_of(known->path), extension_of(crash->path)) == 0;
}

static void take_over(struct work *work, struct crash *crash, const struct crash *known)
{
	const char *path = crash->path;

	free(crash->ended);
	*crash = *known;
	crash->path = path;
	crash->ended = known->ended != NULL ? format("%s", known->ended) : NULL;
	if (crash->state == CRASH_DONE && work->error == 0)
		work->error = cache_add(work->replay->journal, work->crashes, crash);
}

/* Of the crashes of one content, @order[0] to @order[count - 1]. */
static void share_content(struct work *work, const size_t *order, size_t count)
{
	struct crash *list = work->crashes->list, *died = NULL;
	size_t known = 0;

	for (size_t i = 0; i < count && died == NULL; i++) {
		known += list[order[i]].state != CRASH_WAITING;
		if (list[order[i]].state == CRASH_DONE && list[order[i]].crashed > 0)
			died = &list[order[i]];
	}
	for (size_t i = 0; i < count; i++) {
		struct crash *crash = &list[order[i]];
		bool quiet = crash->state == CRASH_DONE && crash->crashed == 0;

		if (died != NULL && (quiet || crash->state == CRASH_WAITING))
			take_over(work, crash, died);
		for (size_t k = 0; known > 0 && k < count && crash->state == CRASH_WAITING; k++)
			if (holds_for(work, &list[order[k]], crash))
				take_over(work, crash, &list[order[k]]);
	}
}

/* What was found of one holds for others of its content. */
static void share(struct work *work, const size_t *order)
{
	const struct crash *list = work->crashes->list;

	for (size_t i = 0, end; i < work->crashes->count; i = end) {
		end = i + 1;
		while (end < work->crashes->count &&
			strcmp(list[order[i]].hash, list[order[end]].hash) == 0)
			end++;
		share_content(work, order + i, end - i);
	}
}

/* 0, or -errno when there is none. */
static int start_replayers(struct work *work, unsigned jobs, unsigned *ret_started)
{
	const struct replayer_options options = { .target = work->replay->target,
		.limits = work->replay->limits,
		.insists = work->replay->insists,
		.list = work->crashes->list };
	int error = 0;

	for (*ret_started = 0; *ret_started < jobs && error == 0; *ret_started += error == 0) {
		AUTO_FREE char *directory = format("%s/%u", work->directory, *ret_started);

		error = replayer_start(&options, directory, work->replayers, *ret_started);
	}
	return *ret_started > 0 ? 0 : error; /* fewer do as well */
}

/* A crash file that was deleted leaves those of its content waiting: they are another round's. So does a replayer that
 * died. */
static int replay_round(struct work *work, const size_t *order)
{
	unsigned jobs, started;

	choose(work, order);
	if (work->task_count == 0)
		return 0;
	jobs = work->replay->jobs < POOL_JOBS_MAX ? work->replay->jobs : POOL_JOBS_MAX;
	jobs = limits_jobs(jobs, 1);
	jobs = jobs < work->task_count ? jobs : (unsigned)work->task_count;
	work->error = start_replayers(work, jobs, &started);
	work->pool = (struct pool){ .count = work->task_count,
		.jobs = started,
		.work = replay_one,
		.watch = watch,
		.arg = work };
	work->progress = progress_start("replaying", "crashes", work->task_count, 0);
	if (work->error == 0)
		pool_run(&work->pool);
	progress_end(&work->progress);
	for (unsigned i = 0; i < started; i++)
		replayer_end(&work->replayers[i]);
	if (work->error == 0)
		share(work, order);
	return work->error;
}

static size_t count_waiting(const struct crashes *crashes)
{
	size_t n = 0;

	for (size_t i = 0; i < crashes->count; i++)
		n += crashes->list[i].state == CRASH_WAITING;
	return n;
}

int workers_replay(struct workers *replay, struct crashes *crashes)
{
	AUTO_FREE char *parent = realpath(
		getenv("TMPDIR") != NULL ? getenv("TMPDIR") : "/tmp", NULL);
	struct work work = { .replay = replay,
		.crashes = crashes,
		.directory = format("%s/fencepost-XXXXXX", parent != NULL ? parent : "/tmp"),
		.lock = PTHREAD_MUTEX_INITIALIZER };
	size_t *order = by_content(crashes), before = count_waiting(crashes), now;

	/* passed through by a target that becomes another user (exec/logs.h), but not listed */
	if (mkdtemp(work.directory) == NULL || chmod(work.directory, 0711) != 0)
		work.error = -errno;
	for (; work.error == 0 && before > 0 && !interrupts_came(); before = now) {
		work.task_count = 0;
		free(work.tasks);
		work.tasks = NULL;
		replay_round(&work, order);
		now = count_waiting(crashes);
		if (now == before) /* workers that cannot start would be asked again for ever */
			break;
	}
	if (work.error != 0 && replay->why == NULL)
		replay->why = format("%s: %s", work.directory, strerror(-work.error));
	file_remove_tree(work.directory);
	free(work.directory);
	free(work.tasks);
	free(order);
	if (work.error != 0)
		return work.error;
	return interrupts_came() && count_waiting(crashes) > 0 ? 1 : 0;
}
