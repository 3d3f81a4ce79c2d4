/* SPDX-License-Identifier: Apache-2.0
 * Workers that replay crashes, and the one that listens to them. */
#include "workers.h"

#include "base/limits.h"
#include "base/progress.h"
#include "base/util.h"
#include "cache.h"
#include "hang.h"
#include "harnesses/base/child.h"
#include "inputs/names.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define JOBS_MAX  256
#define POLL_MS   100
#define TEXT_MAX  (8u << 20)
#define AGAIN_MS  1000             /* the least that another run of a hang gets */
#define ENDED_MAX (8 * EXEC_WORDS) /* each byte may be escaped */

/* What a worker says of one crash; the @text_count texts of its report follow, the first one and those of its
 * further runs. */
struct answer {
	size_t crash;
	int error; /* -errno of exec_run */
	unsigned runs, crashed;
	bool varies, forks, unknown;
	bool refused; /* a stack that is missing could not be traced */
	int wait_status;
	bool timed_out, out_of_memory;
	unsigned executions;
	size_t text_count, text_sizes[CRASH_RUNS];
	char ended[ENDED_MAX]; /* of the last run that did not die */
};

/* Shared with the workers: which of the tasks is next. */
struct shared {
	size_t next;
	volatile sig_atomic_t stop; /* for those too that workers start */
};

struct pool {
	struct workers *replay;
	struct crashes *crashes;
	size_t *tasks, task_count; /* crashes, one of each content */
	struct shared *shared;
	char *directory;
	struct worker {
		pid_t pid;
		int fd;

	} workers[JOBS_MAX];
	unsigned started;
	size_t done;
	int error;
};

/* ---- a worker -------------------------------------------------------------------------------- */

static volatile sig_atomic_t *worker_stop;

static void on_stop(int signal_number)
{
	(void)signal_number;
	*worker_stop = 1;
}

static bool write_all(int fd, const void *bytes, size_t size)
{
	for (size_t done = 0; done < size;) {
		ssize_t written = write(fd, (const char *)bytes + done, size - done);

		if (written < 0 && errno == EINTR)
			continue;
		if (written <= 0)
			return false;
		done += (size_t)written;
	}
	return true;
}

/* How the process ended that did not die. */
static void keep_end(struct answer *answer, const struct exec_end *end)
{
	AUTO_FREE char *ended = crash_ended(end->wait_status, end->words, end->caught);

	snprintf(answer->ended, sizeof(answer->ended), "%s", ended);
	answer->unknown = crash_end_unknown(end->wait_status, end->words, end->caught);
}

/* Takes over what a run died of: the first report is kept, and of a hang all that say where it is. */
static void keep_report(
	struct answer *answer, struct crash_report *first, struct crash_report *report)
{
	bool hangs_again = answer->crashed > 1 && hang_is(first) && hang_is(report);

	/* where a hang was stopped is luck */
	answer->varies = answer->varies ||
		(answer->crashed > 1 && !hangs_again && report->signature != first->signature);
	if (answer->crashed == 1) {
		crash_report_move(report, first);
	} else if (hangs_again) {
		crash_add_again(first, report->text);
		report->text = NULL;
	}
}

static bool died_of_signal(const char *path)
{
	const char *slash = strrchr(path, '/');

	return names_signal(slash != NULL ? slash + 1 : path);
}

/* One run of one crash, usual or @alone; what it died of is added to @answer and @first. */
static int run_once(struct exec *runner, const char *path, bool alone, struct answer *answer,
	struct crash_report *first)
{
	struct exec_end end = { 0 };
	int error = alone ? exec_run_alone(runner, path, died_of_signal(path), &end) :
			    exec_run(runner, path, &end);
	struct crash_report report;

	if (error != 0)
		return error;
	report = (struct crash_report){ .text = crash_clean(end.text, end.size),
		.wait_status = end.wait_status,
		.timed_out = end.timed_out,
		.out_of_memory = end.out_of_memory };
	crash_read(&report);
	answer->runs++;
	answer->executions++;
	if (report.main == NULL) {
		keep_end(answer, &end);
	} else {
		answer->crashed++;
		keep_report(answer, first, &report);
	}
	crash_report_close(&report);
	return 0;
}

/* One that hangs costs its whole limit each time: it is run again only if it says where it is. */
static bool is_worth_a_run(const struct crash_report *first)
{
	return !first->timed_out || (hang_is(first) && hang_stopped(first->reports) != NULL);
}

