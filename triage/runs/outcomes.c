/* SPDX-License-Identifier: Apache-2.0
 * Walking through the per-plan bytes of a cell. */
#include "outcomes.h"

#include "base/util.h"
#include "plan_file.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct outcome_set outcome_set_of(enum verdict verdict, enum cause cause)
{
	struct outcome_set set = { 0 };

	for (unsigned byte = 0; byte < 256; byte++)
		set.has[byte] = outcome_is_valid((uint8_t)byte) &&
			outcome_verdict((uint8_t)byte) == verdict &&
			(cause == CAUSE_NONE || outcome_cause((uint8_t)byte) == cause);
	return set;
}

bool outcome_set_find(const char *slug, struct outcome_set *ret)
{
	int cause = cause_find(slug), verdict = verdict_find(slug);

	if (cause >= 0) {
		*ret = outcome_set_of(VERDICT_SILENT, (enum cause)cause);
		return true;
	}
	if (verdict >= 0)
		*ret = outcome_set_of((enum verdict)verdict, CAUSE_NONE);
	return verdict >= 0;
}

/* Calls @visit for each byte of the run's plans until it returns true. */
static int walk(const struct measurement *run, struct cell cell,
	bool visit(uint64_t index, uint8_t byte, void *arg), void *arg, char **ret_error)
{
	AUTO_FREE char *path = measurement_plans_path(run, cell.class, cell.idiom, cell.detector);
	int file = plan_file_open(run, cell);
	uint64_t index = 0, end = measurement_count(run, cell.class);
	uint8_t window[65536];
	ssize_t got = 0;
	bool found = false;
	int error = 0;

	while (file >= 0 && !found && (got = read(file, window, sizeof(window))) > 0)
		for (ssize_t i = 0; i < got && !found && index < end; i++, index++)
			found = visit(index, window[i], arg);
	if (file < 0 || got < 0)
		error = -errno;
	if (error != 0 && plan_files_check(run, ret_error) == 0)
		*ret_error = format("%s: %s", path, strerror(-error));
	if (file >= 0)
		close(file);
	return error;
}

static bool count_byte(uint64_t index, uint8_t byte, void *arg)
{
	uint64_t *counts = arg;

	(void)index;
	counts[byte]++;
	return false;
}

int outcomes_count(
	const struct measurement *run, struct cell cell, uint64_t ret_counts[256], char **ret_error)
{
	memset(ret_counts, 0, 256 * sizeof(*ret_counts));
	return walk(run, cell, count_byte, ret_counts, ret_error);
}

struct search {
	const struct outcome_set *set;
	uint64_t left, index;
	uint8_t byte;
};

static bool find_byte(uint64_t index, uint8_t byte, void *arg)
{
	struct search *search = arg;

	if (!search->set->has[byte] || --search->left > 0)
		return false;
	search->index = index;
	search->byte = byte;
	return true;
}

int outcomes_find(const struct measurement *run, struct cell cell, const struct outcome_set *set,
	uint64_t k, uint64_t *ret_index, uint8_t *ret_byte, char **ret_error)
{
	struct search search = { set, k, 0, 0 };
	int error = walk(run, cell, find_byte, &search, ret_error);

	if (error == 0 && search.left > 0) {
		*ret_error = NULL;
		return -ENOENT;
	}
	/* -ENOENT is taken: a missing file is a run that is not finished */
	if (error == -ENOENT)
		return -ENODATA;
	if (error == 0) {
		*ret_index = search.index;
		*ret_byte = search.byte;
	}
	return error;
}
