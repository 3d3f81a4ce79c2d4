/* SPDX-License-Identifier: Apache-2.0
 * Counting plans. */
#include "tally.h"

#include "base/util.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define WINDOW 65536 /* plans */

/* ---- strata ---------------------------------------------------------------------------------- */

#define DISTANCE_ZERO   TALLY_POWERS
#define DISTANCE_BEFORE (2 * TALLY_POWERS + 1) /* the first target before */
#define DISTANCE_AFTER  (DISTANCE_BEFORE + TALLY_TARGETS)
#define DISTANCE_BOTH   (DISTANCE_AFTER + TALLY_TARGETS)

static const enum plan_distance targets[TALLY_TARGETS] = { DISTANCE_EDGE, DISTANCE_LIVE,
	DISTANCE_FREED, DISTANCE_NEVER, DISTANCE_UNMAPPED };

static unsigned target_of(const struct plan *plan)
{
	unsigned target = 0;

	while (target < TALLY_TARGETS - 1 && targets[target] != plan->distance)
		target++;
	return (plan->before ? DISTANCE_BEFORE : DISTANCE_AFTER) + target;
}

unsigned tally_distance(const struct plan *plan, const struct truth *truth)
{
	int64_t bytes = truth->distance_bytes;
	uint64_t size = bytes < 0 ? -(uint64_t)bytes : (uint64_t)bytes;
	unsigned power;

	if (truth->both_ends)
		return DISTANCE_BOTH;
	if (!truth->distance_known)
		return target_of(plan);
	if (bytes == 0)
		return DISTANCE_ZERO;
	power = 63 - (unsigned)__builtin_clzll(size);
	power = power < TALLY_POWERS ? power : TALLY_POWERS - 1;
	return bytes < 0 ? DISTANCE_ZERO - 1 - power : DISTANCE_ZERO + 1 + power;
}

void tally_distance_slug(unsigned distance, char ret[TALLY_SLUG_MAX])
{
	bool before = distance < DISTANCE_ZERO ||
		(distance >= DISTANCE_BEFORE && distance < DISTANCE_AFTER);
	unsigned power = before ? DISTANCE_ZERO - 1 - distance : distance - DISTANCE_ZERO - 1;
	char sign = before ? '-' : '+';

	if (distance == DISTANCE_ZERO)
		snprintf(ret, TALLY_SLUG_MAX, "0");
	else if (distance >= DISTANCE_BOTH)
		snprintf(ret, TALLY_SLUG_MAX, "both-ends");
	else if (distance >= DISTANCE_BEFORE)
		snprintf(ret, TALLY_SLUG_MAX, "%c%s", sign,
			plan_distance_slug(targets[(distance - DISTANCE_BEFORE) % TALLY_TARGETS]));
	else if (power == 0)
		snprintf(ret, TALLY_SLUG_MAX, "%c1", sign);
	else if (power == TALLY_POWERS - 1)
		snprintf(ret, TALLY_SLUG_MAX, "%c%u..", sign, BIT(power));
	else
		snprintf(ret, TALLY_SLUG_MAX, "%c%u..%u", sign, BIT(power), BIT(power + 1) - 1);
}

/* 1, 2, 4, 8, 16 to 0 to 4. */
static unsigned width_index(unsigned width)
{
	return (unsigned)__builtin_ctz(width);
}

static unsigned stratum_of(const struct plan *plan, const struct truth *truth)
{
	unsigned stratum = (unsigned)plan->region * TRUTH_ACT_COUNT + truth->act;

	stratum = stratum * WIDTH_COUNT + width_index(plan->width);
	return stratum * TALLY_DISTANCES + tally_distance(plan, truth);
}

/* ---- reading --------------------------------------------------------------------------------- */

/* What a byte is counted as, and what plans it may be said of. */
struct meaning {
	uint8_t outcome;
	bool fits[2]; /* a benign plan, a violation */
};

static struct meaning meaning_of(uint8_t byte)
{
	struct meaning meaning = { 0 };
	enum verdict verdict;

	if (!outcome_is_valid(byte))
		return meaning;
	verdict = outcome_verdict(byte);
	meaning.outcome = (uint8_t)verdict;
	if (verdict == VERDICT_SILENT && outcome_cause(byte) > 1)
		meaning.outcome =
			(uint8_t)((unsigned)VERDICT_COUNT + (unsigned)outcome_cause(byte) - 2);
	meaning.fits[0] = verdict >= VERDICT_CLEAN;
	meaning.fits[1] = verdict != VERDICT_CLEAN && verdict != VERDICT_FALSE_ALARM;
	return meaning;
}