/* What is known to hang gets half of the time, then a quarter. */
static int limit_of(int limit_ms, const struct answer *answer, const struct crash_report *first)
{
	int shorter = limit_ms >> (first->timed_out ? answer->crashed : 0);
	int least = limit_ms < AGAIN_MS ? limit_ms : AGAIN_MS;

	return shorter > least ? shorter : least;
}

static void run_all(struct exec *runner, const char *path, bool alone, int limit_ms,
	struct answer *answer, struct crash_report *first)
{
	answer->runs = 0;
	while (answer->runs < CRASH_RUNS && answer->error == 0 && is_worth_a_run(first)) {
		exec_limit_time(runner, limit_of(limit_ms, answer, first));
		answer->error = run_once(runner, path, alone, answer, first);
	}
}

/* The stack of what left none is added to what it said. */
static void trace_once(struct exec *runner, const char *path, bool alone, int limit_ms,
	struct answer *answer, struct crash_report *first)
{
	AUTO_FREE char *stack = NULL;

	if (answer->error != 0 || answer->crashed == 0 || !crash_lacks_stack(first))
		return;
	exec_limit_time(runner, limit_of(limit_ms, answer, first));
	answer->refused = exec_trace(runner, path, alone, &stack) != 0;
	answer->executions += !answer->refused;
	if (stack != NULL)
		crash_add_stack(first, stack);
}

static bool send_texts(int fd, const struct answer *answer, const struct crash_report *first)
{
	bool sent = true;

	for (size_t i = 0; sent && i < answer->text_count; i++)
		sent = write_all(
			fd, i == 0 ? first->text : first->again[i - 1].text, answer->text_sizes[i]);
	return sent;
}

static bool replay_one(const struct workers *replay, struct exec *runner, const struct crash *crash,
	size_t index, int fd)
{
	/* its padding is sent too */
	static struct answer answer;
	struct crash_report first = { 0 };
	int limit_ms = replay->limits.timeout_ms;
	bool sent, alone;

	memset(&answer, 0, sizeof(answer));
	answer.crash = index;
	run_all(runner, crash->path, false, limit_ms, &answer, &first);
	alone = answer.error == 0 && answer.crashed == 0 && replay->insists &&
		exec_alone_differs(runner);
	if (alone)
		run_all(runner, crash->path, true, limit_ms, &answer, &first);
	trace_once(runner, crash->path, alone, limit_ms, &answer, &first);
	answer.forks = exec_forks(runner);
	answer.wait_status = first.wait_status;
	answer.timed_out = first.timed_out;
	answer.out_of_memory = first.out_of_memory;
	answer.text_count = first.text != NULL ? 1 + first.again_count : 0;
	for (size_t i = 0; i < answer.text_count; i++)
		answer.text_sizes[i] = strnlen(
			i == 0 ? first.text : first.again[i - 1].text, TEXT_MAX);
	sent = answer.error != -ECANCELED && write_all(fd, &answer, sizeof(answer)) &&
		send_texts(fd, &answer, &first);
	crash_report_close(&first);
	return sent;
}

struct work {
	const struct pool *pool;
	unsigned number;
};

static void work_some(void *arg)
{
	const struct pool *pool = ((const struct work *)arg)->pool;
	unsigned number = ((const struct work *)arg)->number;
	AUTO_FREE char *directory = format("%s/%u", pool->directory, number);
	struct sigaction action = { .sa_handler = on_stop };
	struct exec *runner;

	worker_stop = &pool->shared->stop;
	sigaction(SIGTERM, &action, NULL);
	signal(SIGINT, SIG_IGN);
	signal(SIGHUP, SIG_IGN);
	if (file_make_directories(directory) != 0 || chmod(directory, 0711) != 0 ||
		exec_adopt() != 0)
		_exit(1);
	runner = exec_open(pool->replay->target, pool->replay->limits, directory, worker_stop);
	if (runner == NULL)
		_exit(1);
	while (!*worker_stop) {
		size_t task = __atomic_fetch_add(&pool->shared->next, 1, __ATOMIC_RELAXED);

		if (task >= pool->task_count ||
			!replay_one(pool->replay, runner, &pool->crashes->list[pool->tasks[task]],
				pool->tasks[task], STDOUT_FILENO))
			break;
	}
	exec_close(runner);
	_exit(0);
}

/* ---- the listener ---------------------------------------------------------------------------- */

static bool read_all(int fd, void *bytes, size_t size)
{
	for (size_t done = 0; done < size;) {
		ssize_t got = read(fd, (char *)bytes + done, size - done);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return false;
		done += (size_t)got;
	}
	return true;
}

