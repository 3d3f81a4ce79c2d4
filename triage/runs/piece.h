/* SPDX-License-Identifier: Apache-2.0
 * Pieces of a merged run: a part, and the run whose bytes it has. */
#ifndef FENCEPOST_RUNS_PIECE_H
#define FENCEPOST_RUNS_PIECE_H

#include "results.h"

#define PIECE_WINDOW ((size_t)1 << 18) /* bytes read at a time */

struct piece {
	const struct measurement *run;
	size_t part;
	uint64_t at[CLASS_COUNT]; /* of its first byte in the files of the sum */
};

const struct measurement_part *piece_part(const struct piece *piece);

/* Returns the place of the first byte of the piece in the files of its own run. */
uint64_t piece_offset(const struct piece *piece, enum plan_class class);

/* Opens the bytes of a run's cell; *ret is -1 where a run that was cut off has none. 0, or -errno and a message. The caller
 * frees *ret_path and closes *ret either way. */
int piece_open(const struct measurement *run, struct cell cell, char **ret_path, int *ret,
	char **ret_error);

/* Reads @some bytes; where @from has none (or is -1) they are 0. 0 or -errno. */
int piece_read(int from, uint8_t *window, size_t some, uint64_t offset);

/* Compares the bytes of one part in two runs. Plans that one of the two has not judged are no difference: @ret_lacking says
 * how many each lacks. 0; -EILSEQ and a message that names the first difference; or -errno and a message. */
int piece_compare(const struct piece pieces[2], uint64_t ret_lacking[2], char **ret_error);

#endif