struct reading {
	const struct measurement *run;
	struct tally *tally;
	int files[DETECTOR_COUNT]; /* -1: none */
	struct meaning meanings[256];
	uint16_t strata[WINDOW]; /* twice the stratum, and 1 for a violation */
	uint8_t bytes[WINDOW];
};
_Static_assert(2 * TALLY_STRATA <= UINT16_MAX, "strata are kept as 16 bits");

static int bad_file(const struct reading *reading, enum detector_id detector, int error,
	const char *why, char **ret_error)
{
	AUTO_FREE char *path = measurement_plans_path(
		reading->run, reading->tally->class, reading->tally->idiom, detector);

	*ret_error = format("%s: %s", path, why != NULL ? why : strerror(-error));
	return error;
}

/* Reads what there is of the @count bytes at @offset; the rest is 0. */
static int read_window(int file, uint64_t offset, size_t count, uint8_t *bytes)
{
	ssize_t got = file >= 0 ? file_read_at(file, bytes, count, offset) : 0;

	if (got < 0)
		return (int)got;
	memset(bytes + got, OUTCOME_NONE, count - (size_t)got);
	return 0;
}

/* Returns the index of the first byte that cannot be said of its plan, or @count. */
static size_t count_window(struct reading *reading, enum detector_id detector, size_t count)
{
	uint64_t(*counts)[TALLY_OUTCOMES] = reading->tally->counts[detector];
	uint64_t unjudged = 0;

	for (size_t i = 0; i < count; i++) {
		uint8_t byte = reading->bytes[i];
		struct meaning meaning = reading->meanings[byte];
		unsigned stratum = reading->strata[i];

		if (byte == OUTCOME_NONE)
			unjudged++;
		else if (!meaning.fits[stratum & 1])
			return i;
		else
			counts[stratum / 2][meaning.outcome]++;
	}
	reading->tally->unjudged[detector] += unjudged;
	return count;
}

static int read_detectors(struct reading *reading, uint64_t offset, size_t count, char **ret_error)
{
	for (unsigned d = 0; d < DETECTOR_COUNT; d++) {
		size_t counted;
		int error;

		if (reading->tally->counts[d] == NULL)
			continue;
		error = read_window(reading->files[d], offset, count, reading->bytes);
		if (error != 0)
			return bad_file(reading, (enum detector_id)d, error, NULL, ret_error);
		counted = count_window(reading, (enum detector_id)d, count);
		if (counted < count) {
			uint8_t byte = reading->bytes[counted];
			AUTO_FREE char *why = format("byte %" PRIu64 " is 0x%02x, which %s",
				offset + counted, byte,
				outcome_is_valid(byte) ? "cannot be said of this plan" :
							 "means nothing");

			return bad_file(reading, (enum detector_id)d, -EINVAL, why, ret_error);
		}
	}
	return 0;
}

static int read_part(struct reading *reading, const struct measurement_part *part, uint64_t offset,
	char **ret_error)
{
	struct tally *tally = reading->tally;
	uint64_t first = measurement_part_first(part, tally->class);
	uint64_t count = measurement_part_count(part, tally->class);

	for (uint64_t done = 0; done < count; done += WINDOW) {
		size_t some = count - done < WINDOW ? (size_t)(count - done) : WINDOW;
		int error;

		for (size_t i = 0; i < some; i++) {
			struct plan plan = sample_plan(
				&part->sample, tally->class, tally->idiom, first + done + i);
			struct truth truth = truth_of(&plan);
			unsigned stratum = stratum_of(&plan, &truth);

			tally->plans[stratum][truth.violation]++;
			reading->strata[i] = (uint16_t)(2 * stratum + truth.violation);
		}
		error = read_detectors(reading, offset + done, some, ret_error);
		if (error != 0)
			return error;
	}
	return 0;
}

static int open_file(struct reading *reading, enum detector_id detector, char **ret_error)
{
	struct tally *tally = reading->tally;
	AUTO_FREE char *path = measurement_plans_path(
		reading->run, tally->class, tally->idiom, detector);
	struct stat status;
	int file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);

	reading->files[detector] = file;
	if (file < 0)
		return errno == ENOENT ? 0 : bad_file(reading, detector, -errno, NULL, ret_error);
	if (fstat(file, &status) != 0)
		return bad_file(reading, detector, -errno, NULL, ret_error);
	if (!S_ISREG(status.st_mode))
		return bad_file(reading, detector, -EINVAL, "not a file", ret_error);
	if ((uint64_t)status.st_size > tally->inputs) {
		AUTO_FREE char *why = format("holds %jd bytes, the run has %" PRIu64 " plans",
			(intmax_t)status.st_size, tally->inputs);

		return bad_file(reading, detector, -EINVAL, why, ret_error);
	}
	return 0;
}