static int start(struct pool *pool, unsigned number)
{
	struct work work = { pool, number };
	/* a Ctrl-C is for who listens to act upon */
	const struct child_options options = { .call = work_some,
		.arg = &work,
		.standard = { STDIN_FILENO, CHILD_PIPE, STDERR_FILENO },
		.place = CHILD_GROUP,
		.death_signal = SIGTERM };
	int ends[3];
	pid_t pid = child_spawn(&options, ends);

	if (pid < 0)
		return pid;
	pool->workers[pool->started++] = (struct worker){ pid, ends[STDOUT_FILENO] };
	return 0;
}

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
static void take(struct pool *pool, const struct answer *answer, char *texts[CRASH_RUNS])
{
	struct crash *crash = &pool->crashes->list[answer->crash];
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
		crash->report = report.main != NULL ? crashes_add_report(pool->crashes, &report) :
						      CRASH_NONE;
	}
	crash_report_close(&report);
	pool->replay->executions += answer->executions;
	pool->replay->forks = pool->replay->forks || answer->forks;
	pool->replay->refused += answer->refused;
	if (crash->state == CRASH_FAILED && pool->replay->why == NULL)
		pool->replay->why = format(
			"%s: %s", pool->replay->target->program, child_error(answer->error));
	if (crash->state == CRASH_DONE && pool->error == 0)
		pool->error = cache_add(pool->replay->journal, pool->crashes, crash);
	pool->done++;
}

/* False when the worker ends before; then there is nothing to free. */
static bool read_texts(int fd, const struct answer *answer, char *ret[CRASH_RUNS])
{
	size_t read = 0;

	for (; read < answer->text_count; read++) {
		size_t size = answer->text_sizes[read];

		ret[read] = calloc(1, size + 1);
		if (ret[read] == NULL)
			abort();
		if (!read_all(fd, ret[read], size)) {
			do
				free(ret[read]);
			while (read-- > 0);
			return false;
		}
	}
	return true;
}

static bool is_sane(const struct pool *pool, const struct answer *answer)
{
	bool sane = answer->crash < pool->crashes->count && answer->text_count <= CRASH_RUNS &&
		(answer->text_count > 0 || answer->crashed == 0);

	for (size_t i = 0; sane && i < answer->text_count; i++)
		sane = answer->text_sizes[i] <= TEXT_MAX;
	return sane;
}

/* False at the worker's end. */
static bool listen_to(struct pool *pool, struct worker *worker)
{
	struct answer answer;
	char *texts[CRASH_RUNS] = { NULL };

	if (!read_all(worker->fd, &answer, sizeof(answer)) || !is_sane(pool, &answer) ||
		!read_texts(worker->fd, &answer, texts))
		return false;
	take(pool, &answer, texts);
	return true;
}

static void end(struct worker *worker)
{
	close(worker->fd);
	worker->fd = -1;
	child_finish(worker->pid, NULL, NULL);
}

static void stop_all(const struct pool *pool)
{
	for (unsigned i = 0; i < pool->started; i++)
		if (pool->workers[i].fd >= 0)
			kill(pool->workers[i].pid, SIGTERM);
}

