/* SPDX-License-Identifier: Apache-2.0
 * Units: the pieces of a measurement that one process judges. In a per-plan file, a byte that is not 0 is a judged plan. */
#ifndef FENCEPOST_MEASURE_UNITS_H
#define FENCEPOST_MEASURE_UNITS_H

#include "measure.h"

/* Plans of one cell for one process. */
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

/* Lists all units of a run, judged or not. */
void units_find(const struct measure *measure, struct units *ret);

/* Returns the path of its per-plan file. The caller frees. */
char *unit_path(const struct measure *measure, const struct unit *unit);

/* Reads its bytes; NULL with errno set on failure. The caller frees. */
uint8_t *unit_read(const struct measure *measure, const struct unit *unit);

/* Sets the byte of its @i-th plan. 0 or -errno. */
int unit_write(const struct measure *measure, const struct unit *unit, uint64_t i, uint8_t byte);

/* Returns the number of its plans that are judged. */
uint64_t unit_count_judged(const struct unit *unit, const uint8_t *bytes);

#endif
