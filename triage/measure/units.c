/* SPDX-License-Identifier: Apache-2.0
 * Lists the plans that are not judged yet. */
#include "units.h"

#include "base/util.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

static void add_units(const struct measure *measure, struct units *units, struct cell cell)
{
	const struct measurement *run = measure->run;
	uint64_t at = 0;

	for (size_t p = 0; p < run->part_count; p++) {
		const struct measurement_part *part = &run->parts[p];
		uint64_t first = measurement_part_first(part, cell.class);
		uint64_t left = measurement_part_count(part, cell.class);

		while (left > 0) {
			uint64_t count = left < measure->unit ? left : measure->unit;

			units->list = list_grow(units->list, units->count, sizeof(*units->list));
			units->list[units->count++] = (struct unit){ cell, part, first, count, at };
			first += count;
			at += count;
			left -= count;
		}
	}
}

void units_find(const struct measure *measure, struct units *ret)
{
	*ret = (struct units){ .list = NULL };
	for (int d = 0; d < DETECTOR_COUNT; d++)
		for (int c = 0; c < CLASS_COUNT; c++)
			for (int i = 0; i < IDIOM_COUNT; i++) {
				struct cell cell = { (enum plan_class)c, (enum plan_idiom)i,
					(enum detector_id)d };

				if (measurement_has_cell(measure->run, c, i, d))
					add_units(measure, ret, cell);
			}
}

char *unit_path(const struct measure *measure, const struct unit *unit)
{
	return measurement_plans_path(
		measure->run, unit->cell.class, unit->cell.idiom, unit->cell.detector);
}

uint8_t *unit_read(const struct measure *measure, const struct unit *unit)
{
	AUTO_FREE char *path = unit_path(measure, unit);
	uint8_t *bytes = allocate(unit->count, 1);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t got = fd < 0 ? -errno : 0;

	if (got == 0)
		got = file_read_at(fd, bytes, unit->count, unit->at);
	if (fd >= 0)
		close(fd);
	if (got == (ssize_t)unit->count)
		return bytes;
	free(bytes);
	errno = got < 0 ? (int)-got : EIO;
	return NULL;
}

int unit_write(const struct measure *measure, const struct unit *unit, uint64_t i, uint8_t byte)
{
	AUTO_FREE char *path = unit_path(measure, unit);
	int fd = open(path, O_WRONLY | O_CLOEXEC), error = 0;

	if (fd < 0)
		return -errno;
	if (pwrite(fd, &byte, 1, (off_t)(unit->at + i)) != 1)
		error = -errno;
	close(fd);
	return error;
}

uint64_t unit_count_judged(const struct unit *unit, const uint8_t *bytes)
{
	uint64_t judged = 0;

	for (uint64_t i = 0; i < unit->count; i++)
		judged += bytes[i] != OUTCOME_NONE;
	return judged;
}