/* Until every worker is gone. */
static void listen_all(struct pool *pool, struct progress *progress)
{
	bool stopped = false;

	for (unsigned left = pool->started; left > 0;) {
		struct pollfd fds[JOBS_MAX];

		for (unsigned i = 0; i < pool->started; i++)
			fds[i] = (struct pollfd){ pool->workers[i].fd, POLLIN, 0 };
		if (poll(fds, pool->started, POLL_MS) > 0)
			for (unsigned i = 0; i < pool->started; i++)
				if (fds[i].revents != 0 && !listen_to(pool, &pool->workers[i])) {
					end(&pool->workers[i]);
					left--;
				}
		if (!stopped && (*pool->replay->interrupts > 0 || pool->error != 0)) {
			stop_all(pool);
			stopped = true;
		}
		progress_show(progress, pool->done);
	}
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
	size_t *order = calloc(crashes->count + 1, sizeof(*order));

	if (order == NULL)
		abort();
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

static void choose(struct pool *pool, const size_t *order)
{
	const struct crash *list = pool->crashes->list, *last = NULL;

	pool->tasks = calloc(pool->crashes->count + 1, sizeof(*pool->tasks));
	if (pool->tasks == NULL)
		abort();
	for (size_t i = 0; i < pool->crashes->count; i++) {
		const struct crash *crash = &list[order[i]];

		if (crash->state != CRASH_WAITING)
			continue;
		if (last == NULL || strcmp(last->hash, crash->hash) != 0)
			pool->tasks[pool->task_count++] = order[i];
		last = crash;
	}
	qsort(pool->tasks, pool->task_count, sizeof(*pool->tasks), compare_indices);
}

static const char *extension_of(const char *path)
{
	const char *slash = strrchr(path, '/'), *dot = strrchr(path, '.');

	return dot != NULL && dot > slash ? dot : "";
}

/* Does what was found of @known hold for @crash, which has the same content? That it died does, whatever the name
 * that it died under; that it did not, where a target may go by names, only for names that end alike. */
static bool holds_for(const struct pool *pool, const struct crash *known, const struct crash *crash)
{
	const struct program *target = pool->replay->target;

	if (known->state != CRASH_DONE && known->state != CRASH_FAILED)
		return false;
	return known->crashed > 0 || !target->takes_file || target->named ||
		!pool->replay->insists ||
		strcmp(extension_of(known->path), extension_of(crash->path)) == 0;
}

static void take_over(struct pool *pool, struct crash *crash, const struct crash *known)
{
	const char *path = crash->path;

	free(crash->ended);
	*crash = *known;
	crash->path = path;
	crash->ended = known->ended != NULL ? format("%s", known->ended) : NULL;
	if (crash->state == CRASH_DONE && pool->error == 0)
		pool->error = cache_add(pool->replay->journal, pool->crashes, crash);
}

/* Of the crashes of one content, @order[0] to @order[count - 1]. */
static void share_content(struct pool *pool, const size_t *order, size_t count)
{
	struct crash *list = pool->crashes->list, *died = NULL;
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
			take_over(pool, crash, died);
		for (size_t k = 0; known > 0 && k < count && crash->state == CRASH_WAITING; k++)
			if (holds_for(pool, &list[order[k]], crash))
				take_over(pool, crash, &list[order[k]]);
	}
}

/* What was found of one holds for others of its content. */
static void share(struct pool *pool, const size_t *order)
{
	const struct crash *list = pool->crashes->list;

	for (size_t i = 0, end; i < pool->crashes->count; i = end) {
		end = i + 1;
		while (end < pool->crashes->count &&
			strcmp(list[order[i]].hash, list[order[end]].hash) == 0)
			end++;
		share_content(pool, order + i, end - i);
	}
}

/* A crash file that was deleted leaves those of its content waiting: they are another round's. */
static int replay_round(struct pool *pool, const size_t *order)
{
	struct workers *replay = pool->replay;
	struct progress progress;
	unsigned jobs;

	choose(pool, order);
	if (pool->task_count == 0)
		return 0;
	pool->shared->next = 0;
	jobs = limits_jobs(replay->jobs < JOBS_MAX ? replay->jobs : JOBS_MAX, 1);
	if (jobs > pool->task_count)
		jobs = (unsigned)pool->task_count;
	for (unsigned i = 0; i < jobs && pool->error == 0; i++)
		pool->error = start(pool, i);
	if (pool->started > 0) /* fewer workers do as well */
		pool->error = 0;
	progress = progress_start("replaying", "crashes", pool->task_count, 0);
	listen_all(pool, &progress);
	progress_end(&progress);
	if (pool->error == 0)
		share(pool, order);
	return pool->error;
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
	struct pool pool = { .replay = replay,
		.crashes = crashes,
		.directory = format("%s/fencepost-XXXXXX", parent != NULL ? parent : "/tmp"),
		.shared = mmap(NULL, sizeof(struct shared), PROT_READ | PROT_WRITE,
			MAP_SHARED | MAP_ANONYMOUS, -1, 0) };
	size_t *order = by_content(crashes), before = count_waiting(crashes), now;

	if (pool.shared == MAP_FAILED)
		abort();
	/* passed through by a target that becomes another user (exec/logs.h), but not listed */
	if (mkdtemp(pool.directory) == NULL || chmod(pool.directory, 0711) != 0)
		pool.error = -errno;
	for (; pool.error == 0 && before > 0 && *replay->interrupts == 0; before = now) {
		pool.started = 0;
		pool.task_count = 0;
		pool.done = 0;
		free(pool.tasks);
		pool.tasks = NULL;
		replay_round(&pool, order);
		now = count_waiting(crashes);
		if (now == before) /* workers that cannot start would be asked again for ever */
			break;
	}
	if (pool.error != 0 && replay->why == NULL)
		replay->why = format("%s: %s", pool.directory, strerror(-pool.error));
	file_remove_tree(pool.directory);
	munmap(pool.shared, sizeof(*pool.shared));
	free(pool.directory);
	free(pool.tasks);
	free(order);
	if (pool.error != 0)
		return pool.error;
	return *replay->interrupts > 0 && count_waiting(crashes) > 0 ? 1 : 0;
}
