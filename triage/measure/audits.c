/* SPDX-License-Identifier: Apache-2.0
 * Chooses the plans for audits, and compares the audits with the fast way. */
#include "audits.h"

#include "audit/audit.h"
#include "audit/server.h"
#include "base/interrupts.h"
#include "base/progress.h"
#include "base/util.h"
#include "runs/draw.h"
#include "runs/toolchain.h"
#include "workers.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define WINDOW 65536 /* bytes of a per-plan file that are read at a time */

/* ---- sampling ------------------------------------------------------------------------------------ */

/* A cell whose bytes are being read. */
struct reading {
	struct cell cell;
	int fd, kinds_fd;
	ssize_t got; /* of the window at hand */
	uint8_t *window, *heard;
	struct heard_table kinds;
	struct draw *draw;
};

/* The bytes of @fd from @at, fewer only at its end; or -errno. */
static ssize_t read_some(int fd, void *bytes, size_t count, uint64_t at)
{
	size_t done = 0;

	while (done < count) {
		ssize_t got = pread(fd, (uint8_t *)bytes + done, count - done, (off_t)(at + done));

		if (got == 0)
			break;
		if (got < 0 && errno != EINTR)
			return -errno;
		done += got > 0 ? (size_t)got : 0;
	}
	return (ssize_t)done;
}

/* All windows must hold the same plans: only that at the end may be short. What is lacking of the kinds is not
 * known. */
static int read_window(struct reading *reading, uint64_t start)
{
	ssize_t heard = 0;

	reading->got = read_some(reading->fd, reading->window, WINDOW, start);
	if (reading->kinds_fd >= 0)
		heard = read_some(
			reading->kinds_fd, reading->heard, WINDOW, HEARD_BYTES_AT + start);
	heard = heard > 0 ? heard : 0;
	memset(reading->heard + heard, HEARD_UNKNOWN, (size_t)(WINDOW - heard));
	return reading->got < 0 ? (int)reading->got : 0;
}

static bool is_judged(const struct reading *reading, ssize_t k)
{
	return k < reading->got && reading->window[k] != OUTCOME_NONE;
}

static enum plan_region region_of(const struct measurement *run, struct cell cell, uint64_t index)
{
	struct plan plan = measurement_plan(run, cell.class, cell.idiom, index);

	return plan.region;
}

/* A plan is decoded once for all detectors: that costs more than all else here. */
static void consider_window(
	const struct measurement *run, struct reading *readings, size_t count, uint64_t start)
{
	uint64_t left = measurement_count(run, readings->cell.class) - start;

	for (ssize_t k = 0; k < WINDOW && (uint64_t)k < left; k++) {
		uint64_t index = start + (uint64_t)k;
		enum plan_region region = REGION_COUNT;

		for (size_t i = 0; i < count; i++) {
			if (!is_judged(&readings[i], k))
				continue;
			if (region == REGION_COUNT)
				region = region_of(run, readings->cell, index);
			draw_offer(readings[i].draw, region,
				(struct draw_pick){
					measurement_part_first(run->parts, readings->cell.class) +
						index,
					index, readings[i].window[k], readings[i].heard[k] });
		}
	}
}

/* The picks of @count cells of one class and idiom. */
static int read_picks(const struct measurement *run, struct reading *readings, size_t count)
{
	uint64_t end = measurement_count(run, readings->cell.class);
	int error = 0;

	for (uint64_t start = 0; start < end && error == 0; start += WINDOW) {
		for (size_t i = 0; i < count && error == 0; i++)
			error = read_window(&readings[i], start);
		if (error == 0)
			consider_window(run, readings, count, start);
	}
	return error;
}

/* ---- the list ------------------------------------------------------------------------------------ */

struct list {
	struct audited *list;
	size_t count;
};

static int open_reading(const struct measurement *run, struct cell cell, struct reading *ret)
{
	AUTO_FREE char *path = measurement_plans_path(run, cell.class, cell.idiom, cell.detector);
	AUTO_FREE char *kinds = measurement_kinds_path(run, cell.class, cell.idiom, cell.detector);

	*ret = (struct reading){ .cell = cell,
		.fd = file_open(path),
		.kinds_fd = file_open(kinds),
		.window = allocate(1, WINDOW),
		.heard = allocate(1, WINDOW),
		.draw = draw_new(run->audits) };
	if (ret->fd < 0)
		return ret->fd;
	if (ret->kinds_fd >= 0)
		read_some(ret->kinds_fd, &ret->kinds, sizeof(ret->kinds), 0);
	return 0;
}

static void close_reading(struct reading *reading)
{
	if (reading->fd >= 0)
		close(reading->fd);
	if (reading->kinds_fd >= 0)
		close(reading->kinds_fd);
	draw_free(reading->draw);
	free(reading->window);
	free(reading->heard);
}

