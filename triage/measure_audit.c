/* SPDX-License-Identifier: Apache-2.0
 * Which plans of a run are audited, and what the audits say beside the fast way. */
#include "measure.h"

#include "audit.h"
#include "file.h"
#include "progress.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define PER_STRATUM 4
#define WINDOW      (1u << 18) /* bytes of a per-plan file that are read at a time */

/* ---- sampling ------------------------------------------------------------------------------------ */

/* Plans by rank: a hash of their number, so that a sample is the same whoever takes it. */
struct pick {
	uint64_t rank, index;
	uint8_t outcome;
};

/* The @most picks of lowest rank so far. */
struct picks {
	struct pick *list;
	size_t count, most;
};

static uint64_t rank_of(uint64_t index)
{
	uint64_t z = (index + 1) * 0x9e3779b97f4a7c15u;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	z = (z ^ z >> 27) * 0x94d049bb133111ebu;
	return z ^ z >> 31;
}

/* Sorted by rank; what is too much falls off the end. */
static void offer(struct picks *picks, struct pick pick)
{
	size_t i = picks->count;

	if (picks->count == picks->most) {
		if (picks->most == 0 || picks->list[picks->most - 1].rank <= pick.rank)
			return;
		i--;
	} else {
		picks->count++;
	}
	for (; i > 0 && picks->list[i - 1].rank > pick.rank; i--)
		picks->list[i] = picks->list[i - 1];
	picks->list[i] = pick;
}

struct cell_picks {
	struct pick strata[REGION_COUNT][256][PER_STRATUM];
	uint8_t counts[REGION_COUNT][256];
	struct picks random;
};

static void consider(struct cell_picks *picks, enum plan_region region, struct pick pick)
{
	struct picks stratum = { picks->strata[region][pick.outcome],
		picks->counts[region][pick.outcome], PER_STRATUM };

	offer(&stratum, pick);
	picks->counts[region][pick.outcome] = (uint8_t)stratum.count;
	offer(&picks->random, pick);
}

static int read_picks(const struct run *run, struct cell cell, struct cell_picks *picks)
{
	AUTO_FREE char *path = run_plans_path(run, cell.class, cell.idiom, cell.detector);
	AUTO_FREE uint8_t *bytes = malloc(WINDOW);
	uint64_t index = 0, count = run_count(run, cell.class);
	int fd = open(path, O_RDONLY | O_CLOEXEC), error = 0;
	ssize_t got = 0;

	if (fd < 0)
		return -errno;
	while (bytes != NULL && (got = read(fd, bytes, WINDOW)) > 0)
		for (ssize_t k = 0; k < got && index < count; k++, index++) {
			struct plan plan;

			if (bytes[k] == OUTCOME_NONE)
				continue;
			plan = run_plan(run, cell.class, cell.idiom, index);
			consider(picks, plan.region,
				(struct pick){ rank_of(index), index, bytes[k] });
		}
	if (bytes == NULL || got < 0)
		error = bytes == NULL ? -ENOMEM : -errno;
	close(fd);
	return error;
}

/* ---- the list ------------------------------------------------------------------------------------ */

struct list {
	struct audited *list;
	size_t count;
};

static bool is_listed(const struct list *list, size_t from, uint64_t index)
{
	for (size_t i = from; i < list->count; i++)
		if (list->list[i].index == index)
			return true;
	return false;
}

static void add(struct list *list, struct cell cell, struct pick pick)
{
	if (list->count % 1024 == 0)
		list->list = realloc(list->list, (list->count + 1024) * sizeof(*list->list));
	if (list->list == NULL)
		abort();
	list->list[list->count++] =
		(struct audited){ .cell = cell, .index = pick.index, .fast = pick.outcome };
}

static int list_cell(const struct measure *measure, struct cell cell, struct list *list)
{
	AUTO_FREE struct cell_picks *picks = calloc(1, sizeof(*picks));
	AUTO_FREE struct pick *random = calloc(measure->run->audits + 1, sizeof(*random));
	size_t from = list->count;
	int error;

	if (picks == NULL || random == NULL)
		return -ENOMEM;
	picks->random = (struct picks){ random, 0, measure->run->audits };
	error = read_picks(measure->run, cell, picks);
	for (int region = 0; error == 0 && region < REGION_COUNT; region++)
		for (int outcome = 0; outcome < 256; outcome++)
			for (int i = 0; i < picks->counts[region][outcome]; i++)
				add(list, cell, picks->strata[region][outcome][i]);
	for (size_t i = 0; i < picks->random.count; i++)
		if (list->count - from < measure->run->audits &&
			!is_listed(list, from, random[i].index))
			add(list, cell, random[i]);
	return error;
}

/* ---- running them -------------------------------------------------------------------------------- */

struct shift {
	const struct measure *measure;
	enum detector_id detector;
	struct audited *audited; /* all of one detector */
	struct audit *audits;
	size_t count, next, done;
	int error;
};

