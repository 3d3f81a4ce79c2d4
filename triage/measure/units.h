/* SPDX-License-Identifier: Apache-2.0
 * Divides a measurement into units. A unit is judged by one process. A per-plan file has one byte
 * for each plan; a byte that is not 0 is a judged plan. */
#ifndef FENCEPOST_MEASURE_UNITS_H
#define FENCEPOST_MEASURE_UNITS_H

#include "measure.h"

/* The plans of one cell that one process judges. */
struct unit {
	struct cell cell;
	const struct measurement_part *part;
	uint64_t first, count; /* range of indices in the part's sample */
	uint64_t at;           /* offset of the first plan's byte in the per-plan file */
};

struct units {
	struct unit *list; /* the caller frees it */
	size_t count;
};

/* Lists all units of a run, whether they are judged or not. */
void units_find(const struct measure *measure, struct units *ret);

/* Returns the path of the unit's per-plan file. The caller frees the path. */
char *unit_path(const struct measure *measure, const struct unit *unit);

/* Reads the bytes of the unit. Returns NULL and sets errno on failure. The caller frees the bytes.
 */
uint8_t *unit_read(const struct measure *measure, const struct unit *unit);

/* Sets the byte of the unit's plan with index @i. Returns 0 or -errno. */
int unit_write(const struct measure *measure, const struct unit *unit, uint64_t i, uint8_t byte);

/* Returns the number of the unit's plans that are judged. */
uint64_t unit_count_judged(const struct unit *unit, const uint8_t *bytes);

#endif