/* The cells of one class and idiom, each onto the list of its detector. */
static int list_cells(const struct measurement *run, int class, int idiom, struct list *lists)
{
	struct reading readings[DETECTOR_COUNT];
	size_t count = 0;
	int error = 0;

	for (int d = 0; d < DETECTOR_COUNT && error == 0; d++)
		if (measurement_has_cell(run, class, idiom, d))
			error = open_reading(run,
				(struct cell){ (enum plan_class) class, (enum plan_idiom)idiom,
					(enum detector_id)d },
				&readings[count++]);
	if (error == 0 && count > 0)
		error = read_picks(run, readings, count);
	for (size_t i = 0; i < count; i++) {
		struct list *list = &lists[readings[i].cell.detector];

		if (error == 0)
			draw_list(readings[i].draw, readings[i].cell, &readings[i].kinds,
				run->job != NULL, &list->list, &list->count);
		close_reading(&readings[i]);
	}
	return error;
}

/* Detector by detector: the frames of one program are symbolized together. */
static int list_all(const struct measurement *run, struct list *ret)
{
	struct list lists[DETECTOR_COUNT] = { 0 };
	int error = 0;

	for (int c = 0; c < CLASS_COUNT; c++)
		for (int i = 0; i < IDIOM_COUNT && error == 0; i++)
			error = list_cells(run, c, i, lists);
	for (int d = 0; d < DETECTOR_COUNT; d++) {
		for (size_t i = 0; i < lists[d].count; i++) {
			ret->list = list_grow(ret->list, ret->count, sizeof(*ret->list));
			ret->list[ret->count++] = lists[d].list[i];
		}
		free(lists[d].list);
	}
	return error;
}

/* ---- running them -------------------------------------------------------------------------------- */

/* Those of one detector. */
struct shift {
	const struct measurement *run;
	struct audited *audited;
	size_t count, before; /* audited already */
	struct progress *progress;
};

static struct plan plan_of(void *arg, size_t i)
{
	const struct shift *shift = arg;
	const struct audited *audited = &shift->audited[i];

	return measurement_plan(
		shift->run, audited->cell.class, audited->cell.idiom, audited->index);
}

static void show_progress(void *arg, size_t done)
{
	const struct shift *shift = arg;

	progress_show(shift->progress, shift->before + done);
}

static void take_over(struct audited *audited, const struct audit *audit)
{
	const struct evidence *evidence = &audit->evidence;

	audited->audit = outcome_of(audit->verdict, audit->cause);
	strcpy(audited->kind, heard_kind(&audit->seen));
	strcpy(audited->dying_kind, heard_kind(&audit->recorded));
	audited->distance = (uint64_t)evidence->offset;
	audited->shadow_count = evidence->shadow_count;
	memcpy(audited->shadow, evidence->shadow, sizeof(audited->shadow));
}

static int run_shift(struct measure *measure, struct shift *shift)
{
	const struct detector *detector = &detectors[shift->audited->cell.detector];
	AUTO_FREE char *program = toolchain_program("replay", shift->audited->cell.detector);
	struct audit_runner runner = { detector, program, false };
	struct audit_batch batch = { .runner = &runner,
		.count = shift->count,
		.jobs = measure->jobs,
		.plan = plan_of,
		.watch = show_progress,
		.arg = shift,
		.audits = allocate(shift->count, sizeof(*batch.audits)) };
	int error = audit_batch_run(&batch);

	if (error == 0) {
		error = audit_symbolize(&runner, batch.audits, shift->count);
		if (error == -ENOENT)
			measure->error = format(
				"llvm-symbolizer is missing; next: scripts/bootstrap build");
	}
	for (size_t i = 0; i < shift->count; i++) {
		take_over(&shift->audited[i], &batch.audits[i]);
		audit_free(&batch.audits[i]);
	}
	free(batch.audits);
	return error == -EINTR ? 0 : error;
}

static int audit_all(struct measure *measure, struct list *list)
{
	struct progress progress = progress_start("auditing", "plans", list->count, 0);
	size_t begin = 0;
	int error = 0;

	while (begin < list->count && error == 0 && !interrupts_came()) {
		struct shift shift = { .run = measure->run,
			.audited = &list->list[begin],
			.before = begin,
			.progress = &progress };

		while (begin + shift.count < list->count &&
			list->list[begin + shift.count].cell.detector ==
				shift.audited->cell.detector)
			shift.count++;
		error = run_shift(measure, &shift);
		begin += shift.count;
	}
	progress_end(&progress);
	return error;
}

/* The parts of a job are audited together, when they are merged. */
static int keep_draw(struct measure *measure, const struct list *list)
{
	AUTO_FREE char *path = draw_path(measure->run);
	int error = audited_write(path, list->list, list->count);

	if (error != 0)
		measure->error = format("%s: %s", path, strerror(-error));
	return error;
}

int measure_audit(struct measure *measure)
{
	struct list list = { 0 };
	int error = list_all(measure->run, &list);

	if (error == 0 && measure->run->job != NULL) {
		error = keep_draw(measure, &list);
		free(list.list);
		return error;
	}
	measure->results->audited = list.list;
	measure->results->audited_count = list.count;
	return error == 0 ? measure_audit_drawn(measure) : error;
}

int measure_audit_drawn(struct measure *measure)
{
	struct list list = { (void *)(uintptr_t)measure->results->audited,
		measure->results->audited_count };
	int error = audit_all(measure, &list);

	if (error != 0 && measure->error == NULL)
		measure->error = format("audits could not run: %s", strerror(-error));
	if (interrupts_came())
		measure->results->audited_count = 0;
	return error;
}