static int read_all(struct reading *reading, char **ret_error)
{
	const struct measurement *run = reading->run;
	struct tally *tally = reading->tally;
	uint64_t offset = 0;
	int error = 0;

	for (unsigned d = 0; d < DETECTOR_COUNT && error == 0; d++) {
		if (!measurement_has_cell(run, (int)tally->class, (int)tally->idiom, (int)d))
			continue;
		tally->counts[d] = calloc(TALLY_STRATA, sizeof(*tally->counts[d]));
		if (tally->counts[d] == NULL)
			abort();
		error = open_file(reading, (enum detector_id)d, ret_error);
	}
	for (size_t i = 0; i < run->part_count && error == 0; i++) {
		error = read_part(reading, &run->parts[i], offset, ret_error);
		offset += measurement_part_count(&run->parts[i], tally->class);
	}
	return error;
}

int tally_read(const struct measurement *run, enum plan_class class, enum plan_idiom idiom,
	struct tally *ret, char **ret_error)
{
	struct reading *reading = malloc(sizeof(*reading));
	int error = measurement_check_version(run, ret_error);

	*ret = (struct tally){
		.class = class, .idiom = idiom, .inputs = measurement_count(run, class)
	};
	if (reading == NULL)
		abort();
	if (error != 0) {
		free(reading);
		return error;
	}
	reading->run = run;
	reading->tally = ret;
	for (unsigned byte = 0; byte < 256; byte++)
		reading->meanings[byte] = meaning_of((uint8_t)byte);
	memset(reading->files, -1, sizeof(reading->files));
	error = read_all(reading, ret_error);
	for (unsigned d = 0; d < DETECTOR_COUNT; d++)
		if (reading->files[d] >= 0)
			close(reading->files[d]);
	free(reading);
	return error;
}

void tally_free(struct tally *tally)
{
	for (unsigned d = 0; d < DETECTOR_COUNT; d++) {
		free(tally->counts[d]);
		tally->counts[d] = NULL;
	}
}

/* ---- counts ---------------------------------------------------------------------------------- */

static void visit_outcomes(const uint64_t counts[TALLY_OUTCOMES], struct tally_row row,
	void visit(const struct tally_row *row, void *arg), void *arg)
{
	for (unsigned v = 0; v < VERDICT_COUNT; v++) {
		unsigned causes = v == VERDICT_SILENT ? CAUSE_COUNT - 1 : 1;

		row.verdict = (enum verdict)v;
		for (unsigned c = 0; c < causes; c++) {
			row.cause = v == VERDICT_SILENT ? (enum cause)(c + 1) : CAUSE_NONE;
			row.count = counts[c == 0 ? v : VERDICT_COUNT + c - 1];
			if (row.count > 0)
				visit(&row, arg);
		}
	}
}

void tally_each(const struct tally *tally, enum detector_id detector,
	void visit(const struct tally_row *row, void *arg), void *arg)
{
	for (unsigned s = 0; tally->counts[detector] != NULL && s < TALLY_STRATA; s++) {
		unsigned rest = s / TALLY_DISTANCES;
		struct tally_row row = {
			.distance = s % TALLY_DISTANCES,
			.width = plan_widths[rest % WIDTH_COUNT],
			.act = (enum truth_operation)(rest / WIDTH_COUNT % TRUTH_ACT_COUNT),
			.region = (enum plan_region)(rest / WIDTH_COUNT / TRUTH_ACT_COUNT),
		};

		if (tally->plans[s][0] + tally->plans[s][1] > 0)
			visit_outcomes(tally->counts[detector][s], row, visit, arg);
	}
}

uint64_t tally_violations(const struct tally *tally, uint64_t ret_by_region[REGION_COUNT])
{
	uint64_t all = 0;

	memset(ret_by_region, 0, REGION_COUNT * sizeof(*ret_by_region));
	for (unsigned s = 0; s < TALLY_STRATA; s++) {
		ret_by_region[s / (TALLY_STRATA / REGION_COUNT)] += tally->plans[s][1];
		all += tally->plans[s][1];
	}
	return all;
}