static void *audit_some(void *arg)
{
	struct shift *shift = arg;
	AUTO_FREE char *program = format("build/bin/replay-%s", detectors[shift->detector].slug);
	struct audit_runner runner = { &detectors[shift->detector], program, false };
	struct audit_server *server = audit_server_open(&runner);
	size_t i;

	if (server == NULL)
		__atomic_store_n(&shift->error, -EAGAIN, __ATOMIC_RELAXED);
	while (server != NULL && !measure_interrupted &&
		__atomic_load_n(&shift->error, __ATOMIC_RELAXED) == 0 &&
		(i = __atomic_fetch_add(&shift->next, 1, __ATOMIC_RELAXED)) < shift->count) {
		struct audited *audited = &shift->audited[i];
		struct plan plan = run_plan(shift->measure->run, audited->cell.class,
			audited->cell.idiom, audited->index);
		int error = audit_server_run(server, &plan, &shift->audits[i]);

		if (error != 0)
			__atomic_store_n(&shift->error, error, __ATOMIC_RELAXED);
		__atomic_fetch_add(&shift->done, 1, __ATOMIC_RELAXED);
	}
	audit_server_close(server);
	return NULL;
}

static void take_over(struct audited *audited, const struct audit *audit)
{
	const struct evidence *evidence = &audit->evidence;

	audited->audit = outcome_of(audit->verdict, audit->cause);
	strcpy(audited->kind, audit->seen.kind);
	audited->distance = (uint64_t)evidence->offset;
	audited->shadow_count = evidence->shadow_count;
	memcpy(audited->shadow, evidence->shadow, sizeof(audited->shadow));
}

static int run_shift(
	struct measure *measure, struct shift *shift, struct progress *progress, size_t before)
{
	AUTO_FREE char *program = format("build/bin/replay-%s", detectors[shift->detector].slug);
	struct audit_runner runner = { &detectors[shift->detector], program, false };
	AUTO_FREE pthread_t *threads = calloc(shift->measure->jobs, sizeof(*threads));
	unsigned started = 0;

	shift->audits = calloc(shift->count, sizeof(*shift->audits));
	if (threads == NULL || shift->audits == NULL)
		return -ENOMEM;
	while (started < shift->measure->jobs &&
		pthread_create(&threads[started], NULL, audit_some, shift) == 0)
		started++;
	while (started > 0 && __atomic_load_n(&shift->done, __ATOMIC_RELAXED) < shift->count &&
		__atomic_load_n(&shift->error, __ATOMIC_RELAXED) == 0 && !measure_interrupted) {
		progress_show(progress, before + __atomic_load_n(&shift->done, __ATOMIC_RELAXED));
		usleep(5000);
	}
	for (unsigned i = 0; i < started; i++)
		pthread_join(threads[i], NULL);
	if (started == 0)
		shift->error = -EAGAIN;
	if (shift->error == 0 && !measure_interrupted) {
		shift->error = audit_symbolize(&runner, shift->audits, shift->count);
		if (shift->error == -ENOENT)
			measure->error = format(
				"llvm-symbolizer is missing: scripts/bootstrap build");
	}
	for (size_t i = 0; i < shift->count; i++) {
		take_over(&shift->audited[i], &shift->audits[i]);
		audit_free(&shift->audits[i]);
	}
	free(shift->audits);
	return shift->error;
}

static int audit_all(struct measure *measure, struct list *list)
{
	struct progress progress = progress_start("auditing", "plans", list->count, 0);
	size_t begin = 0;
	int error = 0;

	while (begin < list->count && error == 0 && !measure_interrupted) {
		enum detector_id detector = list->list[begin].cell.detector;
		struct shift shift = {
			.measure = measure, .detector = detector, .audited = &list->list[begin]
		};

		while (begin + shift.count < list->count &&
			list->list[begin + shift.count].cell.detector == detector)
			shift.count++;
		error = run_shift(measure, &shift, &progress, begin);
		begin += shift.count;
	}
	progress_end(&progress);
	return error;
}

int measure_audit(struct measure *measure)
{
	struct list list = { 0 };
	int error = 0;

	/* detector by detector: the frames of one program are symbolized together */
	for (int d = 0; d < DETECTOR_COUNT; d++)
		for (int c = 0; c < CLASS_COUNT; c++)
			for (int i = 0; i < IDIOM_COUNT && error == 0; i++)
				if (run_has_cell(measure->run, c, i, d))
					error = list_cell(measure,
						(struct cell){ (enum plan_class)c,
							(enum plan_idiom)i, (enum detector_id)d },
						&list);
	if (error == 0)
		error = audit_all(measure, &list);
	if (error != 0 && measure->error == NULL)
		measure->error = format("audits could not be run: %s", strerror(-error));
	measure->results->audited = list.list;
	measure->results->audited_count = measure_interrupted ? 0 : list.count;
	return error;
}
