/* SPDX-License-Identifier: Apache-2.0
 * Marks, as they are counted in a target's process. Nothing here may be instrumented: it runs while a runtime
 * reports. */
#include "mark.h"

#define FENCEPOST
#include "death.h"
#include "include/fencepost.h"
#include "keep.h"
#include "reach.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static struct marks private_marks = { .magic = MARKS_MAGIC };
static struct marks *marks = &private_marks;

/* The linker's, about the section that marks are listed in; a target without any has none. */
extern struct fencepost_marker *__start_fencepost_markers[] __attribute__((weak));
extern struct fencepost_marker *__stop_fencepost_markers[] __attribute__((weak));

/* ---- the file -------------------------------------------------------------------------------- */

int mark_class(const char *slug)
{
	char dashed[sizeof(((struct mark *)NULL)->slug)];
	size_t size = strlen(slug);

	if (size >= sizeof(dashed))
		return -1;
	for (size_t i = 0; i <= size; i++)
		dashed[i] = slug[i] == '_' ? '-' : slug[i];
	return plan_class_find(dashed);
}

struct marks *marks_map(const char *path)
{
	return record_map_beside(path, "." MARKS_FILE, sizeof(struct marks), MARKS_MAGIC);
}

/* The last execution came to its end, or to that of its process: each mark triggered in it gets a verdict. */
static void settle(struct marks *of, const struct record *as)
{
	/* a target may have written over all of it */
	unsigned verdict = as->verdict < VERDICT_COUNT ? as->verdict : VERDICT_BROKEN;

	for (uint32_t i = 0; i < of->count && i < MARKS_MAX && of->last != 0; i++) {
		struct mark *mark = &of->list[i];

		if (mark->triggered_in == as->executions)
			mark->verdicts[i + 1 == of->last ? verdict : VERDICT_SILENT]++;
	}
	of->last = 0;
}

void marks_settle(struct marks *of, struct record *as)
{
	uint64_t last = as->executions;

	record_drop_open(as);
	if (as->executions == last) {
		settle(of, as);
		return;
	}
	for (uint32_t i = 0; i < of->count && i < MARKS_MAX; i++) {
		of->list[i].triggered -= of->list[i].triggered_in == last;
		of->list[i].reached -= of->list[i].reached_in == last;
	}
	of->last = 0;
}

/* ---- in the target --------------------------------------------------------------------------- */

static void list_mark(struct fencepost_marker *marker)
{
	struct mark *mark;
	int class = mark_class(marker->slug);

	if (class < 0) {
		fprintf(stderr, "%s:%u: FENCEPOST_VIOLATION(..., %s): no such class; there are:",
			marker->file, marker->line, marker->slug);
		for (int i = 0; i < CLASS_COUNT; i++)
			fprintf(stderr, " %s", plan_classes[i].slug);
		fprintf(stderr, ", with '_' for '-'\n");
		exit(64);
	}
	if (marks->count == MARKS_MAX) {
		marks->left_out++;
		marker->index = MARKS_MAX;
		return;
	}
	marker->index = marks->count++;
	mark = &marks->list[marker->index];
	mark->class = (uint32_t) class;
	snprintf(mark->file, sizeof(mark->file), "%s", marker->file);
	snprintf(mark->slug, sizeof(mark->slug), "%s", marker->slug);
	mark->line = marker->line;
}

static void list_marks(void)
{
	marks->count = marks->left_out = 0;
	for (struct fencepost_marker **at = __start_fencepost_markers;
		at < __stop_fencepost_markers; at++)
		list_mark(*at);
}

/* Without a word and without what runs at exit: a target's own handlers are not what is asked about. */
static void tell_start(void)
{
	const char *path = getenv(STARTS_VARIABLE);

	if (path == NULL)
		return;
	_exit(open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600) >= 0 ? 0 : 1);
}

void fencepost_target_begin(bool dies)
{
	const char *path = getenv("FENCEPOST_RECORD");

	if (path != NULL) {
		record = record_map(path);
		if (record != NULL)
			marks = marks_map(path);
		if (record == NULL || marks == NULL) {
			perror(path);
			exit(1);
		}
		keep_begin(path);
		observe_then = dies ? OBSERVE_THEN_DIE : OBSERVE_THEN_REPORT;
	}
	list_marks();
	tell_start();
	reach_begin();
	if (path != NULL)
		death_observe();
}

void fencepost_execution_begin(const uint8_t *input, size_t size)
{
	static const struct plan none;
	static const struct truth benign;

	record_close_open(record);
	settle(marks, record);
	keep_input(input, size);
	record_begin(&none, &benign);
}

void fencepost_execution_end(void)
{
	record_end();
	settle(marks, record);
}

/* Reports say whether they are about a load or a store; marks do so in two classes only. */
static struct truth truth_of_class(enum plan_class class)
{
	return (struct truth){ .violation = true,
		.class = class,
		.act = class == CLASS_oob_write ? TRUTH_WRITE : TRUTH_READ,
		.both_ends = class != CLASS_oob_read && class != CLASS_oob_write,
		.leaves = true };
}

void fencepost_mark(const struct fencepost_marker *marker, int violated)
{
	struct mark *mark;

	/* a target may have written over all of it */
	if (marker->index >= marks->count || marker->index >= MARKS_MAX)
		return;
	mark = &marks->list[marker->index];
	if (mark->reached_in != record->executions) {
		mark->reached_in = record->executions;
		mark->reached++;
	}
	if (!violated || !record->open || mark->class >= CLASS_COUNT)
		return;
	if (mark->triggered_in != record->executions) {
		mark->triggered_in = record->executions;
		mark->triggered++;
	}
	record->truth = truth_of_class((enum plan_class)mark->class);
	record->seen.triggered = true;
	marks->last = marker->index + 1;
}
