/* SPDX-License-Identifier: Apache-2.0
 * A measurement in pieces, and what the per-plan files hold of each: a byte that is not 0 is a plan that was judged. */
#ifndef FENCEPOST_MEASURE_UNITS_H
#define FENCEPOST_MEASURE_UNITS_H

#include "measure.h"

/* Plans of one cell that one process is to judge. */
struct unit {
	struct cell cell;
	const struct measurement_part *part;
	uint64_t first, count; /* in the part's sample */
	uint64_t at;           /* the first one's byte in the per-plan file */
};

struct units {
	struct unit *list; /* for free() */
	size_t count;
};

/* All of a run, whether they are judged or not. */
void units_find(const struct measure *measure, struct units *ret);

/* The per-plan file it is in. For free(). */
char *unit_path(const struct measure *measure, const struct unit *unit);

/* Its bytes; NULL with errno set. For free(). */
uint8_t *unit_read(const struct measure *measure, const struct unit *unit);

/* Sets the byte of its @i-th plan. 0 or -errno. */
int unit_write(const struct measure *measure, const struct unit *unit, uint64_t i, uint8_t byte);

/* How many of its plans are judged. */
uint64_t unit_count_judged(const struct unit *unit, const uint8_t *bytes);

#endif
