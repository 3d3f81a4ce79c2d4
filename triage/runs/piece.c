/* SPDX-License-Identifier: Apache-2.0
 * The bytes of pieces, read and compared. */
#include "piece.h"

#include "base/util.h"
#include "plan_file.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

const struct measurement_part *piece_part(const struct piece *piece)
{
	return &piece->run->parts[piece->part];
}

uint64_t piece_offset(const struct piece *piece, enum plan_class class)
{
	uint64_t offset = 0;

	for (size_t p = 0; p < piece->part; p++)
		offset += measurement_part_count(&piece->run->parts[p], class);
	return offset;
}

int piece_open(const struct measurement *run, struct cell cell, char **ret_path, int *ret,
	char **ret_error)
{
	struct stat status;
	int error;

	*ret_path = measurement_plans_path(run, cell.class, cell.idiom, cell.detector);
	*ret = plan_file_open(run, cell);
	if (*ret < 0 && errno == ENOENT)
		return 0;
	error = *ret < 0 || fstat(*ret, &status) != 0 ? -errno : 0;
	if (error == 0 && S_ISREG(status.st_mode) &&
		(uint64_t)status.st_size <= measurement_count(run, cell.class))
		return 0;
	*ret_error = format("%s: %s", *ret_path,
		error != 0 ? strerror(-error) : "not a file, or longer than its run");
	return error != 0 ? error : -EINVAL;
}

int piece_read(int from, uint8_t *window, size_t some, uint64_t offset)
{
	ssize_t got = from >= 0 ? file_read_at(from, window, some, offset) : 0;

	if (got < 0)
		return (int)got;
	memset(window + got, OUTCOME_NONE, some - (size_t)got);
	return 0;
}

/* ---- duplicates ------------------------------------------------------------------------------ */

/* One part in two runs. */
struct twins {
	const struct measurement *run[2];
	uint64_t offset[2]; /* of the cell at hand */
	char *path[2];
	int fd[2];
	uint64_t lacking[2]; /* plans that only the other has judged */
};

static int say_twins(
	const struct twins *twins, uint64_t at, const uint8_t bytes[2], char **ret_error)
{
	char words[2][OUTCOME_WORDS_MAX];

	for (int k = 0; k < 2; k++)
		results_outcome_words(bytes[k], words[k]);
	*ret_error = format("%s and %s differ: byte %" PRIu64 " is %s, byte %" PRIu64 " is %s",
		twins->path[0], twins->path[1], twins->offset[0] + at, words[0],
		twins->offset[1] + at, words[1]);
	return -EILSEQ;
}

static int compare_windows(struct twins *twins, uint64_t at, uint8_t windows[2][PIECE_WINDOW],
	size_t some, char **ret_error)
{
	for (size_t i = 0; memcmp(windows[0], windows[1], some) != 0 && i < some; i++) {
		uint8_t bytes[2] = { windows[0][i], windows[1][i] };

		if (bytes[0] == bytes[1])
			continue;
		if (bytes[0] != OUTCOME_NONE && bytes[1] != OUTCOME_NONE)
			return say_twins(twins, at + i, bytes, ret_error);
		twins->lacking[bytes[0] == OUTCOME_NONE ? 0 : 1]++;
	}
	return 0;
}

static int compare_bytes(struct twins *twins, uint64_t count, char **ret_error)
{
	static uint8_t windows[2][PIECE_WINDOW];
	int error = 0;

	for (uint64_t at = 0; at < count && error == 0; at += PIECE_WINDOW) {
		size_t some = count - at < PIECE_WINDOW ? (size_t)(count - at) : PIECE_WINDOW;

		for (int k = 0; k < 2 && error == 0; k++) {
			error = piece_read(twins->fd[k], windows[k], some, twins->offset[k] + at);
			if (error != 0)
				*ret_error = format("%s: %s", twins->path[k], strerror(-error));
		}
		if (error == 0)
			error = compare_windows(twins, at, windows, some, ret_error);
	}
	return error;
}

static int compare_cell(
	struct twins *twins, struct cell cell, const struct piece pieces[2], char **ret_error)
{
	int error = 0;

	twins->fd[0] = twins->fd[1] = -1;
	twins->path[0] = twins->path[1] = NULL;
	for (int k = 0; k < 2 && error == 0; k++) {
		twins->offset[k] = piece_offset(&pieces[k], cell.class);
		error = piece_open(pieces[k].run, cell, &twins->path[k], &twins->fd[k], ret_error);
	}
	if (error == 0)
		error = compare_bytes(twins,
			measurement_part_count(piece_part(&pieces[0]), cell.class), ret_error);
	for (int k = 0; k < 2; k++) {
		if (twins->fd[k] >= 0)
			close(twins->fd[k]);
		free(twins->path[k]);
	}
	return error;
}

/* All that is left of plans that were not kept. */
static int compare_counts(const struct piece pieces[2], char **ret_error)
{
	struct results results[2] = { { 0 } };
	int error = 0;

	for (int k = 0; k < 2 && error == 0; k++)
		error = results_load(pieces[k].run, &results[k], ret_error);
	if (error == 0 && !tally_equal(results[0].tally, results[1].tally)) {
		*ret_error = format("%s/results.json and %s/results.json differ in their counts",
			pieces[0].run->directory, pieces[1].run->directory);
		error = -EILSEQ;
	}
	results_free(&results[0]);
	results_free(&results[1]);
	return error;
}

int piece_compare(const struct piece pieces[2], uint64_t ret_lacking[2], char **ret_error)
{
	struct twins twins = { .run = { pieces[0].run, pieces[1].run } };
	struct cell cell;
	unsigned at = 0;
	int error = 0;

	ret_lacking[0] = ret_lacking[1] = 0;
	if (pieces[0].run->counts_only)
		return compare_counts(pieces, ret_error);

	while (error == 0 && measurement_next_cell(pieces[0].run, &at, &cell))
		error = compare_cell(&twins, cell, pieces, ret_error);
	memcpy(ret_lacking, twins.lacking, sizeof(twins.lacking));
	return error;
}
