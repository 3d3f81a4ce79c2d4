/* SPDX-License-Identifier: Apache-2.0
 * A piece of a merged run is a part, and the run that has the bytes of the part. */
#ifndef FENCEPOST_RUNS_PIECE_H
#define FENCEPOST_RUNS_PIECE_H

#include "results.h"

#define PIECE_WINDOW ((size_t)1 << 18) /* bytes that are read at one time */

struct piece {
	const struct measurement *run;
	size_t part;
	uint64_t at[CLASS_COUNT]; /* position of the piece's first byte in the files of the sum */
};

const struct measurement_part *piece_part(const struct piece *piece);

/* Returns the position of the piece's first byte in the files of its own run. */
uint64_t piece_offset(const struct piece *piece, enum plan_class class);

/* Opens the bytes of a run's cell. *ret becomes -1 if a run that was cut off has none. Returns 0,
 * or -errno and a message. The caller frees *ret_path and closes *ret either way. */
int piece_open(const struct measurement *run, struct cell cell, char **ret_path, int *ret,
	char **ret_error);

/* Reads @some bytes. Bytes beyond the end of @from are 0, and so are all bytes if @from is -1.
 * Returns 0 or -errno. */
int piece_read(int from, uint8_t *window, size_t some, uint64_t offset);

/* Compares the bytes of one part in two runs. A plan that one run has not judged is no difference;
 * @ret_lacking counts these plans for each run. Returns 0, or -errno and a message. -EILSEQ: the
 * message names the first difference. */
int piece_compare(const struct piece pieces[2], uint64_t ret_lacking[2], char **ret_error);

#endif
